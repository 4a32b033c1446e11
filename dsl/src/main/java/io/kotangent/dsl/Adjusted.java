package io.kotangent.dsl;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a parameter and its slots become in a step.
///
/// @param weight the parameter's new value
/// @param slots the new value of every slot, by its kind
public record Adjusted(Tensor weight, Map<String, Tensor> slots) {
  /// Copies the slots, in their order.
  public Adjusted {
    slots = Collections.unmodifiableMap(new LinkedHashMap<>(slots));
  }

  /// A new value and, so far, no slots.
  public static Adjusted to(Tensor weight) {
    return new Adjusted(weight, Map.of());
  }

  /// And a slot's new value.
  public Adjusted and(String kind, Tensor value) {
    Map<String, Tensor> all = new LinkedHashMap<>(slots);
    all.put(kind, value);
    return new Adjusted(weight, all);
  }
}
