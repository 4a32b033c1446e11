package io.kotangent.type;

import java.util.List;
import java.util.Optional;

/** A named, typed way into a graph or program. */
public record Port(String name, Role role, TensorType type, List<Fact> facts) {
  /** Copies the facts. */
  public Port {
    facts = List.copyOf(facts);
  }

  /** A port of which nothing more is declared. */
  public Port(String name, Role role, TensorType type) {
    this(name, role, type, List.of());
  }

  /** The range that its elements must lie in, if one is declared. */
  public Optional<Fact.Range> range() {
    return facts.stream().filter(Fact.Range.class::isInstance).map(Fact.Range.class::cast)
        .findFirst();
  }

  /** Between which numbers the guard of its program keeps it finite, if that is declared. */
  public Optional<Fact.Finite> finite() {
    return facts.stream().filter(Fact.Finite.class::isInstance).map(Fact.Finite.class::cast)
        .findFirst();
  }

  /** The parameter that it belongs to, if it is an optimizer's. */
  public Optional<Fact.Slot> slot() {
    return facts.stream().filter(Fact.Slot.class::isInstance).map(Fact.Slot.class::cast)
        .findFirst();
  }

  /** {@code y: input i32[batch] in 0..9}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name).append(": ").append(role).append(' ').append(type);
    for (Fact fact : facts) {
      text.append(' ').append(fact);
    }
    return text.toString();
  }
}
