package io.kotangent.plan.lower;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPass;
import io.kotangent.plan.form.RowForm;
import io.kotangent.plan.sum.HolesNest;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Gives a convolution the operands that its row form wants: data that is padded already, so that all places are affine,
/// and axes transposed so that rows are contiguous. Padding is a real zero that is multiplied, so no bit changes.
final class ConvolveOperands {
  /// Rows that are long enough.
  private static final int LONG = 256;

  private final GraphBuilder builder;
  private final PlanOptions options;

  ConvolveOperands(GraphBuilder builder, PlanOptions options) {
    this.builder = builder;
    this.options = options;
  }

  Node prepare(Op.Convolve op, Node data, Node kernel) {
    Node plain = builder.add(op, data, kernel);
    if (!plain.dtype().isFloat() || op.accumulator() != plain.dtype()) {
      return plain;
    }
    if (!options.has(PlanPass.PAD_ONCE)) {
      return transposed(op, data, kernel);
    }
    List<Op.Spatial> cropped = new ArrayList<>();
    List<Dim> low = new ArrayList<>();
    List<Dim> high = new ArrayList<>();
    String spatial = op.spatialLabels();
    for (char label : op.data().toCharArray()) {
      int s = spatial.indexOf(label);
      low.add(s < 0 ? Dim.ZERO : positive(op.spatial().get(s).padLow()));
      high.add(s < 0 ? Dim.ZERO : positive(op.spatial().get(s).padHigh()));
    }
    for (Op.Spatial axis : op.spatial()) {
      if (axis.dataDilation() > 1 || !axis.padLow().isConstant() || !axis.padHigh().isConstant()) {
        return transposed(op, data, kernel);
      }
      cropped.add(new Op.Spatial(axis.stride(), axis.padLow().minus(positive(axis.padLow())),
          axis.padHigh().minus(positive(axis.padHigh())), 1, axis.kernelDilation()));
    }
    Op.Convolve valid = new Op.Convolve(op.data(), op.kernel(), op.result(), cropped, op.groups(),
        op.batchGroups(), op.order(), op.accumulator());
    boolean pads = !valid.spatial().equals(op.spatial());
    Node node = transposed(valid, pads ? padded(data, low, high) : data, kernel);
    return isRows(node) ? node : transposed(op, data, kernel);
  }

  /// before: `convolve[low=2, high=2] x, k`; after: `convolve (pad[low=(0,2,0), high=(0,2,0)] x, 0), k`.
  private Node padded(Node data, List<Dim> low, List<Dim> high) {
    List<Integer> interior = low.stream().map(_ -> 0).toList();
    return builder.add(new Op.Pad(low, high, interior), data, builder.scalar(data.dtype(), 0));
  }

  private static Dim positive(Dim padding) {
    return padding.isConstant() && padding.constant() < 0 ? Dim.ZERO : padding;
  }

  private static boolean isRows(Node node) {
    Node base = node.op() instanceof Op.Transpose ? node.operand(0) : node;
    return RowForm.of(base).filter(RowForm::pays).isPresent() || HolesNest.form(base).isPresent();
  }

  // ---- transposes

  /// before: `convolve[nhwc,hwoi->nhwc] x, k`: output features are not contiguous in the kernel;
  /// after: `convolve[nhwc,hwio->nhwc] x, (transpose k)`. Where there are few of them, rows run along a spatial axis
  /// of transposed data.
  private Node transposed(Op.Convolve op, Node data, Node kernel) {
    Node plain = builder.add(op, data, kernel);
    if (!options.has(PlanPass.TRANSPOSE_ONCE)) {
      return plain;
    }
    if (isRows(plain)) {
      Node longer = alongWindow(op, data, kernel);
      return length(plain) > 0 && length(plain) < LONG && 2 * length(longer) >= 3 * length(plain)
          ? longer : plain;
    }
    Node candidate = along('c', op, data, kernel);
    if (isRows(candidate)) {
      return candidate;
    }
    for (char label : op.spatialLabels().toCharArray()) {
      candidate = along(label, op, data, kernel);
      if (isRows(candidate)) {
        return candidate;
      }
    }
    return plain;
  }

  /// before: `convolve[chwn,ihwo->hwnc] x, g`, a gradient of a kernel: rows run along the output features of `g`;
  /// after: `transpose (convolve[chwn,ihwo->hcwn] x, g)`: rows run along the columns and features of a window of `x`.
  private Node alongWindow(Op.Convolve op, Node data, Node kernel) {
    char last = op.data().charAt(op.data().length() - 1);
    String result = op.result();
    for (char label : op.data().substring(Math.max(0, op.data().length() - 2)).toCharArray()) {
      result = label == 'c' || last == 'c' ? result : last(result, label);
    }
    Op.Convolve moved = new Op.Convolve(op.data(), op.kernel(), result, op.spatial(), op.groups(),
        op.batchGroups(), op.order(), op.accumulator());
    return reordered(builder.add(moved, data, kernel), result, op.result());
  }

  private static long length(Node node) {
    Node base = node.op() instanceof Op.Transpose ? node.operand(0) : node;
    return RowForm.of(base).map(RowForm::length).filter(Dim::isConstant).map(Dim::constant)
        .orElse(0L);
  }

  private Node along(char row, Op.Convolve op, Node data, Node kernel) {
    String dataLabels = row == 'c' ? op.data() : last(op.data(), row);
    String kernelLabels = row == 'c' ? last(op.kernel(), 'o') : op.kernel();
    String resultLabels = last(op.result(), row);
    Op.Convolve moved = new Op.Convolve(dataLabels, kernelLabels, resultLabels, op.spatial(),
        op.groups(), op.batchGroups(), op.order(), op.accumulator());
    Node node = builder.add(moved, reordered(data, op.data(), dataLabels),
        reordered(kernel, op.kernel(), kernelLabels));
    return reordered(node, resultLabels, op.result());
  }

  private static String last(String labels, char label) {
    return labels.replace(String.valueOf(label), "") + label;
  }

  private Node reordered(Node node, String from, String to) {
    List<Integer> permutation =
        IntStream.range(0, to.length()).mapToObj(i -> from.indexOf(to.charAt(i))).toList();
    return from.equals(to) ? node : builder.transpose(node, permutation);
  }
}
