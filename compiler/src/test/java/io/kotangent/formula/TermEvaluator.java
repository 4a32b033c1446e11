package io.kotangent.formula;

import io.kotangent.eval.TensorValue;
import io.kotangent.formula.FormulaTerm.Along;
import io.kotangent.formula.FormulaTerm.Applied;
import io.kotangent.formula.FormulaTerm.Bracket;
import io.kotangent.formula.FormulaTerm.Choice;
import io.kotangent.formula.FormulaTerm.Fenced;
import io.kotangent.formula.FormulaTerm.Index;
import io.kotangent.formula.FormulaTerm.Matrices;
import io.kotangent.formula.FormulaTerm.Name;
import io.kotangent.formula.FormulaTerm.Picked;
import io.kotangent.formula.FormulaTerm.Power;
import io.kotangent.formula.FormulaTerm.Product;
import io.kotangent.formula.FormulaTerm.Reduced;
import io.kotangent.formula.FormulaTerm.Related;
import io.kotangent.formula.FormulaTerm.Spread;
import io.kotangent.formula.FormulaTerm.Sum;
import io.kotangent.formula.FormulaTerm.Transposed;
import io.kotangent.ir.Notation;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/// What a formula's terms are worth, in f64: what they say to a reader, by none of the code that made them. Axes along which a
/// value does not vary have size 1.
final class TermEvaluator {
  /// What is no notation of numbers: layout, loops.
  static final class Opaque extends RuntimeException {
    private static final long serialVersionUID = 1;

    Opaque(String what) {
      super(what);
    }
  }

  record Value(int[] dims, double[] data) {
    static Value number(double x) {
      return new Value(new int[0], new double[] {x});
    }

    int rank() {
      return dims.length;
    }

    /// The element at an index; axes of size 1 are repeated, a scalar is everywhere.
    double at(int[] index) {
      int place = 0;
      for (int i = 0; i < dims.length; i++) {
        place = place * dims[i] + (dims[i] == 1 ? 0 : index[i]);
      }
      return data[place];
    }
  }

  private static final Map<String, ScalarFn> FUNCTIONS = new HashMap<>();

  static {
    for (ScalarFn fn : ScalarFn.values()) {
      if (fn.notation() instanceof Notation.Applied(var name, var _)) {
        FUNCTIONS.put(name, fn);
      }
    }
  }

  private final Map<String, TensorValue> inputs;
  private final Map<String, Long> sizes;

  TermEvaluator(Map<String, TensorValue> inputs, Map<String, Long> sizes) {
    this.inputs = inputs;
    this.sizes = sizes;
  }

  Value value(FormulaTerm term) {
    return switch (term) {
      case Name name -> name(name);
      case Sum sum -> sum.terms().stream().map(this::value).reduce((a, b) -> zip(a, b, Double::sum))
          .orElseThrow();
      case Product product -> product(product);
      case Matrices m when m.rank() > 2 -> throw new Opaque("a stack of matrices");
      case Matrices m -> m.factors().stream().map(this::value).reduce(TermEvaluator::matmul)
          .orElseThrow();
      case Transposed t -> transposed(value(t.of()));
      case Applied a -> applied(a);
      case Spread s -> spread(value(s.of()), s);
      case Reduced r -> reduced(r);
      case Along a -> along(a);
      case Index i -> throw new Opaque("index " + i);
      case FormulaTerm.Sliced s -> throw new Opaque("slice " + s.axes());
      case Picked p -> throw new Opaque("picked " + p.rank());
      case Related r -> related(r);
      case Bracket b -> value(b.condition());
      case Fenced f -> f.isDouble() ? norm(value(f.inside())) : map(value(f.inside()), Math::abs);
      case Choice c -> choice(value(c.condition()), value(c.then()), value(c.otherwise()));
    };
  }

  private Value name(Name name) {
    TensorValue given = inputs.get(name.name());
    if (given != null) {
      double[] data = new double[given.size()];
      for (int i = 0; i < data.length; i++) {
        data[i] = given.dtype() == DType.BOOL ? given.bool(i) ? 1 : 0 : given.real(i);
      }
      return new Value(given.dims(), data);
    }
    Long size = sizes.get(name.name());
    if (size == null) {
      throw new Opaque("name " + name.name());
    }
    return Value.number(size);
  }

  private Value product(Product product) {
    Value all = Value.number(product.coefficient());
    for (Power factor : product.factors()) {
      double e = factor.exponent();
      all = zip(all, map(value(factor.base()),
          x -> e == 1 ? x : e == -1 ? 1 / x : e == 0.5 ? Math.sqrt(x) : Math.pow(x, e)),
          (a, b) -> a * b);
    }
    return all;
  }

  private static Value map(Value x, DoubleUnaryOperator f) {
    double[] data = x.data().clone();
    for (int i = 0; i < data.length; i++) {
      data[i] = f.applyAsDouble(data[i]);
    }
    return new Value(x.dims(), data);
  }

  private static Value zip(Value a, Value b, DoubleBinaryOperator f) {
    if (a.rank() != b.rank() && a.rank() > 0 && b.rank() > 0) {
      throw new AssertionError("ranks " + a.rank() + " and " + b.rank());
    }
    int[] dims = (a.rank() >= b.rank() ? a : b).dims().clone();
    for (int i = 0; i < dims.length && a.rank() == b.rank(); i++) {
      dims[i] = a.dims()[i] == 1 ? b.dims()[i] : a.dims()[i];
      if (b.dims()[i] != 1 && b.dims()[i] != dims[i]) {
        throw new AssertionError("sizes " + a.dims()[i] + " and " + b.dims()[i]);
      }
    }
    return filled(dims, index -> f.applyAsDouble(a.rank() == 0 ? a.data()[0] : a.at(index),
        b.rank() == 0 ? b.data()[0] : b.at(index)));
  }

  private interface AtIndex {
    double at(int[] index);
  }

  private static Value filled(int[] dims, AtIndex f) {
    int size = 1;
    for (int dim : dims) {
      size *= dim;
    }
    double[] data = new double[size];
    int[] index = new int[dims.length];
    for (int place = 0; place < size; place++) {
      int rest = place;
      for (int i = dims.length - 1; i >= 0; i--) {
        index[i] = rest % dims[i];
        rest /= dims[i];
      }
      data[place] = f.at(index);
    }
    return new Value(dims, data);
  }

  private static Value matmul(Value a, Value b) {
    if (a.rank() > 2 || b.rank() > 2 || a.rank() == 0 || b.rank() == 0) {
      throw new Opaque("matrices of ranks " + a.rank() + " and " + b.rank());
    }
    if (a.rank() == 1 && b.rank() == 1) {
      // xᵀ·y, or x·yᵀ: which, only the rank of the whole tells
      throw new Opaque("vectors");
    }
    Value left = a.rank() == 1 ? new Value(new int[] {1, a.dims()[0]}, a.data()) : a;
    Value right = b.rank() == 1 ? new Value(new int[] {b.dims()[0], 1}, b.data()) : b;
    if (left.dims()[1] != right.dims()[0]) {
      throw new Opaque("axes that do not vary");
    }
    Value all = filled(new int[] {left.dims()[0], right.dims()[1]}, at -> {
      double sum = 0;
      for (int k = 0; k < left.dims()[1]; k++) {
        sum += left.at(new int[] {at[0], k}) * right.at(new int[] {k, at[1]});
      }
      return sum;
    });
    return a.rank() == 1 ? new Value(new int[] {all.dims()[1]}, all.data())
        : b.rank() == 1 ? new Value(new int[] {all.dims()[0]}, all.data()) : all;
  }

  private static Value transposed(Value x) {
    if (x.rank() < 2) {
      return x;
    }
    int[] dims = x.dims().clone();
    int last = dims.length - 1;
    dims[last] = x.dims()[last - 1];
    dims[last - 1] = x.dims()[last];
    return filled(dims, at -> {
      int[] from = at.clone();
      from[last] = at[last - 1];
      from[last - 1] = at[last];
      return x.at(from);
    });
  }

  private Value applied(Applied a) {
    List<Value> of = a.arguments().stream().map(this::value).toList();
    if (a.name().equals("^")) {
      return zip(of.get(0), of.get(1), Math::pow);
    }
    if (a.name().equals("¬")) {
      return map(of.getFirst(), x -> 1 - x);
    }
    if (a.name().equals("trunc")) {
      return map(of.getFirst(), x -> x < 0 ? Math.ceil(x) : Math.floor(x));
    }
    ScalarFn fn = FUNCTIONS.get(a.name());
    if (fn == null || !fn.accepts(DType.F64)) {
      throw new Opaque(a.name());
    }
    return of.size() == 1 ? map(of.getFirst(), x -> fn.ofReals(x, 0, 0))
        : of.size() == 2 ? zip(of.get(0), of.get(1), (x, y) -> fn.ofReals(x, y, 0))
            : opaque(a.name());
  }

  private static Value opaque(String what) {
    throw new Opaque(what);
  }

  private static Value spread(Value x, Spread s) {
    int[] dims = new int[s.rank()];
    java.util.Arrays.fill(dims, 1);
    for (int i = 0; i < s.axes().size(); i++) {
      dims[s.axes().get(i)] = x.dims()[i];
    }
    return new Value(dims, x.data());
  }

  private Value reduced(Reduced r) {
    Value of = value(r.of());
    int[] ones = new int[r.rank() + r.axes().size()];
    java.util.Arrays.fill(ones, 1);
    Value x = of.rank() == 0 ? new Value(ones, of.data()) : of;
    double count = value(r.count()).data()[0];
    double known = 1;
    int[] dims = x.dims().clone();
    for (int axis : r.axes()) {
      known *= dims[axis];
      dims[axis] = 1;
    }
    double repeats = known == 0 ? 1 : count / known;
    Value all = filled(dims, at -> reduced(r, elements(x, r.axes(), at), repeats, count));
    int[] kept = r.kept().stream().mapToInt(axis -> dims[axis]).toArray();
    return new Value(kept, all.data());
  }

  private static double reduced(Reduced r, double[] of, double repeats, double count) {
    double sum = java.util.Arrays.stream(of).sum() * repeats;
    return switch (r.name()) {
      case "Σ" -> sum;
      case "mean" -> sum / count;
      case "var" -> {
        double mean = sum / count;
        yield java.util.Arrays.stream(of).map(x -> (x - mean) * (x - mean)).sum() * repeats
            / count;
      }
      case "Π" -> Math.pow(java.util.Arrays.stream(of).reduce(1, (a, b) -> a * b), repeats);
      case "max" -> java.util.Arrays.stream(of).reduce(Double.NEGATIVE_INFINITY, Math::max);
      case "min" -> java.util.Arrays.stream(of).reduce(Double.POSITIVE_INFINITY, Math::min);
      case "logSumExp" -> Math.log(java.util.Arrays.stream(of).map(Math::exp).sum() * repeats);
      default -> throw new Opaque(r.name());
    };
  }

  private static double[] elements(Value x, List<Integer> axes, int[] at) {
    int[] dims = axes.stream().mapToInt(axis -> x.dims()[axis]).toArray();
    return filled(dims, inner -> {
      int[] index = at.clone();
      for (int i = 0; i < dims.length; i++) {
        index[axes.get(i)] = inner[i];
      }
      return x.at(index);
    }).data();
  }

  private Value along(Along a) {
    Value x = value(a.of());
    return filled(x.dims(), at -> {
      double[] exps =
          java.util.Arrays.stream(elements(x, a.axes(), at)).map(Math::exp).toArray();
      double softmax = Math.exp(x.at(at)) / java.util.Arrays.stream(exps).sum();
      return switch (a.name()) {
        case "softmax" -> softmax;
        case "log softmax" -> Math.log(softmax);
        default -> throw new Opaque(a.name());
      };
    });
  }

  private Value related(Related r) {
    return zip(value(r.left()), value(r.right()), (a, b) -> switch (r.sign()) {
      case "<" -> a < b;
      case "≤" -> a <= b;
      case ">" -> a > b;
      case "≥" -> a >= b;
      case "=" -> a == b;
      case "≠" -> a != b;
      case "∧" -> a != 0 && b != 0;
      case "∨" -> a != 0 || b != 0;
      default -> throw new Opaque(r.sign());
    } ? 1 : 0);
  }

  private static Value norm(Value x) {
    return Value.number(Math.sqrt(java.util.Arrays.stream(x.data()).map(v -> v * v).sum()));
  }

  private static Value choice(Value c, Value a, Value b) {
    Value yes = zip(c, a, (x, y) -> x != 0 ? y : 0);
    Value no = zip(c, b, (x, y) -> x == 0 ? y : 0);
    return zip(yes, no, Double::sum);
  }

  /// Whether a value has what a tensor has, its axes of size 1 repeated.
  Optional<String> difference(Value got, TensorValue expected, double tolerance) {
    int[] dims = expected.dims();
    if (got.rank() != 0 && got.rank() != dims.length) {
      return Optional.of("rank " + got.rank() + " instead of " + dims.length);
    }
    Value all = filled(dims, at -> got.rank() == 0 ? got.data()[0] : got.at(at));
    for (int i = 0; i < expected.size(); i++) {
      double right = expected.dtype() == DType.BOOL ? expected.bool(i) ? 1 : 0 : expected.real(i);
      double is = all.data()[i];
      boolean near = Math.abs(is - right) <= tolerance * Math.max(1, Math.abs(right));
      if (Double.isFinite(right) && Double.isFinite(is) && !near) {
        return Optional.of("element " + i + ": " + is + " instead of " + right);
      }
    }
    return Optional.empty();
  }
}
