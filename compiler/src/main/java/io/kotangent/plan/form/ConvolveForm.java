package io.kotangent.plan.form;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.Dim;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The row form of a convolution that neither pads nor has holes in its data: then every product is of a data element
/// whose place is affine in the places of result and kernel.
///
/// Rows are those of the kernel (`nhwc,hwio->nhwc`: along the output features) or, where the result's last label is
/// that of the batch or of a spatial axis, those of the data (`nchw,oihw->nchw`).
public final class ConvolveForm {
  private static final char PART = '/';

  private final Node node;
  private final Op.Convolve op;
  private final Node data;
  private final Node kernel;
  private final String spatial;
  /// Strides in the kernel are those in the rows.
  private final Map<Character, RowForm.Label> labels = new LinkedHashMap<>();
  private final StringBuilder summed = new StringBuilder();
  private Dim base = Dim.ZERO;

  private ConvolveForm(Node node, Op.Convolve op) {
    this.node = node;
    this.op = op;
    this.data = node.operand(0);
    this.kernel = node.operand(1);
    this.spatial = op.spatialLabels();
  }

  static Optional<RowForm> of(Node node, Op.Convolve op) {
    if (!op.spatial().stream().allMatch(ConvolveForm::isAffine)) {
      return Optional.empty();
    }
    ConvolveForm form = new ConvolveForm(node, op);
    char row = RowForm.lastLabel(op.result(), node);
    if (row == 'c') {
      return form.alongKernel();
    }
    return row == 0 ? Optional.empty() : form.alongData(row);
  }

  /// The form of a convolution with padding or holes: without the places along spatial axes, which are not affine. The batch
  /// is the innermost label.
  public static Optional<RowForm> withHoles(Node node, Op.Convolve op) {
    boolean suits = !op.spatial().stream().allMatch(ConvolveForm::isAffine)
        && op.order().labels().endsWith("i") && RowForm.lastLabel(op.result(), node) == 'c'
        && RowForm.lastLabel(op.kernel(), node.operand(1)) == 'o';
    if (!suits) {
      return Optional.empty();
    }
    ConvolveForm form = new ConvolveForm(node, op);
    form.label();
    form.labels.replaceAll((label, l) -> "nci/".indexOf(label) >= 0 ? l
        : new RowForm.Label(l.size(), l.inRows(), Dim.ZERO));
    boolean parts = form.labels.containsKey(PART);
    String outer = op.result().replace("n", "").replace("c", "") + (parts ? PART : "") + "n";
    return Optional.of(new RowForm(node, form.kernel, form.data, 'c', op.result().indexOf('c'), 1,
        parts ? Optional.of(PART) : Optional.empty(), outer, form.summed.toString(), form.labels,
        Dim.ZERO, Dim.ZERO)).filter(RowForm::pays);
  }

  /// Whether every element of the kernel meets an element of the data.
  private static boolean isAffine(Op.Spatial axis) {
    return axis.dataDilation() == 1 && isCrop(axis.padLow()) && isCrop(axis.padHigh());
  }

  /// Whether a padding is known to add nothing.
  public static boolean isCrop(Dim padding) {
    return padding.isConstant() && padding.constant() <= 0;
  }

  private Optional<RowForm> alongKernel() {
    if (RowForm.lastLabel(op.kernel(), kernel) != 'o') {
      return Optional.empty();
    }
    label();
    boolean parts = labels.containsKey(PART);
    String outer = op.result().replace("c", parts ? String.valueOf(PART) : "");
    return Optional.of(new RowForm(node, kernel, data, 'c', op.result().indexOf('c'), 1,
        parts ? Optional.of(PART) : Optional.empty(), outer, summed.toString(), labels, Dim.ZERO,
        base));
  }

  private Optional<RowForm> alongData(char row) {
    boolean contiguous = RowForm.lastLabel(op.data(), data) == row
        && (row == 'n' || op.spatial().get(spatial.indexOf(row)).stride() == 1);
    if (!contiguous || op.groups() > 1 || op.batchGroups() > 1) {
      return Optional.empty();
    }
    label();
    labels.replaceAll((_, label) -> label.swapped());
    String outer = op.result().replace(String.valueOf(row), "");
    return Optional.of(new RowForm(node, data, kernel, row, op.result().indexOf(row), 1,
        Optional.empty(), outer, summed.toString(), labels, base, Dim.ZERO));
  }

  private void label() {
    int parts = op.groups() * op.batchGroups();
    Dim inputs = kernel.shape().dim(op.kernel().indexOf('i'));
    Dim outputs = kernel.shape().dim(op.kernel().indexOf('o')).floorDiv(Dim.of(parts));
    Dim batch = node.shape().dim(op.result().indexOf('n'));
    put('n', batch, inData('n'), Dim.ZERO);
    put('c', outputs, Dim.ZERO, inKernel('o'));
    put('i', inputs, inData('c'), inKernel('i'));
    if (parts > 1) {
      Dim step = op.groups() > 1 ? inputs.times(inData('c')) : batch.times(inData('n'));
      put(PART, Dim.of(parts), step, outputs.times(inKernel('o')));
    }
    StringBuilder kernelLabels = new StringBuilder();
    for (int s = 0; s < spatial.length(); s++) {
      char label = spatial.charAt(s);
      Op.Spatial axis = op.spatial().get(s);
      char position = free(kernelLabels.toString());
      kernelLabels.append(position);
      put(label, node.shape().dim(op.result().indexOf(label)), inData(label).times(axis.stride()),
          Dim.ZERO);
      put(position, kernel.shape().dim(op.kernel().indexOf(label)),
          inData(label).times(axis.kernelDilation()), inKernel(label));
      base = base.minus(axis.padLow().times(inData(label)));
    }
    for (char label : op.order().labels().toCharArray()) {
      summed.append(label == 'i' ? 'i' : kernelLabels.charAt(spatial.indexOf(label)));
    }
  }

  /// A capital letter for a position in the kernel that is no label yet.
  private char free(String taken) {
    char letter = 'A';
    while (op.labels().indexOf(letter) >= 0 || taken.indexOf(letter) >= 0) {
      letter++;
    }
    return letter;
  }

  private void put(char label, Dim size, Dim inData, Dim inKernel) {
    labels.put(label, new RowForm.Label(size, inKernel, inData));
  }

  private Dim inData(char label) {
    return RowForm.stride(label, op.data(), data);
  }

  private Dim inKernel(char label) {
    return RowForm.stride(label, op.kernel(), kernel);
  }
}
