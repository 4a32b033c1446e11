package io.kotangent.dsl;

import io.kotangent.autodiff.Gradient;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.pass.Pipeline;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Derivatives inside a model, as expressions like all others: they can be results, parts of a loss, or differentiated
/// again.
public final class Gradients {
  private final Scalar loss;
  private final Map<Expr<?>, Value> found;

  private Gradients(Scalar loss, Map<Expr<?>, Value> found) {
    this.loss = loss;
    this.found = found;
  }

  /// The gradient of a scalar with respect to an input, a parameter or any expression it was made of. Formulas are made stable
  /// before they are differentiated, as in [Model#minimize].
  ///
  /// @throws io.kotangent.type.KotangentException if no derivative connects them; it names where the path breaks
  public static <T extends Expr<T>> T gradient(Scalar f, T x) {
    return x.like(all(f, List.of(x)).getFirst());
  }

  /// The gradients with respect to several expressions at once; take each by [#get].
  public static Gradients gradient(Scalar f, List<? extends Expr<?>> expressions) {
    List<Value> values = all(f, expressions);
    Map<Expr<?>, Value> found = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      found.put(expressions.get(i), values.get(i));
    }
    return new Gradients(f, found);
  }

  /// The gradient with respect to one of the expressions.
  public <T extends Expr<T>> T get(T x) {
    Value value = found.get(x);
    if (value == null) {
      throw new io.kotangent.type.KotangentException("gradient of " + loss + ": " + x
          + " is none of the expressions that were asked for");
    }
    return x.like(value);
  }

  /// The Hessian of f times a direction, without making the Hessian.
  public static <T extends Expr<T>> T hessianTimes(Scalar f, T x, T direction) {
    return gradient(gradient(f, x).times(direction.stopGradient()).sum(), x);
  }

  /// The matrix of second derivatives, all rows at once.
  ///
  /// @param copy a name for the first axis of the result, of the size of x's
  public static <A, B> Matrix<B, A> hessian(Scalar f, Vector<A> x, Axis<B> copy) {
    Value slope = gradient(f, x).value();
    Trace trace = f.trace();
    Extent rows = Extent.of(copy);
    Align.check("hessian", slope, 0,
        trace.relabel(slope, List.of(new Extent(slope.axis(0).name(), rows.size()))), 0);
    try (var _ = trace.enter("hessian")) {
      return new Matrix<>(trace.relabel(Jacobians.of(slope, x.value(), true),
          List.of(rows, slope.axis(0))));
    }
  }

  /// The derivatives of each element of y (rows) by each element of x (columns), all at once.
  ///
  /// @throws io.kotangent.type.KotangentException if no derivative connects them; it names where the path breaks
  public static <A, B> Matrix<B, A> jacobian(Vector<B> y, Vector<A> x) {
    return new Matrix<>(jacobian(y.value(), x.value()));
  }

  /// The derivatives of each element of y by each element of x: the axes of y, then those of x. Where both have an axis of one
  /// name, rename one, or give all of them by [Tensor#typed].
  public static Tensor jacobian(Expr<?> y, Expr<?> x) {
    return new Tensor(jacobian(y.value(), x.value()));
  }

  private static Value jacobian(Value y, Value x) {
    try (var _ = y.trace().enter("jacobian")) {
      return Jacobians.of(y, x, false);
    }
  }

  /// Vector times Jacobian: the gradient of Σ cotangent · y, without making the Jacobian.
  ///
  /// @param cotangent one number for each element of y
  public static <Y extends Expr<Y>, X extends Expr<X>> X vjp(Y y, Y cotangent, X x) {
    return gradient(y.times(cotangent).sum(), x);
  }

  /// Jacobian times vector, by forward mode: how y changes along a direction of x.
  ///
  /// @param tangent the direction, one number for each element of x
  /// @throws io.kotangent.type.KotangentException if no derivative connects them; it names where the path breaks
  public static <Y extends Expr<Y>, X extends Expr<X>> Y jvp(Y y, X x, X tangent) {
    Align.SAME.places("jvp", x.value(), tangent.value());
    try (var _ = y.trace().enter("jvp")) {
      return y.like(Jacobians.along(y.value(), x.value(), tangent.value()));
    }
  }

  private static List<Value> all(Scalar f, List<? extends Expr<?>> expressions) {
    Trace trace = f.trace();
    try (var _ = trace.enter("gradient")) {
      List<Node> targets = new ArrayList<>();
      expressions.forEach(x -> targets.add(x.node()));
      boolean ports = targets.stream().allMatch(target -> target.op() instanceof Op.Input);
      List<Node> gradients = ports ? inEachMode(f, targets) : byExpressions(f, targets);
      List<Value> values = new ArrayList<>();
      for (int i = 0; i < gradients.size(); i++) {
        values.add(
            new Value(trace, gradients.get(i), expressions.get(i).value().axes(), trace.here()));
      }
      return values;
    }
  }

  /// The gradients of f for each target by forms that do not go round it.
  private static List<Node> byExpressions(Scalar f, List<Node> targets) {
    Map<Node, List<Node>> targetsOf = new LinkedHashMap<>();
    for (Node target : targets) {
      Node through = f.trace().detours().through(f.node(), target);
      targetsOf.computeIfAbsent(through, _ -> new ArrayList<>()).add(target);
    }
    Map<Node, Node> gradients = new HashMap<>();
    targetsOf.forEach((through, some) -> {
      for (List<Node> apart : apart(some)) {
        List<Node> found = stableGradients(f, through, apart);
        for (int i = 0; i < apart.size(); i++) {
          gradients.put(apart.get(i), found.get(i));
        }
      }
    });
    return targets.stream().map(gradients::get).toList();
  }

  /// The gradients of f as it is in training and of f as it is in inference, chosen by the flag if they differ: so neither
  /// computes, only to multiply it by zero, what the other needs.
  private static List<Node> inEachMode(Scalar f, List<Node> ports) {
    GraphBuilder builder = f.trace().builder();
    List<Node> needed = new ArrayList<>();
    Graph.visit(f.node(), Collections.newSetFromMap(new IdentityHashMap<>()), needed);
    if (needed.stream().noneMatch(Model::isTrainingFlag)) {
      return stableGradients(f, f.node(), ports);
    }
    List<Node> training = inMode(f, ports, true);
    List<Node> inference = inMode(f, ports, false);
    Node flag = builder.input(Model.TRAINING);
    List<Node> chosen = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      Node everywhere = builder.broadcastTo(flag, List.of(), ports.get(i).type().shape());
      chosen.add(builder.map(ScalarFn.SELECT, everywhere, training.get(i), inference.get(i)));
    }
    return chosen;
  }

  private static List<Node> inMode(Scalar f, List<Node> ports, boolean training) {
    Specialized mode = new Specialized(training, List.of(f.node()));
    Map<Node, Node> inputs = new LinkedHashMap<>();
    mode.inputs().forEach(input -> inputs.put(input, input));
    return stableGradients(f, mode.copy(f.trace().builder(), inputs).of(f.node()), ports);
  }

  /// Targets of which none is made of another: all together if they are, otherwise each alone.
  private static List<List<Node>> apart(List<Node> targets) {
    for (Node target : targets) {
      Set<Node> needed = Collections.newSetFromMap(new IdentityHashMap<>());
      Graph.visit(target, needed, new ArrayList<>());
      if (targets.stream().anyMatch(other -> other != target && needed.contains(other))) {
        return targets.stream().map(List::of).toList();
      }
    }
    return List.of(targets);
  }

  private static List<Node> stableGradients(Scalar f, Node loss, List<Node> targets) {
    return Gradient.gradients(f.trace().builder(), "f", stable(f.trace(), loss, targets), targets);
  }

  /// The same value by formulas that are stable, if the model wants that.
  static Node stable(Trace trace, Node f, List<Node> targets) {
    return trace.isStabilized() ? stable(trace.builder(), f, targets) : f;
  }

  /// The same value by stable formulas. The targets are ports of what is made stable, so that they survive.
  private static Node stable(GraphBuilder builder, Node f, List<Node> targets) {
    GraphBuilder apart = new GraphBuilder();
    builder.requirements().forEach(apart::require);
    Map<Node, Node> copies = new IdentityHashMap<>();
    List<Node> needed = new ArrayList<>();
    Graph.visit(f, Collections.newSetFromMap(new IdentityHashMap<>()), needed);
    List<Node> given = new ArrayList<>();
    List<Node> ports = new ArrayList<>();
    for (Node node : needed) {
      if (node.op() instanceof Op.Input || targets.contains(node)) {
        Port port = node.op() instanceof Op.Input(Port own) ? own
            : new Port("target " + given.size(), Role.INPUT, node.type());
        given.add(node);
        ports.add(apart.input(port));
        copies.put(node, ports.getLast());
      }
    }
    apart.copy(List.of(f), copies);
    Graph written = apart.graph("f", ports,
        List.of(new Graph.Result("f", Objects.requireNonNull(copies.get(f)))));
    Graph stable = Pipeline.beforeGradient().apply(written);
    return stable == written ? f : builder.inline(stable, given).getFirst();
  }
}
