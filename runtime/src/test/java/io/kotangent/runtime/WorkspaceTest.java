package io.kotangent.runtime;

import static io.kotangent.runtime.Complaints.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Fact;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import io.kotangent.type.Role;
import io.kotangent.type.ShapeException;
import io.kotangent.type.TensorType;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
  private static final Dim BATCH = Dim.symbol("batch");

  private static Port input(String name, DType dtype, Dim... dims) {
    return new Port(name, Role.INPUT, TensorType.of(dtype, dims));
  }

  @Test
  void aStepReadsItsInputsAndUpdatesTheStateInPlace() {
    Program step = Line.step();
    ModelState state = step.newState();
    Workspace workspace = step.newWorkspace().feed("x", 1f, 2f).feed("y", 5f).feed("rate", 0.1f);
    assertTrue(step.run(workspace, state));
    assertEquals(25, workspace.scalar("loss"));
    assertArrayEquals(new float[] {-5}, workspace.floats("error"));
    assertArrayEquals(new float[] {1, 2}, state.floats("w"));
    assertArrayEquals(new float[] {1}, state.floats("b"));
    assertArrayEquals(new float[] {-10, -20}, state.floats("w.v"));
    assertArrayEquals(new long[] {1}, state.longs("step"));
  }

  @Test
  void theBatchFollowsFromTheLengthsAndMayChange() {
    Program step = Line.step();
    ModelState state = step.newState();
    Workspace workspace = step.newWorkspace().feed("rate", 0f);
    for (int batch : new int[] {3, 0, 7, 1, 64, 2}) {
      step.run(workspace.feed("x", new float[2 * batch]).feed("y", new float[batch]), state);
      assertEquals(batch, workspace.size("batch"));
      assertEquals(batch, workspace.floats("error").length);
      assertEquals(batch, workspace.length("error"));
    }
  }

  @Test
  void anArrayMayServeSmallerBatchesThanItHolds() {
    Program predict = Line.predict();
    ModelState state =
        Line.step().newState().set("w", new float[] {1, 10}).set("b", new float[] {100});
    float[] into = new float[8];
    Workspace workspace =
        predict.newWorkspace().feedArray("x", new float[] {1, 2, 3, 4, 5, 6}, 4).result("y", into);
    predict.run(workspace, state);
    assertArrayEquals(new float[] {121, 143, 0, 0, 0, 0, 0, 0}, into);
    assertArrayEquals(new float[] {121, 143}, workspace.floats("y"));
  }

  @Test
  void aRefusedStepLeavesTheStateAndSaysSo() {
    Program step = Line.step();
    ModelState state = step.newState().set("w", new float[] {1, 2});
    String before = state.sha256();
    assertFalse(step
        .run(step.newWorkspace().feed("x", Float.NaN, 0f).feed("y", 1f).feed("rate", 0.1f), state));
    assertEquals(before, state.sha256());
  }

  @Test
  void aRunAllocatesNothingAfterWarmUp() {
    Program step = Line.step();
    ModelState state = step.newState();
    float[] big = new float[128];
    float[] target = new float[64];
    Workspace workspace = step.newWorkspace().feed("rate", 0f).result("error", new float[64]);
    Port label = new Port("label", Role.INPUT, TensorType.of(DType.I32, BATCH),
        List.of(new Fact.Range(0, 9)));
    Program door = Line.door(List.of("batch"),
        List.of(new Requirement(BATCH.times(2), Requirement.Relation.AT_LEAST, BATCH, "")), label);
    Workspace atDoor = door.newWorkspace();
    int[] labels = new int[64];
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = -1;
    double sum = 0;
    for (int round = 0; round < 5 && allocated != 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        int batch = 1 + i % 64;
        step.run(workspace.feedArray("x", big, 2 * batch).feedArray("y", target, batch), state);
        door.run(atDoor.feedArray("label", labels, batch));
        sum += workspace.scalar("loss") + atDoor.scalar("sum");
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertEquals(0, allocated);
    assertTrue(sum > 0);
  }

  @Test
  void threadsShareAProgramAndAState() throws Exception {
    Program predict = Line.predict();
    ModelState state =
        Line.step().newState().set("w", new float[] {1, 10}).set("b", new float[] {100});
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Callable<float[]>> tasks = new ArrayList<>();
      for (int t = 0; t < 16; t++) {
        float base = t;
        tasks.add(() -> {
          Workspace workspace = predict.newWorkspace();
          float[] sums = new float[1];
          for (int i = 0; i < 500; i++) {
            predict.run(workspace.feed("x", base, i), state);
            sums[0] += workspace.floats("y")[0] == base + 10f * i + 100 ? 1 : 0;
          }
          return sums;
        });
      }
      for (Future<float[]> sums : pool.invokeAll(tasks)) {
        assertEquals(500, sums.get()[0]);
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void aWrongNameIsRefusedAndTheRightOnesAreNamed() {
    Workspace workspace = Line.step().newWorkspace();
    assertRefused(FeedException.class, () -> workspace.feed("image", 1f),
        "program line has no input 'image': expected one of [x, y, rate]");
    assertRefused(FeedException.class, () -> workspace.feed("w", 1f),
        "'w' is in the state, set it there");
    assertRefused(FeedException.class, () -> workspace.size("time", 1),
        "no size 'time': expected one of [batch]");
    assertRefused(FeedException.class, () -> workspace.result("los", new float[1]),
        "no result 'los': expected one of [loss, error]");
    assertRefused(FeedException.class, () -> workspace.scalar("loss"), "'loss'",
        "run the program first");
  }

  @Test
  void aWrongElementTypeIsRefused() {
    Workspace workspace = Line.step().newWorkspace();
    assertRefused(FeedException.class, () -> workspace.feed("x", 1.0),
        "input 'x' of program line is f32[batch,2]: expected float[], got double[]");
    assertRefused(FeedException.class, () -> workspace.feedArray("x", "text"),
        "expected float[], got String");
    assertRefused(FeedException.class, () -> workspace.result("loss", new int[1]),
        "result 'loss' of program line is f32: expected float[], got int[]");
  }

  @Test
  void aWrongLengthIsRefused() {
    Program step = Line.step();
    Workspace workspace = step.newWorkspace().feed("x", 1f, 2f, 3f).feed("y", 1f).feed("rate", 1f);
    assertRefused(FeedException.class, () -> step.run(workspace, step.newState()),
        "input 'x' of program line: 3 elements do not make a whole f32[batch,2]",
        "feed 2*batch elements");
    workspace.feed("x", 1f, 2f).feed("rate", 1f, 2f);
    assertRefused(FeedException.class, () -> step.run(workspace, step.newState()),
        "input 'rate' of program line: expected f32, which is 1 elements", "but 2 were fed");
    assertRefused(FeedException.class, () -> workspace.feedArray("x", new float[2], 3),
        "asked for the first 3 elements of an array of 2");
  }

  @Test
  void contradictoryBatchesAreRefused() {
    Program step = Line.step();
    Workspace workspace = step.newWorkspace().feed("x", 1f, 2f).feed("y", 1f, 2f).feed("rate", 1f);
    assertRefused(FeedException.class, () -> step.run(workspace, step.newState()),
        "input 'y' of program line: expected f32[batch], which is 1 elements with batch = 1 (from 'x'), but 2 were fed",
        "feed arrays of equal batch");
    workspace.feed("y", 1f).size("batch", 3);
    assertRefused(FeedException.class, () -> step.run(workspace, step.newState()),
        "input 'x'", "which is 6 elements with batch = 3 (set), but 2 were fed");
  }

  @Test
  void aMissingFeedIsRefused() {
    Program step = Line.step();
    Workspace workspace = step.newWorkspace().feed("x", 1f, 2f).feed("rate", 1f);
    assertRefused(FeedException.class, () -> step.run(workspace, step.newState()),
        "input 'y' of program line was not fed: expected y: input f32[batch]");
  }

  @Test
  void aLabelOutsideItsRangeIsRefused() {
    Port label = new Port("label", Role.INPUT, TensorType.of(DType.I32, BATCH),
        List.of(new Fact.Range(0, 9)));
    Program door = Line.door(List.of("batch"), List.of(), label);
    Workspace workspace = door.newWorkspace();
    assertTrue(door.run(workspace.feed("label", 0, 9)));
    assertRefused(FeedException.class, () -> door.run(workspace.feed("label", 3, 10, 11)),
        "input 'label' of program door: element 1 is 10, expected a value from 0 to 9");
    assertRefused(FeedException.class, () -> door.run(workspace.feed("label", -1)),
        "element 0 is -1");
  }

  @Test
  void aTargetThatIsNotANumberIsRefused() {
    Port target = new Port("target", Role.INPUT, TensorType.of(DType.F32, BATCH),
        List.of(new Fact.Range(0, 1)));
    Program door = Line.door(List.of("batch"), List.of(), target);
    assertTrue(door.run(door.newWorkspace().feed("target", 0f, 0.5f, 1f)));
    assertRefused(FeedException.class,
        () -> door.run(door.newWorkspace().feed("target", 0f, Float.NaN)),
        "input 'target' of program door: element 1 is NaN, expected a value from 0 to 1");
    assertRefused(FeedException.class, () -> door.run(door.newWorkspace().feed("target", 1.5f)),
        "element 0 is 1.5");
  }

  @Test
  void aViolatedPreconditionOfASizeNamesBothSides() {
    Dim half = Dim.symbol("half");
    Program door = Line.door(List.of("batch", "half"),
        List.of(new Requirement(BATCH, Requirement.Relation.EQUAL, half.times(2), "Model.java:7")),
        input("a", DType.F32, BATCH), input("b", DType.F32, half));
    assertTrue(door.run(door.newWorkspace().feed("a", 1f, 2f).feed("b", 1f)));
    assertRefused(ShapeException.class,
        () -> door.run(door.newWorkspace().feed("a", 1f, 2f, 3f).feed("b", 1f)),
        "expected batch == 2*half, but batch is 3 and 2*half is 2", "Model.java:7");
  }

  @Test
  void sizesAreSolvedInAnyOrderAndThroughLinearForms() {
    Dim time = Dim.symbol("time");
    Program door =
        Line.door(List.of("batch", "time"), List.of(), input("a", DType.F32, BATCH, time.plus(1)),
            input("b", DType.F64, BATCH.times(2).plus(3)));
    Workspace workspace = door.newWorkspace().feed("a", new float[20]).feed("b", new double[11]);
    door.run(workspace);
    assertEquals(4, workspace.size("batch"));
    assertEquals(4, workspace.size("time"));
  }

  @Test
  void sizesThatInputsDoNotDetermineAreSetByHand() {
    Dim time = Dim.symbol("time");
    Program door =
        Line.door(List.of("batch", "time"), List.of(), input("a", DType.BOOL, BATCH, time));
    Workspace workspace = door.newWorkspace().feed("a", new boolean[12]);
    assertRefused(FeedException.class, () -> door.run(workspace),
        "the size 'batch' of program door is unknown",
        "set it by size(\"batch\", n)");
    door.run(workspace.size("time", 4));
    assertEquals(3, workspace.size("batch"));
    assertRefused(FeedException.class, () -> door.run(workspace.size("time", 5)),
        "do not make a whole bool[batch,time]");
    assertRefused(FeedException.class, () -> workspace.size("time", -1), "'time' was set to -1");
  }

  @Test
  void theWorkspaceOfAnotherProgramAndTheStateOfAnotherModelAreRefused() {
    Program step = Line.step();
    assertRefused(FeedException.class,
        () -> step.run(Line.predict().newWorkspace(), step.newState()),
        "made for program predict, not for line");
    Workspace workspace = step.newWorkspace().feed("x", 1f, 2f).feed("y", 1f).feed("rate", 1f);
    assertRefused(FeedException.class, () -> step.run(workspace, Line.predict().newState()),
        "program line needs step: state i64, but the state has no 'step'");
    assertRefused(FeedException.class, () -> step.run(workspace),
        "program line needs w: state f32[2]");
    StateLayout other =
        StateLayout.of(List.of(new Port("w", Role.PARAM, TensorType.of(DType.F32, 3L))));
    assertRefused(FeedException.class, () -> step.run(workspace, ModelState.zeros(other)),
        "program line needs w: state f32[2], but the state has w: param f32[3]");
    StateLayout moved =
        StateLayout.of(List.of(Line.layout().place("b").port(), Line.layout().place("w").port()));
    Program predict = Line.predict();
    assertRefused(FeedException.class,
        () -> predict.run(predict.newWorkspace().feed("x", 1f, 2f), ModelState.zeros(moved)),
        "lay out 'w' differently: f32+0 and f32+1");
  }

  @Test
  void resultArraysMustBeLongEnoughAndTheirOwn() {
    Program predict = Line.predict();
    ModelState state = predict.newState();
    Workspace workspace = predict.newWorkspace().feed("x", new float[6]).result("y", new float[2]);
    assertRefused(FeedException.class, () -> predict.run(workspace, state),
        "result 'y' of program predict: the array given for it has 2 elements, expected at least 3");
    float[] shared = new float[6];
    assertRefused(FeedException.class,
        () -> predict.run(workspace.feed("x", shared).result("y", shared), state),
        "was given the array that is also 'x'");
  }

  @Test
  void resultsAreReadByTheAccessorOfTheirType() {
    Program step = Line.step();
    Workspace workspace =
        step.newWorkspace().feed("x", 1f, 2f, 3f, 4f).feed("y", 1f, 1f).feed("rate", 1f);
    step.run(workspace, step.newState());
    assertRefused(FeedException.class, () -> workspace.doubles("loss"),
        "is f32, not f64; read it by the accessor for f32");
    assertRefused(FeedException.class, () -> workspace.scalar("error"),
        "is f32[batch], 2 elements, not one number");
  }

  @Test
  void aStateIsCopiedComparedAndHashed() {
    ModelState state = Line.step().newState().set("w", new float[] {1, 2});
    ModelState copy = state.copy();
    assertEquals(state.sha256(), copy.sha256());
    copy.set("b", new float[] {-0f});
    assertNotEquals(state.sha256(), copy.sha256());
    assertEquals(state.sha256(List.of("w")), copy.sha256(List.of("w")));
    assertEquals("3949351f07549d01d352dc86411e47ff96803cbbb19ada1bc5ac2f3550f8ac28",
        state.sha256(List.of("w")));
    state.floats("w")[0] = 9;
    assertEquals(1, state.floats("w")[0]);
    assertRefused(FeedException.class, () -> state.set("w", new float[3]), "'w' is f32[2]",
        "expected 2 elements, got 3");
    assertRefused(FeedException.class, () -> state.set("w", new int[2]),
        "expected float[], got int[]");
    assertRefused(FeedException.class, () -> state.ints("w"), "'w' is f32[2], not i32");
  }
}
