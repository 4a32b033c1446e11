package io.kotangent.ir;

import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The functions that an [Op.Map] applies lane by lane.
///
/// A constant is all the compiler knows about its function: text, types, derivatives, the domain that tests
/// sample, and either the [Basic] that it is or (in [Lowering], demanded by the Java compiler) its formula
/// over basics. What it means in f64 and in integers is the case of its name in [Meaning]. Adding a
/// function is adding a constant and these cases.
///
/// Derivatives are formulas in `g` (see [Term.Seed]), one for each operand; none for operands through which
/// nothing flows. Conventions at kinks: relu'(0) = abs'(0) = 0; a tie in max or min goes to the first operand.
/// They are written so that far out they and their derivatives are the limits, not `0·∞`; only the second derivatives of
/// atan and erf at ±∞ themselves are NaN.
public enum ScalarFn {
  NEG(Kind.NUMBER, Basic.NEG, "-g"),
  ABS(Kind.NUMBER, Basic.ABS, "g*sign(x)"),
  SIGN(Kind.NUMBER, null, "0*g"),
  SQRT(Kind.FLOAT, Basic.SQRT, 0.1, 10, "g/(2*y)"),
  CBRT(Kind.FLOAT, null, 0.1, 10, "g/y/y/3"),
  EXP(Kind.FLOAT, null, "g*y"),
  EXPM1(Kind.FLOAT, null, "g*exp(x)"),
  LOG(Kind.FLOAT, null, 0.1, 10, "g/x"),
  LOG1P(Kind.FLOAT, null, -0.9, 10, "g/(1+x)"),
  /// `log(1 − eˣ)` for x < 0.
  LOG1MEXP(Kind.FLOAT, null, -10, -0.1, "g*exp(x)/expm1(x)"),
  SIGMOID(Kind.FLOAT, null, "g*y*(1-y)"),
  LOG_SIGMOID(Kind.FLOAT, null, "g*sigmoid(-x)"),
  SOFTPLUS(Kind.FLOAT, null, "g*sigmoid(x)"),
  TANH(Kind.FLOAT, null, "g*(1-y*y)"),
  SIN(Kind.FLOAT, null, "g*cos(x)"),
  COS(Kind.FLOAT, null, "-(g*sin(x))"),
  TAN(Kind.FLOAT, null, -1.2, 1.2, "g*(1+y*y)"),
  ATAN(Kind.FLOAT, null, "g/(1+x*x)"),
  ERF(Kind.FLOAT, null, "g*(1.1283791670955126*exp(-(x*x)))"),
  FLOOR(Kind.FLOAT, Basic.FLOOR),
  CEIL(Kind.FLOAT, Basic.CEIL),
  /// To the nearest integer, ties to even.
  ROUND(Kind.FLOAT, Basic.RINT),
  RELU(Kind.FLOAT, null, "select(gt(y, 0), g, 0)"),
  /// The identity that no derivative passes.
  STOP_GRADIENT(Kind.NUMBER, null),
  ADD(Kind.NUMBERS, Basic.ADD, "g", "g"),
  SUB(Kind.NUMBERS, Basic.SUB, "g", "-g"),
  MUL(Kind.NUMBERS, Basic.MUL, "g*b", "g*a"),
  DIV(Kind.NUMBERS, Basic.DIV, "g/b", "-(g*y/b)"),
  REM(Kind.INTEGERS, Basic.REM),
  MIN(Kind.NUMBERS, Basic.MIN, "select(le(a, b), g, 0)", "select(le(a, b), 0, g)"),
  MAX(Kind.NUMBERS, Basic.MAX, "select(ge(a, b), g, 0)", "select(ge(a, b), 0, g)"),
  /// `pow(a, b)` with the special cases of IEEE 754 (9.2.1): 1 to any power and any number to the power ±0 are 1, NaN or not.
  POW(Kind.FLOATS, null, 0.1, 5, "g*b*pow(a, b-1)", "g*select(eq(a, 0), 0, y*log(a))"),
  AND(Kind.BITS, Basic.AND), OR(Kind.BITS, Basic.OR), XOR(Kind.BITS, Basic.XOR),
  NOT(Kind.BIT, Basic.NOT),
  SHL(Kind.INTEGERS, Basic.SHL), SHR(Kind.INTEGERS, Basic.SHR), USHR(Kind.INTEGERS, Basic.USHR),
  LT(Kind.COMPARISON, Basic.LT), LE(Kind.COMPARISON, Basic.LE), GT(Kind.COMPARISON, null),
  GE(Kind.COMPARISON, null),
  EQ(Kind.EQUALITY, Basic.EQ), NE(Kind.EQUALITY, Basic.NE),
  IS_NAN(Kind.PREDICATE, null), IS_FINITE(Kind.PREDICATE, null),
  /// `select(condition, a, b)`: a where the condition holds, otherwise b.
  SELECT(Kind.CHOICE, Basic.SELECT, "", "select(a, g, 0)", "select(a, 0, g)");

  /// What operands a function takes and what type it gives.
  enum Kind {
    FLOAT(1), NUMBER(1), BIT(1), PREDICATE(1), FLOATS(2), NUMBERS(2), INTEGERS(2), BITS(2),
    COMPARISON(2), EQUALITY(2),
    CHOICE(3);

    private final int arity;

    Kind(int arity) {
      this.arity = arity;
    }
  }

  private static final Map<String, ScalarFn> BY_NAME = new HashMap<>();

  static {
    for (ScalarFn fn : values()) {
      BY_NAME.put(fn.text, fn);
    }
  }

  private final String text = name().toLowerCase(Locale.ROOT);
  private final Kind kind;
  private final Optional<Basic> basic;
  private final double low;
  private final double high;
  private final List<String> formulas;
  private volatile List<Optional<Term>> derivatives = List.of();

  ScalarFn(Kind kind, @org.jspecify.annotations.Nullable Basic basic, String... derivatives) {
    this(kind, basic, -4, 4, derivatives);
  }

  ScalarFn(Kind kind, @org.jspecify.annotations.Nullable Basic basic, double low, double high,
      String... derivatives) {
    this.kind = kind;
    this.basic = Optional.ofNullable(basic);
    this.low = low;
    this.high = high;
    this.formulas = List.of(derivatives);
  }

  public int arity() {
    return kind.arity;
  }

  /// The primitive that this function is, if it is one.
  public Optional<Basic> basic() {
    return basic;
  }

  /// Where tests sample operands: away from kinks and poles. The whole of `low..high` is in the domain.
  public double low() {
    return low;
  }

  public double high() {
    return high;
  }

  /// Whether any derivative passes.
  public boolean isDifferentiable() {
    return !formulas.isEmpty();
  }

  /// The derivative with respect to each operand, as a formula in the seed; empty where none passes.
  public List<Optional<Term>> derivatives() {
    List<Optional<Term>> result = derivatives;
    if (result.isEmpty()) {
      result = formulas.isEmpty()
          ? Stream.generate(Optional::<Term>empty).limit(arity()).toList()
          : formulas.stream()
              .map(f -> f.isEmpty() ? Optional.<Term>empty() : Optional.of(TermParser.parse(f)))
              .toList();
      derivatives = result;
    }
    return result;
  }

  /// Whether the operands may be exchanged without changing a bit.
  public boolean isCommutative() {
    return switch (this) {
      case ADD, MUL, MIN, MAX, AND, OR, XOR, EQ, NE -> true;
      default -> false;
    };
  }

  /// The dtype of the result, or a [KotangentException] that says what was expected.
  public DType infer(List<DType> operands) {
    if (operands.size() != kind.arity) {
      throw new KotangentException(
          text + ": expected " + kind.arity + " operands, got " + operands.size());
    }
    DType first = operands.get(0);
    if (!fits(operands)) {
      throw new KotangentException(text + ": expected " + expected() + ", got " + operands);
    }
    return switch (kind) {
      case PREDICATE, COMPARISON, EQUALITY -> DType.BOOL;
      case CHOICE -> operands.get(1);
      case FLOAT, FLOATS, NUMBER, NUMBERS, INTEGERS, BIT, BITS -> first;
    };
  }

  /// Whether a lane of operands of these types, as many as the arity, can be computed.
  boolean fits(List<DType> operands) {
    DType first = operands.get(0);
    boolean same = true;
    for (DType operand : operands) {
      same &= operand == first;
    }
    return switch (kind) {
      case FLOAT, FLOATS, PREDICATE -> same && first.isFloat();
      case NUMBER, NUMBERS, COMPARISON -> same && first != DType.BOOL;
      case INTEGERS -> same && first.isInteger();
      case BIT, BITS -> same && !first.isFloat();
      case EQUALITY -> same;
      case CHOICE -> first == DType.BOOL && operands.get(1) == operands.get(2);
    };
  }

  String expected() {
    return switch (kind) {
      case FLOAT, PREDICATE -> "a float";
      case NUMBER -> "a number";
      case BIT -> "an integer or a bool";
      case FLOATS -> "two floats of one type";
      case NUMBERS, COMPARISON -> "two numbers of one type";
      case INTEGERS -> "two integers of one type";
      case BITS -> "two integers or two bools of one type";
      case EQUALITY -> "two operands of one type";
      case CHOICE -> "a bool and two operands of one type";
    };
  }

  /// Whether operands of that type are among those the function takes (for SELECT: as its last two).
  public boolean accepts(DType type) {
    return switch (kind) {
      case FLOAT, FLOATS, PREDICATE -> type.isFloat();
      case NUMBER, NUMBERS, COMPARISON -> type != DType.BOOL;
      case INTEGERS -> type.isInteger();
      case BIT, BITS -> !type.isFloat();
      case EQUALITY, CHOICE -> true;
    };
  }

  /// The function that prints as `name`.
  public static ScalarFn parse(String name) {
    return find(name)
        .orElseThrow(() -> new KotangentException("unknown scalar function '" + name + "'"));
  }

  public static Optional<ScalarFn> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /// The name in texts: `log1p`, `is_finite`.
  @Override
  public String toString() {
    return text;
  }
}
