package io.kotangent.plan.sum;

import io.kotangent.ir.Basic;
import io.kotangent.ir.SumOrder;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import io.kotangent.plan.form.RowForm;
import io.kotangent.plan.form.TileShape;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.nest.SharedLoops;
import io.kotangent.plan.nest.Work;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.Optional;
import java.util.function.Consumer;

/// A product of few rows, one by one, with a large matrix: what it takes is the time to fetch the matrix. Threads share the
/// chunks of the sum, so that each of them reads whole rows, which lie one after the other; had they shared the columns, each would
/// read pieces of all rows, and caches would fetch what lies between. A second kernel joins the totals from left to right: the
/// bits are those of [TileNest].
public final class RowChunks {
  /// The least elements of the matrix.
  private static final int LEAST = 1 << 16;
  /// Vectors of columns that are joined at once.
  private static final int JOINED = 8;

  private final RowForm form;
  private final DType dtype;
  private final int lanes;
  private final int vectors;
  private final int columns;
  private final int width;
  private final int count;
  private final int chunks;
  /// Chunks that threads share; what is less than half a chunk goes with the one before.
  private final int items;
  private final Dim rows;

  private RowChunks(RowForm form, TileShape shape) {
    this.form = form;
    this.dtype = form.node().dtype();
    this.lanes = shape.lanes();
    this.columns = shape.columns();
    this.count = (int) form.size(summed()).constant();
    this.chunks = Math.ceilDiv(count, SumOrder.CHUNK);
    boolean rest = count % SumOrder.CHUNK > 0 && count % SumOrder.CHUNK < SumOrder.CHUNK / 2;
    this.items = rest ? chunks - 1 : chunks;
    this.vectors = shape.vectors(1);
    this.width = Math.min(columns, vectors * lanes);
    this.rows = form.outer().isEmpty() ? Dim.ONE : form.size(form.outer().charAt(0));
  }

  private char summed() {
    return form.summed().charAt(0);
  }

  /// The sums of a form by chunks, if it is one of rows of a large matrix of known size.
  ///
  /// @param height how many rows go together
  public static Optional<RowChunks> of(RowForm form, TileShape shape, int height) {
    boolean one =
        height == 1 && form.summed().length() == 1 && form.outer().length() == form.sharing().size()
            && form.outer().length() <= 1 && form.part().isEmpty();
    if (!one || !form.length().isConstant() || !form.size(form.summed().charAt(0)).isConstant()) {
      return Optional.empty();
    }
    long count = form.size(form.summed().charAt(0)).constant();
    boolean large = count > SumOrder.CHUNK && count * form.length().constant() >= LEAST;
    return large && form.length().constant() >= shape.lanes()
        ? Optional.of(new RowChunks(form, shape)) : Optional.empty();
  }

  /// How many totals there are: for each row, those of one chunk after those of another.
  public Dim totals() {
    return rows.times((long) chunks * columns);
  }

  /// What holds the totals, in [Nest#values()].
  public Nest.Held held() {
    return new Nest.Held(form.node(), 1);
  }

  /// Makes the totals. Threads share chunks by panels of columns, all of a chunk before those of the next.
  public Nest sums() {
    NestBuilder nest = new NestBuilder();
    ArrayParam matrix = nest.read(form.rows(), false);
    ArrayParam factors = nest.read(form.factors(), false);
    ArrayParam target = nest.write(held(), dtype, false);
    int panels = Math.ceilDiv(columns, width);
    Dim steps = Dim.of((long) items * panels);
    SharedLoops.Pair pair = SharedLoops.Pair.of(nest, rows, steps,
        Dim.of((long) count * width * Work.FETCHED / items));
    boolean overlap = panels == 1;
    nest.lanes("j", Value.i32(0), Value.i32(width), vectors, overlap, j -> {
      NestBuilder.Span outer = pair.outer();
      nest.loop("i", outer.from(), outer.to(), 1, false, row -> {
        NestBuilder.Span inner = pair.inner(row);
        nest.loop("c", inner.from(), inner.to(), 1, false, step -> {
          Value item = nest.quotient(step, Value.i32(panels));
          Value panel = nest.times(panels == 1 ? Value.i32(0)
              : nest.remainder(step, Value.i32(panels)), Value.i32(width));
          Value first = columns % width == 0 ? panel
              : nest.min(panel, Value.i32(columns - width));
          Value column = nest.plus(first, j);
          overChunks(nest, item,
              chunk -> total(nest, row, chunk, column, matrix, factors, target));
        });
      });
    });
    return nest.finish();
  }

  private void overChunks(NestBuilder nest, Value item, Consumer<Value> body) {
    if (items == chunks) {
      body.accept(item);
      return;
    }
    Value next = nest.plus(item, Value.i32(1));
    Value rest = nest.quotient(next, Value.i32(items));
    nest.loop("c", item, nest.plus(next, rest), 1, false, body);
  }

  private void total(NestBuilder nest, Value row, Value chunk, Value column, ArrayParam matrix,
      ArrayParam factors, ArrayParam target) {
    Value from = nest.times(chunk, Value.i32(SumOrder.CHUNK));
    Value number = count % SumOrder.CHUNK == 0 ? Value.i32(SumOrder.CHUNK)
        : nest.min(Value.i32(SumOrder.CHUNK), nest.minus(Value.i32(count), from));
    Value stride = nest.dim(form.rowsStride(summed()));
    Value step = nest.dim(form.factorStride(summed()));
    Value inMatrix = nest.plus(nest.plus(nest.dim(form.rowsBase()), nest.times(from, stride)),
        column);
    Value inFactors = nest.plus(nest.plus(nest.dim(form.factorBase()), nest.times(from, step)),
        form.outer().isEmpty() ? Value.i32(0)
            : nest.times(row, nest.dim(form.factorStride(form.outer().charAt(0)))));
    Local sum = nest.variable(new Value.Const(dtype, 0));
    nest.loop("k", Value.i32(0), number, 1, false, k -> {
      Value elements = nest.load(matrix, nest.plus(inMatrix, nest.times(k, stride)));
      Value factor = nest.load(factors, nest.plus(inFactors, nest.times(k, step)));
      nest.set(sum, Value.apply(Basic.FMA, factor, elements, Value.ref(sum)));
    });
    Value line = nest.plus(nest.times(row, Value.i32(chunks)), chunk);
    nest.store(target, nest.plus(nest.times(line, Value.i32(columns)), column), Value.ref(sum));
  }

  /// Adds the totals, left to right.
  public Nest join() {
    NestBuilder nest = new NestBuilder();
    ArrayParam totals = nest.read(held(), dtype, false);
    ArrayParam target = nest.write(form.node(), false);
    NestBuilder.Span part = nest.parallel(Dim.ZERO, rows, 1,
        Dim.of((long) chunks * columns).times(Work.BLOCK_ELEMENT));
    int together = Math.min(JOINED, Math.ceilDiv(columns, lanes));
    // rows outside: so short a kernel is compiled well only if the calls that ask for it have something to do
    nest.loop("i", part.from(), part.to(), 1, false,
        row -> nest.lanes("j", Value.i32(0), Value.i32(columns), together, true, j -> {
          Value first = nest.plus(nest.times(row, Value.i32(chunks * columns)), j);
          Local sum = nest.variable(nest.load(totals, first));
          nest.loop("c", Value.i32(1), Value.i32(chunks), 1, false, c -> {
            Value total = nest.load(totals, nest.plus(first, nest.times(c, Value.i32(columns))));
            nest.set(sum, Value.apply(Basic.ADD, Value.ref(sum), total));
          });
          nest.store(target, nest.plus(nest.times(row, Value.i32(columns)), j), Value.ref(sum));
        }));
    return nest.finish();
  }
}
