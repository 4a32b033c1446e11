package io.kotangent.plan.sum;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Value;
import io.kotangent.plan.form.PlaneForm;
import io.kotangent.plan.form.RowForm;
import io.kotangent.plan.group.Group;
import io.kotangent.plan.group.Grouping;
import io.kotangent.plan.group.Reading;
import io.kotangent.plan.group.View;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.rows.RowBody;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The loops of a contraction in row form: [RowSums] or [AlignedSums], and then the epilogue on each finished row.
public final class ContractionNest {
  private final Group group;
  private final RowForm form;
  private final NestBuilder nest;
  private final Value length;
  private final RowBody body;

  private ContractionNest(Group group, Grouping grouping, RowForm form) {
    this.group = group;
    this.form = form;
    this.nest = new NestBuilder(grouping.splitsRows());
    nest.read(form.rows(), false);
    this.length = nest.dim(form.length());
    this.body = new RowBody(nest, group, grouping, Optional.of(form.node()), form.rowAxis(),
        form.rowAxis() + form.rowAxes(), length);
  }

  public static Nest of(Group group, Grouping grouping, RowBlocks blocks) {
    RowForm form = form(group, grouping);
    Optional<PlaneForm> planes = PlaneForm.of(form);
    if (planes.isPresent()) {
      return PlaneNest.of(group, grouping, planes.get(), blocks);
    }
    RowForm cut = blocks.isLarge() ? inPieces(group, form) : form;
    return new ContractionNest(group, grouping, cut).rows(blocks);
  }

  /// The same with sums in aligned memory, if they can be.
  public static Optional<Nest> aligned(Group group, Grouping grouping) {
    RowForm form = form(group, grouping);
    Optional<PlaneForm> planes = PlaneForm.of(form);
    if (planes.isPresent()) {
      return AlignedPlanes.of(group, grouping, planes.get());
    }
    RowForm cut = inPieces(group, form);
    return AlignedSums.fits(cut)
        ? Optional.of(new ContractionNest(group, grouping, cut).aligned()) : Optional.empty();
  }

  /// Rows as long as the epilogue can read all its operands along them: a vector by column has no row of several lines.
  private static RowForm form(Group group, Grouping grouping) {
    Reading reading = grouping.reading();
    List<View> stored = group.nodes().stream().skip(1).flatMap(n -> reading.views(n).stream())
        .filter(view -> !reading.isComputed(view.base())).toList();
    return RowForm.of(group.nodes().getFirst(), (first, end) -> stored.stream()
        .allMatch(view -> view.suits(group.domain(), first, end))).orElseThrow();
  }

  private static RowForm inPieces(Group group, RowForm form) {
    return group.nodes().stream().noneMatch(group::isOuter) ? form.inPieces() : form;
  }

  private Nest rows(RowBlocks blocks) {
    RowSums.Finish finish = new RowSums.Finish() {
      @Override
      public void accept(Map<Character, Value> at, Optional<Character> tiled,
          List<ArrayParam> rows) {
        finish(at, tiled, rows);
      }

      @Override
      public int weight() {
        return group.weight();
      }
    };
    RowSums sums = new RowSums(nest, form, nest.read(form.rows(), false), blocks, finish);
    body.provide(sums.anyRow());
    body.prepare(form.part().isEmpty());
    sums.emitShared();
    return nest.finish();
  }

  private Nest aligned() {
    ArrayParam row = nest.scratch(form.node().dtype(), length);
    AlignedSums sums = new AlignedSums(nest, form,
        new AlignedSums.Source(nest.read(form.rows(), false),
            nest.dim(form.rows().shape().size())),
        (at, count, rows) -> nest.loop("t", Value.i32(0), count, 1, false, r -> {
          Map<Character, Value> point = new HashMap<>(at);
          RowSums.tiled(form).ifPresent(label -> point.put(label, nest.plus(at.get(label), r)));
          rows.copyRow(r, row, Value.i32(0), NestBuilder.intOf(length));
          body.emitRow(frame(point));
        }));
    body.provide(row);
    body.prepare(form.part().isEmpty());
    sums.prepare();
    sums.emitShared();
    return nest.finish();
  }

  private void finish(Map<Character, Value> at, Optional<Character> tiled,
      List<ArrayParam> rows) {
    for (int t = 0; t < rows.size(); t++) {
      Map<Character, Value> row = new HashMap<>(at);
      Value step = Value.i32(t);
      tiled.ifPresent(label -> row.put(label, nest.plus(at.get(label), step)));
      body.provide(rows.get(t));
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
    Value start = form.part().map(part -> nest.times(at.get(part), length))
        .orElse(Value.i32(0));
    return new RowBody.Frame(index, start, length);
  }
}
