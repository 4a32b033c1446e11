package io.kotangent.explain;

/// Why the first nodes of a kernel did not join another: the latest one that makes an operand of theirs.
///
/// @param kernel the number of the other, as [ExplainedKernel#number] says
/// @param other its name
/// @param reason what kept them apart: `other axes`, `too many primitives`
/// @param had what there would have been of what the reason counts; 0 if it counts nothing
/// @param limit what there may be of it
public record KeptApart(int kernel, String other, String reason, long had, long limit) {
  /// `not with kernel 3 exp_sum: too many primitives (312, at most 250)`.
  @Override
  public String toString() {
    String numbers = had == 0 && limit == 0 ? "" : " (" + had + ", at most " + limit + ")";
    return "not with kernel " + kernel + " " + other + ": " + reason + numbers;
  }
}
