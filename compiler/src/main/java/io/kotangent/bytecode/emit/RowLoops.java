package io.kotangent.bytecode.emit;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;

/// The row loops of a kernel that were made methods: those that differ in names alone are one method, so that C2 compiles it
/// once. (Its line numbers are those of the first of them.) One of any length becomes general: kernels share it.
final class RowLoops {
  private final Map<Piece.Method, Piece.Method> methods = new HashMap<>();
  private final BinaryOperator<Piece.Method> chosen;

  /// @param chosen of a method with neutral names and as it is, the one that equal ones become
  private RowLoops(BinaryOperator<Piece.Method> chosen) {
    this.chosen = chosen;
  }

  static RowLoops ofAllKernels() {
    return new RowLoops((neutral, own) -> neutral.general() ? neutral : own);
  }

  /// None is general.
  static RowLoops ofOneKernel() {
    return new RowLoops((_, own) -> own);
  }

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
        named -> chosen.apply(named, call.method()));
    return new Piece.Call(method, call.arrays(), call.scalars(), call.usage(), call.size());
  }
}
