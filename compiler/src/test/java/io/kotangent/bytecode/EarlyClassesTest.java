package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class EarlyClassesTest {
  private static final AtomicBoolean INITIALIZED = new AtomicBoolean();

  private static final class Watched {
    static {
      INITIALIZED.set(true);
    }
  }

  private static List<Thread> loaders() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("kotangent-early-classes")).toList();
  }

  @Test
  void loadsWithoutInitializingAndSkipsWhatIsNotThere() {
    int loaded = EarlyClasses.load(
        List.of("io.kotangent.bytecode.NoSuchClass", Watched.class.getName(), "java.lang.String"));

    assertEquals(2, loaded);
    assertFalse(INITIALIZED.get());
  }

  @Test
  void beginsOnceInAThreadThatEnds() throws InterruptedException {
    EarlyClasses.begin();
    List<Thread> begun = loaders();
    assertTrue(begun.size() <= 1, begun::toString);
    for (Thread thread : begun) {
      thread.join();
    }
    EarlyClasses.begin();
    assertEquals(List.of(), loaders());
  }

  @Test
  void theEmittersClassesAreThere() {
    assertEquals(EarlyClasses.names().size(), EarlyClasses.load(EarlyClasses.names()));
  }

  @Test
  void mavenListsTheClassesOfTheCompilation() {
    assumeTrue("maven".equals(System.getProperty("kotangent.built.by")),
        "only Maven's build makes the list");
    List<String> names = EarlyClasses.names();
    assertTrue(
        names.containsAll(List.of("io.kotangent.pass.Pipeline", "io.kotangent.plan.lower.Planner",
            "io.kotangent.bytecode.emit.KernelEmitter", "org.objectweb.asm.MethodWriter")),
        names::toString);
    assertTrue(names.stream().anyMatch(name -> name.contains("$$")), names::toString);
    assertTrue(names.size() > 300, names::toString);
  }
}
