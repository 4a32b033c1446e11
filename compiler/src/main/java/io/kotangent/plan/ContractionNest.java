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

/// The loops of a contraction in row form: rows of the result are accumulated in scratch from rows of one operand,
/// each times a factor of the other, by row loops that C2 vectorises; then the epilogue runs on the finished row.
///
/// Two rows of the result share four copied rows of the operand, which is what keeps the floating-point units busy.
/// Every result is a chain of `fma` with k increasing, in chunks, as the numerics contract demands; so the bits are those of
/// a scalar loop.
final class ContractionNest {
  private static final int DEPTH = 4;
  private static final int TILE = 2;

  private final RowForm form;
  private final NestBuilder nest = new NestBuilder();
  private final RowBody body;
  private final Value length;
  private final DType dtype;
  private final List<ArrayParam> totals = new ArrayList<>();
  private final List<ArrayParam> partials = new ArrayList<>();
  private final List<ArrayParam> copies = new ArrayList<>();

  private ContractionNest(Group group, Grouping grouping, RowForm form) {
    this.form = form;
    this.length = nest.dim(form.length());
    this.dtype = form.node().dtype();
    this.body = new RowBody(nest, group, grouping, Optional.of(form.node()), form.rowAxis(),
        form.rowAxis() + 1, length);
  }

  static Nest of(Group group, Grouping grouping) {
    return new ContractionNest(group, grouping, RowForm.of(group.nodes().getFirst()).orElseThrow())
        .build();
  }

  private Nest build() {
    for (int t = 0; t < TILE; t++) {
      totals.add(nest.scratch(dtype, length));
    }
    if (isChunked()) {
      for (int t = 0; t < TILE; t++) {
        partials.add(nest.scratch(dtype, length));
      }
    }
    for (int d = 0; d < DEPTH; d++) {
      copies.add(nest.scratch(dtype, length));
    }
    body.provide(totals.getFirst());
    body.prepare(form.part().isEmpty());
    Optional<Character> tiled = tiled();
    StringBuilder others = new StringBuilder(form.outer());
    tiled.ifPresent(label -> others.deleteCharAt(others.indexOf(String.valueOf(label))));
    List<Dim> dims = others.chars().mapToObj(label -> form.size((char) label)).toList();
    RowsNest.overOuter(nest, dims, new ArrayList<>(), index -> {
      Map<Character, Value> at = new HashMap<>();
      for (int i = 0; i < index.size(); i++) {
        at.put(others.charAt(i), index.get(i));
      }
      tiled.ifPresentOrElse(label -> tiles(at, label), () -> tile(at, Optional.empty(), 1));
    });
    return nest.finish();
  }

  /// The label of the rows of the result that share rows of the operand: the innermost with more than one step.
  private Optional<Character> tiled() {
    List<Character> sharing = form.sharing();
    for (char label : sharing.reversed()) {
      if (!form.size(label).is(1)) {
        return Optional.of(label);
      }
    }
    return sharing.isEmpty() ? Optional.empty() : Optional.of(sharing.getLast());
  }

  private void tiles(Map<Character, Value> at, char label) {
    Value size = nest.dim(form.size(label));
    Value even = NestBuilder.isConstant(size) ? Value.i32(NestBuilder.intOf(size) / TILE * TILE)
        : nest.let(Value.apply(Basic.AND, size, Value.i32(-TILE)));
    nest.loop("i", Value.i32(0), even, TILE, false, i -> {
      at.put(label, i);
      tile(at, Optional.of(label), TILE);
    });
    if (!NestBuilder.isConstant(size) || NestBuilder.intOf(size) % TILE != 0) {
      nest.loop("i", even, size, 1, false, i -> {
        at.put(label, i);
        tile(at, Optional.of(label), 1);
      });
    }
  }

  // ---- the sum

  /// Whether there may be more than one chunk.
  private boolean isChunked() {
    Dim k = Dim.ONE;
    for (char label : form.summed().toCharArray()) {
      k = k.times(form.size(label));
    }
    return !k.isConstant() || k.constant() > SumOrder.CHUNK;
  }

  /// Some consecutive rows of the result, from the sum to the stores.
  private void tile(Map<Character, Value> at, Optional<Character> label, int rows) {
    for (int t = 0; t < rows; t++) {
      nest.fill(totals.get(t), length, zero());
    }
    if (isChunked()) {
      chunks(at, label, rows);
    } else {
      sum(at, label, rows, 0, Value.i32(0), nest.dim(form.size(form.summed().charAt(0))), totals);
    }
    for (int t = 0; t < rows; t++) {
      Map<Character, Value> row = new HashMap<>(at);
      int offset = t;
      label.ifPresent(l -> row.put(l, nest.plus(at.get(l), Value.i32(offset))));
      body.provide(totals.get(t));
      body.emitRow(frame(row));
    }
  }

  /// Where a row of the result is.
  private RowBody.Frame frame(Map<Character, Value> at) {
    List<Value> index = new ArrayList<>();
    for (char label : form.outer().toCharArray()) {
      if (!form.part().equals(Optional.of(label))) {
        index.add(at.get(label));
      }
    }
    Value start = form.part().map(part -> nest.times(at.get(part), length)).orElse(Value.i32(0));
    return new RowBody.Frame(index, start, length);
  }

  private Value zero() {
    return new Value.Const(dtype, 0);
  }

  /// Whole steps of the outermost summed label, as many as make at most a chunk, at least one.
  private void chunks(Map<Character, Value> at, Optional<Character> label, int rows) {
    Value outermost = nest.dim(form.size(form.summed().charAt(0)));
    Value steps = Chunks.steps(nest,
        form.summed().substring(1).chars().mapToObj(l -> form.size((char) l)).toList());
    Value count = Chunks.count(nest, outermost, steps);
    nest.loop("c", Value.i32(0), count, 1, false, c -> {
      Value from = nest.times(c, steps);
      Value to = nest.min(outermost, nest.plus(from, steps));
      for (int t = 0; t < rows; t++) {
        nest.fill(partials.get(t), length, zero());
      }
      sum(at, label, rows, 0, from, to, partials);
      nest.when(Value.apply(Basic.EQ, c, Value.i32(0)), () -> {
        for (int t = 0; t < rows; t++) {
          nest.copy(partials.get(t), Value.i32(0), totals.get(t), Value.i32(0), length);
        }
      }, () -> nest.loop("j", Value.i32(0), length, 1, true, j -> {
        for (int t = 0; t < rows; t++) {
          nest.store(totals.get(t), j,
              Value.apply(Basic.ADD, nest.load(totals.get(t), j), nest.load(partials.get(t), j)));
        }
      }));
    });
  }

  /// The loops over summed labels from `depth` on; the innermost takes four steps at a time.
  private void sum(Map<Character, Value> at, Optional<Character> label, int rows, int depth,
      Value from, Value to,
      List<ArrayParam> into) {
    char summed = form.summed().charAt(depth);
    if (depth + 1 < form.summed().length()) {
      nest.loop("k", from, to, 1, false, k -> {
        at.put(summed, k);
        sum(at, label, rows, depth + 1, Value.i32(0),
            nest.dim(form.size(form.summed().charAt(depth + 1))), into);
      });
      return;
    }
    Value whole = nest.minus(to, Value.i32(DEPTH - 1));
    nest.loop("k", from, whole, DEPTH, false, k -> steps(at, label, rows, summed, k, DEPTH, into));
    Value span = nest.minus(to, from);
    Value rest = NestBuilder.isConstant(span) ? Value.i32(NestBuilder.intOf(span) % DEPTH)
        : nest.let(Value.apply(Basic.AND, span, Value.i32(DEPTH - 1)));
    if (!NestBuilder.isConstant(rest) || NestBuilder.intOf(rest) != 0) {
      nest.loop("k", nest.minus(to, rest), to, 1, false,
          k -> steps(at, label, rows, summed, k, 1, into));
    }
  }

  /// Some steps of k at once: copies the rows, loads the factors, and runs one row loop.
  private void steps(Map<Character, Value> at, Optional<Character> label, int rows, char summed,
      Value k, int count,
      List<ArrayParam> into) {
    ArrayParam source = nest.read(form.rows(), false);
    List<List<Value>> factors = new ArrayList<>();
    for (int t = 0; t < rows; t++) {
      factors.add(new ArrayList<>());
    }
    for (int d = 0; d < count; d++) {
      Map<Character, Value> point = new HashMap<>(at);
      point.put(summed, nest.plus(k, Value.i32(d)));
      nest.copy(source, index(point, true), copies.get(d), Value.i32(0),
          length);
      for (int t = 0; t < rows; t++) {
        Map<Character, Value> row = new HashMap<>(point);
        int offset = t;
        label.ifPresent(l -> row.put(l, nest.plus(at.get(l), Value.i32(offset))));
        factors.get(t).add(factor(row));
      }
    }
    nest.loop("j", Value.i32(0), length, 1, true, j -> {
      List<Value> row = new ArrayList<>();
      for (int d = 0; d < count; d++) {
        row.add(nest.load(copies.get(d), j));
      }
      for (int t = 0; t < rows; t++) {
        Value sum = nest.load(into.get(t), j);
        for (int d = 0; d < count; d++) {
          sum = nest.let(Value.apply(Basic.FMA, factors.get(t).get(d), row.get(d), sum));
        }
        nest.store(into.get(t), j, sum);
      }
    });
  }

  private Value factor(Map<Character, Value> point) {
    return nest.load(nest.read(form.factors(), false), index(point, false));
  }

  /// The place of an element in the rows or in the factors, the row label at 0.
  private Value index(Map<Character, Value> point, boolean inRows) {
    Value index = nest.dim(inRows ? form.rowsBase() : form.factorBase());
    for (char label : (form.outer() + form.summed()).toCharArray()) {
      Dim stride = inRows ? form.rowsStride(label) : form.factorStride(label);
      index = nest.plus(index, nest.times(point.get(label), nest.dim(stride)));
    }
    return index;
  }
}
