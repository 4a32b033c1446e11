package io.kotangent.plan;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The loops of a contraction in row form: [RowSums], and then the epilogue on each finished row.
final class ContractionNest {
  private final RowForm form;
  private final NestBuilder nest;
  private final RowSums sums;
  private final RowBody body;

  private ContractionNest(Group group, Grouping grouping, RowForm form, int most) {
    this.form = form;
    this.nest = new NestBuilder(grouping.splitsRows());
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
    this.sums = new RowSums(nest, form, nest.read(form.rows(), false), most, finish);
    this.body = new RowBody(nest, group, grouping, Optional.of(form.node()), form.rowAxis(),
        form.rowAxis() + form.rowAxes(), sums.length());
  }

  /// @param most how many rows of the result may share copied rows of the operand
  static Nest of(Group group, Grouping grouping, int most) {
    RowForm form = RowForm.of(group.nodes().getFirst()).orElseThrow();
    Optional<PlaneForm> planes = PlaneForm.of(form);
    if (planes.isPresent()) {
      return PlaneNest.of(group, grouping, planes.get(), most);
    }
    boolean pieces = most == RowSums.BLOCK && group.nodes().stream().noneMatch(group::isOuter);
    return new ContractionNest(group, grouping, pieces ? form.inPieces() : form, most).build();
  }

  private Nest build() {
    body.provide(sums.anyRow());
    body.prepare(form.part().isEmpty());
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
    Value start = form.part().map(part -> nest.times(at.get(part), sums.length()))
        .orElse(Value.i32(0));
    return new RowBody.Frame(index, start, sums.length());
  }
}
