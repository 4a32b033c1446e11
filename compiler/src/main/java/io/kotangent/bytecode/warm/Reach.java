package io.kotangent.bytecode.warm;

import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongBinaryOperator;

/// How far into its arrays a kernel reads and writes, at most, when its int parameters lie in some ranges: what a part of it needs
/// of arrays that may be very long. An upper bound by interval arithmetic.
final class Reach {
  /// From the least to the most, both included.
  record Range(long least, long most) {
    static Range of(long value) {
      return new Range(value, value);
    }

    /// The corners of a function that is monotone in each of its operands.
    static Range corners(LongBinaryOperator corner, Range a, Range b) {
      long ll = corner.applyAsLong(a.least, b.least);
      long lm = corner.applyAsLong(a.least, b.most);
      long ml = corner.applyAsLong(a.most, b.least);
      long mm = corner.applyAsLong(a.most, b.most);
      return new Range(Math.min(Math.min(ll, lm), Math.min(ml, mm)),
          Math.max(Math.max(ll, lm), Math.max(ml, mm)));
    }

    Range or(Range other) {
      return new Range(Math.min(least, other.least), Math.max(most, other.most));
    }

    /// What an i32 cannot hold wraps around, and is anything then.
    boolean isInt() {
      return least >= Integer.MIN_VALUE && most <= Integer.MAX_VALUE;
    }
  }

  private static final Range ANY = new Range(Integer.MIN_VALUE, Integer.MAX_VALUE);

  private final Map<Local, Range> ranges = new HashMap<>();
  private final Set<Local> assigned = new HashSet<>();
  private final Map<ArrayParam, Long> most = new HashMap<>();

  private Reach() {
  }

  /// For each array, in their order, how many elements there have to be; over 2³¹ if it cannot be known.
  ///
  /// @param ints of each int parameter
  static List<Long> of(Kernel kernel, List<Range> ints) {
    Reach reach = new Reach();
    for (int i = 0; i < ints.size(); i++) {
      reach.ranges.put(kernel.ints().get(i), ints.get(i));
    }
    reach.collectAssigned(kernel.body());
    reach.walk(kernel.body());
    return kernel.arrays().stream().map(array -> reach.most.getOrDefault(array, 0L)).toList();
  }

  private void collectAssigned(List<Stmt> stmts) {
    for (Stmt stmt : stmts) {
      switch (stmt) {
        case Stmt.Assign assign -> assigned.add(assign.local());
        case Stmt.For loop -> collectAssigned(loop.body());
        case Stmt.Lanes lanes -> collectAssigned(lanes.body());
        case Stmt.If branch -> {
          collectAssigned(branch.then());
          collectAssigned(branch.otherwise());
        }
        case Stmt.Let _, Stmt.Store _, Stmt.Copy _, Stmt.Fill _, Stmt.Transpose _, Stmt.Check _ -> {
          // assigns no local
        }
      }
    }
  }

  private void walk(List<Stmt> stmts) {
    stmts.forEach(this::walk);
  }

  private void walk(Stmt stmt) {
    switch (stmt) {
      case Stmt.For(var at, var from, var to, _, var body, _) -> loop(at, from, to, body);
      case Stmt.Lanes(var at, var from, var to, _, _, var body) -> loop(at, from, to, body);
      case Stmt.Let(var local, var value) -> {
        Range range = range(value);
        ranges.put(local, assigned.contains(local) ? ANY : range);
      }
      case Stmt.Assign(_, var value) -> range(value);
      case Stmt.Store(var array, var index, var value) -> {
        range(value);
        touch(array, range(index).most());
      }
      case Stmt.Copy(var from, var fromIndex, var to, var toIndex, var length) -> {
        long last = range(length).most() - 1;
        touch(from, range(fromIndex).most() + last);
        touch(to, range(toIndex).most() + last);
      }
      case Stmt.Fill(var array, var from, var length, var value) -> {
        range(value);
        touch(array, range(from).most() + range(length).most() - 1);
      }
      case Stmt.Transpose(var from, var to, _, var end, var rows, var columns, _) -> {
        long last = range(end).most() - 1;
        touch(from, (columns - 1L) * rows + last);
        touch(to, last * columns + columns - 1);
      }
      case Stmt.If(var condition, var then, var otherwise) -> {
        range(condition);
        walk(then);
        walk(otherwise);
      }
      case Stmt.Check(var condition, _) -> range(condition);
    }
  }

  /// What never turns touches nothing.
  private void loop(Local variable, Value from, Value to, List<Stmt> body) {
    long first = range(from).least();
    long last = range(to).most() - 1;
    if (first <= last) {
      ranges.put(variable, new Range(first, last));
      walk(body);
    }
  }

  private void touch(ArrayParam array, long index) {
    most.merge(array, index + 1, Math::max);
  }

  /// What an integer may be; anything, if that is not known, as for all else.
  private Range range(Value value) {
    return switch (value) {
      case Value.Const constant -> constant.dtype() == DType.I32 ? Range.of((int) constant.bits())
          : ANY;
      case Value.Ref ref -> ranges.getOrDefault(ref.local(), ANY);
      case Value.Load load -> {
        touch(load.array(), range(load.index()).most());
        yield ANY;
      }
      case Value.Apply apply -> {
        List<Range> args = apply.args().stream().map(this::range).toList();
        yield apply.dtype() == DType.I32
            ? apply(apply.basic(), args).filter(Range::isInt).orElse(ANY) : ANY;
      }
    };
  }

  private static Optional<Range> apply(Basic basic, List<Range> args) {
    Range a = args.getFirst();
    Range b = args.get(args.size() > 1 ? 1 : 0);
    boolean positive = b.least() > 0;
    return switch (basic) {
      case ADD -> Optional.of(Range.corners(Long::sum, a, b));
      case SUB -> Optional.of(Range.corners((x, y) -> x - y, a, b));
      case MUL -> Optional.of(Range.corners((x, y) -> x * y, a, b));
      case MIN -> Optional.of(Range.corners(Math::min, a, b));
      case MAX -> Optional.of(Range.corners(Math::max, a, b));
      case DIV -> positive ? Optional.of(Range.corners((x, y) -> x / y, a, b)) : Optional.empty();
      case REM -> positive ? Optional.of(remainder(a, b.most() - 1)) : Optional.empty();
      case SELECT -> Optional.of(b.or(args.getLast()));
      default -> Optional.empty();
    };
  }

  private static Range remainder(Range a, long most) {
    return new Range(Math.max(-most, Math.min(a.least(), 0)),
        Math.min(Math.max(a.most(), 0), most));
  }
}
