package io.kotangent.ir;

import io.kotangent.type.KotangentException;
import java.util.List;
import java.util.Locale;

/// In which order a sum adds. Chosen once, when the node is made, from labels alone, and kept by every
/// rewrite; so the bits of a sum do not depend on how it is computed.
///
/// `SEQUENTIAL`: k increasing in chunks of at most 256 elements (whole steps of the outermost label, at
/// least one), chunk totals left to right. `LANES`: 32 virtual lanes (k mod 32) in chunks of 4096, the
/// lanes joined by halving. k is the row-major position in `labels`.
///
/// @param labels the summed labels, outermost first; axes of a `Reduce` are the letters from `a`
public record SumOrder(Kind kind, String labels) {
  /// The number of virtual lanes of a `LANES` sum.
  public static final int LANES = 32;
  /// Elements of a chunk of a `LANES` sum.
  public static final int LANE_CHUNK = 4096;
  /// The most elements of a chunk of a `SEQUENTIAL` sum.
  public static final int CHUNK = 256;

  /// The most axes of a tensor: each has a letter.
  public static final int MOST_AXES = 26;

  public enum Kind {
    SEQUENTIAL, LANES;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// The order that a new sum gets: lanes iff the summed labels are the last labels of every operand and
  /// at most one operand has a free label (one in the result and in no other operand).
  public static SumOrder of(List<String> operands, String result) {
    String summed = summed(operands.getFirst(), result);
    boolean last = true;
    int free = 0;
    for (String operand : operands) {
      last &= operand.endsWith(summed);
      free += hasFree(operand, operands, result) ? 1 : 0;
    }
    return new SumOrder(last && free <= 1 ? Kind.LANES : Kind.SEQUENTIAL, summed);
  }

  private static boolean hasFree(String operand, List<String> operands, String result) {
    for (int i = 0; i < operand.length(); i++) {
      char label = operand.charAt(i);
      int having = 0;
      for (String other : operands) {
        having += other.indexOf(label) >= 0 ? 1 : 0;
      }
      if (having == 1 && result.indexOf(label) >= 0) {
        return true;
      }
    }
    return false;
  }

  /// The order that a new reduction of these axes gets.
  public static SumOrder ofReduction(List<Integer> axes, int rank) {
    String labels = axisLabels(rank);
    StringBuilder kept = new StringBuilder();
    for (int axis : Axes.others(axes, rank)) {
      kept.append(labels.charAt(axis));
    }
    return of(List.of(labels), kept.toString());
  }

  /// The order that a new convolution gets: kernel positions outermost, in the order of its labels, then features.
  public static SumOrder ofConvolution(String kernel) {
    return new SumOrder(Kind.SEQUENTIAL, spatialLabels(kernel) + "i");
  }

  /// The labels of a convolution's kernel without those of features.
  public static String spatialLabels(String kernel) {
    return kernel.replace("i", "").replace("o", "");
  }

  /// The labels of `operand` that `result` lacks, in the operand's order.
  public static String summed(String operand, String result) {
    StringBuilder summed = new StringBuilder();
    for (int i = 0; i < operand.length(); i++) {
      if (result.indexOf(operand.charAt(i)) < 0) {
        summed.append(operand.charAt(i));
      }
    }
    return summed.toString();
  }

  /// The labels of the axes of a tensor of that rank: `abc…`.
  public static String axisLabels(int rank) {
    if (rank > MOST_AXES) {
      throw new KotangentException("expected at most " + MOST_AXES + " axes, got " + rank);
    }
    return "abcdefghijklmnopqrstuvwxyz".substring(0, rank);
  }

  @Override
  public String toString() {
    return kind == Kind.LANES ? "lanes" : "sequential:" + labels;
  }
}
