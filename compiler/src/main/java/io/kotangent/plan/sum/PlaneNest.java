package io.kotangent.plan.sum;

import io.kotangent.ir.Basic;
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

/// The loops of a turned convolution ([PlaneForm]): the features of an image become planes in scratch, rows of them are summed, and
/// some features of each pixel at a time are a row of the result, for the epilogue.
final class PlaneNest {
  private final PlaneForm form;
  private final NestBuilder nest;
  private final Planes planes;
  private final ArrayParam row;
  private final RowSums sums;
  private final RowBody body;

  private PlaneNest(Group group, Grouping grouping, PlaneForm form,
      RowBlocks blocks) {
    RowForm straight = form.straight();
    this.form = form;
    this.nest = new NestBuilder(grouping.splitsRows());
    this.planes = new Planes(nest, form, 0);
    this.sums = new RowSums(nest, form.turned(), planes.array(), blocks,
        (at, _, rows) -> finish(at, rows));
    Value length = Value.i32(sums.most());
    this.row = nest.scratch(straight.node().dtype(), length);
    this.body = new RowBody(nest, group, grouping, Optional.of(straight.node()),
        straight.rowAxis(), straight.rowAxis() + 1, length);
  }

  static Nest of(Group group, Grouping grouping, PlaneForm form,
      RowBlocks blocks) {
    PlaneNest planes = new PlaneNest(group, grouping, form, blocks);
    planes.body.provide(planes.row);
    planes.body.prepare(false);
    planes.loops();
    return planes.nest.finish();
  }

  /// Threads share the blocks of features of all images.
  private void loops() {
    RowForm turned = form.turned();
    int features = Math.toIntExact(turned.size('c').constant());
    int blocks = Math.ceilDiv(features, sums.most());
    Dim work = turned.rowWork().times(turned.size(PlaneForm.BAND)).times(sums.most());
    SharedLoops.ranges(nest, planes.sizes(Dim.of(blocks)), 1, work, (index, span) -> {
      Map<Character, Value> at = planes.at(index);
      planes.fill(at);
      nest.loop("b", span.from(), span.to(), 1, false, block -> {
        at.put('c', nest.times(block, Value.i32(sums.most())));
        int rest = features % sums.most();
        if (rest == 0) {
          bands(at, sums.most());
        } else {
          nest.when(Value.apply(Basic.LT, block, Value.i32(blocks - 1)),
              () -> bands(at, sums.most()), () -> bands(at, rest));
        }
      });
    });
  }

  private void bands(Map<Character, Value> at, int rows) {
    nest.loop("b", Value.i32(0), nest.dim(form.turned().size(PlaneForm.BAND)), 1, false, band -> {
      at.put(PlaneForm.BAND, band);
      sums.emit(at, rows);
    });
  }

  /// Takes rows apart into the features of each pixel.
  private void finish(Map<Character, Value> at, List<ArrayParam> rows) {
    planes.overPixels(at, (index, pixel) -> {
      for (int t = 0; t < rows.size(); t++) {
        nest.store(row, Value.i32(t), nest.load(rows.get(t), pixel));
      }
      body.emitRow(new RowBody.Frame(index, at.get('c'), Value.i32(rows.size())));
    });
  }
}
