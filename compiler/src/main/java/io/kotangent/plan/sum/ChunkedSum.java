package io.kotangent.plan.sum;

import io.kotangent.ir.Basic;
import io.kotangent.ir.Node;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import io.kotangent.plan.form.ChunkForm;
import io.kotangent.plan.form.RowForm;
import io.kotangent.plan.form.TileShape;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/// The loops of a [ChunkForm]: one kernel makes the total of each chunk, another joins them from left to
/// right. The bits are those of one loop, since that does the same.
public final class ChunkedSum {
  /// Chunks that are summed side by side, so that additions do not wait for each other.
  private static final int CHUNKS = 4;
  /// Results of a chunk that are summed side by side by plain loops.
  private static final int RESULTS = 8;
  /// The most vectors of a row of results.
  private static final int VECTORS = 8;
  /// Picoseconds for one element, about.
  private static final int ELEMENT = 100;

  private final ChunkForm form;
  private final Node node;
  private final List<ChunkForm.Operand> operands;
  private final String summed;
  private final String result;
  private final DType dtype;
  private final Dim count;
  private final int steps;
  private final int results;

  public ChunkedSum(ChunkForm form) {
    this.form = form;
    this.node = form.node();
    this.operands = form.operands();
    this.result = form.result();
    this.summed = form.summed();
    this.dtype = node.dtype();
    this.count = form.count();
    this.steps = form.steps();
    this.results = form.results();
  }

  /// What holds the totals, in [Nest#values()].
  public Nest.Held held() {
    return new Nest.Held(node, 1);
  }

  // ---- the totals of chunks

  /// Makes the totals with plain loops: some chunks or some results side by side.
  public Nest plain() {
    NestBuilder nest = new NestBuilder();
    NestBuilder.Span part = part(nest, 1);
    Totals totals = new Totals(nest);
    inParts(nest, part, results == 1 ? CHUNKS : 1,
        (from, to, together) -> nest.loop("c", from, to, together, false, c -> overResults(nest,
            (first, number) -> totals.store(c, together, places(nest, first, number)))));
    return nest.finish();
  }

  /// Some results at a time, in a loop where their indices along the last axis follow each other: the JIT takes long for a method with
  /// a copy of the loops over summed labels for each of them.
  private void overResults(NestBuilder nest, ObjIntConsumer<Value> body) {
    boolean follow = result.length() == 1
        || results > 1 && node.shape().dims().getLast().constant() % RESULTS == 0;
    int together = follow ? results / RESULTS * RESULTS : 0;
    if (together > RESULTS) {
      nest.loop("t", Value.i32(0), Value.i32(together), RESULTS, false,
          first -> body.accept(first, RESULTS));
    } else {
      together = 0;
    }
    for (int first = together; first < results; first += RESULTS) {
      body.accept(Value.i32(first), Math.min(RESULTS, results - first));
    }
  }

  /// Makes the totals with SIMD code along the rows of the result, if these are contiguous. Several chunks at a time and single ones
  /// are methods of their own: of both in one, C1 makes no code that counts for C2.
  public Optional<Nest> lanes(int vectorBits) {
    char row = RowForm.lastLabel(result, node);
    boolean contiguous = row != 0 && operands.stream()
        .allMatch(o -> o.stride(row).is(o.labels().indexOf(row) < 0 ? 0 : 1));
    if (!contiguous || form.size(row).constant() < RowForm.SHORT) {
      return Optional.empty();
    }
    int lanes = vectorBits / Byte.SIZE / dtype.bytes();
    long length = form.size(row).constant();
    int vectors = (int) Math.min(VECTORS, (length + lanes - 1) / lanes);
    int together = Math.max(1, CHUNKS * 2 / vectors);
    NestBuilder nest = new NestBuilder();
    if (TileShape.isSymbol(count)) {
      nest.needs(count, steps * together);
    }
    NestBuilder.Span part = part(nest, together);
    Totals totals = new Totals(nest);
    inParts(nest, part, together, (from, to, some) -> nest.lanes("j", Value.i32(0),
        Value.i32((int) length), vectors, true,
        j -> nest.loop("c", from, to, some, false, c -> {
          for (int first = 0; first < results; first += (int) length) {
            Map<Character, Value> at = at(first);
            at.put(row, j);
            totals.store(c, some, List.of(new Result(nest.plus(Value.i32(first), j), at)));
          }
        })));
    return Optional.of(nest.finish());
  }

  /// Makes the totals in aligned memory, if all results are one row of an operand.
  public Optional<Nest> aligned() {
    return RowForm.of(node)
        .filter(rows -> AlignedSums.fits(rows) && rows.length().is(results)
            && rows.part().isEmpty() && rows.summed().equals(summed))
        .map(rows -> AlignedChunks.of(rows, held(), steps, item()));
  }

  private NestBuilder.Span part(NestBuilder nest, int grain) {
    return nest.parallel(Dim.ZERO, form.chunks(), grain, item());
  }

  /// Picoseconds for a chunk, about.
  private Dim item() {
    return form.inner().times(steps).times((long) results * ELEMENT);
  }

  /// What is done for some chunks at a time, from one to another.
  private interface Body {
    void accept(Value from, Value to, int together);
  }

  /// The chunks of a part in two loops; the last one of all, which may be shorter, is never among several.
  private void inParts(NestBuilder nest, NestBuilder.Span part, int together, Body body) {
    Value from = part.from();
    if (together > 1) {
      Value whole = nest.quotient(nest.dim(count), Value.i32(steps));
      Value span = nest.minus(nest.min(part.to(), whole), part.from());
      Value rest = nest.let(Value.apply(Basic.AND, span, Value.i32(together - 1)));
      Value even = nest.let(Value.apply(Basic.MAX, part.from(),
          nest.plus(part.from(), nest.minus(span, rest))));
      body.accept(from, even, together);
      from = even;
    }
    body.accept(from, part.to(), 1);
  }

  /// A result: its place in all of them, and the index of each label.
  private record Result(Value place, Map<Character, Value> at) {
  }

  private List<Result> places(NestBuilder nest, Value first, int number) {
    List<Result> places = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      Value place = nest.plus(first, Value.i32(i));
      places.add(new Result(place, NestBuilder.isConstant(first) ? at(NestBuilder.intOf(place))
          : at(nest, first, i)));
    }
    return places;
  }

  /// The index of the i-th result after one that is not the last of a row.
  private Map<Character, Value> at(NestBuilder nest, Value first, int i) {
    Map<Character, Value> at = new HashMap<>();
    Value rest = first;
    for (int axis = result.length() - 1; axis >= 0; axis--) {
      Value size = nest.dim(node.shape().dim(axis));
      Value index = axis == 0 ? rest : nest.remainder(rest, size);
      at.put(result.charAt(axis),
          axis == result.length() - 1 ? nest.plus(index, Value.i32(i)) : index);
      rest = axis == 0 ? rest : nest.quotient(rest, size);
    }
    return at;
  }

  private Map<Character, Value> at(int place) {
    Map<Character, Value> at = new HashMap<>();
    int rest = place;
    for (int axis = result.length() - 1; axis >= 0; axis--) {
      int size = (int) node.shape().dim(axis).constant();
      at.put(result.charAt(axis), Value.i32(rest % size));
      rest /= size;
    }
    return at;
  }

  /// The statements of totals.
  private final class Totals {
    private final NestBuilder nest;
    private final List<ArrayParam> arrays = new ArrayList<>();
    private final ArrayParam target;

    Totals(NestBuilder nest) {
      this.nest = nest;
      operands.forEach(operand -> arrays.add(nest.read(operand.tensor(), false)));
      this.target = nest.write(held(), dtype, false);
    }

    /// Sums some results over some chunks, all side by side, and stores the totals.
    void store(Value first, int together, List<Result> places) {
      List<Local> sums = new ArrayList<>();
      List<Value> starts = new ArrayList<>();
      for (int c = 0; c < together; c++) {
        places.forEach(_ -> sums.add(nest.variable(new Value.Const(dtype, 0))));
        starts.add(nest.times(nest.plus(first, Value.i32(c)), Value.i32(steps)));
      }
      Value length = together > 1 ? Value.i32(steps)
          : nest.min(Value.i32(steps), nest.minus(nest.dim(count), starts.getFirst()));
      loops(0, length, new HashMap<>(), at -> {
        for (int c = 0; c < together; c++) {
          for (int p = 0; p < places.size(); p++) {
            Local sum = sums.get(c * places.size() + p);
            Map<Character, Value> index = new HashMap<>(places.get(p).at);
            index.putAll(at);
            index.merge(summed.charAt(0), starts.get(c), nest::plus);
            nest.set(sum, added(Value.ref(sum), index));
          }
        }
      });
      for (int c = 0; c < together; c++) {
        Value start = nest.times(nest.plus(first, Value.i32(c)), Value.i32(results));
        for (int p = 0; p < places.size(); p++) {
          nest.store(target, nest.plus(start, places.get(p).place),
              Value.ref(sums.get(c * places.size() + p)));
        }
      }
    }

    /// The loops over the summed labels, the first one from 0 to `length`.
    private void loops(int depth, Value length, Map<Character, Value> at,
        Consumer<Map<Character, Value>> body) {
      char label = summed.charAt(depth);
      nest.loop("k", Value.i32(0), length, 1, false, k -> {
        Map<Character, Value> deeper = new HashMap<>(at);
        deeper.put(label, k);
        if (depth + 1 == summed.length()) {
          body.accept(deeper);
        } else {
          loops(depth + 1, nest.dim(form.size(summed.charAt(depth + 1))), deeper, body);
        }
      });
    }

    private Value added(Value sum, Map<Character, Value> index) {
      List<Value> elements = new ArrayList<>();
      for (int i = 0; i < arrays.size(); i++) {
        Value place = Value.i32(0);
        for (char label : operands.get(i).labels().toCharArray()) {
          place = nest.plus(place,
              nest.times(index.get(label), nest.dim(operands.get(i).stride(label))));
        }
        elements.add(nest.load(arrays.get(i), place));
      }
      return elements.size() == 1 ? Value.apply(Basic.ADD, sum, elements.getFirst())
          : Value.apply(Basic.FMA, elements.getFirst(), elements.getLast(), sum);
    }
  }

  // ---- joining them

  /// Adds the totals of the chunks, left to right: some results side by side.
  public Nest join() {
    NestBuilder nest = new NestBuilder();
    ArrayParam totals = nest.read(held(), dtype, false);
    ArrayParam target = nest.write(node, false);
    Value number = nest.dim(form.chunks());
    overResults(nest, (start, count) -> {
      List<Local> sums = new ArrayList<>();
      for (int t = 0; t < count; t++) {
        sums.add(nest.variable(new Value.Const(dtype, 0)));
      }
      nest.loop("c", Value.i32(0), nest.min(number, Value.i32(1)), 1, false, c -> {
        for (int t = 0; t < count; t++) {
          nest.set(sums.get(t), total(nest, totals, c, nest.plus(start, Value.i32(t))));
        }
      });
      nest.loop("c", Value.i32(1), number, 1, false, c -> {
        for (int t = 0; t < count; t++) {
          nest.set(sums.get(t), Value.apply(Basic.ADD, Value.ref(sums.get(t)),
              total(nest, totals, c, nest.plus(start, Value.i32(t)))));
        }
      });
      for (int t = 0; t < count; t++) {
        nest.store(target, nest.plus(start, Value.i32(t)), Value.ref(sums.get(t)));
      }
    });
    return nest.finish();
  }

  private Value total(NestBuilder nest, ArrayParam totals, Value chunk, Value place) {
    return nest.load(totals, nest.plus(nest.times(chunk, Value.i32(results)), place));
  }
}
