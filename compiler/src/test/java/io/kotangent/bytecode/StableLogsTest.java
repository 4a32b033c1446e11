package io.kotangent.bytecode;

import static io.kotangent.bytecode.StableReals.log1mexp;
import static io.kotangent.bytecode.StableReals.sigmoid;
import static io.kotangent.bytecode.StableReals.softplus;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.autodiff.Gradient;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.pass.Pipeline;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.runtime.Program;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Logarithms of sigmoids, softmaxes and exponentials are as exact as their stable formulas, values and slopes, whatever only
/// moves values stands between the two, inside a loop or across its edge.
class StableLogsTest {
  /// So many that there are two after a transpose, and after a slice.
  private static final int ROWS = 4;
  private static final int COLUMNS = 2;
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double[][] VALUES = {{800, -800, 0, 1, 1e30, -1e30, -1, 20},
      {-30, 30, -100, 100, 0.5, -0.5, 1e-5, -1e-5}, {INF, -INF, INF, 0, -INF, 2, INF, -INF}};
  private static final double[][] NEGATIVE = {{-800, -1e30, -1e-20, -1, -100, -0.1, -20, -1e-3},
      {-INF, -INF, -3, -0.5, -0.69, -0.7, -50, -745}};

  /// Something of a tensor and a builder.
  private interface Make extends BiFunction<GraphBuilder, Node, Node> {
  }

  /// `before` makes what is moved, `after` takes the logarithm.
  private record Pattern(Make before, Make after, DoubleUnaryOperator value,
      DoubleUnaryOperator slope, double[][] at) {
  }

  // ---- patterns

  private static Node number(GraphBuilder b, Node like, double number) {
    return b.fill(like.type(), number);
  }

  private static Make of(ScalarFn fn) {
    return (b, x) -> b.map(fn, x);
  }

  private static final Make REST = (b, x) -> b.map(ScalarFn.SUB, number(b, x, 1), x);
  private static final Make TRIPLE = (b, x) -> b.map(ScalarFn.MUL, x, number(b, x, 3));
  private static final Make LOG = of(ScalarFn.LOG);
  private static final Make SIGMOID = of(ScalarFn.SIGMOID);

  private static Make then(Make first, Make second) {
    return (b, x) -> second.apply(b, first.apply(b, x));
  }

  private static Map<String, Pattern> patterns() {
    Map<String, Pattern> all = new LinkedHashMap<>();
    DoubleUnaryOperator yes = x -> -softplus(-x);
    DoubleUnaryOperator yesSlope = x -> sigmoid(-x);
    DoubleUnaryOperator no = x -> -softplus(x);
    DoubleUnaryOperator noSlope = x -> -sigmoid(x);
    all.put("log sigmoid", new Pattern(SIGMOID, LOG, yes, yesSlope, VALUES));
    all.put("log 1-sigmoid", new Pattern(SIGMOID, then(REST, LOG), no, noSlope, VALUES));
    all.put("log (1-sigmoid)", new Pattern(then(SIGMOID, REST), LOG, no, noSlope, VALUES));
    all.put("log 1-(1-sigmoid)",
        new Pattern(then(SIGMOID, REST), then(REST, LOG), yes, yesSlope, VALUES));
    all.put("log1p -sigmoid", new Pattern(SIGMOID, then(of(ScalarFn.NEG), of(ScalarFn.LOG1P)), no,
        noSlope, VALUES));
    all.put("log (1+tanh)/2", new Pattern((b, x) -> b.map(ScalarFn.DIV,
        b.map(ScalarFn.ADD, number(b, x, 1), b.map(ScalarFn.TANH, x)), number(b, x, 2)), LOG,
        x -> -softplus(-2 * x), x -> 2 * sigmoid(-2 * x), VALUES));
    all.put("log 1/(1+exp -x)", new Pattern((b, x) -> b.map(ScalarFn.DIV, number(b, x, 1),
        b.map(ScalarFn.ADD, number(b, x, 1), b.map(ScalarFn.EXP, b.map(ScalarFn.NEG, x)))), LOG,
        yes, yesSlope, VALUES));
    all.put("log relu", new Pattern(then(SIGMOID, of(ScalarFn.RELU)), LOG, yes, yesSlope, VALUES));
    all.put("log 3p", new Pattern(SIGMOID, then(TRIPLE, LOG), x -> Math.log(3) - softplus(-x),
        yesSlope, VALUES));
    all.put("log1p tanh", new Pattern(of(ScalarFn.TANH), of(ScalarFn.LOG1P),
        StableReals::logOfOnePlusTanh, x -> 2 * sigmoid(-2 * x), VALUES));
    all.put("log exp", new Pattern(of(ScalarFn.EXP), LOG, x -> x, x -> 1, VALUES));
    all.put("log 1+exp", new Pattern(of(ScalarFn.EXP),
        then((b, x) -> b.map(ScalarFn.ADD, number(b, x, 1), x), LOG), x -> softplus(x),
        x -> sigmoid(x), VALUES));
    DoubleUnaryOperator slope = x -> StrictMath.exp(x) / StrictMath.expm1(x);
    all.put("log 1-exp", new Pattern(of(ScalarFn.EXP), then(REST, LOG), x -> log1mexp(x), slope,
        NEGATIVE));
    all.put("log -expm1", new Pattern(of(ScalarFn.EXPM1), then(of(ScalarFn.NEG), LOG),
        x -> log1mexp(x), slope, NEGATIVE));
    return all;
  }

  // ---- what only moves values

  private static Map<String, Make> moves() {
    Map<String, Make> all = new LinkedHashMap<>();
    all.put("nothing", (b, x) -> x);
    all.put("reshape", (b, x) -> b.reshape(x, new Shape(List.of(x.shape().size()))));
    all.put("transpose", (b, x) -> b.transpose(x, after(0, x.type().rank()).reversed()));
    all.put("reverse", (b, x) -> b.add(new Op.Reverse(List.of(0)), x));
    all.put("slice", (b, x) -> b.add(slice(x), x));
    all.put("pad", (b, x) -> b.add(new Op.Pad(times(x, Dim.ONE), times(x, Dim.ZERO),
        times(x, 1)), x, b.scalar(x.dtype(), 0.5)));
    all.put("concat", (b, x) -> b.add(new Op.Concat(0), number(b, x, 0.5), x, x));
    all.put("concat of one", (b, x) -> b.add(new Op.Concat(0), x));
    all.put("windows", (b, x) -> b.add(new Op.Windows(List.of(0), List.of(2), List.of(1),
        List.of(1)), x));
    all.put("gather", (b, x) -> b.add(new Op.Gather(0, 0), x,
        b.constant(Literal.of(TensorType.of(DType.I32, 3), new int[] {1, 0, 1}))));
    all.put("broadcast", (b, x) -> b.broadcast(x, after(x), front(x, Dim.of(2))));
    all.put("select", (b, x) -> b.map(ScalarFn.SELECT, b.map(ScalarFn.LT,
        b.iota(x.shape(), 0, DType.I32), b.fill(x.type().as(DType.I32), 1)), x,
        number(b, x, 0.5)));
    all.put("times one", (b, x) -> b.map(ScalarFn.MUL, x, number(b, x, 1)));
    all.put("twice negated", then(of(ScalarFn.NEG), of(ScalarFn.NEG)));
    all.put("cast and back", (b, x) -> x.dtype() == DType.F64 ? x
        : b.cast(DType.F32, b.cast(DType.F64, x)));
    return all;
  }

  private static List<Integer> after(Node x) {
    return after(1, x.type().rank());
  }

  private static List<Integer> after(int first, int count) {
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      axes.add(first + i);
    }
    return axes;
  }

  private static Shape front(Node x, Dim dim) {
    List<Dim> dims = new ArrayList<>(List.of(dim));
    dims.addAll(x.shape().dims());
    return new Shape(dims);
  }

  private static <T> List<T> times(Node x, T what) {
    return java.util.Collections.nCopies(x.type().rank(), what);
  }

  private static Op slice(Node x) {
    List<Dim> starts = new ArrayList<>(times(x, Dim.ZERO));
    starts.set(0, Dim.ONE);
    return new Op.Slice(starts, x.shape().dims(), times(x, 1));
  }

  // ---- edges of bodies

  /// What puts the edge of a body between the two halves of a pattern.
  private interface Edge {
    Node apply(GraphBuilder b, Node x, Make before, Make after);
  }

  private static Graph body(String name, List<TensorType> types,
      BiFunction<GraphBuilder, List<Node>, List<Node>> make) {
    GraphBuilder b = new GraphBuilder();
    List<Node> inputs = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      inputs.add(b.input(new Port("p" + i, Role.INPUT, types.get(i))));
    }
    List<Graph.Result> results = new ArrayList<>();
    for (Node node : make.apply(b, inputs)) {
      results.add(new Graph.Result("r" + results.size(), node));
    }
    return b.graph(name, inputs, results);
  }

  private static TensorType row(Node x) {
    return TensorType.of(x.dtype(), COLUMNS);
  }

  private static Op loop(Graph body, long count, int carried, int sliced) {
    return new Op.Loop(body, Dim.of(count), carried, sliced, count == ROWS);
  }

  private static Node flip(GraphBuilder b, Node x) {
    return b.add(new Op.Reverse(List.of(0)), x);
  }

  private static Map<String, Edge> edges() {
    Map<String, Edge> all = new LinkedHashMap<>();
    all.put("slices of a loop", (b, x, before, after) -> b.item(b.add(loop(body("f",
        List.of(row(x)), (i, in) -> List.of(after.apply(i, flip(i, in.get(0))))), ROWS, 0, 1),
        before.apply(b, x)), 0));
    all.put("what stays in a loop", (b, x, before, after) -> b.item(b.add(loop(body("f",
        List.of(x.type()), (i, in) -> List.of(after.apply(i, in.get(0)))), 3, 0, 0),
        flip(b, before.apply(b, x))), 0));
    all.put("results of a loop", (b, x, before, after) -> after.apply(b, flip(b, b.item(
        b.add(loop(body("f", List.of(row(x)), (i, in) -> List.of(in.get(0),
            flip(i, before.apply(i, in.get(0))))), ROWS, 0, 1), x),
        1))));
    all.put("what a loop carried last", (b, x, before, after) -> after.apply(b, b.item(b.add(loop(
        body("f", List.of(row(x), row(x)), (i, in) -> List.of(before.apply(i, in.get(1)))),
        ROWS, 1, 1), b.fill(row(x), 0.25), x), 0)));
    all.put("what a loop carries", (b, x, before, after) -> b.item(b.add(loop(body("f",
        List.of(x.type()), (i, in) -> List.of(flip(i, in.get(0)),
            after.apply(i, in.get(0)))),
        3, 1, 0), before.apply(b, x)), 1));
    all.put("a loop that does not turn", (b, x, before, after) -> after.apply(b, b.item(b.add(loop(
        body("f", List.of(x.type()), (i, in) -> List.of(before.apply(i, in.get(0)))), 0, 1, 0),
        before.apply(b, x)), 0)));
    all.put("from loop to loop", (b, x, before, after) -> b.item(b.add(loop(body("g",
        List.of(row(x)), (i, in) -> List.of(after.apply(i, in.get(0)))), ROWS, 0, 1),
        b.item(b.add(loop(body("f", List.of(row(x)),
            (i, in) -> List.of(before.apply(i, in.get(0)))), ROWS, 0, 1), x), 0)),
        0));
    all.put("into a loop in a loop", (b, x, before, after) -> b.item(b.add(loop(body("g",
        List.of(row(x)), (o, out) -> List.of(o.item(o.add(loop(body("f", List.of(row(x)),
            (i, in) -> List.of(after.apply(i, in.get(0)))), 3, 0, 0), flip(o, out.get(0))), 0))),
        ROWS, 0, 1), before.apply(b, x)), 0));
    all.put("out of a loop in a loop", (b, x, before, after) -> after.apply(b, b.item(b.add(loop(
        body("g", List.of(row(x)), (o, out) -> List.of(o.item(o.add(loop(body("f", List.of(row(x)),
            (i, in) -> List.of(before.apply(i, in.get(0)))), 3, 0, 0), flip(o, out.get(0))), 0))),
        ROWS, 0, 1), x), 0)));
    for (boolean into : new boolean[] {true, false}) {
      all.put((into ? "into" : "out of") + " a call", (b, x, before, after) -> around(b, x,
          into ? before : (i, y) -> y, into ? (i, y) -> y : after, y -> new Op.Call(body("f",
              List.of(x.type()), (i, in) -> List.of((into ? after : before).apply(i,
                  in.get(0)))),
              Optional.empty()),
          false));
      all.put((into ? "into" : "out of") + " a branch", (b, x, before, after) -> around(b, x,
          into ? before : (i, y) -> y, into ? (i, y) -> y : after, y -> {
            Graph side = body("f", List.of(x.type()),
                (i, in) -> List.of((into ? after : before).apply(i, in.get(0))));
            return new Op.Branch(side, side);
          }, true));
    }
    return all;
  }

  private static Node around(GraphBuilder b, Node x, Make before, Make after,
      java.util.function.Function<Node, Op> op, boolean branch) {
    Node given = before.apply(b, x);
    List<Node> operands = new ArrayList<>(List.of(given));
    if (branch) {
      operands.addFirst(b.map(ScalarFn.LT, b.size(Dim.of(3)),
          b.constant(Literal.of(TensorType.scalar(DType.I64), new long[] {4}))));
    }
    return after.apply(b, b.item(b.add(op.apply(given), operands), 0));
  }

  // ---- the law

  private int inputs;
  private final List<String> faults = new ArrayList<>();

  @Test
  void throughOneMove() {
    patterns().forEach((name, pattern) -> moves()
        .forEach((move, make) -> law(name + " of " + move, pattern, make)));
    finish();
  }

  @Test
  void acrossEdges() {
    patterns().forEach(
        (name, pattern) -> edges()
            .forEach((edge, make) -> law(name + " of " + edge, pattern, make)));
    finish();
  }

  @Test @Tag("faults")
  void throughTwoMoves() {
    patterns().forEach((name, pattern) -> moves().forEach((outer, second) -> moves()
        .forEach((inner, first) -> law(name + " of " + outer + " of " + inner, pattern,
            then(first, second)))));
    finish();
  }

  private void finish() {
    System.out.println(inputs + " inputs, " + faults.size() + " faults");
    assertEquals(List.of(), faults.stream().limit(5).toList(), () -> faults.size() + " faults");
  }

  private void law(String name, Pattern pattern, Make move) {
    law(name, pattern,
        (b, x, before, after) -> after.apply(b, move.apply(b, before.apply(b, x))));
  }

  private void law(String name, Pattern pattern, Edge edge) {
    Make none = (b, x) -> x;
    for (DType dtype : new DType[] {DType.F64, DType.F32}) {
      Graph graph = graph(dtype, (b, x) -> edge.apply(b, x, pattern.before, pattern.after));
      Graph moved = graph(dtype, (b, x) -> edge.apply(b, x, none, none));
      Run run = new Run(graph, true);
      Run moving = new Run(moved, false);
      for (double[] at : pattern.at) {
        double[] x = rounded(dtype, at);
        double[] logs = Arrays.stream(x).map(pattern.value).toArray();
        double[][] got = run.of(x);
        double[][] expected = moving.of(logs);
        double[] constants = moving.of(new double[x.length])[0];
        double[] ones = moving.of(Arrays.stream(x).map(_ -> 1).toArray())[0];
        for (int i = 0; i < expected[0].length; i++) {
          boolean constant = constants[i] == ones[i];
          double want = constant ? constantOf(pattern) : expected[0][i];
          check(name + " in " + dtype + ": value " + i, dtype, want, got[0][i], graph);
        }
        for (int i = 0; i < x.length; i++) {
          double slope = expected[1][i] == 0 ? 0
              : expected[1][i] * pattern.slope.applyAsDouble(x[i]);
          check(name + " in " + dtype + ": slope at " + x[i], dtype, slope, got[1][i], graph);
        }
      }
    }
  }

  /// What becomes of 0.5 that is put among the values.
  private static double constantOf(Pattern pattern) {
    Graph graph = graph(DType.F64, (b, x) -> pattern.after.apply(b, number(b, x, 0.5)));
    return Interpreter.run(graph, Map.of("x", TensorValue.f64(new int[] {ROWS, COLUMNS},
        new double[ROWS * COLUMNS]))).result("y").real(0);
  }

  private static double[] rounded(DType dtype, double[] at) {
    return dtype == DType.F64 ? at : Arrays.stream(at).map(x -> (float) x).toArray();
  }

  private void check(String name, DType dtype, double want, double got, Graph graph) {
    inputs++;
    double least = dtype == DType.F64 ? 1e-300 : 1e-37;
    double far = dtype == DType.F64 ? 1e-13 : 1e-5;
    boolean huge = dtype == DType.F32 && Math.abs(want) > Float.MAX_VALUE;
    boolean right = huge ? got == (want > 0 ? INF : -INF)
        : Double.compare(want + 0.0, got + 0.0) == 0
            || Math.abs(want - got) <= far * Math.abs(want) + least;
    if (!right) {
      faults.add(name + " is " + got + ", not " + want + "\n" + GraphPrinter.print(graph));
    }
  }

  private static Graph graph(DType dtype, Make make) {
    GraphBuilder b = new GraphBuilder();
    Node x = b.input(new Port("x", Role.INPUT, TensorType.of(dtype, ROWS, COLUMNS)));
    Node y = make.apply(b, x);
    Node sum = b.sum(y, after(0, y.type().rank()));
    return b.graph("f", List.of(x), List.of(new Graph.Result("loss", sum),
        new Graph.Result("y", y)));
  }

  /// A program that gives a value, and the slope of its sum.
  private static final class Run {
    private final Program program;
    private final DType dtype;

    Run(Graph graph, boolean stable) {
      Graph before = stable ? Pipeline.beforeGradient().apply(graph) : graph;
      Graph gradient = Gradient.gradients(before, "loss", List.of("x"));
      Plan plan = Compiler.plan(gradient, CompileOptions.standard());
      program = Program.of(plan.signature(), new PlanInterpreter(plan));
      dtype = graph.ports().getFirst().type().dtype();
    }

    double[][] of(double[] x) {
      var workspace = program.newWorkspace();
      float[] narrow = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        narrow[i] = (float) x[i];
      }
      workspace.feedArray("x", dtype == DType.F64 ? x : narrow);
      program.run(workspace, program.newState());
      return new double[][] {wide(workspace.array("y")), wide(workspace.array("dloss_dx"))};
    }

    private static double[] wide(Object array) {
      if (array instanceof double[] wide) {
        return wide;
      }
      float[] narrow = (float[]) array;
      double[] wide = new double[narrow.length];
      Arrays.setAll(wide, i -> narrow[i]);
      return wide;
    }
  }
}
