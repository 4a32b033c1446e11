package io.kotangent.bytecode.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every allocation fails once, and every depth of the stack is too deep once.
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultsTest {
  private static IntUnaryOperator scenario = n -> n;

  @BeforeAll
  static void load() throws ReflectiveOperationException {
    scenario = (IntUnaryOperator) new FaultLoader().loadClass(FaultScenario.class.getName())
        .getConstructor().newInstance();
  }

  @Test
  void everyAllocationFailsOnce() {
    List<String> wrong = new ArrayList<>();
    int n = 1;
    for (; tried(n, wrong) != 0; n++) {
      assertTrue(n < 100_000);
    }
    System.out.println((n - 1) + " allocations failed, " + wrong.size() + " wrong");
    assertEquals(List.of(), wrong);
    assertTrue(n > 100, n + " allocations");
  }

  @Test
  void everyDepthOverflowsOnce() {
    List<String> wrong = new ArrayList<>();
    int n = 1;
    int refused = 0;
    for (int last = 1; last != 0; n++) {
      last = tried(-n, wrong);
      refused += last == 2 ? 1 : 0;
    }
    System.out.println((n - 1) + " depths, " + refused + " left a state that is refused, "
        + wrong.size() + " wrong");
    assertEquals(List.of(), wrong);
  }

  private static int tried(int n, List<String> wrong) {
    try {
      return scenario.applyAsInt(n);
    } catch (Throwable e) {
      StackTraceElement[] trace = e.getStackTrace();
      wrong.add(n + ": " + e + " at " + List.of(trace).subList(0, Math.min(4, trace.length)));
      return 1;
    }
  }
}
