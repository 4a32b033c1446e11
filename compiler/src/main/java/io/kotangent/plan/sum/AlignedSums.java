package io.kotangent.plan.sum;

import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Value;
import io.kotangent.plan.form.RowForm;
import io.kotangent.plan.nest.Chunks;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.nest.SharedLoops;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The sums of a [RowForm] as [RowSums] makes them, but in aligned memory ([AlignedRows]). Some rows of the result are kept there until
/// they are finished; of these, as many as the first cache holds get a chunk of products, before the next ones get the same chunk, so that
/// an operand that is too large for caches is read once for all of them.
final class AlignedSums {
  private static final int DEPTH = AlignedRows.DEPTH;
  private static final int TILE = AlignedRows.TILE;
  private static final int PITCH = AlignedRows.PITCH;
  private static final int SHORTEST = 16;
  /// The most rows that are summed before they are finished.
  private static final int MOST = AlignedRows.MOST;
  /// The most elements of a block of rows, so that it stays in the first cache.
  private static final int CACHED = 6144;

  /// Gets finished rows of the result.
  interface Finish {
    /// @param at where the first of them is
    /// @param sums where they are kept
    void accept(Map<Character, Value> at, Value count, AlignedRows sums);
  }

  /// The array that the operand's rows are in.
  ///
  /// @param size how many elements it has
  record Source(ArrayParam array, Value size) {
  }

  private final NestBuilder nest;
  private final RowForm form;
  private final Finish finish;
  private final Source source;
  private final int length;
  private final int before;
  private final boolean flat;
  private final Optional<Character> tiled;
  /// The most rows that share copied rows of the operand.
  private final int block;
  private final AlignedRows rows;
  private final List<ArrayParam> panel = new ArrayList<>();

  AlignedSums(NestBuilder nest, RowForm form, Source source, Finish finish) {
    this.nest = nest;
    this.form = form;
    this.source = source;
    this.finish = finish;
    DType dtype = form.node().dtype();
    this.length = Math.toIntExact(form.length().constant());
    this.before = AlignedRows.before(dtype);
    this.tiled = RowSums.tiled(form);
    this.flat = isFlat(form);
    int cached = CACHED / AlignedRows.turns(dtype, length) / TILE * TILE;
    this.block = limited(Math.clamp(cached, TILE, MOST));
    this.rows = new AlignedRows(nest, dtype, length, form.isChunked() ? MOST + most() : block);
    if (block >= TILE && !isApart()) {
      panel.add(nest.scratch(dtype, Value.i32(DEPTH * PITCH)));
    }
  }

  /// Whether a form can be summed so.
  static boolean fits(RowForm form) {
    return form.node().dtype().isFloat() && form.length().isConstant()
        && form.length().constant() >= SHORTEST
        && form.length().constant() <= AlignedRows.LONGEST && !form.summed().isEmpty();
  }

  /// The most rows that finish together.
  int most() {
    return form.isChunked() ? limited(MOST) : block;
  }

  private int limited(int most) {
    if (tiled.isEmpty()) {
      return 1;
    }
    Dim size = form.size(tiled.get());
    return (int) (size.isConstant() ? Math.clamp(size.constant(), 1L, most) : most);
  }

  /// Whether the summed labels are one loop, since the steps of the innermost would not fill the row loops.
  private static boolean isFlat(RowForm form) {
    String summed = form.summed();
    for (char label : summed.substring(1).toCharArray()) {
      if (!form.size(label).isConstant() || form.size(label).constant() == 0) {
        return false;
      }
    }
    return summed.length() > 1
        && form.size(summed.charAt(summed.length() - 1)).constant() % DEPTH != 0;
  }

  /// Whether the rows of consecutive steps lie as far apart as row loops want them.
  private boolean isApart() {
    return !flat && form.rowsStride(form.summed().charAt(form.summed().length() - 1)).is(PITCH);
  }

  /// Emits what has to be done once, outside of all loops.
  void prepare() {
    rows.prepare();
  }

  /// All rows of the result; threads share them.
  void emitShared() {
    String others = tiled.map(label -> form.outer().replace(String.valueOf(label), ""))
        .orElse(form.outer());
    List<Dim> dims = new ArrayList<>();
    others.chars().forEach(label -> dims.add(form.size((char) label)));
    Dim work = form.rowWork();
    if (tiled.isEmpty()) {
      SharedLoops.over(nest, dims, work, index -> emit(at(others, index), Value.i32(1), true));
      return;
    }
    dims.add(form.size(tiled.get()));
    SharedLoops.ranges(nest, dims, Math.min(block, TILE), work,
        (index, span) -> emit(at(others, index), span));
  }

  /// Rows of the result along the tiled label.
  void emit(Map<Character, Value> at, NestBuilder.Span span) {
    Dim size = form.size(tiled.orElseThrow());
    boolean whole = span.aligned() && size.isConstant() && size.constant() % TILE == 0;
    nest.loop("i", span.from(), span.to(), most(), false, i -> {
      at.put(tiled.get(), i);
      emit(at, most() == 1 ? Value.i32(1)
          : nest.min(Value.i32(most()), nest.minus(span.to(), i)), whole);
    });
  }

  private static Map<Character, Value> at(String labels, List<Value> index) {
    Map<Character, Value> at = new HashMap<>();
    for (int i = 0; i < index.size(); i++) {
      at.put(labels.charAt(i), index.get(i));
    }
    return at;
  }

  /// Some consecutive rows of the result.
  ///
  /// @param whole whether they are so many tiles
  private void emit(Map<Character, Value> at, Value count, boolean whole) {
    if (form.isChunked()) {
      chunks(at, count, whole);
    } else {
      rows.clear(Value.i32(0), count);
      sum(new Block(count, Value.i32(0), whole), at, Value.i32(0),
          nest.dim(form.size(form.summed().charAt(0))));
    }
    finish.accept(at, count, rows);
  }

  /// Rows of sums.
  ///
  /// @param rows how many
  /// @param start where the first one is
  private record Block(Value rows, Value start, boolean whole) {
  }

  /// The first chunk is summed where the totals are to be, each other one beside them, and added.
  private void chunks(Map<Character, Value> at, Value count, boolean whole) {
    Chunks chunks = Chunks.of(nest, form.summedSizes());
    rows.clear(Value.i32(0), count);
    chunks.each(chunk -> {
      Value to = chunk.to();
      if (most() <= block) {
        chunk(new Block(count, Value.i32(0), whole), at, chunk, to);
        return;
      }
      nest.loop("b", Value.i32(0), count, block, false, b -> {
        Map<Character, Value> first = new HashMap<>(at);
        tiled.ifPresent(label -> first.put(label, nest.plus(at.get(label), b)));
        chunk(new Block(nest.min(Value.i32(block), nest.minus(count, b)),
            AlignedRows.place(nest, b), whole), first, chunk, to);
      });
    });
  }

  /// @param totals the rows that get a chunk
  private void chunk(Block totals, Map<Character, Value> at, Chunks.Chunk chunk, Value to) {
    Value start = nest.plus(totals.start(),
        nest.times(nest.min(chunk.place(), Value.i32(1)), Value.i32(AlignedRows.ASIDE)));
    chunk.afterFirst(() -> rows.clear(start, totals.rows()));
    sum(new Block(totals.rows(), start, totals.whole()), at, chunk.from(), to);
    chunk.afterFirst(() -> nest.loop("t", Value.i32(0), totals.rows(), 1, false,
        r -> rows.join(nest.plus(totals.start(), AlignedRows.place(nest, r)))));
  }

  /// One chunk of a single row.
  void chunk(Map<Character, Value> at, Value from, Value to) {
    rows.clear(Value.i32(0), Value.i32(1));
    sum(new Block(Value.i32(1), Value.i32(0), false), at, from, to);
    finish.accept(at, Value.i32(1), rows);
  }

  // ---- products

  /// The loops over summed labels, the first one from `from` to `to`; the innermost takes four steps at a time.
  private void sum(Block into, Map<Character, Value> at, Value from, Value to) {
    if (!flat) {
      sum(into, at, 0, from, to);
      return;
    }
    int inner = 1;
    for (char label : form.summed().substring(1).toCharArray()) {
      inner *= Math.toIntExact(form.size(label).constant());
    }
    Value each = Value.i32(inner);
    byDepth(nest.times(from, each), nest.times(to, each), (k, count) -> {
      List<Map<Character, Value>> points = new ArrayList<>();
      for (int d = 0; d < count; d++) {
        points.add(unfolded(at, nest.plus(k, Value.i32(d))));
      }
      steps(into, points);
    });
  }

  private Map<Character, Value> unfolded(Map<Character, Value> at, Value step) {
    Map<Character, Value> point = new HashMap<>(at);
    Value rest = step;
    for (int depth = form.summed().length() - 1; depth > 0; depth--) {
      char label = form.summed().charAt(depth);
      Value size = nest.dim(form.size(label));
      point.put(label, nest.remainder(rest, size));
      rest = nest.quotient(rest, size);
    }
    point.put(form.summed().charAt(0), rest);
    return point;
  }

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
    byDepth(from, to, (k, count) -> {
      List<Map<Character, Value>> points = new ArrayList<>();
      for (int d = 0; d < count; d++) {
        points.add(new HashMap<>(at));
        points.getLast().put(summed, nest.plus(k, Value.i32(d)));
      }
      steps(into, points);
    });
  }

  /// Some steps from one on.
  private interface Steps {
    void accept(Value first, int count);
  }

  private void byDepth(Value from, Value to, Steps steps) {
    nest.loop("k", from, nest.minus(to, Value.i32(DEPTH - 1)), DEPTH, false,
        k -> steps.accept(k, DEPTH));
    Value span = nest.minus(to, from);
    Value rest = NestBuilder.isConstant(span) ? Value.i32(NestBuilder.intOf(span) % DEPTH)
        : nest.let(Value.apply(Basic.AND, span, Value.i32(DEPTH - 1)));
    if (!rest.equals(Value.i32(0))) {
      nest.loop("k", nest.minus(to, rest), to, 1, false, k -> steps.accept(k, 1));
    }
  }

  /// Some steps of k at once, for all rows of a block.
  private void steps(Block into, List<Map<Character, Value>> points) {
    int count = points.size();
    List<Value> starts = new ArrayList<>();
    points.forEach(point -> starts.add(RowSums.index(nest, form, point, true)));
    if (count == DEPTH && isApart()) {
      Value first = rows.named(nest.minus(starts.getFirst(), Value.i32(before)));
      tiles(into, points, new AlignedRows.Operand(source.array(), Optional.of(first), List.of(),
          rows.end()));
    } else if (count < DEPTH || panel.isEmpty()) {
      tiles(into, points, inPlace(starts));
    } else if (into.whole()) {
      tiles(into, points, copied(starts));
    } else {
      nest.when(Value.apply(Basic.LT, into.rows(), Value.i32(TILE)),
          () -> singles(into, factors(points), Value.i32(0), inPlace(starts)),
          () -> tiles(into, points, copied(starts)));
    }
  }

  private AlignedRows.Operand copied(List<Value> starts) {
    for (int d = 0; d < starts.size(); d++) {
      nest.copy(source.array(), starts.get(d), panel.getFirst(), Value.i32(d * PITCH + before),
          Value.i32(length));
    }
    return new AlignedRows.Operand(panel.getFirst(), Optional.of(rows.named(Value.i32(0))),
        List.of(), rows.end());
  }

  private AlignedRows.Operand inPlace(List<Value> starts) {
    List<Value> shifted = new ArrayList<>();
    starts.forEach(each -> shifted.add(rows.named(nest.minus(each, Value.i32(before)))));
    return new AlignedRows.Operand(source.array(), Optional.empty(), shifted,
        rows.named(nest.min(rows.end(), room(starts))));
  }

  /// Where the turns over rows have to end that are read where they are, so that they stay in the array.
  private Value room(List<Value> starts) {
    Value last = starts.getFirst();
    for (Value start : starts) {
      last = last.equals(start) ? last : nest.let(Value.apply(Basic.MAX, last, start));
    }
    return nest.plus(nest.minus(source.size(), last), Value.i32(before));
  }

  /// Where the factors of steps are.
  private List<Value> factors(List<Map<Character, Value>> points) {
    List<Value> starts = new ArrayList<>();
    points.forEach(point -> starts.add(RowSums.index(nest, form, point, false)));
    return starts;
  }

  private void tiles(Block into, List<Map<Character, Value>> points,
      AlignedRows.Operand operand) {
    List<Value> starts = factors(points);
    Value even = Value.i32(0);
    if (block >= TILE) {
      even = into.whole() ? into.rows()
          : nest.let(Value.apply(Basic.AND, into.rows(), Value.i32(-TILE)));
      nest.loop("t", Value.i32(0), even, TILE, false,
          t -> tile(into, starts, t, TILE, operand));
    }
    if (block < TILE || !into.whole()) {
      singles(into, starts, even, operand);
    }
  }

  /// Row by row.
  private void singles(Block into, List<Value> starts, Value from, AlignedRows.Operand operand) {
    nest.loop("t", from, into.rows(), 1, false, t -> tile(into, starts, t, 1, operand));
  }

  /// Loads the factors and runs one row loop.
  private void tile(Block into, List<Value> starts, Value t, int height,
      AlignedRows.Operand operand) {
    ArrayParam array = nest.read(form.factors(), false);
    Dim next = tiled.map(form::factorStride).orElse(Dim.ZERO);
    Value down = nest.times(nest.dim(next), t);
    List<List<Value>> factors = new ArrayList<>();
    for (int r = 0; r < height; r++) {
      List<Value> own = new ArrayList<>();
      for (Value start : starts) {
        own.add(nest.load(array,
            nest.plus(nest.plus(start, down), nest.times(nest.dim(next), Value.i32(r)))));
      }
      factors.add(own);
    }
    rows.add(rows.named(nest.plus(into.start(), AlignedRows.place(nest, t))), factors, operand);
  }
}
