package io.kotangent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.NamedTensor;
import io.kotangent.data.SafeTensors;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What reads or replaces several ports of a state has all of them from one version, or is refused and changes nothing. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StateChangesTest {
  private static final int SIZE = 64;
  /** Numbers begin again with 0: floats do not count for ever. */
  private static final int LAST = 1000;
  /** Ports in three arrays, whose elements are all the same number between steps. */
  private static final StateLayout LAYOUT = StateLayout.of(List.of(
      new Port("a", Role.STATE, TensorType.of(DType.F32, Dim.of(SIZE))),
      new Port("b", Role.STATE, TensorType.of(DType.F64, Dim.of(SIZE))),
      new Port("c", Role.STATE, TensorType.of(DType.F32, Dim.of(SIZE))),
      new Port("n", Role.STATE, TensorType.scalar(DType.I64))));

  @TempDir private Path folder;

  private static Program program(Code code) {
    List<ArraySlot> arrays = List.of(
        new ArraySlot("f32", DType.F32, Dim.of(2 * SIZE), ArraySlot.Kind.STATE),
        new ArraySlot("f64", DType.F64, Dim.of(SIZE), ArraySlot.Kind.STATE),
        new ArraySlot("i64", DType.I64, Dim.ONE, ArraySlot.Kind.STATE));
    return Program.of(new Signature("same", List.of(), List.of(), List.of(), LAYOUT, arrays,
        List.of(), List.of(), Dim.ZERO, true), code);
  }

  private static final Program STEP = program((arrays, sizes, thread, threads, barrier) -> {
    float[] f = (float[]) arrays[0];
    double[] d = (double[]) arrays[1];
    for (int i = 0; i < f.length; i++) {
      f[i] = (f[i] + 1) % LAST;
      d[i / 2] = f[i];
    }
    long[] n = (long[]) arrays[2];
    n[0] = (n[0] + 1) % LAST;
    return true;
  });

  private static ModelState filled(int number) {
    ModelState state = ModelState.zeros(LAYOUT);
    return state.setAll(values(number));
  }

  private static Map<String, Object> values(int number) {
    float[] f = new float[SIZE];
    double[] d = new double[SIZE];
    java.util.Arrays.fill(f, number);
    java.util.Arrays.fill(d, number);
    return Map.of("a", f, "b", d, "c", f, "n", new long[] {number});
  }

  /** The number that all elements are; -1 if they differ. */
  private static double number(Map<String, Object> arrays) {
    double number = ((long[]) java.util.Objects.requireNonNull(arrays.get("n")))[0];
    for (Object array : arrays.values()) {
      for (int i = 0; i < Array.getLength(array); i++) {
        if (((Number) Array.get(array, i)).doubleValue() != number) {
          return -1;
        }
      }
    }
    return number;
  }

  private static double number(ModelState state) {
    return number(state.arrays(List.of("n", "c", "b", "a")));
  }

  /** How often {@code look} sees a mixture, or is refused, while {@code change} is done over and over. */
  private static String watched(int looks, Executable change,
      java.util.function.DoubleSupplier look)
      throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService other = Executors.newSingleThreadExecutor();
    int mixed = 0;
    int refused = 0;
    try {
      Future<?> changing = other.submit(() -> {
        while (!over.get()) {
          try {
            change.execute();
          } catch (Throwable e) {
            throw new AssertionError(e);
          }
        }
      });
      for (int i = 0; i < looks; i++) {
        try {
          mixed += look.getAsDouble() < 0 ? 1 : 0;
        } catch (ConcurrentUseException e) {
          refused++;
        }
      }
      over.set(true);
      changing.get();
    } finally {
      over.set(true);
      other.shutdown();
    }
    return mixed + " mixed, " + refused + " refused";
  }

  @Test
  void whatIsSavedWhileItIsTrainedIsOfOneStep() throws Exception {
    ModelState state = STEP.newState();
    Workspace workspace = STEP.newWorkspace();
    Path file = folder.resolve("state.safetensors");
    assertEquals("0 mixed, 0 refused", watched(200, () -> STEP.run(workspace, state), () -> {
      SafeTensors.save(file, state);
      return savedNumber(file);
    }));
    assertEquals("0 mixed, 0 refused", watched(200, () -> STEP.run(workspace, state), () -> {
      SafeTensors.save(file, state, List.of("b", "n"));
      return savedNumber(file);
    }));
  }

  private static double savedNumber(Path file) {
    Map<String, Object> arrays = new java.util.HashMap<>();
    for (NamedTensor tensor : SafeTensors.read(file).tensors()) {
      arrays.put(tensor.name(), tensor.values());
    }
    return number(arrays);
  }

  @Test
  void whatIsLoadedIsThereAtOnce() throws Exception {
    Path one = folder.resolve("one.safetensors");
    Path two = folder.resolve("two.safetensors");
    SafeTensors.save(one, filled(1));
    SafeTensors.save(two, filled(2));
    ModelState state = ModelState.zeros(LAYOUT);
    AtomicInteger turn = new AtomicInteger();
    assertEquals("0 mixed, 0 refused", watched(20_000,
        () -> SafeTensors.load(turn.incrementAndGet() % 2 == 0 ? one : two, state),
        () -> number(state.copy())));
  }

  @Test
  void copiesOfATrainedStateAreOfOneStepOrRefusedAndLeaveAllAsItWas() throws Exception {
    ModelState trained = STEP.newState();
    Workspace workspace = STEP.newWorkspace();
    ModelState mine = filled(0);
    AtomicInteger refused = new AtomicInteger();
    assertEquals("0 mixed, 0 refused", watched(20_000, () -> STEP.run(workspace, trained), () -> {
      double before = number(mine);
      try {
        mine.copyFrom(trained);
        return number(mine);
      } catch (ConcurrentUseException e) {
        refused.incrementAndGet();
        return number(mine) == before ? before : -1;
      }
    }));
    assertTrue(refused.get() < 20_000);
  }

  @Test
  void twoStatesThatCopyEachOtherDoNotWaitForEachOther() throws Exception {
    ModelState left = filled(1);
    ModelState right = filled(2);
    AtomicInteger refused = new AtomicInteger();
    Runnable copy = () -> {
      try {
        left.copyFrom(right);
      } catch (ConcurrentUseException e) {
        refused.incrementAndGet();
      }
    };
    watched(100_000, copy::run, () -> {
      right.copyFrom(left);
      return number(right);
    });
    assertTrue(number(left) > 0 && number(right) > 0);
  }

  @Test
  void whatIsRefusedChangesNothing() {
    ModelState state = filled(3);
    String before = state.sha256();
    for (Map<String, ?> bad : List.of(Map.of("a", new float[SIZE], "b", new double[SIZE - 1]),
        Map.of("a", new float[SIZE], "b", new float[SIZE]),
        Map.of("a", new float[SIZE], "none", new float[SIZE]), Map.of("n", new Object()))) {
      assertThrows(KotangentException.class, () -> state.setAll(bad));
      assertEquals(before, state.sha256());
    }
    state.setAll(Map.of());
    assertEquals(before, state.sha256());
    assertEquals(4, number(state.setAll(values(4))));
  }

  @Test
  void aStateHalfUpdatedIsMadeWholeByAllOfItOnly() {
    Program breaks = program((arrays, sizes, thread, threads, barrier) -> {
      ((float[]) arrays[0])[0]++;
      throw new StackOverflowError("as promised");
    });
    ModelState state = breaks.newState();
    Path file = folder.resolve("whole.safetensors");
    SafeTensors.save(file, filled(5));
    ModelState broken = breaks.newState();
    assertThrows(StackOverflowError.class, () -> breaks.run(breaks.newWorkspace(), broken));
    for (Executable whole : List.<Executable>of(() -> state.setAll(values(5)),
        () -> SafeTensors.load(file, state), () -> state.copyFrom(filled(5)))) {
      assertThrows(StackOverflowError.class, () -> breaks.run(breaks.newWorkspace(), state));
      List<Executable> uses =
          new ArrayList<>(List.of(() -> state.setAll(Map.of("a", new float[SIZE])),
              () -> SafeTensors.save(file, state), () -> state.arrays(List.of("n")),
              () -> state.copyFrom(broken), state::copy));
      for (Executable use : uses) {
        String message = assertThrows(KotangentException.class, use).getMessage();
        assertTrue(message.contains("half-way"), message);
      }
      try {
        whole.execute();
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
      assertEquals(5, number(state));
    }
  }
}
