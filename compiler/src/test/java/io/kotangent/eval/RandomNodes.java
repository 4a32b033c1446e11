package io.kotangent.eval;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// The growing graph of [RandomGraphs]: its nodes with their values, and functions applied to them lane by lane.
final class RandomNodes {
  static final Dim BATCH = Dim.symbol("batch");
  private static final double[] CONSTANTS = {0, -0.0, 1, -1, 2, 0.5, -3};

  final GraphBuilder builder;
  final SplittableRandom random;
  private final RandomGraphs.Options options;
  private final Map<String, Long> symbols;
  private final Interpreter interpreter;
  private final List<Node> pool = new ArrayList<>();
  private final Map<Node, Boolean> known = new IdentityHashMap<>();
  private final RandomStructures structures = new RandomStructures(this);
  private final Map<Node, List<TensorValue>> values = new IdentityHashMap<>();

  RandomNodes(GraphBuilder builder, SplittableRandom random, RandomGraphs.Options options,
      Map<String, Long> symbols) {
    this.builder = builder;
    this.random = random;
    this.options = options;
    this.symbols = symbols;
    this.interpreter = Interpreter.growing(symbols);
  }

  int size() {
    return pool.size();
  }

  List<Node> all() {
    return List.copyOf(pool);
  }

  DType floats() {
    return options.floats();
  }

  RandomSizes sizes() {
    return options.sizes();
  }

  void give(Node input, TensorValue value) {
    interpreter.give(input, value);
    values.put(input, List.of(value));
    keep(input);
  }

  private void keep(Node node) {
    if (known.put(node, true) == null) {
      pool.add(node);
    }
  }

  /// Adds one node of a random kind, perhaps with some that it needs; or none, if a try does not fit.
  void grow() {
    int kind = random.nextInt(options.control() ? 31 : 28);
    if (options.errors() && random.nextInt(3) == 0) {
      any(n -> n.dtype().isInteger()).ifPresent(this::binary);
    }
    if (kind < 12) {
      lanes(kind);
    } else {
      structures.grow(kind - 12);
    }
  }

  private void lanes(int kind) {
    switch (kind) {
      case 0, 1, 2, 3 -> unary(any());
      case 4, 5, 6, 7 -> binary(any());
      case 8 -> select(any());
      case 9 -> add(new Op.Cast(pick(List.of(DType.values()))), any());
      case 10 -> withConstant(any());
      case 11 -> pattern(any());
      default -> throw new IllegalArgumentException("kind " + kind);
    }
  }

  // ---- adding

  /// The node, with its value; none if its value is too large, or (when careful) near a jump or not moderate.
  Optional<Node> add(Op op, Node... operands) {
    List<TensorValue> arguments = Arrays.stream(operands).filter(values::containsKey)
        .map(o -> values.get(o).getFirst()).toList();
    if (arguments.size() < operands.length
        || options.careful() && !Jumps.areFar(probe(op, operands), arguments)) {
      return Optional.empty();
    }
    Node node = builder.add(op, operands);
    if (node.valueType() instanceof TensorType type
        && type.shape().size().evaluate(symbols)
            > (isFill(op) ? sizes().largestFill() : sizes().largest())) {
      return Optional.empty();
    }
    if (!values.containsKey(node)) {
      List<TensorValue> value = compute(node);
      if (value.isEmpty() || options.careful() && !value.stream().allMatch(this::isModerate)) {
        return Optional.empty();
      }
      values.put(node, value);
    }
    keep(node);
    return Optional.of(node);
  }

  /// Its value; none if that is an error where errors may be.
  private List<TensorValue> compute(Node node) {
    try {
      return interpreter.compute(node);
    } catch (EvaluationException e) {
      if (options.errors()) {
        return List.of();
      }
      throw e;
    }
  }

  /// A node of its own builder: what [Jumps] looks at.
  private static Node probe(Op op, Node... operands) {
    GraphBuilder alone = new GraphBuilder();
    return alone.add(op, operands);
  }

  private static boolean isFill(Op op) {
    return op instanceof Op.Constant || op instanceof Op.Broadcast(var axes, _) && axes.isEmpty();
  }

  boolean isSmall(TensorType type) {
    return type.shape().size().evaluate(symbols) <= sizes().largest();
  }

  private boolean isModerate(TensorValue value) {
    for (int i = 0; value.dtype().isFloat() && i < value.size(); i++) {
      if (!(Math.abs(value.real(i)) <= sizes().moderate())) {
        return false;
      }
    }
    return true;
  }

  Optional<Node> map(ScalarFn fn, Node... operands) {
    return add(new Op.Map(fn), operands);
  }

  TensorValue value(Node node) {
    return values.get(node).getFirst();
  }

  // ---- choosing

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /// A tensor; a recent one more often than an old one.
  Node any() {
    List<Node> tensors = pool.stream().filter(n -> n.valueType() instanceof TensorType).toList();
    int back = Math.min(random.nextInt(tensors.size()), random.nextInt(tensors.size()));
    return tensors.get(tensors.size() - 1 - back);
  }

  Optional<Node> any(java.util.function.Predicate<Node> wanted) {
    List<Node> found =
        pool.stream().filter(n -> n.valueType() instanceof TensorType).filter(wanted).toList();
    return found.isEmpty() ? Optional.empty() : Optional.of(pick(found));
  }

  Shape shape() {
    int rank = random.nextInt(10);
    rank = rank < 1 ? 0 : rank < 4 ? 1 : rank < 8 ? 2 : 3;
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      dims.add(random.nextInt(40) == 0 ? Dim.ZERO : pick(sizes().dims()));
    }
    Shape shape = new Shape(dims);
    return shape.size().evaluate(symbols) * sizes().share() > sizes().largest() ? Shape.SCALAR
        : shape;
  }

  /// A node of a type: one there is, one that can be broadcast to it, or a constant.
  Node ofType(TensorType type) {
    List<Node> same = pool.stream().filter(n -> n.valueType().equals(type)).toList();
    if (!same.isEmpty() && random.nextInt(4) > 0) {
      return pick(same);
    }
    for (int i = 0; i < 4; i++) {
      Node node = any();
      List<Integer> axes = axesIn(node.shape(), type.shape());
      if (node.dtype() == type.dtype() && node.type().rank() < type.rank()
          && axes.size() == node.type().rank()) {
        return add(new Op.Broadcast(axes, type.shape()), node).orElseGet(() -> constant(type));
      }
    }
    return constant(type);
  }

  /// Increasing axes of `to` that have the sizes of `from`; too few if there are none.
  private static List<Integer> axesIn(Shape from, Shape to) {
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < to.rank() && axes.size() < from.rank(); i++) {
      if (to.dim(i).equals(from.dim(axes.size()))) {
        axes.add(i);
      }
    }
    return axes;
  }

  /// Random elements if the sizes are constant; otherwise one element everywhere.
  Node constant(TensorType type) {
    Dim size = type.shape().size();
    if (type.shape().dims().stream().allMatch(Dim::isConstant)) {
      int length = (int) size.constant();
      Object array = type.dtype().newArray(length);
      for (int i = 0; i < length; i++) {
        java.lang.reflect.Array.set(array, i, element(type.dtype()));
      }
      return add(new Op.Constant(Literal.of(type, array))).orElseThrow();
    }
    Node scalar = constant(TensorType.scalar(type.dtype()));
    return add(new Op.Broadcast(List.of(), type.shape()), scalar).orElseThrow();
  }

  private Object element(DType dtype) {
    return switch (dtype) {
      case F32 -> RandomValues.real(random);
      case F64 -> (double) RandomValues.real(random);
      case I32 -> random.nextInt(-9, 10);
      case I64 -> random.nextLong(-9, 10);
      case BOOL -> random.nextBoolean();
    };
  }

  // ---- lanes

  private void unary(Node x) {
    List<ScalarFn> fitting = Arrays.stream(ScalarFn.values())
        .filter(f -> f.arity() == 1 && f.accepts(x.dtype())).toList();
    if (!fitting.isEmpty()) {
      map(pick(fitting), x);
    }
  }

  private void binary(Node x) {
    List<ScalarFn> fitting = Arrays.stream(ScalarFn.values())
        .filter(f -> f.arity() == 2 && f.accepts(x.dtype())).toList();
    ScalarFn fn = pick(fitting);
    Node y = ofType(x.type());
    if (options.errors() && x.dtype().isInteger() && random.nextBoolean()) {
      Node divisor = any(n -> n.type().equals(x.type()) && n != x).orElse(x);
      dropped(map(random.nextBoolean() ? ScalarFn.DIV : ScalarFn.REM, x, divisor));
      return;
    }
    if ((fn == ScalarFn.DIV || fn == ScalarFn.REM) && x.dtype().isInteger()) {
      y = map(ScalarFn.OR, y, fill(x.type(), 1)).orElseThrow();
    }
    if (random.nextBoolean()) {
      map(fn, x, y);
    } else if (fn != ScalarFn.DIV && fn != ScalarFn.REM) {
      map(fn, y, x);
    }
  }

  /// A node without which its user, whatever it is, has the same bits.
  void dropped(Optional<Node> made) {
    made.ifPresent(q -> {
      boolean number = q.dtype() != DType.BOOL;
      switch (random.nextInt(8)) {
        case 0 -> map(number ? ScalarFn.MUL : ScalarFn.AND, q, fill(q.type(), 0));
        case 1 -> map(number ? ScalarFn.SUB : ScalarFn.XOR, q, q);
        case 2 -> map(q.dtype().isFloat() ? ScalarFn.LT : ScalarFn.AND, q, fill(q.type(), 0));
        case 3 -> map(number ? ScalarFn.LT : ScalarFn.NE, q, q);
        case 4 -> map(ScalarFn.SELECT, fill(q.type().as(DType.BOOL), random.nextInt(2)), q,
            ofType(q.type()));
        case 5 -> structures.cut(q);
        case 6 -> structures.repeatedNever(q);
        default -> {
          // is used as it comes
        }
      }
    });
  }

  boolean errors() {
    return options.errors();
  }

  Node fill(TensorType type, double value) {
    Node scalar = add(new Op.Constant(Literal.scalar(type.dtype(), value))).orElseThrow();
    return type.isScalar() ? scalar
        : add(new Op.Broadcast(List.of(), type.shape()), scalar).orElseThrow();
  }

  private void select(Node x) {
    TensorType condition = x.type().as(DType.BOOL);
    Optional<Node> test = x.dtype() == DType.BOOL || random.nextBoolean()
        ? Optional.of(ofType(condition))
        : map(pick(List.of(ScalarFn.LT, ScalarFn.GE)), x, ofType(x.type()));
    test.ifPresent(t -> map(ScalarFn.SELECT, t, x, ofType(x.type())));
  }

  /// With a number that rewrites like to look for.
  private void withConstant(Node x) {
    if (x.dtype() == DType.BOOL) {
      return;
    }
    double value = CONSTANTS[random.nextInt(CONSTANTS.length)];
    Node c = fill(x.type(), x.dtype().isFloat() ? value : Math.rint(value));
    ScalarFn fn =
        pick(List.of(ScalarFn.ADD, ScalarFn.SUB, ScalarFn.MUL, ScalarFn.MAX, ScalarFn.MIN));
    if (random.nextBoolean()) {
      map(fn, x, c);
    } else {
      map(fn, c, x);
    }
  }

  /// Formulas that rewrites have rules for, right or tempting: `x−x`, `x/x`, `log(exp x)`, `1/(1+exp(−x))` …
  private void pattern(Node x) {
    boolean real = x.dtype().isFloat();
    switch (random.nextInt(9)) {
      case 0 -> map(x.dtype() == DType.BOOL ? ScalarFn.XOR : ScalarFn.SUB, x, x);
      case 1 -> map(x.dtype() == DType.BOOL ? ScalarFn.AND : ScalarFn.ADD, x, x);
      case 2 -> chain(x, real, ScalarFn.EXP, ScalarFn.LOG);
      case 3 -> chain(x, x.dtype() != DType.BOOL, ScalarFn.NEG, ScalarFn.NEG);
      case 4 -> chain(x, real, ScalarFn.SIGMOID, ScalarFn.LOG);
      case 5 -> chain(x, real, ScalarFn.TANH, ScalarFn.RELU);
      case 6 -> map(ScalarFn.SELECT, ofType(x.type().as(DType.BOOL)), x, x);
      case 7 -> {
        if (real) {
          map(ScalarFn.EXP, x).flatMap(e -> map(ScalarFn.ADD, e, fill(x.type(), 1)))
              .ifPresent(s -> map(ScalarFn.LOG, s));
        }
      }
      case 8 -> {
        if (x.dtype() != DType.BOOL) {
          map(ScalarFn.MUL, x, x).ifPresent(p -> map(ScalarFn.SUB, p, x));
        }
      }
      default -> throw new IllegalArgumentException("pattern");
    }
  }

  private void chain(Node x, boolean fits, ScalarFn first, ScalarFn second) {
    if (fits) {
      map(first, x).ifPresent(y -> map(second, y));
    }
  }
}
