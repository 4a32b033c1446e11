package io.kotangent.type;

import java.util.List;
import java.util.stream.Collectors;

/** Several tensors; prints as {@code (f32[2], i32)}. */
public record TupleType(List<TensorType> items) implements Type {
  /** Copies the list. */
  public TupleType {
    items = List.copyOf(items);
  }

  @Override
  public String toString() {
    return items.stream().map(TensorType::toString).collect(Collectors.joining(", ", "(", ")"));
  }
}
