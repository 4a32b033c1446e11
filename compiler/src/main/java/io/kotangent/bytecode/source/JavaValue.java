package io.kotangent.bytecode.source;

import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import java.util.List;
import java.util.Set;

/// Prints values as expressions, with the parentheses that Java needs, and those around bit operations within others that people do.
final class JavaValue {
  // how tightly operators bind
  private static final int CONDITIONAL = 1;
  private static final int OR = 2;
  private static final int XOR = 3;
  private static final int AND = 4;
  private static final int EQUALITY = 5;
  private static final int RELATION = 6;
  private static final int SHIFT = 7;
  private static final int SUM = 8;
  private static final int PRODUCT = 9;
  private static final int UNARY = 10;

  private final Scope scope;
  private final Home home;
  private final Set<DType> selected;

  /// @param selected collects the dtypes that the method `select` is called for
  JavaValue(Scope scope, Home home, Set<DType> selected) {
    this.scope = scope;
    this.home = home;
    this.selected = selected;
  }

  String of(Value value) {
    return of(value, 0);
  }

  /// In parentheses if it binds less tightly than `level`.
  private String of(Value value, int level) {
    return switch (value) {
      case Value.Const(DType dtype, long bits) -> JavaLiteral.of(dtype, bits, home);
      case Value.Ref(Local local) -> scope.of(local);
      case Value.Load(ArrayParam array, Value index) -> element(array, index);
      case Value.Apply apply -> apply(apply, level);
    };
  }

  private String element(ArrayParam array, Value index) {
    return array.access() == ArrayParam.Access.ALIGNED
        ? scope.of(array) + ".get(" + index(array, index) + ")"
        : scope.of(array) + "[" + index(array, index) + "]";
  }

  /// An index in the array, its offset added.
  String index(ArrayParam array, Value index) {
    if (array.whole()) {
      return of(index);
    }
    boolean first = index.equals(Value.i32(0));
    return scope.offset(array) + (first ? "" : plus(index));
  }

  /// `+` and an int; the sum of ints is the same in any order.
  private String plus(Value value) {
    return value instanceof Value.Const(DType _, long number) && number < 0
        && number > Integer.MIN_VALUE ? " - " + -number : " + " + of(value, SUM);
  }

  /// The end of a run of elements.
  String end(ArrayParam array, Value from, Value length) {
    String begin = index(array, from);
    if (array.whole() && from instanceof Value.Const(DType _, long first)
        && length instanceof Value.Const(DType _, long count)) {
      return Integer.toString((int) (first + count));
    }
    return begin.equals("0") ? of(length) : begin + plus(length);
  }

  /// Whether a condition does not hold.
  String not(Value condition) {
    if (condition instanceof Value.Apply(Basic basic, List<Value> args, DType _)) {
      boolean exact = args.getFirst().dtype().isInteger();
      return switch (basic) {
        case EQ -> binary(args, " != ", EQUALITY, 0);
        case NE -> binary(args, " == ", EQUALITY, 0);
        case NOT -> of(args.getFirst());
        case AND -> args.stream().allMatch(JavaValue::isExactComparison)
            ? not(args.get(0)) + " | " + not(args.get(1)) : "!(" + of(condition) + ")";
        case LT, LE -> exact ? binary(args, basic == Basic.LT ? " >= " : " > ", RELATION, 0)
            : "!(" + of(condition) + ")";
        default -> "!" + of(condition, UNARY);
      };
    }
    return "!" + of(condition, UNARY);
  }

  private static boolean isExactComparison(Value value) {
    return value instanceof Value.Apply(Basic basic, List<Value> args, DType _)
        && (basic == Basic.LT || basic == Basic.LE) && args.getFirst().dtype().isInteger();
  }

  private String apply(Value.Apply apply, int level) {
    List<Value> args = apply.args();
    return switch (apply.basic()) {
      case ADD -> sum(args, level);
      case SUB -> binary(args, " - ", SUM, level);
      case MUL -> binary(args, " * ", PRODUCT, level);
      case DIV -> binary(args, " / ", PRODUCT, level);
      case REM -> binary(args, " % ", PRODUCT, level);
      case SHL -> bits(args, " << ", SHIFT, level);
      case SHR -> bits(args, " >> ", SHIFT, level);
      case USHR -> bits(args, " >>> ", SHIFT, level);
      case AND -> bits(args, " & ", AND, level);
      case OR -> bits(args, " | ", OR, level);
      case XOR -> bits(args, " ^ ", XOR, level);
      case LT -> binary(args, " < ", RELATION, level);
      case LE -> binary(args, " <= ", RELATION, level);
      case EQ -> binary(args, " == ", EQUALITY, level);
      case NE -> binary(args, " != ", EQUALITY, level);
      case NEG -> negative(of(args.getFirst(), UNARY));
      case NOT -> (apply.dtype() == DType.BOOL ? "!" : "~") + of(args.getFirst(), UNARY);
      case ABS, MIN, MAX, FMA -> call(home.lang("Math") + "." + apply.basic(), args);
      case SQRT, RINT, FLOOR, CEIL -> (apply.dtype() == DType.F32 ? "(float) " : "")
          + call(home.lang("Math") + "." + apply.basic(), args);
      case STRICT_EXP, STRICT_EXPM1, STRICT_LOG, STRICT_LOG1P, STRICT_SIN, STRICT_COS, STRICT_TAN,
          STRICT_TANH, STRICT_ATAN, STRICT_POW, STRICT_CBRT -> call(home.lang("StrictMath") + "."
              + apply.basic().toString().substring("strict_".length()), args);
      case SELECT -> {
        selected.add(apply.dtype());
        yield call("select", args);
      }
      case TO_F32, TO_F64, TO_I32, TO_I64 -> cast(args.getFirst(), apply.dtype(), level);
      case TO_BOOL -> truth(args.getFirst(), level);
      case BITS -> call(JavaType.box(args.getFirst().dtype(), home)
          + (apply.dtype() == DType.I32 ? ".floatToRawIntBits" : ".doubleToRawLongBits"), args);
      case FROM_BITS -> call(JavaType.box(args.getFirst().dtype(), home)
          + (apply.dtype() == DType.F32 ? ".intBitsToFloat" : ".longBitsToDouble"), args);
    };
  }

  private static String negative(String operand) {
    return operand.startsWith("-") ? "-(" + operand + ")" : "-" + operand;
  }

  /// Sums of ints need no parentheses on the right.
  private String sum(List<Value> args, int level) {
    Value right = args.get(1);
    if (!right.dtype().isInteger()) {
      return binary(args, " + ", SUM, level);
    }
    String text = of(args.getFirst(), SUM)
        + (right.dtype() == DType.I32 ? plus(right) : " + " + of(right, SUM));
    return SUM < level ? "(" + text + ")" : text;
  }

  private String binary(List<Value> args, String symbol, int binding, int level) {
    String text = of(args.getFirst(), binding) + symbol + of(args.get(1), binding + 1);
    return binding < level ? "(" + text + ")" : text;
  }

  /// Where bits are handled, other operators than comparisons and the same one stand in parentheses.
  private String bits(List<Value> args, String symbol, int binding, int level) {
    String text =
        operand(args.getFirst(), binding, 0) + symbol + operand(args.get(1), binding, 1);
    return binding < level ? "(" + text + ")" : text;
  }

  private String operand(Value value, int binding, int more) {
    if (value instanceof Value.Const(DType dtype, long bits) && binding != SHIFT) {
      return JavaLiteral.mask(dtype, bits, home);
    }
    boolean plain = value.dtype() == DType.BOOL || value instanceof Value.Apply apply
        && more == 0 && bindingOf(apply.basic()) == binding;
    return of(value, plain ? binding + more : UNARY);
  }

  private static int bindingOf(Basic basic) {
    return switch (basic) {
      case AND -> AND;
      case OR -> OR;
      case XOR -> XOR;
      default -> UNARY;
    };
  }

  private String call(String name, List<Value> args) {
    return name + "(" + String.join(", ", args.stream().map(this::of).toList()) + ")";
  }

  private String cast(Value value, DType to, int level) {
    if (value.dtype() == to) {
      return of(value, level);
    }
    if (to == DType.I64 && value instanceof Value.Const(DType from, long bits)
        && from == DType.I32) {
      return JavaLiteral.of(to, bits, home);
    }
    if (value.dtype() != DType.BOOL) {
      return "(" + JavaType.of(to) + ") " + of(value, UNARY);
    }
    String text = of(value, CONDITIONAL + 1) + " ? " + JavaLiteral.of(to, one(to), home) + " : "
        + JavaLiteral.of(to, 0, home);
    return CONDITIONAL < level ? "(" + text + ")" : text;
  }

  private static long one(DType dtype) {
    return switch (dtype) {
      case F32 -> Float.floatToRawIntBits(1);
      case F64 -> Double.doubleToRawLongBits(1);
      case I32, I64, BOOL -> 1;
    };
  }

  private String truth(Value value, int level) {
    if (value.dtype() == DType.BOOL) {
      return of(value, level);
    }
    return binary(List.of(value, new Value.Const(value.dtype(), 0)), " != ", EQUALITY, level);
  }
}
