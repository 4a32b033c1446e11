package io.kotangent.plan;

import io.kotangent.ir.Basic;
import io.kotangent.ir.SumOrder;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The sums of a [RowForm] as [RowSums] makes them, but in aligned memory. C2 then need not fear that a store changes what is
/// loaded, so rows of the operand may be read where they are; and it makes one scalar turn before its vectors, not up to 15, since
/// rows begin with the last element of a cache line, and none after them, since rows are summed to the end of a line: what lies beyond
/// the operand's row is summed as well, and never read.
///
/// Row loops have no constant of the problem in them: there is one of each shape in a process.
final class AlignedSums {
  /// Rows of the operand that one row loop takes in.
  private static final int DEPTH = 4;
  /// Rows of the result that one row loop adds to.
  private static final int TILE = 4;
  /// Elements from the beginning of one row to that of the next: a constant, so that C2 sees that rows do not meet.
  private static final int PITCH = 544;
  private static final int LONGEST = 512;
  private static final int SHORTEST = 16;
  /// The most rows of a block, which share copied rows of the operand.
  private static final int MOST = 64;
  /// The most elements of a block, so that it stays in the first cache.
  private static final int CACHED = 6144;
  private static final int LINE = 64;
  /// Tell C2 that no sum of indices overflows.
  private static final int TURNS_MASK = 1023;
  private static final int PLACE_MASK = (1 << 17) - 1;

  /// Gets a finished row of the result.
  interface Finish {
    /// @param row a scratch array that begins with the row
    void accept(Map<Character, Value> at, ArrayParam row);
  }

  private final NestBuilder nest;
  private final RowForm form;
  private final Finish finish;
  private final ArrayParam source;
  private final DType dtype;
  private final int length;
  private final int before;
  private final int turns;
  private final Optional<Character> tiled;
  private final int block;
  private final ArrayParam sums;
  private final ArrayParam zeros;
  private final ArrayParam row;
  private final List<ArrayParam> panel = new ArrayList<>();
  private Value end = Value.i32(0);

  /// @param source the array that the rows are in
  AlignedSums(NestBuilder nest, RowForm form, ArrayParam source, Finish finish) {
    this.nest = nest;
    this.form = form;
    this.source = source;
    this.finish = finish;
    this.dtype = form.node().dtype();
    this.length = Math.toIntExact(form.length().constant());
    int lanes = LINE / dtype.bytes();
    this.before = lanes - 1;
    // one turn, then whole lines, of which C2 takes at least two
    this.turns = 1 + Math.max(2, Math.ceilDiv(length - 1, lanes)) * lanes;
    this.tiled = RowSums.tiled(form);
    this.block = block();
    this.sums = nest.aligned(dtype, Value.i32((isChunked() ? MOST + block : block) * PITCH));
    this.zeros = nest.scratch(dtype, Value.i32(turns));
    this.row = nest.scratch(dtype, Value.i32(length));
    if (block >= TILE) {
      panel.add(nest.scratch(dtype, Value.i32(DEPTH * PITCH)));
    }
  }

  /// Whether a form can be summed so.
  static boolean fits(RowForm form) {
    return form.node().dtype().isFloat() && form.length().isConstant()
        && form.length().constant() >= SHORTEST && form.length().constant() <= LONGEST
        && !form.summed().isEmpty();
  }

  /// A row, as it will be finished.
  ArrayParam row() {
    return row;
  }

  Value length() {
    return Value.i32(length);
  }

  private int block() {
    if (tiled.isEmpty()) {
      return 1;
    }
    Dim size = form.size(tiled.get());
    int most = Math.clamp(CACHED / turns / TILE * TILE, TILE, MOST);
    return (int) (size.isConstant() ? Math.clamp(size.constant(), 1L, most) : most);
  }

  private boolean isChunked() {
    Dim k = Dim.ONE;
    for (char label : form.summed().toCharArray()) {
      k = k.times(form.size(label));
    }
    return !k.isConstant() || k.constant() > SumOrder.CHUNK;
  }

  /// All rows of the result; threads share them.
  void emitShared() {
    nest.fill(zeros, Value.i32(turns), zero());
    end = named(Value.i32(before + turns));
    String others = tiled.map(label -> form.outer().replace(String.valueOf(label), ""))
        .orElse(form.outer());
    List<Dim> dims = new ArrayList<>();
    others.chars().forEach(label -> dims.add(form.size((char) label)));
    Dim work = Work.ofSums(form);
    if (tiled.isEmpty()) {
      SharedLoops.over(nest, dims, work, index -> emit(at(others, index), Value.i32(1), true));
      return;
    }
    dims.add(form.size(tiled.get()));
    int grain = Math.min(block, TILE);
    SharedLoops.ranges(nest, dims, grain, work, (index, span) -> {
      Map<Character, Value> at = at(others, index);
      Dim size = form.size(tiled.get());
      boolean whole = span.aligned() && size.isConstant() && size.constant() % TILE == 0;
      nest.loop("i", span.from(), span.to(), block, false, i -> {
        at.put(tiled.get(), i);
        emit(at, block == 1 ? Value.i32(1)
            : nest.min(Value.i32(block), nest.minus(span.to(), i)), whole);
      });
    });
  }

  private static Map<Character, Value> at(String labels, List<Value> index) {
    Map<Character, Value> at = new HashMap<>();
    for (int i = 0; i < index.size(); i++) {
      at.put(labels.charAt(i), index.get(i));
    }
    return at;
  }

  private Value zero() {
    return new Value.Const(dtype, 0);
  }

  /// Some consecutive rows of the result.
  ///
  /// @param whole whether they are so many tiles
  private void emit(Map<Character, Value> at, Value rows, boolean whole) {
    if (isChunked()) {
      chunks(at, rows, whole);
    } else {
      clear(Value.i32(0), rows);
      sum(new Block(rows, Value.i32(0), whole), at, 0, Value.i32(0),
          nest.dim(form.size(form.summed().charAt(0))));
    }
    nest.loop("r", Value.i32(0), rows, 1, false, r -> {
      Map<Character, Value> point = new HashMap<>(at);
      tiled.ifPresent(label -> point.put(label, nest.plus(at.get(label), r)));
      nest.copy(sums, nest.plus(nest.times(r, Value.i32(PITCH)), Value.i32(before)), row,
          Value.i32(0), Value.i32(length));
      finish.accept(point, row);
    });
  }

  private void clear(Value start, Value rows) {
    nest.loop("r", Value.i32(0), rows, 1, false,
        r -> nest.copy(zeros, Value.i32(0), sums,
            nest.plus(nest.plus(start, nest.times(r, Value.i32(PITCH))), Value.i32(before)),
            Value.i32(turns)));
  }

  /// Rows of sums.
  ///
  /// @param rows how many
  /// @param start where the first one is
  private record Block(Value rows, Value start, boolean whole) {
  }

  /// The first chunk is summed where the totals are to be, each other one beside them, and added.
  private void chunks(Map<Character, Value> at, Value rows, boolean whole) {
    Value outermost = nest.dim(form.size(form.summed().charAt(0)));
    Value steps = Chunks.steps(nest,
        form.summed().substring(1).chars().mapToObj(l -> form.size((char) l)).toList());
    Value count = Chunks.count(nest, outermost, steps);
    clear(Value.i32(0), rows);
    nest.loop("c", Value.i32(0), count, 1, false, c -> {
      Value from = nest.times(c, steps);
      Value to = nest.min(outermost, nest.plus(from, steps));
      Value start = nest.times(nest.min(c, Value.i32(1)), Value.i32(MOST * PITCH));
      after(c, () -> clear(start, rows));
      sum(new Block(rows, start, whole), at, 0, from, to);
      after(c, () -> nest.loop("r", Value.i32(0), rows, 1, false, this::join));
    });
  }

  /// What is done for other chunks than the first.
  private void after(Value c, Runnable body) {
    nest.when(Value.apply(Basic.LT, Value.i32(0), c), body, () -> {
      // these are the totals
    });
  }

  private void join(Value r) {
    Value place = nest.times(r, Value.i32(PITCH));
    nest.loop("j", Value.i32(before), masked(end, TURNS_MASK), 1, true, j -> {
      Value at = nest.let(Value.apply(Basic.ADD, j, masked(place, PLACE_MASK)));
      nest.store(sums, at, Value.apply(Basic.ADD, nest.load(sums, at),
          nest.load(sums, Value.apply(Basic.ADD, at, Value.i32(MOST * PITCH)))));
    });
  }

  private static Value masked(Value value, int mask) {
    return Value.apply(Basic.AND, value, Value.i32(mask));
  }

  /// The loops over summed labels from `depth` on; the innermost takes four steps at a time.
  private void sum(Block into, Map<Character, Value> at, int depth, Value from, Value to) {
    char summed = form.summed().charAt(depth);
    if (depth + 1 < form.summed().length()) {
      nest.loop("k", from, to, 1, false, k -> {
        at.put(summed, k);
        sum(into, at, depth + 1, Value.i32(0),
            nest.dim(form.size(form.summed().charAt(depth + 1))));
      });
      return;
    }
    nest.loop("k", from, nest.minus(to, Value.i32(DEPTH - 1)), DEPTH, false,
        k -> steps(into, at, k, DEPTH));
    Value span = nest.minus(to, from);
    Value rest = NestBuilder.isConstant(span) ? Value.i32(NestBuilder.intOf(span) % DEPTH)
        : nest.let(Value.apply(Basic.AND, span, Value.i32(DEPTH - 1)));
    if (!rest.equals(Value.i32(0))) {
      nest.loop("k", nest.minus(to, rest), to, 1, false, k -> steps(into, at, k, 1));
    }
  }

  /// Some steps of k at once, for all rows of a block.
  private void steps(Block into, Map<Character, Value> at, Value k, int count) {
    char summed = form.summed().charAt(form.summed().length() - 1);
    at.put(summed, k);
    Value start = RowSums.index(nest, form, at, true);
    List<Value> starts = new ArrayList<>();
    for (int d = 0; d < count; d++) {
      starts.add(nest.plus(start, times(form.rowsStride(summed), d)));
    }
    if (count == DEPTH && block >= TILE) {
      for (int d = 0; d < count; d++) {
        nest.copy(source, starts.get(d), panel.getFirst(), Value.i32(d * PITCH + before),
            Value.i32(length));
      }
      tiles(into, at, new Operand(panel.getFirst(), List.of(), end), count);
    } else {
      List<Value> shifted = new ArrayList<>();
      starts.forEach(each -> shifted.add(named(nest.minus(each, Value.i32(before)))));
      tiles(into, at, new Operand(source, shifted, named(nest.min(end, room(starts)))), count);
    }
  }

  /// A value that is a local: row loops get even constants as parameters, since they serve others.
  private Value named(Value value) {
    return value instanceof Value.Const ? Value.ref(nest.variable(value)) : nest.let(value);
  }

  /// Where the turns over rows have to end that are read where they are, so that they stay in the array.
  private Value room(List<Value> starts) {
    Value last = starts.getFirst();
    for (Value start : starts) {
      last = last.equals(start) ? last : nest.let(Value.apply(Basic.MAX, last, start));
    }
    return nest.plus(nest.minus(nest.dim(form.rows().shape().size()), last), Value.i32(before));
  }

  /// Rows of the operand, as a row loop gets them.
  ///
  /// @param rows where they begin, less `before`; in the panel they lie one after the other
  private record Operand(ArrayParam array, List<Value> rows, Value end) {
  }

  private void tiles(Block into, Map<Character, Value> at, Operand operand, int count) {
    Value factor = RowSums.index(nest, form, at, false);
    Value even = into.rows();
    if (block >= TILE) {
      even = into.whole() ? into.rows()
          : nest.let(Value.apply(Basic.AND, into.rows(), Value.i32(-TILE)));
      nest.loop("t", Value.i32(0), even, TILE, false,
          t -> tile(into, factor, t, TILE, operand, count));
    }
    if (block < TILE || !into.whole()) {
      nest.loop("t", block < TILE ? Value.i32(0) : even, into.rows(), 1, false,
          t -> tile(into, factor, t, 1, operand, count));
    }
  }

  /// Loads the factors and runs one row loop.
  private void tile(Block into, Value factor, Value t, int rows, Operand operand, int count) {
    ArrayParam factors = nest.read(form.factors(), false);
    char summed = form.summed().charAt(form.summed().length() - 1);
    Dim next = tiled.map(form::factorStride).orElse(Dim.ZERO);
    Value start = nest.plus(factor, nest.times(nest.dim(next), t));
    List<List<Value>> loaded = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      loaded.add(new ArrayList<>());
      for (int d = 0; d < count; d++) {
        loaded.get(r).add(nest.load(factors,
            nest.plus(nest.plus(start, times(next, r)), times(form.factorStride(summed), d))));
      }
    }
    Value place = named(nest.plus(into.start(), nest.times(t, Value.i32(PITCH))));
    boolean panels = operand.rows().isEmpty() && rows == TILE;
    List<Value> places = operand.rows().isEmpty() && !panels ? inPanel(count) : operand.rows();
    nest.loop("j", Value.i32(before), masked(operand.end(), TURNS_MASK), 1, true, j -> {
      List<Value> elements = new ArrayList<>();
      for (int d = 0; d < count; d++) {
        Value distance = panels ? Value.i32(d * PITCH) : places.get(d);
        elements.add(nest.load(operand.array(), panels && d == 0 ? j
            : Value.apply(Basic.ADD, j, distance)));
      }
      Value at = nest.let(Value.apply(Basic.ADD, j, masked(place, PLACE_MASK)));
      for (int r = 0; r < rows; r++) {
        Value element = r == 0 ? at : Value.apply(Basic.ADD, at, Value.i32(r * PITCH));
        Value sum = nest.load(sums, element);
        for (int d = 0; d < count; d++) {
          sum = nest.let(Value.apply(Basic.FMA, loaded.get(r).get(d), elements.get(d), sum));
        }
        nest.store(sums, element, sum);
      }
    });
  }

  private List<Value> inPanel(int count) {
    List<Value> places = new ArrayList<>();
    for (int d = 0; d < count; d++) {
      places.add(named(Value.i32(d * PITCH)));
    }
    return places;
  }

  private Value times(Dim stride, int count) {
    return nest.times(nest.dim(stride), Value.i32(count));
  }
}
