package io.kotangent.plan.sum;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Value;
import io.kotangent.plan.form.ConvolveForm;
import io.kotangent.plan.form.RowForm;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.op.Holes;
import io.kotangent.type.Dim;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The loops of a convolution whose data is dilated (the input gradient of one with strides), or padded by sizes that are
/// not known: rows along the output features, as in [ContractionNest], but each element of the kernel asks first whether it
/// meets an element of the data, a hole, which it skips, or padding, a zero that it is multiplied by.
///
/// Images of the batch meet the same holes, so they share the rows of the kernel.
public final class HolesNest implements RowSums.Gate {
  private final NestBuilder nest = new NestBuilder();
  private final Op.Convolve op;
  private final Node data;
  private final String spatial;
  private final RowForm form;
  private final RowSums sums;
  private final ArrayParam target;
  private final Holes holes;

  private HolesNest(Op.Convolve op, RowForm form, int tile) {
    this.op = op;
    this.form = form;
    this.data = form.factors();
    this.spatial = op.spatialLabels();
    this.holes = new Holes(nest, op, data);
    ArrayParam kernel = nest.read(form.rows(), false);
    nest.read(data, false);
    this.target = nest.write(form.node(), false);
    this.sums = new RowSums(nest, form, kernel, RowBlocks.large(tile), this::finish, this);
  }

  /// The loops, if the node is such a convolution and its rows are long enough.
  ///
  /// @param tile rows of the result that one row loop adds to
  public static Optional<Nest> of(Node node, int tile) {
    return form(node).map(form -> {
      HolesNest holes = new HolesNest((Op.Convolve) node.op(), form, tile);
      holes.sums.emitShared();
      return holes.nest.finish();
    });
  }

  /// Rows along the output features; the strides of spatial labels count nothing, since places are not affine.
  public static Optional<RowForm> form(Node node) {
    return node.op() instanceof Op.Convolve op && node.dtype().isFloat()
        && op.accumulator() == node.dtype() ? ConvolveForm.withHoles(node, op) : Optional.empty();
  }

  // ---- what each element of the kernel meets

  @Override
  public void pass(char position, Map<Character, Value> at, Runnable body) {
    int s = form.summed().indexOf(position);
    char label = op.order().labels().charAt(s);
    holes.pass(label, at.get(label), at.get(position), body);
  }

  @Override
  public Optional<Value> isInside() {
    return holes.isInside(spatial);
  }

  @Override
  public Value offset() {
    Value offset = Value.i32(0);
    for (char label : spatial.toCharArray()) {
      Dim stride = RowForm.stride(label, op.data(), data);
      offset = nest.plus(offset, nest.times(holes.place(label), nest.dim(stride)));
    }
    return offset;
  }

  // ---- results

  private void finish(Map<Character, Value> at, Optional<Character> tiled,
      List<ArrayParam> rows) {
    Value start = Value.i32(0);
    for (char label : op.result().toCharArray()) {
      Value index = label == 'c'
          ? form.part().map(part -> nest.times(at.get(part), sums.length())).orElse(Value.i32(0))
          : at.get(label);
      start = nest.plus(start,
          nest.times(index, nest.dim(RowForm.stride(label, op.result(), form.node()))));
    }
    Dim next = tiled.map(label -> RowForm.stride(label, op.result(), form.node()))
        .orElse(Dim.ZERO);
    for (int t = 0; t < rows.size(); t++) {
      nest.copy(rows.get(t), Value.i32(0), target,
          nest.plus(start, nest.times(nest.dim(next), Value.i32(t))), sums.length());
    }
  }
}
