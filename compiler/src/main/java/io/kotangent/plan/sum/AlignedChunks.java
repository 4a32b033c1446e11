package io.kotangent.plan.sum;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Value;
import io.kotangent.plan.form.RowForm;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.HashMap;
import java.util.Map;

/// The totals of the chunks of a [ChunkedSum] whose results are one row, by sums in aligned memory.
final class AlignedChunks {
  /// Stands for the number of a chunk.
  private static final char CHUNK = '#';

  private AlignedChunks() {
  }

  /// @param held what holds the totals
  /// @param steps of the outermost summed label, how many make a chunk
  /// @param item picoseconds for a chunk, about
  static Nest of(RowForm form, Nest.Held held, int steps, Dim item) {
    NestBuilder nest = new NestBuilder();
    DType dtype = form.node().dtype();
    int length = Math.toIntExact(form.length().constant());
    ArrayParam source = nest.read(form.rows(), false);
    nest.read(form.factors(), false);
    ArrayParam target = nest.write(held, dtype, false);
    AlignedSums sums = new AlignedSums(nest, form,
        new AlignedSums.Source(source, nest.dim(form.rows().shape().size())),
        (at, _, rows) -> rows.copyRow(Value.i32(0), target,
            nest.times(at.get(CHUNK), Value.i32(length)), length));
    Dim count = form.size(form.summed().charAt(0));
    NestBuilder.Span part =
        nest.parallel(Dim.ZERO, count.ceilDiv(Dim.of(steps)), 1, item);
    sums.prepare();
    Map<Character, Value> at = new HashMap<>();
    form.outer().chars().forEach(label -> at.put((char) label, Value.i32(0)));
    nest.loop("c", part.from(), part.to(), 1, false, c -> {
      at.put(CHUNK, c);
      Value from = nest.times(c, Value.i32(steps));
      sums.chunk(at, from, nest.min(nest.dim(count), nest.plus(from, Value.i32(steps))));
    });
    return nest.finish();
  }
}
