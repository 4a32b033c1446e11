package io.kotangent.bytecode.emit;

import io.kotangent.ir.Basic;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import java.util.List;

/// How many bytes of bytecode things take, about; the emitter measures in the end.
final class Sizes {
  static final int LOOP = 24;
  static final int CALL = 3;
  /// How much longer SIMD code is, for each vector: bodies are emitted for whole passes and for the rest.
  private static final int VECTOR = 4;

  private Sizes() {
  }

  static int of(List<Piece> pieces) {
    int size = 0;
    for (Piece piece : pieces) {
      size += piece.size();
    }
    return size;
  }

  static int of(Value value) {
    return switch (value) {
      case Value.Const _ -> 3;
      case Value.Ref _ -> 2;
      case Value.Load load -> (load.array().whole() ? 3 : 6) + of(load.index());
      case Value.Apply apply -> {
        int size = of(apply.basic());
        for (Value arg : apply.args()) {
          size += of(arg);
        }
        yield size;
      }
    };
  }

  /// A statement with all that it contains, uncut.
  static int of(Stmt stmt) {
    return switch (stmt) {
      case Stmt.Let let -> 4 + of(let.value());
      case Stmt.Assign assign -> 4 + of(assign.value());
      case Stmt.Store store -> 8 + of(store.index()) + of(store.value());
      case Stmt.Copy copy -> 16 + of(copy.fromIndex()) + of(copy.toIndex()) + of(copy.length());
      case Stmt.Fill fill -> 16 + of(fill.from()) + of(fill.length()) + of(fill.value());
      case Stmt.Transpose move -> of(move.first()) + of(move.end()) + TransposeEmitter.size(move);
      case Stmt.Check check -> 20 + of(check.condition());
      case Stmt.For loop -> LOOP + of(loop.from()) + of(loop.to()) + ofAll(loop.body());
      case Stmt.Lanes lanes -> 2 * LOOP + of(lanes.from()) + of(lanes.to())
          + VECTOR * lanes.vectors() * ofAll(lanes.body());
      case Stmt.If branch ->
          8 + of(branch.condition()) + ofAll(branch.then()) + ofAll(branch.otherwise());
    };
  }

  private static int ofAll(List<Stmt> stmts) {
    int size = 0;
    for (Stmt stmt : stmts) {
      size += of(stmt);
    }
    return size;
  }

  /// A primitive, besides its operands.
  private static int of(Basic basic) {
    return switch (basic) {
      case LT, LE, EQ, NE, TO_BOOL -> 10;
      case SELECT -> 18;
      case SQRT, RINT, FLOOR, CEIL -> 5;
      case ABS, MIN, MAX, FMA, BITS, FROM_BITS -> 3;
      case NOT -> 4;
      case SHL, SHR, USHR -> 2;
      case NEG, ADD, SUB, MUL, DIV, REM, AND, OR, XOR, TO_F32, TO_F64, TO_I32, TO_I64 -> 1;
      case STRICT_EXP, STRICT_EXPM1, STRICT_LOG, STRICT_LOG1P, STRICT_SIN, STRICT_COS, STRICT_TAN,
          STRICT_TANH, STRICT_ATAN, STRICT_POW, STRICT_CBRT -> 3;
    };
  }
}
