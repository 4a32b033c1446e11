package io.kotangent.plan.sum;

import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Value;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Rows of sums in aligned memory, and the row loops over them. C2 need not fear that a store changes what is
/// loaded, so rows of the operand may be read where they are; and it makes one scalar turn before its vectors, not up to 15, since
/// rows begin with the last element of a cache line, and none after them, since rows are summed to the end of a line: what lies beyond
/// the operand's row is summed as well, and never read.
///
/// Row loops have no constant of the problem in them: there is one of each shape in a process.
final class AlignedRows {
  /// Rows of the operand that one row loop takes in.
  static final int DEPTH = 4;
  /// Rows of the result that one row loop adds to.
  static final int TILE = 4;
  /// Elements from the beginning of one row to that of the next: a constant, so that C2 sees that rows do not meet.
  static final int PITCH = 544;
  static final int LONGEST = 512;
  /// The most rows of sums that are kept.
  static final int MOST = 64;
  /// How far the sums of a chunk lie from the totals, a constant as well.
  static final int ASIDE = MOST * PITCH;
  private static final int LINE = 64;
  /// Tell C2 that no sum of indices overflows.
  private static final int TURNS_MASK = 1023;
  private static final int PLACE_MASK = (1 << 17) - 1;
  private static final int OPERAND_MASK = (1 << 26) - 1;

  /// Rows of the operand, as a row loop gets them.
  ///
  /// @param start where the first of several begins that lie [#PITCH] apart, less [#before(DType)]
  /// @param apart where each begins, less [#before(DType)], if they lie anywhere
  /// @param end where the turns have to end, so that they stay in the array
  record Operand(ArrayParam array, Optional<Value> start, List<Value> apart, Value end) {
  }

  private final NestBuilder nest;
  private final DType dtype;
  private final int before;
  private final int turns;
  private final ArrayParam sums;
  private final ArrayParam zeros;
  private Value end = Value.i32(0);

  /// @param length of a row
  /// @param rows how many there are
  AlignedRows(NestBuilder nest, DType dtype, int length, int rows) {
    this.nest = nest;
    this.dtype = dtype;
    this.before = before(dtype);
    this.turns = turns(dtype, length);
    this.sums = nest.aligned(dtype, Value.i32(rows * PITCH));
    this.zeros = nest.scratch(dtype, Value.i32(turns));
  }

  /// How many elements there are before those of a row.
  static int before(DType dtype) {
    return LINE / dtype.bytes() - 1;
  }

  /// One turn, then whole lines, of which C2 takes at least two.
  static int turns(DType dtype, int length) {
    int lanes = LINE / dtype.bytes();
    return 1 + Math.max(2, Math.ceilDiv(length - 1, lanes)) * lanes;
  }

  /// What has to be done once, outside of all loops.
  void prepare() {
    nest.fill(zeros, Value.i32(turns), new Value.Const(dtype, 0));
    end = named(Value.i32(before + turns));
  }

  /// Where the turns of a row end.
  Value end() {
    return end;
  }

  /// A value that is a local: row loops get even constants as parameters, since they serve others.
  Value named(Value value) {
    return value instanceof Value.Const ? Value.ref(nest.variable(value)) : nest.let(value);
  }

  /// Where a row of sums begins.
  ///
  /// @param row may be a value of any kind
  static Value place(NestBuilder nest, Value row) {
    return nest.times(row, Value.i32(PITCH));
  }

  /// An element of a row.
  Value element(Value row, Value j) {
    return nest.load(sums, nest.plus(nest.plus(place(nest, row), Value.i32(before)), j));
  }

  void copyRow(Value row, ArrayParam to, Value first, int length) {
    nest.copy(sums, nest.plus(place(nest, row), Value.i32(before)), to, first,
        Value.i32(length));
  }

  /// Sets some rows to zeros.
  ///
  /// @param start where the first of them begins
  void clear(Value start, Value rows) {
    nest.loop("t", Value.i32(0), rows, 1, false, r -> nest.copy(zeros, Value.i32(0), sums,
        nest.plus(nest.plus(start, place(nest, r)), Value.i32(before)), Value.i32(turns)));
  }

  /// Adds to a row the one [#ASIDE] from it.
  void join(Value place) {
    Value start = masked(named(place), PLACE_MASK);
    nest.loop("j", Value.i32(before), masked(end, TURNS_MASK), 1, true, j -> {
      Value at = nest.let(Value.apply(Basic.ADD, j, start));
      nest.store(sums, at, Value.apply(Basic.ADD, nest.load(sums, at),
          nest.load(sums, Value.apply(Basic.ADD, at, Value.i32(ASIDE)))));
    });
  }

  private static Value masked(Value value, int mask) {
    return Value.apply(Basic.AND, value, Value.i32(mask));
  }

  /// Adds rows of the operand, each times its factor, to rows of sums.
  ///
  /// @param place where the first of the sums begins, a local
  /// @param factors for each row of sums, those of the operand's rows
  void add(Value place, List<List<Value>> factors, Operand operand) {
    int count = factors.getFirst().size();
    boolean together = operand.start().isPresent() && factors.size() == TILE;
    List<Value> apart = operand.start().isPresent() && !together ? apart(operand, count)
        : operand.apart();
    nest.loop("j", Value.i32(before), masked(operand.end(), TURNS_MASK), 1, true, j -> {
      List<Value> elements = new ArrayList<>();
      Optional<Value> first = operand.start().filter(_ -> together)
          .map(start -> nest.let(Value.apply(Basic.ADD, j, masked(start, OPERAND_MASK))));
      for (int d = 0; d < count; d++) {
        elements.add(nest.load(operand.array(), first.isPresent() ? beyond(first.get(), d)
            : Value.apply(Basic.ADD, j, apart.get(d))));
      }
      Value at = nest.let(Value.apply(Basic.ADD, j, masked(place, PLACE_MASK)));
      for (int r = 0; r < factors.size(); r++) {
        Value sum = nest.load(sums, beyond(at, r));
        for (int d = 0; d < count; d++) {
          sum = nest.let(Value.apply(Basic.FMA, factors.get(r).get(d), elements.get(d), sum));
        }
        nest.store(sums, beyond(at, r), sum);
      }
    });
  }

  private static Value beyond(Value first, int rows) {
    return rows == 0 ? first : Value.apply(Basic.ADD, first, Value.i32(rows * PITCH));
  }

  private List<Value> apart(Operand operand, int count) {
    List<Value> places = new ArrayList<>();
    for (int d = 0; d < count; d++) {
      places.add(named(nest.plus(operand.start().orElseThrow(), Value.i32(d * PITCH))));
    }
    return places;
  }
}
