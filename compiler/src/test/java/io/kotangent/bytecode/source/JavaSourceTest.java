package io.kotangent.bytecode.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.Compiler;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.GeneratedCode;
import io.kotangent.bytecode.Turns;
import io.kotangent.bytecode.emit.ClassNames;
import io.kotangent.bytecode.emit.Emission;
import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.ir.Graph;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.PlanRun;
import io.kotangent.plan.Target;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.Code;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Programs as Java source, compiled by javac for Java 17, leave the bits that the emitted classes leave.
class JavaSourceTest {
  private static final int GRAPHS = 200;
  private static final int MANY_GRAPHS = 5000;
  private static final int AT_ONCE = 100;
  private static final int LONGEST_METHOD = 8000;
  private static final int THREADS = 3;

  /// A random graph, its plan, and its text.
  private record Sample(RandomGraph graph, Graph lowered, Plan plan, List<SourceFile> files,
      String name) {
    static Sample of(long seed) {
      RandomGraph sample = RandomGraphs.generate(seed, options(seed));
      Graph graph = sample.options().loss()
          ? Gradient.gradients(sample.graph(), "loss", sample.parameters()) : sample.graph();
      // a row block of one is what ahead-of-time classes for JDK 17 have; half of the plans are for any number of threads
      PlanOptions options = PlanOptions.STANDARD
          .withTarget(Target.PLAIN.withRowTile(seed % 3 == 0 ? 1 : 4).withFma(seed % 5 != 0));
      Plan plan = Planner.plan(Compiler.optimize(graph, CompileOptions.standard()),
          seed % 4 < 2 ? options : options.withLeastPart(1));
      Emission emission = Emission.of(options.target()).named(
          new ClassNames("org.example.g" + seed, seed % 2 == 0 ? "Net_" : ""));
      PlanNames names = new PlanNames(plan);
      return new Sample(sample, graph, plan, JavaSource.of(plan, names, emission),
          "org.example.g" + seed + "." + JavaSource.programClass(names, emission));
    }

    private static RandomGraphs.Options options(long seed) {
      return switch ((int) (seed % 4)) {
        case 0, 2 -> RandomGraphs.Options.LOSS.withNodes(seed % 8 == 0 ? 40 : 12);
        case 1 -> RandomGraphs.Options.WILD.withNodes(seed % 8 == 1 ? 40 : 12);
        default -> RandomGraphs.Options.CAREFUL.withNodes(10).inWide();
      };
    }

    PlanRun run(Code code, int threads) {
      return PlanRun.run(plan, p -> threads == 1 ? code
          : new Turns(code, p.signature(), threads, graph.seed()), lowered, graph.inputs(),
          graph.symbols());
    }
  }

  private record Totals(long graphs, long characters, long bytes, long largest) {
    @Override
    public String toString() {
      return "%d graphs as Java: %d characters, %d bytes of classes, largest method %d bytes"
          .formatted(graphs, characters, bytes, largest);
    }
  }

  private static Totals sameBits(long first, int count) {
    List<Sample> samples = new ArrayList<>();
    List<SourceFile> files = new ArrayList<>();
    for (long seed = first; seed < first + count; seed++) {
      Sample sample = Sample.of(seed);
      samples.add(sample);
      files.addAll(sample.files());
    }
    CompiledSource compiled = CompiledSource.of(files);
    compiled.classes().forEach(JavaSourceTest::assertNeedsTheJdkAlone);
    KernelCache cache = new KernelCache(Emission.of(Target.PLAIN));
    for (Sample sample : samples) {
      Code source = compiled.program(sample.name());
      PlanRun expected = sample.run(GeneratedCode.of(sample.plan(), cache), 1);
      assertEquals(expected, sample.run(source, 1),
          () -> sample.graph().describe() + "\n" + PlanPrinter.print(sample.plan()));
      assertEquals(expected, sample.run(source, THREADS),
          () -> THREADS + " threads, " + sample.graph().describe());
    }
    return new Totals(count, files.stream().mapToLong(file -> file.text().length()).sum(),
        compiled.classes().values().stream().mapToLong(bytes -> bytes.length).sum(),
        largest(compiled.classes()));
  }

  private static void assertNeedsTheJdkAlone(String name, byte[] bytes) {
    String home = name.replace('.', '/').substring(0, name.lastIndexOf('.') + 1);
    TreeSet<String> others = new TreeSet<>();
    ClassFile.of().parse(bytes).constantPool().forEach(entry -> {
      if (entry instanceof ClassEntry type) {
        others.add(type.asInternalName());
      }
    });
    others.removeIf(type -> type.startsWith("java/lang/") || type.startsWith("java/util/")
        || type.startsWith("java/nio/") || type.startsWith("[") || type.startsWith(home));
    assertEquals(new TreeSet<>(), others, name);
  }

  /// The bytes of bytecode of the largest method.
  static long largest(Map<String, byte[]> classes) {
    return classes.values().stream()
        .flatMap(bytes -> ClassFile.of().parse(bytes).methods().stream())
        .mapToLong(method -> method.code().map(code -> ((CodeAttribute) code).codeLength())
            .orElse(0))
        .max().orElse(0);
  }

  @Test
  void randomGraphs() {
    Totals totals = sameBits(0, GRAPHS);
    System.out.println(totals);
    assertTrue(totals.largest() <= LONGEST_METHOD, totals::toString);
  }

  @Test @Tag("exhaustive")
  void manyRandomGraphs() {
    for (int first = GRAPHS; first < MANY_GRAPHS; first += AT_ONCE) {
      Totals totals = sameBits(first, AT_ONCE);
      assertTrue(totals.largest() <= LONGEST_METHOD, totals::toString);
    }
  }
}
