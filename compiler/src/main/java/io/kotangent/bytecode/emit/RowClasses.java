package io.kotangent.bytecode.emit;

/// Knows the classes of row loops that kernels share.
public interface RowClasses {
  /// The class that a general method is the entry of.
  String of(Piece.Method method);
}
