package io.kotangent.plan.op;

import io.kotangent.ir.Basic;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import io.kotangent.plan.nest.Chunks;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.type.Dim;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The labels that a sum goes over, in its order, and plain loops over them.
final class SummedLabels {
  /// What is done before the elements of a label.
  interface Gate {
    /// All elements count.
    Gate OPEN = (_, body) -> body.run();

    /// Runs `body` where they count.
    void pass(char label, Runnable body);
  }

  /// Takes an element into a sum.
  interface Step {
    /// @param number which of the sums that are made side by side
    Value add(Value sum, int number);
  }

  private final NestBuilder nest;
  private final String labels;
  private final Function<Character, Dim> sizes;
  private final Map<Character, Value> at;
  private final Gate gate;

  /// @param at gets the place of each label
  SummedLabels(NestBuilder nest, String labels, Function<Character, Dim> sizes,
      Map<Character, Value> at, Gate gate) {
    this.nest = nest;
    this.labels = labels;
    this.sizes = sizes;
    this.at = at;
    this.gate = gate;
  }

  private List<Dim> dims() {
    return labels.chars().mapToObj(label -> sizes.apply((char) label)).toList();
  }

  /// How many elements a sum has.
  Dim count() {
    Dim count = Dim.ONE;
    for (Dim dim : dims()) {
      count = count.times(dim);
    }
    return count;
  }

  Chunks chunks() {
    return Chunks.of(nest, dims());
  }

  /// Takes in all elements, chunk by chunk.
  ///
  /// @param basic what joins the totals of chunks
  /// @param nothing what each of them starts from
  void chunked(Chunks chunks, Basic basic, Value nothing, List<Local> sums, Step step) {
    chunks.each(chunk -> chunk.sum(basic, nothing, sums,
        totals -> loops(0, chunk.from(), chunk.to(), totals, step)));
  }

  /// Takes in all elements, one after the other.
  void whole(List<Local> sums, Step step) {
    loops(0, Value.i32(0), nest.dim(dims().getFirst()), sums, step);
  }

  private void loops(int depth, Value from, Value to, List<Local> sums, Step step) {
    char label = labels.charAt(depth);
    nest.loop("k", from, to, 1, false, k -> {
      at.put(label, k);
      gate.pass(label, () -> {
        if (depth + 1 < labels.length()) {
          loops(depth + 1, Value.i32(0), nest.dim(dims().get(depth + 1)), sums, step);
        } else {
          for (int i = 0; i < sums.size(); i++) {
            nest.set(sums.get(i), step.add(Value.ref(sums.get(i)), i));
          }
        }
      });
    });
  }
}
