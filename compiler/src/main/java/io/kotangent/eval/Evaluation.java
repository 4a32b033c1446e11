package io.kotangent.eval;

import io.kotangent.ir.Node;
import io.kotangent.type.KotangentException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a graph yields for given inputs.
///
/// @param results by name
/// @param state all state ports by name: updated if the guard held, otherwise as they were
/// @param committed whether the guard held (true without one)
/// @param values of every node of the graph; a tuple has several
public record Evaluation(Map<String, TensorValue> results, Map<String, TensorValue> state,
    boolean committed,
    Map<Node, List<TensorValue>> values) {
  public Evaluation {
    results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
    state = Collections.unmodifiableMap(new LinkedHashMap<>(state));
    values = Collections.unmodifiableMap(new IdentityHashMap<>(values));
  }

  public TensorValue result(String name) {
    TensorValue result = results.get(name);
    if (result == null) {
      throw new KotangentException("no result '" + name + "': expected one of " + results.keySet());
    }
    return result;
  }

  /// The value of a node that is no tuple.
  public TensorValue value(Node node) {
    List<TensorValue> parts = values.getOrDefault(node, List.of());
    if (parts.size() != 1) {
      throw new KotangentException(node + " has " + parts.size() + " values here");
    }
    return parts.getFirst();
  }

  /// The largest magnitude of a finite float anywhere: what errors are measured against.
  public double largest() {
    double largest = 0;
    for (List<TensorValue> parts : values.values()) {
      for (TensorValue part : parts) {
        for (int i = 0; part.dtype().isFloat() && i < part.size(); i++) {
          double magnitude = Math.abs(part.real(i));
          largest = Double.isFinite(magnitude) ? Math.max(largest, magnitude) : largest;
        }
      }
    }
    return largest;
  }
}
