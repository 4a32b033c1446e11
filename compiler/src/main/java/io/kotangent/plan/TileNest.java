package io.kotangent.plan;

import io.kotangent.ir.Basic;
import io.kotangent.ir.SumOrder;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The loops of a sum of products as register tiles: lanes run along a row of the result, some rows at once, and what
/// they accumulate stays in registers while k runs. It computes the sum alone; epilogues are kernels of their own, so that one
/// tile kernel serves all layers of a shape.
///
/// Columns are outside and rows inside, so that a panel of the rows operand stays in the first cache. What is left at the end of
/// the columns or the rows is a tile that overlaps the last but one: the same bits again. Every result is the same chain of `fma`
/// as in [ContractionNest].
final class TileNest {
  private final RowForm form;
  private final TileShape shape;
  private final int height;
  private final NestBuilder nest = new NestBuilder();
  private final ArrayParam rows;
  private final ArrayParam factors;
  private final ArrayParam result;
  private final Map<Character, Dim> strides = new HashMap<>();
  private final Map<Character, NestBuilder.Span> parts = new HashMap<>();
  private Optional<SharedLoops.Pair> pair = Optional.empty();
  private String pairLabels = "";

  private TileNest(RowForm form, TileShape shape, int height) {
    this.form = form;
    this.shape = shape;
    this.height = height;
    this.rows = nest.read(form.rows(), false);
    this.factors = nest.read(form.factors(), false);
    this.result = nest.write(form.node(), false);
    resultStrides();
  }

  /// @param height the rows of a tile: there must be as many, in each part that a thread does
  static Nest of(RowForm form, TileShape shape, int height) {
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
    share(outside, inside);
    over(outside, new HashMap<>(), at -> nest.lanes("j", Value.i32(0), nest.dim(form.length()),
        shape.vectors(height), true, j -> over(inside, at, point -> tile(point, j))));
    return nest.finish();
  }

  /// Threads share the first label there is or, if that may be short, the first two seen as one.
  private void share(List<Character> outside, List<Character> inside) {
    List<Character> all = new ArrayList<>(outside);
    all.addAll(inside);
    if (all.isEmpty()) {
      return;
    }
    List<Character> several = all.stream().filter(label -> !steps(label).is(1)).toList();
    List<Character> labels = several.isEmpty() ? all : several;
    char first = labels.getFirst();
    boolean alone = labels.size() == 1
        || steps(first).isConstant() && steps(first).constant() >= SharedLoops.MANY;
    Dim work = Work.ofSums(form);
    for (char label : labels.subList(alone ? 1 : 2, labels.size())) {
      work = work.times(form.size(label));
    }
    if (alone) {
      parts.put(first, nest.parallel(Dim.ZERO, form.size(first), isTiled(first) ? height : 1,
          work));
    } else {
      char second = labels.get(1);
      pair = Optional.of(SharedLoops.Pair.of(nest, steps(first), steps(second),
          isTiled(second) ? work.times(height) : work));
      pairLabels = "" + first + second;
    }
  }

  private boolean isTiled(char label) {
    return height > 1 && shape.isTiled(label);
  }

  /// Whether the rows along a label are a number of tiles.
  private boolean isWhole(char label) {
    return form.size(label).isConstant() && form.size(label).constant() % height == 0;
  }

  /// How many steps there are along a label. A tile that is left at the end belongs to the last step.
  private Dim steps(char label) {
    return isTiled(label) ? form.size(label).floorDiv(Dim.of(height)) : form.size(label);
  }

  /// Nested loops over labels.
  private void over(List<Character> labels, Map<Character, Value> at,
      Consumer<Map<Character, Value>> body) {
    if (labels.isEmpty()) {
      body.accept(at);
      return;
    }
    char label = labels.getFirst();
    NestBuilder.Span range = range(label, at);
    nest.loop("i", range.from(), range.to(), isTiled(label) ? height : 1, false, i -> {
      Map<Character, Value> deeper = new HashMap<>(at);
      deeper.put(label, isTiled(label) && !isWhole(label)
          ? nest.min(i, nest.minus(range.to(), Value.i32(height))) : i);
      over(labels.subList(1, labels.size()), deeper, body);
    });
  }

  private NestBuilder.Span range(char label, Map<Character, Value> at) {
    NestBuilder.Span part = parts.get(label);
    if (part != null) {
      return part;
    }
    int place = pairLabels.indexOf(label);
    if (place < 0) {
      return new NestBuilder.Span(Value.i32(0), nest.dim(form.size(label)), true);
    }
    SharedLoops.Pair both = pair.orElseThrow();
    NestBuilder.Span steps = place == 0 ? both.outer() : both.inner(at.get(pairLabels.charAt(0)));
    return isTiled(label) ? rowsOf(steps, label) : steps;
  }

  /// The rows of some tiles: with the last whole one goes what is left.
  private NestBuilder.Span rowsOf(NestBuilder.Span tiles, char label) {
    int left = (int) form.size(label).constant() % height;
    Value to = nest.times(tiles.to(), Value.i32(height));
    Value more = left == 0 ? Value.i32(0)
        : nest.times(nest.quotient(tiles.to(), nest.dim(steps(label))), Value.i32(left));
    return new NestBuilder.Span(nest.times(tiles.from(), Value.i32(height)), nest.plus(to, more),
        false);
  }

  // ---- one tile

  private void tile(Map<Character, Value> at, Value j) {
    if (isChunked()) {
      chunks(at, j);
    } else {
      Local[] sums = sums();
      sum(at, base(at, false), base(at, true), 0, Value.i32(0),
          nest.dim(form.size(form.summed().charAt(0))), sums, j);
      store(at, j, sums);
    }
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

  private boolean isChunked() {
    Dim k = Dim.ONE;
    for (char label : form.summed().toCharArray()) {
      k = k.times(form.size(label));
    }
    return !k.isConstant() || k.constant() > SumOrder.CHUNK;
  }

  private void chunks(Map<Character, Value> at, Value j) {
    Value outermost = nest.dim(form.size(form.summed().charAt(0)));
    Value steps = Chunks.steps(nest,
        form.summed().substring(1).chars().mapToObj(l -> form.size((char) l)).toList());
    // a sum of nothing is one empty chunk: something has to store the zeros
    Value chunks = Chunks.count(nest, outermost, steps);
    Value count = NestBuilder.isConstant(chunks) ? Value.i32(Math.max(1, NestBuilder.intOf(chunks)))
        : nest.let(Value.apply(Basic.MAX, chunks, Value.i32(1)));
    Value factorBase = base(at, false);
    Value rowsBase = base(at, true);
    nest.loop("c", Value.i32(0), count, 1, false, c -> {
      Local[] sums = sums();
      Value from = nest.times(c, steps);
      sum(at, factorBase, rowsBase, 0, from, nest.min(outermost, nest.plus(from, steps)), sums, j);
      nest.when(Value.apply(Basic.EQ, c, Value.i32(0)), () -> store(at, j, sums), () -> {
        Value[] targets = targets(at, j);
        for (int t = 0; t < height; t++) {
          nest.store(result, targets[t],
              Value.apply(Basic.ADD, nest.load(result, targets[t]), Value.ref(sums[t])));
        }
      });
    });
  }

  /// The loops over summed labels from `depth` on.
  private void sum(Map<Character, Value> at, Value factorAt, Value rowsAt, int depth, Value from,
      Value to, Local[] sums, Value j) {
    char summed = form.summed().charAt(depth);
    nest.loop("k", from, to, 1, false, k -> {
      Value factor =
          nest.plus(factorAt, nest.times(k, nest.dim(form.factorStride(summed))));
      Value row = nest.plus(rowsAt, nest.times(k, nest.dim(form.rowsStride(summed))));
      if (depth + 1 < form.summed().length()) {
        sum(at, factor, row, depth + 1, Value.i32(0),
            nest.dim(form.size(form.summed().charAt(depth + 1))), sums, j);
      } else {
        multiply(factor, row, sums, j);
      }
    });
  }

  private void multiply(Value factorAt, Value rowsAt, Local[] sums, Value j) {
    Value row = nest.load(rows, nest.plus(rowsAt, j));
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
      base = nest.plus(base, nest.times(at.get(label), nest.dim(stride)));
    }
    return base;
  }
}
