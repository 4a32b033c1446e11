package io.kotangent.plan;

import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.List;

/// The optimizations of the planner, in the order in which they act. Each may be skipped by name; none changes
/// a bit of any result. With all of them off every node is a kernel of its own.
public enum PlanPass {
  /// A copy of a contraction's operand whose row axis is not contiguous, made once for all its uses.
  TRANSPOSE_ONCE("TransposeOnce"),
  /// A padded copy of a convolution's data, made once for all its uses.
  PAD_ONCE("PadOnce"),
  /// Elementwise nodes join the kernel of their latest operand; broadcasts are read, never stored.
  FUSE_ELEMENTWISE("FuseElementwise"),
  /// Elementwise nodes read the elements of a slice where they are.
  READ_SLICES("ReadSlices"),
  /// Parts of a concatenation are computed where they belong in it.
  CONCAT_IN_PLACE("ConcatInPlace"),
  /// Reductions over the last axes join the kernel that makes their operand, and what uses them joins too.
  FUSE_REDUCTIONS("FuseReductions"),
  /// Elementwise nodes join the contraction that makes their operand, row by row.
  FUSE_EPILOGUE("FuseEpilogue"),
  /// Scalar nodes and reductions to scalars share kernels.
  FUSE_SCALARS("FuseScalars"),
  /// Contractions as rows that C2 vectorizes, instead of one scalar loop a result.
  ROW_CONTRACTIONS("RowContractions"),
  /// Long sums with few results: threads share their chunks, whose totals another kernel joins.
  CHUNK_TOTALS("ChunkTotals"),
  /// Row loops are cut at what C2 does not vectorize.
  SPLIT_ROWS("SplitRows"),
  /// What an update reads is laid out like the state that it updates.
  ALIGN_WITH_STATE("AlignWithState"),
  /// Updates are written where the state is, when nobody reads the old value later.
  UPDATE_IN_PLACE("UpdateInPlace"),
  /// Equal kernels on neighboring ranges of the same arrays become one.
  JOIN_NEIGHBORS("JoinNeighbors"),
  /// Arrays are reused after the last use of what they hold.
  SHARE_BUFFERS("ShareBuffers"),
  /// Threads share long kernels, each doing a part, and meet at barriers.
  SHARE_WORK("ShareWork");

  private final String text;

  PlanPass(String text) {
    this.text = text;
  }

  /// The pass of that name, or a [KotangentException] that lists them.
  public static PlanPass parse(String name) {
    List<String> names = new ArrayList<>();
    for (PlanPass pass : values()) {
      if (pass.text.equals(name)) {
        return pass;
      }
      names.add(pass.text);
    }
    throw new KotangentException("no plan pass '" + name + "': expected one of " + names);
  }

  @Override
  public String toString() {
    return text;
  }
}
