package io.kotangent.plan.sum;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Value;
import io.kotangent.plan.form.PlaneForm;
import io.kotangent.plan.form.RowForm;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// The features of an image as planes in scratch, and the pixels of the result, for a [PlaneForm].
final class Planes {
  private final NestBuilder nest;
  private final PlaneForm form;
  private final ArrayParam data;
  private final ArrayParam array;
  private final Dim size;

  /// @param more elements after the last plane
  Planes(NestBuilder nest, PlaneForm form, int more) {
    this.nest = nest;
    this.form = form;
    this.data = nest.read(form.straight().factors(), false);
    nest.read(form.straight().rows(), false);
    this.size = form.straight().size('i').times(form.pitch())
        .plus(form.turned().rowsBase()).plus(more);
    this.array = nest.scratch(data.dtype(), nest.dim(size));
  }

  ArrayParam array() {
    return array;
  }

  Value size() {
    return nest.dim(size);
  }

  /// The sizes of the labels that planes are made anew for, and then another.
  List<Dim> sizes(Dim last) {
    List<Dim> sizes = new ArrayList<>();
    form.outside().forEach(label -> sizes.add(form.straight().size(label)));
    sizes.add(last);
    return sizes;
  }

  Map<Character, Value> at(List<Value> index) {
    Map<Character, Value> at = new HashMap<>();
    for (int i = 0; i < index.size(); i++) {
      at.put(form.outside().get(i), index.get(i));
    }
    return at;
  }

  /// Transposes an image: features were innermost and become outermost.
  void fill(Map<Character, Value> at) {
    Value start = nest.dim(form.straight().factorBase());
    for (char label : form.outside()) {
      start = nest.plus(start,
          nest.times(at.get(label), nest.dim(form.straight().factorStride(label))));
    }
    Value image = start;
    Value features = nest.dim(form.straight().size('i'));
    Value first = nest.dim(form.turned().rowsBase());
    Value pitch = Value.i32(form.pitch());
    nest.loop("p", Value.i32(0), Value.i32(form.pixels()), 1, false, p -> {
      Value pixel = nest.plus(image, nest.times(p, features));
      Value target = nest.plus(first, p);
      nest.loop("f", Value.i32(0), features, 1, false, f -> nest.store(array,
          nest.plus(nest.times(f, pitch), target), nest.load(data, nest.plus(pixel, f))));
    });
  }

  /// Loops over the pixels that a row covers.
  ///
  /// @param body gets the place in the result, but for the features, and the place in the row
  void overPixels(Map<Character, Value> at, BiConsumer<List<Value>, Value> body) {
    RowForm straight = form.straight();
    boolean flat = form.height() == PlaneForm.BAND;
    Value top = nest.times(at.get(PlaneForm.BAND), Value.i32(form.lines()));
    nest.loop("h", Value.i32(0), Value.i32(form.lines()), 1, false, h -> {
      Dim line = flat ? Dim.ZERO : straight.factorStride(form.height());
      Value start = nest.times(h,
          Value.i32(Math.toIntExact(line.constant() / straight.size('i').constant())));
      Map<Character, Value> point = new HashMap<>(at);
      point.put(form.height(), nest.plus(top, h));
      nest.loop("w", Value.i32(0), nest.dim(straight.size(form.width())), 1, false, w -> {
        point.put(form.width(), w);
        List<Value> index = new ArrayList<>();
        for (char label : straight.outer().toCharArray()) {
          index.add(point.get(label));
        }
        body.accept(index, nest.plus(start, w));
      });
    });
  }
}
