package io.kotangent.plan;

import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Value;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The loops of a turned convolution ([PlaneForm]): the features of an image become planes in scratch, rows of them are summed, and
/// some features of each pixel at a time are a row of the result, for the epilogue.
final class PlaneNest {
  private final PlaneForm form;
  private final NestBuilder nest;
  private final ArrayParam data;
  private final ArrayParam planes;
  private final ArrayParam row;
  private final RowSums sums;
  private final RowBody body;

  private PlaneNest(Group group, Grouping grouping, PlaneForm form, int most) {
    RowForm straight = form.straight();
    this.form = form;
    this.nest = new NestBuilder(grouping.splitsRows());
    this.data = nest.read(straight.factors(), false);
    nest.read(straight.rows(), false);
    this.planes = nest.scratch(data.dtype(),
        Value.i32(Math.toIntExact(straight.size('i').constant() * form.pixels())));
    this.sums = new RowSums(nest, form.turned(), planes, most, (at, _, rows) -> finish(at, rows));
    Value length = Value.i32(sums.most());
    this.row = nest.scratch(data.dtype(), length);
    this.body = new RowBody(nest, group, grouping, Optional.of(straight.node()),
        straight.rowAxis(), straight.rowAxis() + 1, length);
  }

  static Nest of(Group group, Grouping grouping, PlaneForm form, int most) {
    PlaneNest planes = new PlaneNest(group, grouping, form, most);
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
    List<Dim> sizes = new ArrayList<>();
    form.outside().forEach(label -> sizes.add(form.straight().size(label)));
    sizes.add(Dim.of(blocks));
    Dim work = Work.ofSums(turned).times(turned.size(PlaneForm.BAND)).times(sums.most());
    SharedLoops.ranges(nest, sizes, 1, work, (index, span) -> {
      Map<Character, Value> at = new HashMap<>();
      for (int i = 0; i < index.size(); i++) {
        at.put(form.outside().get(i), index.get(i));
      }
      fill(at);
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

  /// Transposes an image: features were innermost and become outermost.
  private void fill(Map<Character, Value> at) {
    Value start = nest.dim(form.straight().factorBase());
    for (char label : form.outside()) {
      start = nest.plus(start,
          nest.times(at.get(label), nest.dim(form.straight().factorStride(label))));
    }
    Value image = start;
    Value features = nest.dim(form.straight().size('i'));
    Value pixels = Value.i32(form.pixels());
    nest.loop("p", Value.i32(0), pixels, 1, false, p -> {
      Value pixel = nest.plus(image, nest.times(p, features));
      nest.loop("f", Value.i32(0), features, 1, false, f -> nest.store(planes,
          nest.plus(nest.times(f, pixels), p), nest.load(data, nest.plus(pixel, f))));
    });
  }

  /// Takes rows apart into the features of each pixel.
  private void finish(Map<Character, Value> at, List<ArrayParam> rows) {
    RowForm straight = form.straight();
    boolean flat = form.height() == PlaneForm.BAND;
    Value first = nest.times(at.get(PlaneForm.BAND), Value.i32(form.lines()));
    nest.loop("h", Value.i32(0), Value.i32(form.lines()), 1, false, h -> {
      Dim line = flat ? Dim.ZERO : straight.factorStride(form.height());
      Value start = nest.times(h,
          Value.i32(Math.toIntExact(line.constant() / straight.size('i').constant())));
      Map<Character, Value> point = new HashMap<>(at);
      point.put(form.height(), nest.plus(first, h));
      nest.loop("w", Value.i32(0), nest.dim(straight.size(form.width())), 1, false, w -> {
        point.put(form.width(), w);
        Value pixel = nest.plus(start, w);
        for (int t = 0; t < rows.size(); t++) {
          nest.store(row, Value.i32(t), nest.load(rows.get(t), pixel));
        }
        List<Value> index = new ArrayList<>();
        for (char label : straight.outer().toCharArray()) {
          index.add(point.get(label));
        }
        body.emitRow(new RowBody.Frame(index, at.get('c'), Value.i32(rows.size())));
      });
    });
  }
}
