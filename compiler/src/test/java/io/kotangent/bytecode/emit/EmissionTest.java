package io.kotangent.bytecode.emit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanRun;
import io.kotangent.plan.Step;
import io.kotangent.plan.Target;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.Code;
import io.kotangent.type.KotangentException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Programs as classes in a package of their own, for a target that is not this machine: by the emitters alone, without what loads
/// or chooses.
class EmissionTest {
  private static final int GRAPHS = 60;
  private static final ClassNames NAMES = new ClassNames("org.example.net", "Net_");

  /// All classes of a program, the entry first.
  private static final class Program {
    private final Emission emission;
    private final Map<String, EmittedClass> classes = new LinkedHashMap<>();

    Program(Plan plan, Emission emission) {
      this.emission = emission;
      Map<Kernel, String> names = new IdentityHashMap<>();
      kernels(plan.steps(), names);
      Map<String, EmittedClass> kernels = new LinkedHashMap<>(classes);
      classes.clear();
      ProgramEmitter.emit(plan, new PlanNames(plan), names, emission).classes().forEach(this::add);
      classes.putAll(kernels);
    }

    private void add(EmittedClass emitted) {
      classes.put(emitted.binaryName(), emitted);
    }

    private void kernels(List<Step> steps, Map<Kernel, String> names) {
      for (Step step : steps) {
        switch (step) {
          case Step.Run run -> names.computeIfAbsent(run.kernel(), this::kernel);
          case Step.Barrier _ -> {
            // has none
          }
          case Step.Repeat repeat -> kernels(repeat.body(), names);
          case Step.When when -> {
            kernels(when.then(), names);
            kernels(when.otherwise(), names);
          }
        }
      }
    }

    private String kernel(Kernel planned) {
      Kernel kernel = emission.target().fma() ? planned : SoftFma.rewrite(planned);
      EmittedClass emitted = KernelEmitter.emit(kernel, KernelListing.of(kernel), emission, row -> {
        EmittedClass own = KernelEmitter.emit(row, NeutralNames.listing(row), emission, false);
        add(own);
        return own.name();
      });
      add(emitted);
      return emitted.name();
    }

    Code load() {
      ClassLoader loader = new ClassLoader("program", ClassLoader.getPlatformClassLoader()) {
        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
          EmittedClass emitted = classes.get(name);
          if (emitted == null) {
            throw new ClassNotFoundException(name);
          }
          return defineClass(name, emitted.bytes(), 0, emitted.bytes().length);
        }
      };
      String entry = classes.keySet().iterator().next();
      return (arrays, sizes, thread, threads, barrier) -> {
        try {
          return (boolean) loader.loadClass(entry).getMethod("run", Object[].class, int[].class,
              int.class, int.class, Runnable.class)
              .invoke(null, arrays, sizes, thread, threads, barrier);
        } catch (ReflectiveOperationException e) {
          throw new AssertionError(e);
        }
      };
    }
  }

  private static PlanOptions options(Emission emission) {
    return PlanOptions.STANDARD.withTarget(emission.target());
  }

  @ParameterizedTest @ValueSource(booleans = {true, false})
  void yieldsTheBitsOfThePlan(boolean fma) {
    Emission emission =
        Emission.of(Target.PLAIN.withRowTile(1).withFma(fma)).named(NAMES).withBudget(2000);
    int kernels = 0;
    for (long seed = 0; seed < GRAPHS; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, RandomGraphs.Options.CAREFUL);
      Plan plan = Planner.plan(sample.graph(), options(emission));
      Program program = new Program(plan, emission);
      kernels += program.classes.size() - 1;
      assertEquals(
          PlanRun.interpreted(plan, sample.graph(), sample.inputs(), sample.symbols()),
          PlanRun.run(plan, _ -> program.load(), sample.graph(), sample.inputs(),
              sample.symbols()),
          sample::describe);
    }
    assertTrue(kernels > 4 * GRAPHS, kernels + " kernels");
  }

  @Test
  void refersToItsPackageAndTheJdkAlone() {
    Emission emission = Emission.of(Target.PLAIN).named(NAMES);
    for (long seed = 0; seed < GRAPHS; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, RandomGraphs.Options.CAREFUL);
      Program program = new Program(Planner.plan(sample.graph(), options(emission)), emission);
      TreeSet<String> others = new TreeSet<>();
      program.classes.values().forEach(emitted -> {
        assertTrue(emitted.name().startsWith("org/example/net/Net_"), emitted.name());
        assertEquals(61, ClassFile.of().parse(emitted.bytes()).majorVersion());
        ClassFile.of().parse(emitted.bytes()).constantPool().forEach(entry -> {
          if (entry instanceof ClassEntry type) {
            others.add(type.asInternalName());
          }
        });
      });
      others.removeIf(name -> name.startsWith("java/") || name.startsWith("[")
          || name.startsWith("org/example/net/Net_"));
      assertEquals(new TreeSet<>(), others);
    }
  }

  @Test
  void listsItsMethodsWithTheirSizes() {
    RandomGraph sample = RandomGraphs.generate(3, RandomGraphs.Options.CAREFUL);
    Emission emission = Emission.of(Target.PLAIN).withBudget(300);
    Program program = new Program(Planner.plan(sample.graph(), options(emission)), emission);
    int methods = 0;
    for (EmittedClass emitted : program.classes.values()) {
      List<EmittedClass.Method> real = new ArrayList<>();
      ClassFile.of().parse(emitted.bytes()).methods().forEach(method -> real.add(
          new EmittedClass.Method(method.methodName().stringValue(), method.code()
              .map(code -> ((java.lang.classfile.attribute.CodeAttribute) code).codeLength())
              .orElseThrow())));
      assertEquals(real, emitted.methods(), emitted.name());
      methods += real.size();
    }
    assertTrue(methods > program.classes.size(), methods + " methods");
  }

  @Test
  void theSameTwice() {
    Emission emission = Emission.of(Target.PLAIN).named(NAMES);
    RandomGraph sample = RandomGraphs.generate(7, RandomGraphs.Options.CAREFUL);
    Program one = new Program(Planner.plan(sample.graph(), options(emission)), emission);
    Program other = new Program(Planner.plan(sample.graph(), options(emission)), emission);
    assertEquals(new ArrayList<>(one.classes.keySet()), new ArrayList<>(other.classes.keySet()));
    one.classes.forEach(
        (name, emitted) -> assertArrayEquals(emitted.bytes(), other.classes.get(name).bytes()));
  }

  @ParameterizedTest @ValueSource(strings = {"org..net", ".org", "org.", "1org", "org/net", "a b"})
  void namesThatJavaDoesNotHaveAreRefused(String name) {
    assertTrue(assertThrows(KotangentException.class, () -> new ClassNames(name, ""))
        .getMessage().contains("'" + name + "'"));
    assertThrows(KotangentException.class, () -> new ClassNames("", name));
  }
}
