package io.kotangent.plan.sum;

import io.kotangent.ir.Basic;
import io.kotangent.ir.BasicEval;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import io.kotangent.plan.form.RowForm;
import io.kotangent.plan.form.TileShape;
import io.kotangent.plan.nest.Chunks;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// The loops of a sum of products as register tiles: lanes run along a row of the result, some rows at once, and what
/// they accumulate stays in registers while k runs. It computes the sum alone; epilogues are kernels of their own, so that one
/// tile kernel serves all layers of a shape.
///
/// Columns are outside and rows inside, so that a panel of the rows operand stays in the first cache. What is left at the end of
/// the columns or the rows is a tile that overlaps the last but one: the same bits again. Every result is the same chain of `fma`
/// as in [ContractionNest].
public final class TileNest {
  private final RowForm form;
  private final TileShape shape;
  private final int height;
  private final NestBuilder nest = new NestBuilder();
  private final ArrayParam rows;
  private final ArrayParam factors;
  private final ArrayParam result;
  private final Map<Character, Dim> strides = new HashMap<>();
  private final TileShape.Order order;
  /// The columns of a panel, where there are panels.
  private final int width;
  /// How many panels are copied at a time.
  private final int together;
  private final TileLoops loops;
  private Optional<ArrayParam> packed = Optional.empty();

  private TileNest(RowForm form, TileShape shape, int height) {
    this.form = form;
    this.shape = shape;
    this.height = height;
    this.order = shape.order(form, height);
    this.width = shape.vectors(height) * shape.lanes();
    this.together = order == TileShape.Order.PACKED ? shape.together(height) : 1;
    this.loops = new TileLoops(nest, form, shape, height, together * width);
    this.rows = nest.read(form.rows(), false);
    this.factors = nest.read(form.factors(), false);
    this.result = nest.write(form.node(), false);
    resultStrides();
  }

  /// @param height the rows of a tile: there must be as many, in each part that a thread does
  public static Nest of(RowForm form, TileShape shape, int height) {
    return new TileNest(form, shape, height).build();
  }

  private void resultStrides() {
    Dim stride = Dim.ONE;
    List<Dim> dims = form.node().shape().dims();
    int outer = form.outer().length() - 1;
    for (int axis = dims.size() - 1; axis >= 0; axis--) {
      if (!form.isInRow(axis)) {
        while (form.part().equals(Optional.of(form.outer().charAt(outer)))) {
          outer--;
        }
        strides.put(form.outer().charAt(outer--), stride);
      }
      stride = stride.times(dims.get(axis));
    }
    form.part().ifPresent(part -> strides.put(part, form.length()));
  }

  private Nest build() {
    List<Character> outside = new ArrayList<>();
    List<Character> inside = new ArrayList<>();
    for (char label : form.outer().toCharArray()) {
      if (!form.rowsStride(label).is(0)) {
        outside.add(label);
      } else {
        inside.add(label);
      }
    }
    shape.tiled().ifPresent(inside::remove);
    shape.tiled().ifPresent(inside::add);
    List<Character> panels = order == TileShape.Order.COLUMNS ? List.of() : List.of(form.row());
    List<Character> within = new ArrayList<>(inside);
    if (order == TileShape.Order.ROWS) {
      within.addAll(panels);
    } else {
      within.addAll(0, panels);
    }
    loops.share(outside, within);
    if (order == TileShape.Order.COLUMNS) {
      loops.over(outside, new HashMap<>(), at -> columns(at, inside));
    } else {
      loops.over(outside, new HashMap<>(), at -> nest.lanes("j", Value.i32(0), Value.i32(width),
          shape.vectors(height), false, j -> panels(at, within, j)));
    }
    return nest.finish();
  }

  /// Panels of columns, and what is left as a panel of its own that ends where the row does: each is a method with as little around its
  /// innermost loop as there can be, since what is live there takes registers from the sums.
  private void columns(Map<Character, Value> at, List<Character> inside) {
    int panels = form.length().isConstant() ? shape.columns() / width : 0;
    if (panels == 0) {
      nest.lanes("j", Value.i32(0), nest.dim(form.length()), shape.vectors(height), true,
          j -> loops.over(inside, at, point -> tile(point, j)));
      return;
    }
    nest.loop("p", Value.i32(0), Value.i32(panels), 1, false,
        p -> panel(at, inside, nest.times(p, Value.i32(width)), shape.vectors(height)));
    int left = shape.columns() % width;
    if (left > 0) {
      int vectors = (left + shape.lanes() - 1) / shape.lanes();
      panel(at, inside, Value.i32(shape.columns() - vectors * shape.lanes()), vectors);
    }
  }

  private void panel(Map<Character, Value> at, List<Character> inside, Value from, int vectors) {
    nest.lanes("j", Value.i32(0), Value.i32(vectors * shape.lanes()), vectors, false,
        j -> loops.over(inside, at, point -> tile(point, nest.plus(from, j))));
  }

  /// All panels, one after the other, in one pass of lanes: each turn does a column of every panel.
  private void panels(Map<Character, Value> at, List<Character> within, Value j) {
    if (order == TileShape.Order.PACKED) {
      packed = Optional.of(nest.scratch(form.node().dtype(),
          Value.i32(together * panelLength())));
      loops.over(within.subList(0, 1), at, panel -> packedChunks(panel, within, j));
    } else {
      loops.over(within, at, point -> tile(point, nest.plus(point.get(form.row()), j)));
    }
  }

  // ---- one tile

  /// @param j the first column
  private void tile(Map<Character, Value> at, Value j) {
    if (form.isChunked()) {
      chunks((chunk, count) -> tile(at, j, j, chunk, count));
    } else {
      Local[] sums = sums();
      sum(base(at, false), nest.plus(base(at, true), j), levels(),
          nest.dim(form.size(form.summed().charAt(0))), sums);
      store(at, j, sums);
    }
  }

  /// What a chunk adds to a tile.
  ///
  /// @param column the first column of the result
  /// @param lane the column in the rows: of the operand, or packed
  private void tile(Map<Character, Value> at, Value column, Value lane, Chunks.Chunk chunk,
      Value count) {
    Local[] sums = sums();
    char first = form.summed().charAt(0);
    Value from = chunk.from();
    Value factor = nest.plus(base(at, false), nest.times(from, nest.dim(form.factorStride(first))));
    Value row = packed.isPresent() ? lane : nest.plus(nest.plus(base(at, true),
        nest.times(from, nest.dim(form.rowsStride(first)))), lane);
    sum(factor, row, levels(), count, sums);
    chunk.join(() -> store(at, column, sums), () -> addTo(at, column, sums));
  }

  private void addTo(Map<Character, Value> at, Value column, Local[] sums) {
    Value[] targets = targets(at, column);
    for (int t = 0; t < height; t++) {
      Value more = Value.ref(sums[t]);
      if (packed.isPresent() && !loops.isWhole(shape.tiled().orElseThrow())) {
        more = nest.let(Value.apply(Basic.SELECT, isNew(at, t), more, minusZero()));
      }
      nest.store(result, targets[t],
          Value.apply(Basic.ADD, nest.load(result, targets[t]), more));
    }
  }

  /// Whether a row of a tile was not in the tile before, which has added this chunk already.
  private Value isNew(Map<Character, Value> at, int row) {
    Value index = nest.plus(at.get(shape.tiled().orElseThrow()), Value.i32(row));
    return nest.let(Value.apply(Basic.LE, at.get(TileLoops.DONE), index));
  }

  /// What changes nothing that it is added to.
  private Value minusZero() {
    DType dtype = form.node().dtype();
    return new Value.Const(dtype,
        dtype == DType.F32 ? BasicEval.bits(-0.0f) : BasicEval.bits(-0.0));
  }

  /// Places of results are computed here and not before the sum: what is live across it takes registers from it.
  private void store(Map<Character, Value> at, Value j, Local[] sums) {
    Value[] targets = targets(at, j);
    for (int t = 0; t < height; t++) {
      nest.store(result, targets[t], Value.ref(sums[t]));
    }
  }

  private Value[] targets(Map<Character, Value> at, Value j) {
    Value[] targets = new Value[height];
    targets[0] = j;
    for (char label : form.outer().toCharArray()) {
      targets[0] = nest.plus(targets[0], nest.times(at.get(label), nest.dim(strides.get(label))));
    }
    for (int t = 1; t < height; t++) {
      targets[t] = nest.plus(targets[0],
          nest.times(Value.i32(t), nest.dim(strides.get(shape.tiled().orElseThrow()))));
    }
    return targets;
  }

  private Local[] sums() {
    DType dtype = form.node().dtype();
    Local[] sums = new Local[height];
    for (int t = 0; t < height; t++) {
      sums[t] = nest.variable(new Value.Const(dtype, 0));
    }
    return sums;
  }

  /// Gets a chunk, and how many steps it has.
  private void chunks(BiConsumer<Chunks.Chunk, Value> body) {
    Chunks.of(nest, form.summedSizes()).atLeastOne()
        .each(chunk -> body.accept(chunk, chunk.length()));
  }

  /// Some panels chunk by chunk: the rows of the operand that a chunk needs are copied first, so that all tiles read them from the
  /// first cache. Of several panels at a time, since long runs come faster from memory.
  private void packedChunks(Map<Character, Value> panels, List<Character> within, Value j) {
    Value first = panels.get(form.row());
    chunks((chunk, count) -> {
      Value steps = nest.times(chunk.from(), nest.dim(form.rowsStride(form.summed().charAt(0))));
      Value source = nest.plus(nest.plus(nest.plus(base(panels, true), steps), first), j);
      pack(source, j, 0, count);
      eachTogether(p -> {
        Value column = nest.plus(nest.plus(first, nest.times(p, Value.i32(width))), j);
        Value lane = nest.plus(nest.times(p, Value.i32(panelLength())), j);
        loops.over(within.subList(1, within.size()), panels,
            at -> tile(at, column, lane, chunk, count));
      });
    });
  }

  private void eachTogether(Consumer<Value> body) {
    if (together == 1) {
      body.accept(Value.i32(0));
    } else {
      nest.loop("p", Value.i32(0), Value.i32(together), 1, false, body);
    }
  }

  /// The elements of a panel's chunk.
  private int panelLength() {
    return TileShape.chunk(form) * width;
  }

  private void pack(Value source, Value target, int depth, Value count) {
    char summed = form.summed().charAt(depth);
    nest.loop("k", Value.i32(0), count, 1, false, k -> {
      Value from = nest.plus(source, nest.times(k, nest.dim(form.rowsStride(summed))));
      Value to = nest.plus(target, nest.times(k, nest.dim(rowStride(depth))));
      if (depth + 1 < form.summed().length()) {
        pack(from, to, depth + 1, nest.dim(form.size(form.summed().charAt(depth + 1))));
      } else {
        for (int p = 0; p < together; p++) {
          nest.store(packed.orElseThrow(), nest.plus(to, Value.i32(p * panelLength())),
              nest.load(rows, nest.plus(from, Value.i32(p * width))));
        }
      }
    });
  }

  /// From one step of a summed label to the next in what tiles read.
  private Dim rowStride(int depth) {
    if (packed.isEmpty()) {
      return form.rowsStride(form.summed().charAt(depth));
    }
    Dim stride = Dim.of(width);
    for (char label : form.summed().substring(depth + 1).toCharArray()) {
      stride = stride.times(form.size(label));
    }
    return stride;
  }

  /// A loop of a sum: its length, and the elements from one step to the next.
  private record Level(Dim size, Dim inFactors, Dim inRows) {
    /// Whether this loop goes on where one within it ends.
    boolean continues(Level within) {
      return inFactors.equals(within.size.times(within.inFactors))
          && inRows.equals(within.size.times(within.inRows));
    }
  }

  /// The loops over summed labels: as few as possible. (The first counts the steps of chunks.)
  private List<Level> levels() {
    List<Level> levels = new ArrayList<>();
    for (int depth = 0; depth < form.summed().length(); depth++) {
      char label = form.summed().charAt(depth);
      Level level = new Level(form.size(label), form.factorStride(label), rowStride(depth));
      if (depth > 1 && levels.getLast().continues(level)) {
        Dim size = levels.removeLast().size().times(level.size());
        levels.add(new Level(size, level.inFactors(), level.inRows()));
      } else {
        levels.add(level);
      }
    }
    return levels;
  }

  private void sum(Value factorAt, Value rowAt, List<Level> levels, Value count, Local[] sums) {
    Level level = levels.getFirst();
    nest.loop("k", Value.i32(0), count, 1, false, k -> {
      Value factor = nest.plus(factorAt, nest.times(k, nest.dim(level.inFactors())));
      Value row = nest.plus(rowAt, nest.times(k, nest.dim(level.inRows())));
      if (levels.size() > 1) {
        sum(factor, row, levels.subList(1, levels.size()), nest.dim(levels.get(1).size()), sums);
      } else {
        multiply(factor, row, sums);
      }
    });
  }

  private void multiply(Value factorAt, Value rowAt, Local[] sums) {
    Value row = nest.load(packed.orElse(rows), rowAt);
    for (int t = 0; t < sums.length; t++) {
      Value offset = t == 0 ? Value.i32(0)
          : nest.times(Value.i32(t), nest.dim(form.factorStride(shape.tiled().orElseThrow())));
      Value factor = nest.load(factors, nest.plus(factorAt, offset));
      nest.set(sums[t], Value.apply(Basic.FMA, factor, row, Value.ref(sums[t])));
    }
  }

  private Value base(Map<Character, Value> at, boolean inRows) {
    Value base = nest.dim(inRows ? form.rowsBase() : form.factorBase());
    for (char label : form.outer().toCharArray()) {
      Dim stride = inRows ? form.rowsStride(label) : form.factorStride(label);
      if (!stride.is(0)) {
        base = nest.plus(base, nest.times(at.get(label), nest.dim(stride)));
      }
    }
    return base;
  }
}
