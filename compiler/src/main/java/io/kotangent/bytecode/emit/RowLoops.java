package io.kotangent.bytecode.emit;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The row loops of a kernel that were made methods: those that differ in names alone are one method, so that C2 compiles it
/// once. (Its line numbers are those of the first of them.) One of any length becomes general: kernels share it.
final class RowLoops {
  private final Map<Piece.Method, Piece.Method> methods = new HashMap<>();

  /// The call itself, or one of an equal method with the same arguments.
  Piece.Call shared(Piece.Call call) {
    if (!call.usage().assigned.isEmpty()) {
      return call;
    }
    Optional<Piece.Method> neutral = NeutralNames.of(call.method());
    if (neutral.isEmpty()) {
      return call;
    }
    Piece.Method method = methods.computeIfAbsent(neutral.get(),
        named -> named.general() ? named : call.method());
    return new Piece.Call(method, call.arrays(), call.scalars(), call.usage(), call.size());
  }
}
