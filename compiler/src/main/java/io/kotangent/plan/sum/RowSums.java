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

/// The sums of a [RowForm]: rows of the result are accumulated in scratch from rows of one operand, each times a factor of the
/// other, by row loops that C2 vectorizes.
///
/// A block of rows of the result shares four copied rows of the operand, and four of them a row loop: that is what keeps
/// the floating-point units busy.
/// Every result is a chain of `fma` with k increasing, in chunks, as the numerics contract demands; so the bits are those of
/// a scalar loop.
public final class RowSums {
  /// Rows of the operand that one row loop takes in.
  private static final int DEPTH = 4;
  /// The most primitives that finish a block.
  private static final int FINISHED = 112;
  /// Elements that the vectors of all processors divide.
  private static final int WIDEST = 16;
  /// The most elements of a block, so that it stays in the first cache.
  private static final int CACHED = 4096;

  /// Gets a finished row of the result, and where it is.
  interface Finish {
    /// @param rows one for each step of the tiled label from `at` on
    void accept(Map<Character, Value> at, Optional<Character> tiled, List<ArrayParam> rows);

    /// About how many primitives it adds for each row: what is emitted for all rows of a block must fit into a method.
    default int weight() {
      return 1;
    }
  }

  /// What stands between the elements of the rows operand and the factors that they are multiplied by.
  interface Gate {
    Gate OPEN = new Gate() {
    };

    /// Runs `body` where the place of a summed label, but the innermost, has a factor.
    default void pass(char label, Map<Character, Value> at, Runnable body) {
      body.run();
    }

    /// Whether the factors are in their array; if not, they are zeros. Nothing if they always are.
    default Optional<Value> isInside() {
      return Optional.empty();
    }

    /// What is to be added to the place of a factor.
    default Value offset() {
      return Value.i32(0);
    }
  }

  private final NestBuilder nest;
  private final RowForm form;
  private final Gate gate;
  private final ArrayParam source;
  private final Finish finish;
  private final Value length;
  private final Value turns;
  private final DType dtype;
  private final Optional<Character> tiled;
  private final int rowTile;
  private final int block;
  private final List<ArrayParam> totals = new ArrayList<>();
  private final List<ArrayParam> partials = new ArrayList<>();
  private final List<ArrayParam> copies = new ArrayList<>();

  /// @param source the array that the rows are in
  RowSums(NestBuilder nest, RowForm form, ArrayParam source, RowBlocks blocks, Finish finish) {
    this(nest, form, source, blocks, finish, Gate.OPEN);
  }

  RowSums(NestBuilder nest, RowForm form, ArrayParam source, RowBlocks blocks, Finish finish,
      Gate gate) {
    this.nest = nest;
    this.gate = gate;
    this.form = form;
    this.source = source;
    this.finish = finish;
    this.length = nest.dim(form.length());
    this.turns = blocks.isLarge() ? length : nest.parameter(form.length());
    this.dtype = form.node().dtype();
    this.tiled = tiled(form);
    this.rowTile = blocks.tile();
    this.block = block(blocks.most());
    scratch(totals, block);
    scratch(partials, form.isChunked() ? block : 0);
    if (isPanel()) {
      copies.add(nest.scratch(dtype, Value.i32(depth() * distance())));
    } else {
      scratch(copies, depth());
    }
  }

  /// The most rows of the operand that one row loop adds.
  private int depth() {
    Dim steps = form.summed().isEmpty() ? Dim.ONE
        : form.size(form.summed().charAt(form.summed().length() - 1));
    return steps.isConstant() ? Math.clamp(steps.constant(), 1, DEPTH) : DEPTH;
  }

  private void scratch(List<ArrayParam> arrays, int count) {
    for (int i = 0; i < count; i++) {
      arrays.add(nest.scratch(dtype, length));
    }
  }

  /// How many rows of the result make a block; one if none share rows of the operand.
  private int block(int limit) {
    if (tiled.isEmpty()) {
      return 1;
    }
    long rows =
        form.length().isConstant() ? CACHED / Math.max(1, form.length().constant()) : rowTile;
    rows = Math.min(rows, FINISHED / Math.max(1, finish.weight()));
    long most = Math.clamp(rows / rowTile * rowTile, rowTile, limit);
    Dim size = form.size(tiled.get());
    return (int) (size.isConstant() ? Math.clamp(size.constant(), 1L, most) : most);
  }

  /// The most rows that finish together.
  int most() {
    return block;
  }

  /// A row, as it will be finished.
  ArrayParam anyRow() {
    return totals.getFirst();
  }

  Value length() {
    return length;
  }

  /// The label of the rows of the result that share rows of the operand: the innermost with more than one step.
  static Optional<Character> tiled(RowForm form) {
    List<Character> sharing =
        form.sharing().stream().filter(label -> !form.factorStride(label).is(0)).toList();
    for (char label : sharing.reversed()) {
      if (!form.size(label).is(1)) {
        return Optional.of(label);
      }
    }
    return sharing.isEmpty() ? Optional.empty() : Optional.of(sharing.getLast());
  }

  /// All rows of the result; threads share them.
  void emitShared() {
    StringBuilder others = new StringBuilder(form.outer());
    tiled.ifPresent(label -> others.deleteCharAt(others.indexOf(String.valueOf(label))));
    List<Dim> dims = new ArrayList<>();
    others.chars().forEach(label -> dims.add(form.size((char) label)));
    Dim work = form.rowWork();
    if (tiled.isEmpty()) {
      SharedLoops.over(nest, dims, work, index -> emit(at(others, index), 1));
    } else {
      char label = tiled.get();
      dims.add(form.size(label));
      int grain = form.size(label).isConstant() ? block : rowTile;
      SharedLoops.ranges(nest, dims, grain, work,
          (index, span) -> blocks(at(others, index), label, span));
    }
  }

  private static Map<Character, Value> at(CharSequence labels, List<Value> index) {
    Map<Character, Value> at = new HashMap<>();
    for (int i = 0; i < index.size(); i++) {
      at.put(labels.charAt(i), index.get(i));
    }
    return at;
  }

  /// Blocks of rows; what is left over is a block of its own if its size is known, else tiles and single rows.
  private void blocks(Map<Character, Value> at, char label, NestBuilder.Span span) {
    Dim size = form.size(label);
    if (size.isConstant() && span.aligned()) {
      int rest = Math.toIntExact(size.constant() % block);
      Value even = nest.min(span.to(), Value.i32(Math.toIntExact(size.constant()) - rest));
      blocks(at, label, span.from(), rest > 0 ? even : span.to(), block);
      if (rest > 0) {
        blocks(at, label, even, span.to(), rest);
      }
      return;
    }
    Value from = span.from();
    for (int rows = block; rows >= 1; rows = rows > rowTile ? rowTile : rows > 1 ? 1 : 0) {
      Value to = rows == 1 ? span.to()
          : nest.minus(span.to(), nest.let(
              Value.apply(Basic.REM, nest.minus(span.to(), from), Value.i32(rows))));
      blocks(at, label, from, to, rows);
      from = to;
    }
  }

  private void blocks(Map<Character, Value> at, char label, Value from, Value to, int rows) {
    nest.loop("i", from, to, rows, false, i -> {
      at.put(label, i);
      emit(at, rows);
    });
  }

  /// Some consecutive rows of the result.
  ///
  /// @param at the places of the outer labels; for the tiled one, that of the first row
  void emit(Map<Character, Value> at, int rows) {
    for (int t = 0; t < rows; t++) {
      nest.fill(totals.get(t), length, zero());
    }
    if (form.isChunked()) {
      chunks(at, rows);
    } else {
      sum(at, 0, Value.i32(0), nest.dim(form.size(form.summed().charAt(0))),
          totals.subList(0, rows));
    }
    finish.accept(at, tiled, totals.subList(0, rows));
  }

  private Value zero() {
    return new Value.Const(dtype, 0);
  }

  private void chunks(Map<Character, Value> at, int rows) {
    Chunks.of(nest, form.summedSizes()).each(chunk -> {
      Value to = chunk.to();
      for (int t = 0; t < rows; t++) {
        nest.fill(partials.get(t), length, zero());
      }
      sum(at, 0, chunk.from(), to, partials.subList(0, rows));
      chunk.join(() -> {
        for (int t = 0; t < rows; t++) {
          nest.copy(partials.get(t), Value.i32(0), totals.get(t), Value.i32(0), length);
        }
      }, () -> join(rows));
    });
  }

  /// Adds the sums of a chunk to the totals.
  private void join(int rows) {
    for (int first = 0; first < rows; first += rowTile) {
      int from = first;
      int to = Math.min(first + rowTile, rows);
      nest.loop("j", Value.i32(0), turns, 1, true, j -> {
        for (int t = from; t < to; t++) {
          nest.store(totals.get(t), j,
              Value.apply(Basic.ADD, nest.load(totals.get(t), j), nest.load(partials.get(t), j)));
        }
      });
    }
  }

  /// The loops over summed labels from `depth` on; the innermost takes four steps at a time.
  private void sum(Map<Character, Value> at, int depth, Value from, Value to,
      List<ArrayParam> into) {
    char summed = form.summed().charAt(depth);
    if (depth + 1 < form.summed().length()) {
      nest.loop("k", from, to, 1, false, k -> {
        at.put(summed, k);
        gate.pass(summed, at, () -> sum(at, depth + 1, Value.i32(0),
            nest.dim(form.size(form.summed().charAt(depth + 1))), into));
      });
      return;
    }
    gate.isInside().ifPresentOrElse(
        inside -> nest.when(inside, () -> innermost(at, from, to, false, into),
            () -> innermost(at, from, to, true, into)),
        () -> innermost(at, from, to, false, into));
  }

  /// @param zeros whether the factors are zeros
  private void innermost(Map<Character, Value> at, Value from, Value to, boolean zeros,
      List<ArrayParam> into) {
    boolean known = NestBuilder.isConstant(from) && NestBuilder.isConstant(to);
    if (!known || NestBuilder.intOf(to) - NestBuilder.intOf(from) >= DEPTH) {
      Value whole = nest.minus(to, Value.i32(DEPTH - 1));
      nest.loop("k", from, whole, DEPTH, false, k -> steps(at, k, DEPTH, zeros, into));
    }
    Value span = nest.minus(to, from);
    if (NestBuilder.isConstant(span)) {
      int rest = NestBuilder.intOf(span) % DEPTH;
      if (rest > 0) {
        steps(at, nest.minus(to, Value.i32(rest)), rest, zeros, into);
      }
      return;
    }
    Value rest = nest.let(Value.apply(Basic.AND, span, Value.i32(DEPTH - 1)));
    nest.loop("k", nest.minus(to, rest), to, 1, false, k -> steps(at, k, 1, zeros, into));
  }

  /// Some steps of k at once: copies the rows; then for each tile, loads the factors and runs one row loop.
  private void steps(Map<Character, Value> at, Value k, int count, boolean zeros,
      List<ArrayParam> into) {
    char summed = form.summed().charAt(form.summed().length() - 1);
    at.put(summed, k);
    Value row = index(nest, form, at, true);
    copy(row, form.rowsStride(summed), count);
    ArrayParam factors = nest.read(form.factors(), false);
    Value factor = zeros ? Value.i32(0) : nest.plus(index(nest, form, at, false), gate.offset());
    Dim next = tiled.map(form::factorStride).orElse(Dim.ZERO);
    for (int first = 0; first < into.size(); first += rowTile) {
      List<ArrayParam> tile = into.subList(first, Math.min(first + rowTile, into.size()));
      List<List<Value>> loaded = new ArrayList<>();
      for (int t = 0; t < tile.size(); t++) {
        Value start = nest.plus(factor, steps(next, first + t));
        loaded.add(new ArrayList<>());
        for (int d = 0; d < count; d++) {
          loaded.get(t).add(zeros ? zero()
              : nest.load(factors, nest.plus(start, steps(form.factorStride(summed), d))));
        }
      }
      add(tile, loaded);
    }
  }

  /// Whether copied rows lie one after the other in one array: a row loop of fewer arrays is faster. (One that is to serve all
  /// lengths has no place in it for a length.)
  private boolean isPanel() {
    return NestBuilder.isConstant(length) && turns.equals(length);
  }

  /// From one copied row to the next in a panel. The JIT of JDK 17, for which tiles are single rows, makes vectors only of rows that lie
  /// whole vectors apart.
  private int distance() {
    int elements = NestBuilder.intOf(length);
    return rowTile > 1 ? elements : Math.ceilDiv(elements, WIDEST) * WIDEST;
  }

  private void copy(Value from, Dim stride, int count) {
    if (isPanel() && stride.is(distance())) {
      nest.copy(source, from, copies.getFirst(), Value.i32(0), Value.i32(count * distance()));
      return;
    }
    for (int d = 0; d < count; d++) {
      Value start = nest.plus(from, steps(stride, d));
      nest.copy(source, start, copies.get(isPanel() ? 0 : d),
          Value.i32(isPanel() ? d * distance() : 0), length);
    }
  }

  /// The place of an element of a copied row in the panel.
  private Value displaced(Value j, int row) {
    return row == 0 ? j
        : Value.apply(Basic.ADD, j, Value.i32(row * distance()));
  }

  /// Adds the copied rows, each times its factor, to the rows of a tile.
  private void add(List<ArrayParam> tile, List<List<Value>> factors) {
    nest.loop("j", Value.i32(0), turns, 1, true, j -> {
      List<Value> row = new ArrayList<>();
      for (int d = 0; d < factors.getFirst().size(); d++) {
        row.add(isPanel() ? nest.load(copies.getFirst(), displaced(j, d))
            : nest.load(copies.get(d), j));
      }
      for (int t = 0; t < tile.size(); t++) {
        Value sum = nest.load(tile.get(t), j);
        for (int d = 0; d < row.size(); d++) {
          sum = nest.let(Value.apply(Basic.FMA, factors.get(t).get(d), row.get(d), sum));
        }
        nest.store(tile.get(t), j, sum);
      }
    });
  }

  private Value steps(Dim stride, int count) {
    return nest.times(nest.dim(stride), Value.i32(count));
  }

  /// The place of an element in the rows or in the factors, the row label at 0.
  static Value index(NestBuilder nest, RowForm form, Map<Character, Value> point,
      boolean inRows) {
    Value index = nest.dim(inRows ? form.rowsBase() : form.factorBase());
    for (char label : (form.outer() + form.summed()).toCharArray()) {
      Dim stride = inRows ? form.rowsStride(label) : form.factorStride(label);
      index = nest.plus(index, nest.times(point.get(label), nest.dim(stride)));
    }
    return index;
  }
}
