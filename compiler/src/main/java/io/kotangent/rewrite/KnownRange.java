package io.kotangent.rewrite;

import io.kotangent.ir.Bounds;
import io.kotangent.ir.KnownBounds;
import io.kotangent.ir.Node;

/// Whether all elements of a node are known to be on one side of a number. (NaN is on every side.)
interface KnownRange {
  /// As if all were known: what may be so, at no cost.
  KnownRange ANY = new KnownRange() {
    @Override
    public boolean isAtLeast(Node node, double number) {
      return true;
    }

    @Override
    public boolean isAtMost(Node node, double number) {
      return true;
    }
  };

  boolean isAtLeast(Node node, double number);

  boolean isAtMost(Node node, double number);

  /// Of bounds that are found once for each node.
  static KnownRange found() {
    KnownBounds all = new KnownBounds();
    return new KnownRange() {
      @Override
      public boolean isAtLeast(Node node, double number) {
        double low = all.of(node).low();
        return low > -Float.MAX_VALUE && low >= number;
      }

      @Override
      public boolean isAtMost(Node node, double number) {
        Bounds bounds = all.of(node);
        return bounds.high() < Float.MAX_VALUE && bounds.high() <= number;
      }
    };
  }
}
