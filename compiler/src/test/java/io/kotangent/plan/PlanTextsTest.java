package io.kotangent.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Basic;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.plan.lower.PlanEvaluator;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.runtime.StateLayout;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What users see of plans: listings, names, messages.
@Tag("fast")
class PlanTextsTest {
  private static final String TEXT = """
      graph yes(x: input f64[b]) {
        %0 = exp x                              : f64[b]
        return y=%0
      }

      graph no(x: input f64[b]) {
        return y=x
      }

      graph body(c: input f64, x: input f64) {
        %0 = mul c, x                           : f64
        return c=%0
      }

      graph "my model"(x: input f64[b], w: state f64[3], n: state i64, c: input bool, "a b": input f64,
        "a/b": input f64) {
        %0 = branch[@yes, @no] c, x             : (f64[b]) ; Model.java:1
        %1 = item[index=0] %0                   : f64[b]
        %2 = loop[@body, count=b, carried=1, sliced=1, reverse=true] "a b", %1 : (f64)
        %3 = item[index=0] %2                   : f64
        %4 = constant[value=(1.0,2.0,3.0)]      : f64[3]
        %5 = mul w, %4                          : f64[3] ; layer Model.java:2
        %6 = add %5, %4                         : f64[3] ; Model.java:3
        %7 = neg %6                             : f64[3] ; Model.java:4
        %8 = abs %7                             : f64[3] ; Model.java:5
        %9 = is_finite %3                       : bool ; Model.java:6
        %10 = add %3, "a/b"                     : f64 ; Model.java:6
        guard %9
        update w = %8
        return r=%10
      }
      """;

  private static Plan plan() {
    return Planner.plan(GraphParser.parse(TEXT).getLast(), PlanOptions.STANDARD);
  }

  @Test
  void aListingShowsArraysStepsAndOrigins() {
    Plan plan = plan();
    String listing = PlanLaw.listing(plan);
    assertEquals("""
        program my_model(b) {
          input f64[b] x;
          state f64[3] f64;
          state i64[1] i64;
          input bool[1] c;
          input f64[1] a_b;
          input f64[1] a_b_2;
          result f64[1] r;
          constant f64[3] constant0;
          workspace f64[b] w8;
          workspace f64[1] w9;
          workspace f64[1] w10;
          workspace bool[1] w11;
          if (c[0]) {
            exp: K(x, w8, part(0, b, 256));
          } else {
            copy: K(x, w8, b);
          }
          copy: K(a_b, w9, 1);
          barrier();
          for (int loop_0 = b - 1; loop_0 >= 0; loop_0--) {
            mul: K(w9, w8 + loop_0, w10);
            copy: K(w10, w9, 1);
          }
          add_is_finite: K(w9, a_b_2, r, w11); // Model.java:6
          barrier();
          if (w11[0]) {
            mul_add_neg_abs: K(constant0, f64, 0, 3); // layer Model.java:2, Model.java:3, Model.java:4, …
          }
          return w11[0];
        }
        // bytes: data 8*b+49, state 32, workspace 8*b+17, scratch of each thread 0
        """, listing);
    assertEquals(13 + 1, PlanPrinter.firstLine(plan));
    assertEquals(listing.lines().count(),
        PlanPrinter.firstLine(plan) + PlanPrinter.lines(plan.steps()) + 2);
  }

  @Test
  void namesAreDistinct() {
    PlanNames names = new PlanNames(plan());
    assertEquals("my_model", names.program());
    assertEquals("My_model", names.className());
    assertEquals("my_model.ir", names.fileName());
    assertEquals("b", names.symbol("b"));
    assertEquals("loop_0", names.symbol("loop_0"));
    assertEquals("elsewhere", names.symbol("elsewhere"));
    Graph graph = GraphParser.parseOne("""
        graph "run"(arrays: input f64[sizes], sizes: input f64[sizes], run: input f64) {
          %0 = add arrays, sizes : f64[sizes]
          return arrays=%0, run=run
        }
        """);
    String listing = PlanLaw.listing(Planner.plan(graph, PlanOptions.STANDARD));
    for (String line : List.of("program run(sizes_2) {", "input f64[sizes] arrays_2;",
        "input f64[sizes] sizes_3;", "input f64[1] run_2;", "result f64[1] run_3;")) {
      assertTrue(listing.contains(line), () -> line + "\n" + listing);
    }
  }

  @Test
  void harmlessNamesKeepLettersAndDigits() {
    assertEquals("azAZ_09", PlanNames.harmless("azAZ_09", "v"));
    assertEquals("_______x", PlanNames.harmless("`{@[/:äx", "v"));
    assertEquals("_0", PlanNames.harmless("0", "v"));
    assertEquals("_9", PlanNames.harmless("9", "v"));
    assertEquals("x".repeat(40), PlanNames.harmless("x".repeat(41), "v"));
  }

  @Test
  void passesHaveNames() {
    for (PlanPass pass : PlanPass.values()) {
      assertEquals(pass, PlanPass.parse(pass.toString()));
      assertEquals(pass.name().replace("_", ""),
          pass.toString().toUpperCase(java.util.Locale.ROOT));
      PlanOptions without = new PlanOptions(Optional.empty(), Set.of(pass));
      assertTrue(!without.has(pass) && PlanOptions.STANDARD.has(pass)
          && !PlanOptions.plain().has(pass));
    }
    KotangentException e = assertThrows(KotangentException.class, () -> PlanPass.parse("Fuse"));
    assertTrue(e.getMessage().startsWith("no plan pass 'Fuse': expected one of [TransposeOnce, "),
        e.getMessage());
  }

  @Test
  void aProgramMayShareTheStateOfAnother() {
    Graph graph = GraphParser.parseOne(
        "graph f(w: param f64[3], x: input f64[3]) {\n  %0 = add w, x : f64[3]\n  return y=%0\n}");
    StateLayout layout = StateLayout
        .of(List.of(new Port("v", Role.STATE, TensorType.of(DType.F64, 2), List.of()),
            graph.ports().getFirst()));
    Plan plan = Planner.plan(graph, PlanOptions.STANDARD.with(layout));
    assertEquals(layout, plan.signature().state());
    assertTrue(PlanLaw.listing(plan).contains("state f64[5] f64;"), PlanLaw.listing(plan));
    assertTrue(PlanLaw.listing(plan).contains("f64 + 2"), PlanLaw.listing(plan));
  }

  @Test
  void sizesThatOnlyStepsKnowAreParameters() {
    Graph graph = GraphParser.parse("""
        graph body(c: input i64, x: input i64) {
          %0 = size[dim=d+1] : i64
          %1 = add c, %0     : i64
          %2 = mul %1, x     : i64
          return c=%2
        }

        graph f(x: input f64[a], k: input i64) {
          %0 = size[dim=b]   : i64
          %1 = loop[@body, count=c, carried=1] %0, k : (i64)
          %2 = item[index=0] %1 : i64
          return y=%2, x=x
        }
        """).getLast();
    assertEquals(List.of("a", "b", "c", "d"),
        Planner.plan(graph, PlanOptions.STANDARD).signature().symbols().stream().sorted()
            .toList());
  }

  // ---- constants

  @Test
  void constantsAreFoldedByTheirOwnKernels() {
    GraphBuilder builder = new GraphBuilder();
    Node a = builder.constant(Literal.of(TensorType.of(DType.F32, 2), new float[] {1, 2}));
    Node b = builder.constant(Literal.of(TensorType.of(DType.F32, 2), new float[] {10, 20}));
    PlanEvaluator evaluator = new PlanEvaluator();
    assertEquals(
        Optional.of(Literal.of(TensorType.of(DType.F32, 2), new float[] {-9, -18})),
        evaluator.evaluate(builder.map(ScalarFn.SUB, a, b)));
    Node x = builder.input(new Port("x", Role.INPUT, TensorType.of(DType.F32, 2), List.of()));
    assertEquals(Optional.empty(), evaluator.evaluate(builder.map(ScalarFn.SUB, a, x)));
    Node size = builder.size(Dim.symbol("n"));
    assertEquals(Optional.empty(), evaluator.evaluate(builder.map(ScalarFn.NEG, size)));
    Node scalar = builder.constant(Literal.of(TensorType.scalar(DType.F32), new float[] {3}));
    assertEquals(Optional.empty(),
        evaluator.evaluate(builder.broadcast(scalar, List.of(), new io.kotangent.type.Shape(
            List.of(Dim.symbol("n"))))));
  }

  // ---- failures

  private static String message(KotangentException e) {
    return e.getMessage().replaceAll(": every divisor .*", ": …");
  }

  /// A plan of divisions of the given kinds, and for each its line.
  private static Plan dividing(boolean inLoop, int divisions) {
    Plan quotient = Plans.quotient();
    Step.Run run = (Step.Run) quotient.steps().getFirst();
    List<Step> many = Stream.generate(() -> (Step) run).limit(divisions).toList();
    List<Step> harmless = Plans.rows().steps();
    Step.Argument flag = new Step.Argument(
        new Buffer(3, new ArraySlot("flag", DType.BOOL, Dim.ONE, ArraySlot.Kind.INPUT)), Dim.ZERO);
    Step first = ((Step.When) ((Step.Repeat) harmless.getFirst()).body().getFirst()).then()
        .getFirst();
    List<Step> steps = inLoop
        ? List.of(first, new Step.Repeat("t", Dim.of(2), false,
            List.of(first, new Step.When(flag, List.of(first, first), many))))
        : Stream.concat(many.stream(), Stream.of(first)).toList();
    return new Plan("quotient", quotient.signature(), quotient.buffers(), steps, Optional.empty());
  }

  private static StepLines lines(Plan plan) {
    return StepLines.of(plan, new PlanNames(plan), Map.of());
  }

  @Test
  void anUntracedFailureNamesTheOnlyStepThatDivides() {
    ArithmeticException zero = new ArithmeticException();
    for (Object[] known : new Object[][] {
        {false, 1, "step 'div' (quotient.ir:5)"},
        {false, 2, "one of the steps at lines [5, 6] of quotient.ir"},
        {true, 1, "step 'div' (quotient.ir:12)"},
        {true, 3, "one of the steps at lines [12, 13, 14] of quotient.ir"},
        {true, 0, "one of the steps at lines [] of quotient.ir"}}) {
      Plan plan = dividing((boolean) known[0], (int) known[1]);
      assertEquals("quotient: integer overflow or division by zero in " + known[2] + ": …",
          message(StepFailure.untraced(lines(plan), zero)));
    }
    Plan plan = dividing(false, 1);
    assertEquals(
        "quotient: an array is too short (Index 3); run with -XX:-OmitStackTraceInFastThrow to learn in which step",
        StepFailure.untraced(lines(plan), new IndexOutOfBoundsException("Index 3"))
            .getMessage());
  }

  @Test
  void aFailureIsDescribed() {
    Plan plan = plan();
    StepLines lines = lines(plan);
    assertEquals(
        "my model: at most 3 in step 'mul_add_neg_abs' (my_model.ir:28), which computes what was written at "
            + "layer Model.java:2, Model.java:3, Model.java:4, …",
        StepFailure.of(lines, lines.lines().stream()
            .filter(line -> line.step().equals("mul_add_neg_abs")).findFirst().orElseThrow(),
            new IllegalArgumentException("at most 3"))
            .getMessage());
    assertEquals("my model: integer division by zero in a step of lines 3 to 9 of my_model.ir: …",
        message(StepFailure.within(lines, 3, 9, new ArithmeticException("/ by zero"))));
    assertEquals("my model: a size or place overflows in a step of lines 3 to 9 of my_model.ir",
        StepFailure.within(lines, 3, 9, new ArithmeticException("long overflow")).getMessage());
    RuntimeException cause = new IllegalStateException("what");
    KotangentException other = StepFailure.within(lines, 3, 9, cause);
    assertEquals("my model: java.lang.IllegalStateException: what in a step of lines 3 to 9 of "
        + "my_model.ir", other.getMessage());
    assertEquals(cause, other.getCause());
  }

  @Test
  void onlyDivisionsByWhatMayBeZeroAreFound() {
    for (Object[] known : new Object[][] {{"%0 = div i, j : i32[b]", true},
        {"%0 = rem i, j : i32[b]", true}, {"%0 = div x, y : f64[b]", false},
        {"%0 = mul i, j : i32[b]", false},
        {"%c = constant[value=3] : i32\n %k = broadcast[dims=(), to=b] %c : i32[b]\n %0 = div i, %k : i32[b]",
            false},
        {"%c = constant[value=0] : i32\n %k = broadcast[dims=(), to=b] %c : i32[b]\n %0 = div i, %k : i32[b]",
            true}}) {
      Graph graph = GraphParser.parseOne(
          "graph f(i: input i32[b], j: input i32[b], x: input f64[b], y: input f64[b]) {\n"
              + known[0]
              + "\n return y=%0\n}");
      for (PlanOptions options : List.of(PlanOptions.STANDARD, new PlanOptions(Optional.empty(),
          Set.of(PlanPass.ALIGN_WITH_STATE)))) {
        Step.Run run = (Step.Run) Planner.plan(graph, options).steps().getFirst();
        Kernel kernel = run.kernel();
        assertEquals(known[1], kernel.body().stream().anyMatch(IntegerDivision::in),
            () -> known[0] + "");
      }
    }
  }

  @Test
  void aDivisionIsFoundWhereverItStands() {
    Local n = new Local("n", DType.I32);
    ArrayParam a = new ArrayParam("a", DType.I32, ArrayParam.Access.UPDATE, false);
    ArrayParam r = new ArrayParam("r", DType.I32, ArrayParam.Access.WRITE, false);
    Value one = Value.i32(1);
    for (Value value : List.of(Value.apply(Basic.DIV, one, Value.ref(n)),
        Value.apply(Basic.ADD, one, Value.apply(Basic.REM, one, Value.ref(n))),
        new Value.Load(a, Value.apply(Basic.DIV, one, Value.i32(0))),
        Value.apply(Basic.DIV, one, one), new Value.Load(a, one))) {
      boolean divides = !(value instanceof Value.Apply apply && apply.args().getLast().equals(one))
          && !(value instanceof Value.Load load && load.index().equals(one));
      Value bool = Value.apply(Basic.LT, value, one);
      Stmt inside = new Stmt.Assign(n, value);
      for (Stmt stmt : List.of(new Stmt.Let(n, value), inside, new Stmt.Store(a, value, one),
          new Stmt.Store(a, one, value), new Stmt.For(n, value, one, 1, List.of(), false),
          new Stmt.For(n, one, value, 1, List.of(), false),
          new Stmt.For(n, one, one, 1, List.of(inside), false),
          new Stmt.If(bool, List.of(), List.of()),
          new Stmt.If(Value.bool(true), List.of(inside), List.of()),
          new Stmt.If(Value.bool(true), List.of(), List.of(inside)),
          new Stmt.Copy(a, value, r, one, one), new Stmt.Copy(a, one, r, value, one),
          new Stmt.Copy(a, one, r, one, value), new Stmt.Fill(a, value, one, one),
          new Stmt.Fill(a, one, value, one), new Stmt.Fill(a, one, one, value),
          new Stmt.Check(bool, "never"))) {
        assertEquals(divides, IntegerDivision.in(stmt), stmt::toString);
      }
    }
  }
}
