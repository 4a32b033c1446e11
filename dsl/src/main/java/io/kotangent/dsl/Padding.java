package io.kotangent.dsl;

/// What surrounds an image under a window; see [Sliding]. A convolution pads with zeros.
public enum Padding {
  /// As much as makes ⌈n/stride⌉ positions, half before and half (the larger) after.
  SAME,
  /// None.
  VALID,
  /// So much that every position with any overlap counts.
  FULL
}
