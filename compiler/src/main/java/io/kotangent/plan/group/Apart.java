package io.kotangent.plan.group;

/// Why nodes opened a group of their own and did not join that of an operand.
///
/// @param other the latest group that makes an operand of theirs
/// @param had what there was of what the reason counts, or would have been; 0 if it counts nothing
/// @param limit what there may be of it
public record Apart(Group other, Reason reason, long had, long limit) {
  /// What kept them apart.
  public enum Reason {
    /// The plan pass that would have joined them is skipped.
    PASS_SKIPPED("the pass is skipped"),
    /// One runs always, the other once the guard holds.
    PHASE("one is an update"),
    /// The other's loops are of one operation alone, of a loop or of a branch.
    OWN_LOOPS("that has loops of its own"),
    /// Counts the primitives of a lane: longer methods are not compiled.
    PRIMITIVES("too many primitives"),
    /// Counts arrays: a method has no room for so many parameters.
    ARRAYS("too many arrays"),
    /// The axes differ.
    DOMAIN("other axes"),
    /// Counts the axes outside of a row: what they read lies in shorter rows.
    ROWS("rows would have to be shorter"),
    /// Elements are read from other places than where they are made.
    PLACES("what is made is read at other places"),
    /// A slice that is read in place, or a part of a concatenation that is made in place.
    CUT("a slice or part in place"),
    /// Counts primitives: so much is shared by threads, which what ends in one value cannot be.
    SHARED("threads share it");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  static Apart of(Group other, Reason reason) {
    return new Apart(other, reason, 0, 0);
  }

  /// `not with exp_sum: too many primitives (312, at most 250)`.
  @Override
  public String toString() {
    String numbers = had == 0 && limit == 0 ? "" : " (" + had + ", at most " + limit + ")";
    return "not with " + other.stepName() + ": " + reason + numbers;
  }
}
