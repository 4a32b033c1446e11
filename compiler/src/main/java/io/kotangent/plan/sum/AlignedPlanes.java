package io.kotangent.plan.sum;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Value;
import io.kotangent.plan.form.PlaneForm;
import io.kotangent.plan.form.RowForm;
import io.kotangent.plan.group.Group;
import io.kotangent.plan.group.Grouping;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.nest.SharedLoops;
import io.kotangent.plan.rows.RowBody;
import io.kotangent.type.Dim;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The loops of a turned convolution as in [PlaneNest], with sums in aligned memory. Planes lie where row loops want rows of the operand,
/// if they are short enough: then nothing is copied for the sums.
final class AlignedPlanes {
  /// Elements after the last plane, that row loops may read.
  private static final int MORE = 64;
  /// Of so many blocks of features is an image, if they are not too small or large then.
  private static final int BLOCKS = 4;
  private static final int LEAST_BLOCK = 16;
  private static final int MOST_BLOCK = 32;

  private final PlaneForm form;
  private final NestBuilder nest;
  private final Planes planes;
  private final AlignedSums sums;
  private final ArrayParam row;
  private final RowBody body;

  private AlignedPlanes(Group group, Grouping grouping, PlaneForm form) {
    this.form = form;
    this.nest = new NestBuilder(grouping.splitsRows());
    this.planes = new Planes(nest, form, MORE);
    this.sums = new AlignedSums(nest, form.turned(),
        new AlignedSums.Source(planes.array(), planes.size()), this::finish);
    RowForm straight = form.straight();
    Value most = Value.i32(sums.most());
    this.row = nest.scratch(straight.node().dtype(), most);
    this.body = new RowBody(nest, group, grouping, Optional.of(straight.node()),
        straight.rowAxis(), straight.rowAxis() + 1, most);
  }

  static Optional<Nest> of(Group group, Grouping grouping, PlaneForm planes) {
    int before = AlignedRows.before(planes.straight().node().dtype());
    PlaneForm form = planes.with(Math.max(AlignedRows.PITCH, planes.pixels()), before);
    return AlignedSums.fits(form.turned())
        ? Optional.of(new AlignedPlanes(group, grouping, form).nest()) : Optional.empty();
  }

  /// Threads share the blocks of features of all images.
  private Nest nest() {
    body.provide(row);
    body.prepare(false);
    sums.prepare();
    RowForm turned = form.turned();
    int features = Math.toIntExact(turned.size('c').constant());
    int block = Math.clamp(features / BLOCKS, LEAST_BLOCK, MOST_BLOCK) / AlignedRows.TILE
        * AlignedRows.TILE;
    Dim bands = turned.size(PlaneForm.BAND);
    Dim work = turned.rowWork().times(bands).times(Math.min(block, features));
    Dim blocks = Dim.of(Math.ceilDiv(features, block));
    SharedLoops.ranges(nest, planes.sizes(blocks), 1, work, (index, span) -> {
      Map<Character, Value> at = planes.at(index);
      planes.fill(at);
      nest.loop("c", span.from(), span.to(), 1, false, number -> {
        Value first = nest.times(number, Value.i32(block));
        Value end = nest.min(Value.i32(features), nest.plus(first, Value.i32(block)));
        nest.loop("b", Value.i32(0), nest.dim(bands), 1, false, band -> {
          at.put(PlaneForm.BAND, band);
          sums.emit(at, new NestBuilder.Span(first, end, true));
        });
      });
    });
    return nest.finish();
  }

  /// Takes rows apart into the features of each pixel.
  private void finish(Map<Character, Value> at, Value count, AlignedRows rows) {
    planes.overPixels(at, (index, pixel) -> {
      nest.loop("t", Value.i32(0), count, 1, false,
          t -> nest.store(row, t, rows.element(t, pixel)));
      body.emitRow(new RowBody.Frame(List.copyOf(index), at.get('c'), count));
    });
  }
}
