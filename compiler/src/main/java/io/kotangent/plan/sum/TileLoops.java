package io.kotangent.plan.sum;

import io.kotangent.loop.Value;
import io.kotangent.plan.form.RowForm;
import io.kotangent.plan.form.TileShape;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.nest.SharedLoops;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The loops over the labels of a result that is made of tiles, and how threads share them.
final class TileLoops {
  /// Stands for the rows that the tiles before have done.
  static final char DONE = '<';

  private final NestBuilder nest;
  private final RowForm form;
  private final TileShape shape;
  private final int height;
  private final int width;
  private final Map<Character, NestBuilder.Span> parts = new HashMap<>();
  private Optional<SharedLoops.Pair> pair = Optional.empty();
  private String pairLabels = "";

  /// @param width the columns of a panel
  TileLoops(NestBuilder nest, RowForm form, TileShape shape, int height, int width) {
    this.nest = nest;
    this.form = form;
    this.shape = shape;
    this.height = height;
    this.width = width;
  }

  /// Threads share the first label there is or, if that may be short, the first two seen as one.
  void share(List<Character> outside, List<Character> inside) {
    List<Character> all = new ArrayList<>(outside);
    all.addAll(inside);
    if (all.isEmpty()) {
      return;
    }
    List<Character> several = all.stream().filter(label -> !steps(label).is(1)).toList();
    List<Character> shared = several.isEmpty() ? all : several;
    char first = shared.getFirst();
    boolean alone = shared.size() == 1
        || steps(first).isConstant() && steps(first).constant() >= SharedLoops.MANY
        || !steps(shared.get(1)).isConstant() && grain(shared.get(1)) > 1 || !isWhole(first);
    pairLabels = alone ? "" : "" + first + shared.get(1);
    Dim work = form.tileWork(shape.lanes(), height == 1 && all.contains(form.row()),
        height == 1);
    for (char label : (form.outer() + form.row()).toCharArray()) {
      boolean counts = alone ? label != first : pairLabels.indexOf(label) < 0;
      work = counts ? work.times(form.size(label)) : work;
    }
    shape.tiled().filter(label -> grain(label) > 1 && !form.size(label).isConstant())
        .ifPresent(label -> nest.needs(form.size(label), height));
    if (alone) {
      parts.put(first, nest.parallel(Dim.ZERO, form.size(first), grain(first), work));
    } else {
      pair = Optional.of(SharedLoops.Pair.of(nest, steps(first), steps(pairLabels.charAt(1)),
          work.times(grain(first)).times(grain(pairLabels.charAt(1)))));
    }
  }

  /// How many indices of a label a tile covers.
  private int grain(char label) {
    return label == form.row() ? width : shape.isTiled(label) ? height : 1;
  }

  /// Whether the indices of a label are a number of tiles.
  boolean isWhole(char label) {
    Dim size = form.size(label);
    int grain = grain(label);
    return grain == 1 || size.isConstant() && size.constant() % grain == 0;
  }

  /// How many steps there are along a label. A tile that is left at the end belongs to the last step.
  private Dim steps(char label) {
    return form.size(label).floorDiv(Dim.of(grain(label)));
  }

  /// Nested loops over labels.
  void over(List<Character> labels, Map<Character, Value> at,
      Consumer<Map<Character, Value>> body) {
    if (labels.isEmpty()) {
      body.accept(at);
      return;
    }
    char label = labels.getFirst();
    NestBuilder.Span range = range(label, at);
    int grain = grain(label);
    nest.loop("i", range.from(), range.to(), grain, false, i -> {
      Map<Character, Value> deeper = new HashMap<>(at);
      if (shape.isTiled(label)) {
        deeper.put(DONE, i);
      }
      deeper.put(label, isWhole(label) ? i : nest.min(i, nest.minus(range.to(), Value.i32(grain))));
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
    char outer = pairLabels.charAt(0);
    NestBuilder.Span steps = place == 0 ? both.outer()
        : both.inner(nest.quotient(at.get(outer), Value.i32(grain(outer))));
    return grain(label) == 1 ? steps : indices(steps, label);
  }

  /// The indices of some steps: with the last whole one goes what is left.
  private NestBuilder.Span indices(NestBuilder.Span steps, char label) {
    Value grain = Value.i32(grain(label));
    int left = (int) form.size(label).constant() % grain(label);
    Value more = left == 0 ? Value.i32(0)
        : nest.times(nest.quotient(steps.to(), nest.dim(steps(label))), Value.i32(left));
    return new NestBuilder.Span(nest.times(steps.from(), grain),
        nest.plus(nest.times(steps.to(), grain), more), false);
  }
}
