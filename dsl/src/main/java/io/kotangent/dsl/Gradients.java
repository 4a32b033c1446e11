package io.kotangent.dsl;

import io.kotangent.autodiff.Gradient;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Derivatives inside a model, as expressions like all others: they can be results, parts of a loss, or differentiated
/// again.
public final class Gradients {
  private final Scalar loss;
  private final Map<Expr<?>, Value> found;

  private Gradients(Scalar loss, Map<Expr<?>, Value> found) {
    this.loss = loss;
    this.found = found;
  }

  /// The gradient of a scalar with respect to an input, a parameter or any expression it was made of.
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

  private static List<Value> all(Scalar f, List<? extends Expr<?>> expressions) {
    Trace trace = f.trace();
    GraphBuilder builder = trace.builder();
    try (var _ = trace.enter("gradient")) {
      List<Node> targets = new ArrayList<>();
      expressions.forEach(x -> targets.add(x.node()));
      List<Node> gradients = Gradient.gradients(builder, "f", f.node(), targets);
      List<Value> values = new ArrayList<>();
      for (int i = 0; i < gradients.size(); i++) {
        values.add(
            new Value(trace, gradients.get(i), expressions.get(i).value().axes(), trace.here()));
      }
      return values;
    }
  }
}
