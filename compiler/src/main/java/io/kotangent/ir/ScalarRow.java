package io.kotangent.ir;

import io.kotangent.type.DType;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// A row of the table [ScalarFn], as it is put together: what is not said of a function does not hold of it.
///
/// Formulas and notations are made when they are asked for: a row costs a start nothing but itself.
final class ScalarRow {
  /// A value in f64; predicates and comparisons give 1 for true.
  interface Reals {
    double of(double a, double b, double c);
  }

  /// A value in integers of a type (the result is wrapped by the caller), or of bools, which are 0 and 1.
  interface Integers {
    long of(long a, long b, DType type);
  }

  private static final double LOW = -4;
  private static final double HIGH = 4;

  final ScalarFn.Kind kind;
  Optional<Basic> basic = Optional.empty();
  Optional<Function<DType, Term>> lowering = Optional.empty();
  Optional<Reals> reals = Optional.empty();
  Optional<Integers> integers = Optional.empty();
  double low = LOW;
  double high = HIGH;
  List<String> derivatives = List.of();
  boolean commutative;
  boolean increasing;
  Optional<Supplier<Notation>> notation = Optional.empty();

  private ScalarRow(ScalarFn.Kind kind) {
    this.kind = kind;
  }

  static ScalarRow row(ScalarFn.Kind kind) {
    return new ScalarRow(kind);
  }

  /// What it means on reals, as good as f64 gives: the oracle that lowerings are tested against.
  ScalarRow reals(DoubleUnaryOperator meaning) {
    return reals((a, _, _) -> meaning.applyAsDouble(a));
  }

  ScalarRow reals(DoubleBinaryOperator meaning) {
    return reals((a, b, _) -> meaning.applyAsDouble(a, b));
  }

  ScalarRow reals(Reals meaning) {
    reals = Optional.of(meaning);
    return this;
  }

  /// What it means on integers and bools.
  ScalarRow integers(Integers meaning) {
    integers = Optional.of(meaning);
    return this;
  }

  /// It is a primitive.
  ScalarRow lowered(Basic same) {
    basic = Optional.of(same);
    return lowered(_ -> prim(same));
  }

  /// Its formulas over primitives: at most 2 ulp from its meaning in f32, at most 4 in f64.
  ScalarRow lowered(Supplier<Term> f32, Supplier<Term> f64) {
    return lowered(type -> switch (type) {
      case F32 -> f32.get();
      case F64 -> f64.get();
      case I32, I64, BOOL -> throw new IllegalArgumentException(type + " is no float");
    });
  }

  /// The same of a function that in f64 is a primitive.
  ScalarRow lowered(Supplier<Term> f32, Basic f64) {
    return lowered(f32, () -> prim(f64));
  }

  /// One formula for all types that the function takes.
  ScalarRow lowered(Function<DType, Term> formula) {
    lowering = Optional.of(formula);
    return this;
  }

  private Term prim(Basic same) {
    return new Term.Prim(same,
        IntStream.range(0, kind.arity()).<Term>mapToObj(Term.Arg::new).toList());
  }

  /// Where tests sample operands: away from kinks and poles.
  ScalarRow domain(double from, double to) {
    low = from;
    high = to;
    return this;
  }

  /// Formulas in the seed, one for each operand; an empty one where none passes.
  ScalarRow derivatives(String... formulas) {
    derivatives = List.of(formulas);
    return this;
  }

  ScalarRow commutative() {
    commutative = true;
    return this;
  }

  /// The value never falls while the operand grows (where it is defined).
  ScalarRow increasing() {
    increasing = true;
    return this;
  }

  /// How people write it, if not `name(a, b)`.
  ScalarRow written(Supplier<Notation> notation) {
    this.notation = Optional.of(notation);
    return this;
  }

  /// By other functions: `log(1+x)`.
  ScalarRow writtenAs(String formula) {
    return written(() -> new Notation.Rewritten(formula));
  }

  /// `name(a, b)`, and in LaTeX by that command.
  ScalarRow latex(String name, String command) {
    return written(() -> new Notation.Applied(name, Optional.of(command)));
  }

  /// Whether everything is said that must be: whoever adds a row and forgets something sees no test run.
  boolean isComplete() {
    boolean onFloats = !kind.accepts(DType.F64) || reals.isPresent();
    boolean onIntegers = !kind.accepts(DType.I64) || kind == ScalarFn.Kind.CHOICE
        || integers.isPresent();
    return lowering.isPresent() && onFloats && onIntegers
        && (derivatives.isEmpty() || derivatives.size() == kind.arity());
  }
}
