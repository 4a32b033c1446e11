package io.kotangent.explain;

import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.List;

/// An array of a program, and what lies in it when.
///
/// @param name as in the program's listing
/// @param kind `input`, `state`, `result`, `constant`, `choices`, `workspace`, `scratch` or `aligned`
/// @param lodgers one after the other
public record ExplainedArray(String name, String kind, DType dtype, Dim length,
    List<Lodger> lodgers) {
  /// A value, or the scratch of a step. A loop, a branch and a choice are in use of it as a whole.
  ///
  /// @param first the number of the first step ([ExplainedStep#number]) that may read or write it
  /// @param last that of the last
  public record Lodger(String name, Dim length, int first, int last) {
    @Override
    public String toString() {
      return name + " "
          + (first == last ? "in step " + first : "in steps " + first + " to " + last);
    }
  }

  public ExplainedArray {
    lodgers = List.copyOf(lodgers);
  }

  /// `workspace f32[64*batch] w3: contract in steps 0 to 2, exp in step 4`.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(kind).append(' ').append(dtype).append('[')
        .append(length).append("] ").append(name);
    for (Lodger lodger : lodgers) {
      text.append(lodger == lodgers.getFirst() ? ": " : ", ").append(lodger);
    }
    return text.toString();
  }
}
