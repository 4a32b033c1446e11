package io.kotangent.plan;

import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Graphs that are numbered: each number is the digits of choices that are made independently of each other, so that every
/// combination of them occurs exactly once.
public interface Enumeration {
  /// How many numbers there are.
  long size();

  /// The graph of a number; none if these choices do not fit together.
  Optional<Member> member(long number);

  /// A graph of an enumeration.
  ///
  /// @param kind what was chosen, as far as it is counted
  /// @param meant a graph that means the same
  record Member(long number, String kind, Graph meant, Graph graph, Map<String, Long> symbols) {
    public Map<String, TensorValue> inputs() {
      return PlanLaw.inputs(graph, symbols);
    }
  }

  /// Numbers that are spread over all of an enumeration evenly, none of them twice.
  static List<Long> spread(long size, long count) {
    long step = (long) (size * 0.6180339887498949);
    while (gcd(step, size) != 1) {
      step++;
    }
    List<Long> numbers = new ArrayList<>();
    for (long i = 0; i < Math.min(count, size); i++) {
      numbers.add(Math.floorMod(Math.multiplyExact(i, step), size));
    }
    return numbers;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /// The digits of a number.
  final class Digits {
    private long rest;
    private long size = 1;

    Digits(long number) {
      this.rest = number;
    }

    /// The next choice.
    int below(int bound) {
      int digit = (int) (rest % bound);
      rest /= bound;
      size *= bound;
      return digit;
    }

    <T> T of(List<T> choices) {
      return choices.get(below(choices.size()));
    }

    /// How many numbers the choices so far tell apart.
    long size() {
      return size;
    }
  }

  /// The n-th order of some letters.
  static String permutation(String letters, int n) {
    StringBuilder left = new StringBuilder(letters);
    StringBuilder result = new StringBuilder();
    int rest = n;
    while (!left.isEmpty()) {
      int at = rest % left.length();
      rest /= left.length();
      result.append(left.charAt(at));
      left.deleteCharAt(at);
    }
    return result.toString();
  }
}
