package io.kotangent.dsl;

/// A named result of a program; made by `expression.named("p")`.
public final class Output {
  private final String name;
  private final Value value;

  Output(String name, Value value) {
    this.name = Names.checked("result", name);
    this.value = value;
  }

  /// The name that the result has in the program.
  public String name() {
    return name;
  }

  Value value() {
    return value;
  }
}
