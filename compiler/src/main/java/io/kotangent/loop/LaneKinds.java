package io.kotangent.loop;

import io.kotangent.ir.Basic;
import io.kotangent.type.DType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What each local of a [Stmt.Lanes] is across its turns, and whether SIMD code can be made of the body.
///
/// A body consists of declarations, assignments, stores, counted loops and branches that are the same for all turns. Arrays are
/// used at places that are the same for all turns, or next to each other from turn to turn. All that differs from turn to
/// turn has one width, four or eight bytes.
public final class LaneKinds {
  /// How a value changes from turn to turn.
  public enum Kind {
    /// The same in all turns.
    UNIFORM,
    /// An i32 that is one more in the next turn: an index.
    CONSECUTIVE,
    /// Anything else: a vector.
    VARYING
  }

  /// Lanes of the widest vectors.
  private static final int MOST_LANES = 16;

  private final Map<String, Kind> kinds = new HashMap<>();
  private final Set<String> own = new HashSet<>();
  private Optional<String> complaint = Optional.empty();
  private final boolean whole;
  private int width;
  private boolean changed;

  private LaneKinds(boolean whole) {
    this.whole = whole;
  }

  public static LaneKinds of(Stmt.Lanes loop) {
    LaneKinds kinds = new LaneKinds(hasWholeVectors(loop));
    kinds.kinds.put(loop.variable().name(), Kind.CONSECUTIVE);
    do {
      kinds.changed = false;
      kinds.block(loop.body());
    } while (kinds.changed);
    return kinds;
  }

  /// Whether the turns fill vectors of any width.
  private static boolean hasWholeVectors(Stmt.Lanes loop) {
    return loop.from() instanceof Value.Const from && loop.to() instanceof Value.Const to
        && (to.bits() - from.bits()) % MOST_LANES == 0;
  }

  /// Why no SIMD code can be made of it, if so.
  public Optional<String> complaint() {
    return complaint;
  }

  /// The bytes of what varies: four or eight.
  public int width() {
    return width == 0 ? 4 : width;
  }

  public Kind of(Local local) {
    return kinds.getOrDefault(local.name(), Kind.UNIFORM);
  }

  public Kind of(Value value) {
    return switch (value) {
      case Value.Const _ -> Kind.UNIFORM;
      case Value.Ref(Local local) -> of(local);
      case Value.Load(ArrayParam _, Value index) ->
          of(index) == Kind.UNIFORM ? Kind.UNIFORM : Kind.VARYING;
      case Value.Apply(Basic basic, List<Value> args, DType _) -> of(basic, args);
    };
  }

  private Kind of(Basic basic, List<Value> args) {
    int consecutive = 0;
    for (Value arg : args) {
      Kind kind = of(arg);
      if (kind == Kind.VARYING) {
        return kind;
      }
      consecutive += kind == Kind.CONSECUTIVE ? 1 : 0;
    }
    if (consecutive == 0) {
      return Kind.UNIFORM;
    }
    boolean sum = basic == Basic.ADD && consecutive == 1;
    boolean difference = basic == Basic.SUB && of(args.getLast()) == Kind.UNIFORM;
    return sum || difference ? Kind.CONSECUTIVE : Kind.VARYING;
  }

  private void block(List<Stmt> stmts) {
    for (Stmt stmt : stmts) {
      statement(stmt);
    }
  }

  private void statement(Stmt stmt) {
    switch (stmt) {
      case Stmt.Let(Local local, Value value) -> {
        own.add(local.name());
        join(local, value);
      }
      case Stmt.Assign(Local local, Value value) -> {
        if (!own.contains(local.name())) {
          complain("lanes assign '" + local.name() + "' of the code around them");
        }
        join(local, value);
      }
      case Stmt.Store(ArrayParam array, Value index, Value value) -> {
        check(index);
        check(value);
        if (of(index) != Kind.CONSECUTIVE) {
          complain("lanes store to '" + array.name() + "' at " + KernelPrinter.print(index));
        }
        element(array);
      }
      case Stmt.For loop -> {
        uniform(loop.from());
        uniform(loop.to());
        if (loop.row()) {
          complain("a row loop within lanes");
        }
        block(loop.body());
      }
      case Stmt.If(Value condition, List<Stmt> then, List<Stmt> otherwise) -> {
        uniform(condition);
        block(then);
        block(otherwise);
      }
      case Stmt.Lanes _, Stmt.Copy _, Stmt.Fill _, Stmt.Transpose _, Stmt.Check _ ->
          complain("lanes contain a " + stmt.getClass().getSimpleName());
    }
  }

  private void join(Local local, Value value) {
    check(value);
    Kind kind = of(value);
    Kind before = of(local);
    if (kind.compareTo(before) > 0) {
      kinds.put(local.name(), kind);
      changed = true;
    }
    if (of(local) == Kind.VARYING) {
      widen(local.dtype());
    }
  }

  private void uniform(Value value) {
    check(value);
    if (of(value) != Kind.UNIFORM) {
      complain("a bound or condition that differs between lanes: " + KernelPrinter.print(value));
    }
  }

  /// Looks at what varies within a value.
  private void check(Value value) {
    switch (value) {
      case Value.Const _, Value.Ref _ -> {
        // fine
      }
      case Value.Load(ArrayParam array, Value index) -> {
        check(index);
        if (of(index) == Kind.VARYING) {
          complain("lanes read '" + array.name() + "' at " + KernelPrinter.print(index));
        } else if (of(index) == Kind.CONSECUTIVE) {
          element(array);
        }
      }
      case Value.Apply(Basic basic, List<Value> args, DType dtype) -> {
        args.forEach(this::check);
        if (of(value) == Kind.VARYING) {
          DType operand = args.getLast().dtype();
          if (!exists(basic, operand, dtype)) {
            complain("there is no SIMD form of " + basic + " of " + operand);
          }
          widen(operand);
          widen(dtype);
        }
      }
    }
  }

  private void element(ArrayParam array) {
    if (array.dtype() == DType.BOOL && !whole) {
      complain("lanes use '" + array.name()
          + "', which has a byte for each: no part of a vector of these can be moved");
    }
    widen(array.dtype());
  }

  private void widen(DType dtype) {
    int bytes = switch (dtype) {
      case F32, I32 -> 4;
      case F64, I64 -> 8;
      case BOOL -> width;
    };
    if (width != 0 && bytes != width) {
      complain("lanes of four and of eight bytes");
    }
    width = bytes;
  }

  private void complain(String what) {
    if (complaint.isEmpty()) {
      complaint = Optional.of(what);
    }
  }

  /// Whether a primitive has a SIMD form with the same bits.
  private static boolean exists(Basic basic, DType operand, DType result) {
    return switch (basic) {
      case NEG, ADD, SUB, MUL, ABS, MIN, MAX -> operand != DType.BOOL;
      case DIV, SQRT, FMA, BITS -> operand.isFloat();
      case FROM_BITS, SHL, SHR, USHR -> operand.isInteger();
      case AND, OR, XOR, NOT -> !operand.isFloat();
      case LT, LE, EQ, NE -> operand != DType.BOOL;
      case SELECT -> result != DType.BOOL;
      case TO_F32, TO_I32 -> operand == DType.I32 && result == DType.F32
          || operand == DType.F32 && result == DType.I32 || operand == result;
      case REM, TO_F64, TO_I64, TO_BOOL, RINT, FLOOR, CEIL, STRICT_EXP, STRICT_EXPM1, STRICT_LOG,
          STRICT_LOG1P, STRICT_SIN, STRICT_COS, STRICT_TAN, STRICT_TANH, STRICT_ATAN, STRICT_POW,
          STRICT_CBRT -> false;
    };
  }
}
