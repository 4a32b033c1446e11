package io.kotangent.plan.nest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.ArrayParam.Access;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelPrinter;
import io.kotangent.loop.KernelVerifier;
import io.kotangent.loop.Local;
import io.kotangent.loop.LoopInterpreter;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.Step;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("fast")
class SplitRowsTest {
  private static final int LENGTH = 40;
  private static final ArrayParam IN = new ArrayParam("a0", DType.F32, Access.READ, true);
  private static final ArrayParam X = new ArrayParam("x", DType.F32, Access.SCRATCH, true);
  private static final ArrayParam Y = new ArrayParam("y", DType.F32, Access.SCRATCH, true);
  private static final ArrayParam OUT = new ArrayParam("r0", DType.F32, Access.WRITE, true);
  private static final Local J = new Local("j", DType.I32);

  @Test
  void onlyTheBitMoveOfAnExponentialIsLeftAlone() {
    List<Stmt.For> loops = rows("exp");
    assertEquals(3, loops.size());
    for (int i = 0; i < 3; i++) {
      String text = KernelPrinter.print(kernel(List.of(loops.get(i)), List.of()));
      assertEquals(i == 1, text.contains("from_bits"), text);
      assertFalse(text.contains("?"), text);
    }
    assertEquals(2, loops.get(1).body().stream().filter(s -> s instanceof Stmt.Let).count());
  }

  @Test
  void whatIsTooMuchForOneLoopIsHalved() {
    for (Stmt.For loop : rows("tanh")) {
      assertTrue(loop.body().size() <= 46, () -> "statements: " + loop.body().size());
    }
    assertTrue(rows("tanh").size() > 3);
    assertEquals(1, rows("neg").size());
  }

  @Test
  void whatIsUpdatedInPlaceIsOneArray() {
    Plan plan = Planner.plan(GraphParser.parse("""
        graph descend(g: input f32[100], p: state f32[100]) {
          %0 = mul g, g : f32[100]
          %1 = sub p, %0 : f32[100]
          update p = %1
          return q=%0
        }""").getFirst(), PlanOptions.STANDARD);
    String listing = plan.steps().stream()
        .map(step -> step instanceof Step.Run run ? KernelPrinter.print(run.kernel()) : "")
        .reduce("", String::concat);
    assertTrue(listing.contains("update float[] u0"), listing);
    assertTrue(listing.contains("u0[") && !listing.contains("a1["), listing);
  }

  @Test
  void oneElementForAllDoesNotMakeRowsShort() {
    Plan plan = Planner.plan(GraphParser.parse("""
        graph g(x: input f32[n,1], b: input f32[1]) {
          %0 = broadcast[dims=1, to=(n,1)] b : f32[n,1]
          %1 = add x, %0 : f32[n,1]
          return y=%1
        }""").getFirst(), PlanOptions.STANDARD);
    Step.Run run = (Step.Run) plan.steps().getFirst();
    List<Stmt.For> loops = new ArrayList<>();
    collect(run.kernel().body(), loops);
    assertEquals(1, loops.size());
    assertFalse(loops.getFirst().to().equals(Value.i32(1)), KernelPrinter.print(run.kernel()));
  }

  /// The row loops of a function of a long array.
  private static List<Stmt.For> rows(String function) {
    Plan plan = Planner.plan(GraphParser.parse("""
        graph g(x: input f32[5000]) {
          %%0 = %s x : f32[5000]
          return y=%%0
        }""".formatted(function)).getFirst(), PlanOptions.STANDARD);
    Step.Run run = (Step.Run) plan.steps().getFirst();
    List<Stmt.For> loops = new ArrayList<>();
    collect(run.kernel().body(), loops);
    return loops;
  }

  private static void collect(List<Stmt> body, List<Stmt.For> loops) {
    for (Stmt statement : body) {
      if (statement instanceof Stmt.For loop) {
        if (loop.row()) {
          loops.add(loop);
        }
        collect(loop.body(), loops);
      }
    }
  }

  /// For each loop, in order: `v` if C2 vectorizes all of it, its operations, its loads and stores.
  @ParameterizedTest @CsvSource({"exp,v22+4 1+2 v3+4", "sigmoid,v22+4 1+2 v8+4",
      "tanh,v18+3 v17+3 1+2 v6+5", "log,9+6 v7+5 1+2 v14+4 2+6", "softplus,v23+5 1+2 v16+5",
      "sin,v32+4 v24+7 3+6 v3+5 3+3", "atan,v18+4 7+5", "erf,v18+2", "relu,v1+2", "floor,v1+2",
      "sign,4+2"})
  void functionsAreCutInto(String function, String expected) {
    assertEquals(expected, rows(function).stream().map(SplitRowsTest::describe)
        .reduce((a, b) -> a + " " + b).orElse(""));
  }

  private static String describe(Stmt.For loop) {
    List<RowStatement> facts = loop.body().stream().map(RowStatement::of).toList();
    return (facts.stream().allMatch(RowStatement::vectorizes) ? "v" : "")
        + facts.stream().mapToInt(RowStatement::operations).sum() + "+"
        + facts.stream().mapToInt(RowStatement::accesses).sum();
  }

  private static List<Stmt> cut(Stmt.For loop, Optional<SplitRows> way, List<ArrayParam> spills) {
    return way.isEmpty() ? List.of(loop) : way.get().loops(dtype -> {
      spills.add(new ArrayParam("s" + spills.size(), dtype, Access.SCRATCH, true));
      return spills.getLast();
    });
  }

  /// No loop that C2 should vectorize is too much for it; what all become together is pinned, so that it gets worse knowingly.
  @Test
  void randomLoopsYieldTheSameWhenCut() {
    int count = 0;
    int rows = 0;
    for (int seed = 0; seed < 300; seed++) {
      Stmt.For loop = random(new SplittableRandom(seed));
      List<ArrayParam> spills = new ArrayList<>();
      Optional<SplitRows> way = SplitRows.of(loop);
      List<Stmt> loops = cut(loop, way, spills);
      assertEquals(way.map(SplitRows::rows).orElse(0), spills.size());
      Kernel whole = kernel(List.of(loop), List.of());
      Kernel split = kernel(loops, spills);
      KernelVerifier.verify(split);
      assertArrayEquals(run(whole), run(split), () -> KernelPrinter.print(split));
      loops.forEach(part -> isNotTooMuch((Stmt.For) part));
      count += loops.size();
      rows += spills.size();
    }
    assertEquals("2420 loops, 7582 rows", count + " loops, " + rows + " rows");
  }

  private static void isNotTooMuch(Stmt.For loop) {
    String text = describe(loop);
    if (text.startsWith("v")) {
      String[] parts = text.substring(1).split("\\+");
      assertTrue(Integer.parseInt(parts[0]) + 3 * Integer.parseInt(parts[1]) <= 46, text);
    }
  }

  @Test
  void aLoopThatReadsWhatItWritesStaysWhole() {
    Stmt.For loop = random(new SplittableRandom(1));
    assertTrue(SplitRows.pays(loop));
    List<Stmt> body = new ArrayList<>(loop.body());
    body.add(new Stmt.Store(X, Value.ref(J), Value.f32(1)));
    Stmt.For more = new Stmt.For(J, loop.from(), loop.to(), 1, body, true);
    assertEquals(Optional.empty(), SplitRows.of(more));
  }

  private static Kernel kernel(List<Stmt> rows, List<ArrayParam> spills) {
    List<ArrayParam> arrays = new ArrayList<>(List.of(IN, OUT, X, Y));
    arrays.addAll(spills);
    List<Stmt> body = new ArrayList<>();
    Value zero = Value.i32(0);
    body.add(new Stmt.Copy(IN, zero, X, zero, Value.i32(LENGTH)));
    body.addAll(rows);
    body.add(new Stmt.Copy(Y, zero, OUT, zero, Value.i32(LENGTH)));
    List<Value> lengths = arrays.stream().filter(a -> a.access() == Access.SCRATCH)
        .<Value>map(_ -> Value.i32(LENGTH)).toList();
    return new Kernel(arrays, List.of(), lengths, body);
  }

  private static int[] run(Kernel kernel) {
    Object[] arrays = kernel.arrays().stream().map(a -> switch (a.dtype()) {
      case F32 -> (Object) new float[LENGTH];
      case F64 -> new double[LENGTH];
      case I32 -> new int[LENGTH];
      case I64 -> new long[LENGTH];
      case BOOL -> new boolean[LENGTH];
    }).toArray();
    for (int i = 0; i < LENGTH; i++) {
      ((float[]) arrays[0])[i] = (i - 20) * 0.37f;
    }
    new LoopInterpreter(kernel).run(arrays, new int[arrays.length], new int[0]);
    int[] bits = new int[LENGTH];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(((float[]) arrays[1])[i]));
    return bits;
  }

  /// A loop of random primitives of floats, ints and booleans, whose last float is stored.
  private static Stmt.For random(SplittableRandom random) {
    List<Stmt> body = new ArrayList<>();
    List<List<Value>> values = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<Value> floats = values.getFirst();
    let(body, values, new Value.Load(X, Value.ref(J)));
    floats.add(Value.f32(1.5f));
    values.get(1).add(Value.ref(J));
    let(body, values, Value.apply(Basic.LT, floats.get(0), floats.get(1)));
    int steps = 20 + random.nextInt(60);
    for (int i = 0; i < steps; i++) {
      Value a = any(floats, random);
      Value b = any(floats, random);
      Value k = any(values.get(1), random);
      let(body, values, switch (random.nextInt(12)) {
        case 0 -> Value.apply(Basic.FROM_BITS, k);
        case 1 -> Value.apply(Basic.BITS, a);
        case 2 -> Value.apply(Basic.SELECT, any(values.get(2), random), a, b);
        case 3 -> Value.apply(Basic.LE, a, b);
        case 4 -> Value.apply(Basic.TO_I32, a);
        case 5 -> Value.apply(Basic.XOR, k, any(values.get(1), random));
        case 6, 7 -> Value.apply(Basic.MAX, a, b);
        case 8 -> Value.apply(Basic.FMA, a, b, any(floats, random));
        default -> Value.apply(Basic.ADD, a, b);
      });
    }
    body.add(new Stmt.Store(Y, Value.ref(J), floats.getLast()));
    return new Stmt.For(J, Value.i32(0), Value.i32(LENGTH), 1, body, true);
  }

  /// One of the last few, mostly.
  private static Value any(List<Value> values, SplittableRandom random) {
    int back = random.nextInt(3) == 0 ? values.size() : Math.min(4, values.size());
    return values.get(values.size() - 1 - random.nextInt(back));
  }

  private static void let(List<Stmt> body, List<List<Value>> values, Value value) {
    Local local = new Local("v" + body.size(), value.dtype());
    body.add(new Stmt.Let(local, value));
    values.get(value.dtype() == DType.F32 ? 0 : value.dtype() == DType.I32 ? 1 : 2)
        .add(Value.ref(local));
  }
}
