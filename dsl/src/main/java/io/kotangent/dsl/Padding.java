package io.kotangent.dsl;

/// What surrounds an image that is convolved; all padding is zero.
public enum Padding {
  /// As much as makes ⌈n/stride⌉ positions, half before and half (the larger) after.
  SAME,
  /// None.
  VALID,
  /// So much that every position with any overlap counts; stride 1.
  FULL
}
