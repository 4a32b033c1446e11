package io.kotangent.ir;

import static io.kotangent.ir.Prims.B;
import static io.kotangent.ir.Prims.X;
import static io.kotangent.ir.ScalarRow.row;

import io.kotangent.ir.Notation.Operator;
import io.kotangent.ir.Notation.Relation;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The functions that an [Op.Map] applies lane by lane.
///
/// A constant is a row, and a row is all the compiler knows about its function: types, what it means on reals and on
/// integers, its bits (the [Basic] that it is, or a formula over basics for each float type), derivatives, the domain that
/// tests sample, how people write it. Adding a function is adding a row.
///
/// Derivatives are formulas in `g` (see [Term.Seed]), one for each operand; none for operands through which
/// nothing flows. Conventions at kinks: relu'(0) = abs'(0) = 0; a tie in max or min goes to the first operand.
/// They are written so that far out, at ±∞ too, they and their derivatives are the limits, not `0·∞`; products and quotients
/// of the seed become such in which a zero seed wins, where a slope may be infinite.
public enum ScalarFn {
  NEG(row(Kind.NUMBER).lowered(Basic.NEG).reals(a -> -a).integers((a, _, _) -> -a)
      .derivatives("-g").written(() -> Operator.NEGATION)),
  ABS(row(Kind.NUMBER).lowered(Basic.ABS).reals(Math::abs).integers((a, _, _) -> Math.abs(a))
      .derivatives("zero_mul(sign(x), g)").written(() -> Operator.ABSOLUTE)),
  SIGN(row(Kind.NUMBER).increasing().lowered(Prims::sign).reals(Math::signum)
      .integers((a, _, _) -> Long.signum(a))),
  SQRT(row(Kind.FLOAT).increasing().lowered(Basic.SQRT).reals(Math::sqrt).domain(0.1, 10)
      .derivatives("g/(2*y)").writtenAs("pow(x, 0.5)")),
  CBRT(row(Kind.FLOAT).increasing().lowered(WideFormulas::cbrt, Basic.STRICT_CBRT)
      .reals(StrictMath::cbrt)
      .domain(0.1, 10).derivatives("g/y/y/3")),
  EXP(row(Kind.FLOAT).increasing().lowered(ExpFormulas::exp, Basic.STRICT_EXP)
      .reals(StrictMath::exp)
      .derivatives("g*y")),
  EXPM1(row(Kind.FLOAT).increasing().lowered(ExpFormulas::expm1, Basic.STRICT_EXPM1)
      .reals(StrictMath::expm1)
      .derivatives("g*exp(x)").writtenAs("exp(x)-1")),
  LOG(row(Kind.FLOAT).increasing().lowered(LogFormulas::log, Basic.STRICT_LOG)
      .reals(StrictMath::log)
      .domain(0.1, 10).derivatives("g/x").latex("log", "\\log")),
  LOG1P(row(Kind.FLOAT).increasing().lowered(LogFormulas::log1p, Basic.STRICT_LOG1P)
      .reals(StrictMath::log1p)
      .domain(-0.9, 10).derivatives("g/(1+x)").writtenAs("log(1+x)")),
  /// `log(1 − eˣ)` for x < 0.
  LOG1MEXP(row(Kind.FLOAT).lowered(WideFormulas::log1mexp, F64Formulas::log1mexp)
      .reals(RealMeaning::log1mexp).domain(-10, -0.1).derivatives("g*exp(x)/expm1(x)")
      .writtenAs("log(1-exp(x))")),
  SIGMOID(row(Kind.FLOAT).increasing().lowered(ExpFormulas::sigmoid, F64Formulas::sigmoid)
      .reals(RealMeaning::sigmoid).derivatives("g*y*(1-y)").latex("σ", "\\sigma")),
  LOG_SIGMOID(row(Kind.FLOAT).increasing().lowered(ExpFormulas::logSigmoid, F64Formulas::logSigmoid)
      .reals(RealMeaning::logSigmoid).derivatives("g*sigmoid(-x)").writtenAs("log(sigmoid(x))")),
  SOFTPLUS(row(Kind.FLOAT).increasing().lowered(ExpFormulas::softplus, F64Formulas::softplus)
      .reals(RealMeaning::softplus).derivatives("g*sigmoid(x)")),
  TANH(row(Kind.FLOAT).increasing().lowered(ExpFormulas::tanh, Basic.STRICT_TANH)
      .reals(StrictMath::tanh)
      .derivatives("g*(1-y*y)").latex("tanh", "\\tanh")),
  SIN(row(Kind.FLOAT).lowered(TrigFormulas::sin, Basic.STRICT_SIN).reals(StrictMath::sin)
      .derivatives("g*cos(x)").latex("sin", "\\sin")),
  COS(row(Kind.FLOAT).lowered(TrigFormulas::cos, Basic.STRICT_COS).reals(StrictMath::cos)
      .derivatives("-(g*sin(x))").latex("cos", "\\cos")),
  TAN(row(Kind.FLOAT).lowered(TrigFormulas::tan, Basic.STRICT_TAN).reals(StrictMath::tan)
      .domain(-1.2, 1.2).derivatives("g*(1+y*y)").latex("tan", "\\tan")),
  ATAN(row(Kind.FLOAT).increasing().lowered(TrigFormulas::atan, Basic.STRICT_ATAN)
      .reals(StrictMath::atan)
      .derivatives("select(or(is_finite(x), is_nan(x)), g/(1+x*x), 0)").latex("atan", "\\arctan")),
  ERF(row(Kind.FLOAT).increasing().lowered(WideFormulas::erf, ErfFormulas::erf64)
      .reals(ErrorFunction::erf)
      .derivatives("g*(1.1283791670955126*exp(-min(x*x, 900)))")),
  FLOOR(row(Kind.FLOAT).increasing().lowered(Basic.FLOOR).reals(Math::floor)),
  CEIL(row(Kind.FLOAT).increasing().lowered(Basic.CEIL).reals(Math::ceil)),
  /// To the nearest integer, ties to even.
  ROUND(row(Kind.FLOAT).increasing().lowered(Basic.RINT).reals(Math::rint)),
  RELU(row(Kind.FLOAT).increasing().lowered(type -> Prims.max(X, Prims.number(type, 0)))
      .reals(a -> Math.max(a, 0)).derivatives("select(gt(y, 0), g, 0)")),
  /// The identity that no derivative passes.
  STOP_GRADIENT(row(Kind.NUMBER).lowered(_ -> X).reals(a -> a).integers((a, _, _) -> a)
      .writtenAs("x")),
  ADD(row(Kind.NUMBERS).lowered(Basic.ADD).reals(Double::sum).integers((a, b, _) -> a + b)
      .derivatives("g", "g").commutative().written(() -> Operator.SUM)),
  SUB(row(Kind.NUMBERS).lowered(Basic.SUB).reals((a, b) -> a - b).integers((a, b, _) -> a - b)
      .derivatives("g", "-g").writtenAs("a+(-b)")),
  MUL(row(Kind.NUMBERS).lowered(Basic.MUL).reals((a, b) -> a * b).integers((a, b, _) -> a * b)
      .derivatives("g*b", "g*a").commutative().written(() -> Operator.PRODUCT)),
  DIV(row(Kind.NUMBERS).lowered(Basic.DIV).reals((a, b) -> a / b)
      .integers((a, b, _) -> a / divisor(b)).derivatives("g/b", "-(g*y/b)")
      .written(() -> Operator.QUOTIENT)),
  /// `a − b`, but 0 if they are equal, ∞ too: how far below the greatest of its row an element is.
  ZERO_SUB(row(Kind.FLOATS).lowered(ZeroFormulas::sub).reals(RealMeaning::zeroSub)
      .writtenAs("a+(-b)").derivatives("g", "-g")),
  /// `a·b`, but 0 if one of them is 0, whatever the other is: what is not taken counts for nothing (`ScalarDerivative`).
  ZERO_MUL(row(Kind.FLOATS).lowered(ZeroFormulas::mul).reals(RealMeaning::zeroMul).commutative()
      .writtenAs("a*b").derivatives("zero_mul(g, b)", "zero_mul(g, a)")),
  /// `a/b`, but 0 if a is 0, whatever b is.
  ZERO_DIV(row(Kind.FLOATS).lowered(ZeroFormulas::div).reals(RealMeaning::zeroDiv).domain(0.1, 10)
      .writtenAs("a/b")
      .derivatives("zero_div(g, b)", "-zero_div(zero_mul(y, g), b)")),
  REM(row(Kind.INTEGERS).lowered(Basic.REM).integers((a, b, _) -> a % divisor(b))),
  MIN(row(Kind.NUMBERS).lowered(Basic.MIN).reals(Math::min)
      .integers((a, b, _) -> Math.min(a, b)).commutative().latex("min", "\\min")
      .derivatives("select(le(a, b), g, 0)", "select(le(a, b), 0, g)")),
  MAX(row(Kind.NUMBERS).lowered(Basic.MAX).reals(Math::max)
      .integers((a, b, _) -> Math.max(a, b)).commutative().latex("max", "\\max")
      .derivatives("select(ge(a, b), g, 0)", "select(ge(a, b), 0, g)")),
  /// `pow(a, b)` with the special cases of IEEE 754 (9.2.1): 1 to any power and any number to the power ±0 are 1, NaN or not.
  /// By b the derivative is its limit at a = 0, but 0 at 0⁰. In f64, |b| > 2³¹ costs up to some 700 ulp: so `StrictMath` has it.
  POW(row(Kind.FLOATS).lowered(WideFormulas::pow, F64Formulas::pow).reals(RealMeaning::pow)
      .domain(0.1, 5)
      .derivatives("g*b*pow(a, b-1)",
          "g*select(and(eq(a, 0), or(gt(b, 1), eq(b, 0))), 0, zero_mul(y, log(a)))")
      .written(() -> Operator.POWER)),
  AND(row(Kind.BITS).lowered(Basic.AND).integers((a, b, _) -> a & b).commutative()
      .written(() -> new Relation("∧"))),
  OR(row(Kind.BITS).lowered(Basic.OR).integers((a, b, _) -> a | b).commutative()
      .written(() -> new Relation("∨"))),
  XOR(row(Kind.BITS).lowered(Basic.XOR).integers((a, b, _) -> a ^ b).commutative()),
  NOT(row(Kind.BIT).lowered(Basic.NOT).integers((a, _, t) -> t == DType.BOOL ? 1 - a : ~a)
      .written(() -> Operator.NOT)),
  SHL(row(Kind.INTEGERS).lowered(Basic.SHL).integers((a, b, t) -> a << (b & lastBit(t)))),
  SHR(row(Kind.INTEGERS).lowered(Basic.SHR).integers((a, b, t) -> a >> (b & lastBit(t)))),
  USHR(row(Kind.INTEGERS).lowered(Basic.USHR)
      .integers((a, b, t) -> t == DType.I32 ? (int) a >>> (int) b : a >>> b)),
  LT(row(Kind.COMPARISON).lowered(Basic.LT).reals((a, b) -> a < b ? 1 : 0)
      .integers((a, b, _) -> a < b ? 1 : 0).written(() -> new Relation("<"))),
  LE(row(Kind.COMPARISON).lowered(Basic.LE).reals((a, b) -> a <= b ? 1 : 0)
      .integers((a, b, _) -> a <= b ? 1 : 0).written(() -> new Relation("≤"))),
  GT(row(Kind.COMPARISON).lowered(_ -> Prims.lt(B, X)).reals((a, b) -> a > b ? 1 : 0)
      .integers((a, b, _) -> a > b ? 1 : 0).written(() -> new Relation(">"))),
  GE(row(Kind.COMPARISON).lowered(_ -> Prims.le(B, X)).reals((a, b) -> a >= b ? 1 : 0)
      .integers((a, b, _) -> a >= b ? 1 : 0).written(() -> new Relation("≥"))),
  EQ(row(Kind.EQUALITY).lowered(Basic.EQ).reals((a, b) -> a == b ? 1 : 0)
      .integers((a, b, _) -> a == b ? 1 : 0).commutative().written(() -> new Relation("="))),
  NE(row(Kind.EQUALITY).lowered(Basic.NE).reals((a, b) -> a != b ? 1 : 0)
      .integers((a, b, _) -> a != b ? 1 : 0).commutative().written(() -> new Relation("≠"))),
  IS_NAN(row(Kind.PREDICATE).lowered(_ -> Prims.ne(X, X)).reals(a -> Double.isNaN(a) ? 1 : 0)),
  IS_FINITE(row(Kind.PREDICATE)
      .lowered(type -> Prims.lt(Prims.abs(X), Prims.number(type, Double.POSITIVE_INFINITY)))
      .reals(a -> Double.isFinite(a) ? 1 : 0)),
  /// `select(condition, a, b)`: a where the condition holds, otherwise b.
  SELECT(row(Kind.CHOICE).lowered(Basic.SELECT).reals((a, b, c) -> a != 0 ? b : c)
      .derivatives("", "select(a, g, 0)", "select(a, 0, g)").written(() -> Operator.CHOICE));

  /// What operands a function takes and what type it gives.
  enum Kind {
    FLOAT(1), NUMBER(1), BIT(1), PREDICATE(1), FLOATS(2), NUMBERS(2), INTEGERS(2), BITS(2),
    COMPARISON(2), EQUALITY(2),
    CHOICE(3);

    private final int arity;

    Kind(int arity) {
      this.arity = arity;
    }

    int arity() {
      return arity;
    }

    /// Whether operands of that type are among those taken (by a choice: as its last two).
    boolean accepts(DType type) {
      return switch (this) {
        case FLOAT, FLOATS, PREDICATE -> type.isFloat();
        case NUMBER, NUMBERS, COMPARISON -> type != DType.BOOL;
        case INTEGERS -> type.isInteger();
        case BIT, BITS -> !type.isFloat();
        case EQUALITY, CHOICE -> true;
      };
    }
  }

  private static final Map<String, ScalarFn> BY_NAME = new HashMap<>();

  static {
    for (ScalarFn fn : values()) {
      BY_NAME.put(fn.text, fn);
    }
  }

  private final String text = name().toLowerCase(Locale.ROOT);
  private final ScalarRow row;
  private final Kind kind;
  private volatile List<Optional<Term>> derivatives = List.of();

  ScalarFn(ScalarRow row) {
    this.row = row;
    this.kind = row.kind;
    if (!row.isComplete()) {
      throw new IllegalStateException("the row of " + text + " lacks something");
    }
  }

  public int arity() {
    return kind.arity;
  }

  /// What it means on reals, as good as f64 gives; 1 and 0 for true and false. Never what a program yields.
  public double ofReals(double a, double b, double c) {
    return row.reals.orElseThrow(() -> undefined("floats")).of(a, b, c);
  }

  /// What it means on integers of a type (to be wrapped), or on bools, which are 0 and 1.
  public long ofIntegers(long a, long b, DType type) {
    return row.integers.orElseThrow(() -> undefined(type.toString())).of(a, b, type);
  }

  private KotangentException undefined(String type) {
    return new KotangentException(text + " is not defined on " + type);
  }

  private static long divisor(long b) {
    if (b == 0) {
      throw new KotangentException(
          "integer division by zero; guard the divisor, with a select for example");
    }
    return b;
  }

  /// The highest bit of a type: what Java takes of the distance of a shift.
  private static int lastBit(DType type) {
    return type == DType.I32 ? Integer.SIZE - 1 : Long.SIZE - 1;
  }

  /// The primitive that this function is, if it is one.
  public Optional<Basic> basic() {
    return row.basic;
  }

  /// A new formula over basics; [Lowering] keeps it.
  Term lower(DType type) {
    if (!accepts(type)) {
      throw undefined(type.toString());
    }
    return row.lowering.orElseThrow().apply(type);
  }

  /// Where tests sample operands: away from kinks and poles. The whole of `low..high` is in the domain.
  public double low() {
    return row.low;
  }

  public double high() {
    return row.high;
  }

  /// How people write it.
  public Notation notation() {
    return row.notation.map(Supplier::get)
        .orElseGet(() -> new Notation.Applied(text, Optional.empty()));
  }

  /// Whether any derivative passes.
  public boolean isDifferentiable() {
    return !row.derivatives.isEmpty();
  }

  /// The derivative with respect to each operand, as a formula in the seed; empty where none passes.
  public List<Optional<Term>> derivatives() {
    List<Optional<Term>> result = derivatives;
    if (result.isEmpty()) {
      result = row.derivatives.isEmpty()
          ? Stream.generate(Optional::<Term>empty).limit(arity()).toList()
          : row.derivatives.stream()
              .map(f -> f.isEmpty() ? Optional.<Term>empty() : Optional.of(TermParser.parse(f)))
              .toList();
      derivatives = result;
    }
    return result;
  }

  /// Whether it has one operand, and never falls while that grows (where it is defined).
  boolean isIncreasing() {
    return row.increasing;
  }

  /// Whether the operands may be exchanged without changing a bit.
  public boolean isCommutative() {
    return row.commutative;
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
    if (kind == Kind.CHOICE) {
      return operands.get(0) == DType.BOOL && operands.get(1) == operands.get(2);
    }
    boolean same = true;
    for (DType operand : operands) {
      same &= operand == operands.get(0);
    }
    return same && kind.accepts(operands.get(0));
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
    return kind.accepts(type);
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
