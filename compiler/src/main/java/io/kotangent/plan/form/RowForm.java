package io.kotangent.plan.form;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import io.kotangent.plan.nest.Work;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A sum of products seen as rows: a row of the result along one label, accumulated from rows of one operand ("rows"),
/// each times an element of the other ("factors"). Where these are is affine: a base, and for each label a stride.
///
/// @param row the label that a row runs along: contiguous in the rows and in the result, stride 0 in the factors
/// @param rowAxis the first axis of the result that a row runs along
/// @param rowAxes how many axes a row runs along
/// @param part the label, one of the outer ones, that counts the rows which lie along the row axis one after
/// the other, if there are several (groups of a convolution)
/// @param outer the other labels of the result, outermost first
/// @param summed the summed labels, in the order of the sum; the first one is that which chunks are steps of
/// @param rowsBase where the rows begin
/// @param factorBase where the factors begin
public record RowForm(Node node, Node rows, Node factors, char row, int rowAxis, int rowAxes,
    Optional<Character> part, String outer, String summed, Map<Character, Label> labels,
    Dim rowsBase, Dim factorBase) {
  /// Rows shorter than this do not pay.
  public static final int SHORT = 8;
  /// Rows are not made longer than this.
  private static final int LONGEST = 4096;
  /// Rows from here on are cut into pieces, of which a block of rows stays in the first cache.
  private static final int CUT = 512;
  private static final int LONG_PIECE = 400;
  private static final int SHORT_PIECE = 128;
  /// Counts the pieces.
  private static final char PIECE = '/';

  /// @param inRows elements from one step to the next in the rows; may be negative
  /// @param inFactors the same in the factors
  record Label(Dim size, Dim inRows, Dim inFactors) {
    Label swapped() {
      return new Label(size, inFactors, inRows);
    }
  }

  /// Tells which axes of the result, from `first` to `end`, a row may run along.
  public interface Rows {
    boolean mayRun(int first, int end);
  }

  /// The row form, if some label is contiguous where it has to be, with rows as long as they can be.
  public static Optional<RowForm> of(Node node) {
    return of(node, (_, _) -> true);
  }

  /// The same with rows along no other axes than everybody who reads them where they are made can do with.
  public static Optional<RowForm> of(Node node, Rows rows) {
    if (!node.dtype().isFloat()) {
      return Optional.empty();
    }
    return switch (node.op()) {
      case Op.Contract op when isInOrder(node, op.accumulator(), op.order()) -> of(node, op)
          .map(RowForm::withLongSums);
      case Op.Convolve op when isInOrder(node, op.accumulator(), op.order()) ->
          ConvolveForm.of(node, op).map(form -> form.withLongRows(rows))
              .map(RowForm::withLongSums);
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ ->
          Optional.empty();
    };
  }

  private static boolean isInOrder(Node node, io.kotangent.type.DType accumulator,
      SumOrder order) {
    return accumulator == node.dtype() && order.kind() == SumOrder.Kind.SEQUENTIAL
        && !order.labels().isEmpty();
  }

  /// The row label is in one operand alone, so there is at most one form.
  private static Optional<RowForm> of(Node node, Op.Contract op) {
    return of(node, op, false).or(() -> of(node, op, true));
  }

  private static Optional<RowForm> of(Node node, Op.Contract op, boolean swapped) {
    String inRows = swapped ? op.left() : op.right();
    String inFactors = swapped ? op.right() : op.left();
    Node rows = node.operand(swapped ? 0 : 1);
    Node factors = node.operand(swapped ? 1 : 0);
    char row = lastLabel(op.result(), node);
    if (row == 0 || row != lastLabel(inRows, rows) || inFactors.indexOf(row) >= 0) {
      return Optional.empty();
    }
    String outer = op.result().replace(String.valueOf(row), "");
    Map<Character, Label> labels = new LinkedHashMap<>();
    for (char label : (op.result() + op.order().labels()).toCharArray()) {
      int at = op.result().indexOf(label);
      Dim size = at >= 0 ? node.shape().dim(at) : rows.shape().dim(inRows.indexOf(label));
      labels.put(label,
          new Label(size, stride(label, inRows, rows), stride(label, inFactors, factors)));
    }
    return Optional.of(new RowForm(node, rows, factors, row, op.result().indexOf(row), 1,
        Optional.empty(), outer, op.order().labels(), labels, Dim.ZERO, Dim.ZERO));
  }

  /// The last label whose axis is not of size 1; 0 if there is none.
  public static char lastLabel(String labels, Node node) {
    for (int i = labels.length() - 1; i >= 0; i--) {
      if (!node.shape().dim(i).is(1)) {
        return labels.charAt(i);
      }
    }
    return 0;
  }

  /// The stride of a label in a row-major tensor with these labels; zero if it has no such label.
  public static Dim stride(char label, String labels, Node tensor) {
    int at = labels.indexOf(label);
    if (at < 0) {
      return Dim.ZERO;
    }
    Dim stride = Dim.ONE;
    for (int i = labels.length() - 1; i > at; i--) {
      stride = stride.times(tensor.shape().dim(i));
    }
    return stride;
  }

  // ---- merging labels

  /// The same with rows along as many axes as possible: those before that go on in the rows where a row ends, and
  /// that the factors do not have.
  private RowForm withLongRows(Rows may) {
    if (part.isPresent() || rowAxis == 0) {
      return this;
    }
    char before = outer.charAt(rowAxis - 1);
    Dim longer = size(before).times(length());
    if (!factorStride(before).is(0) || !rowsStride(before).equals(length())
        || !longer.isConstant() || longer.constant() > LONGEST
        || !may.mayRun(rowAxis - 1, rowAxis + rowAxes)) {
      return this;
    }
    Map<Character, Label> merged = new LinkedHashMap<>(labels);
    merged.put(row, new Label(longer, Dim.ONE, Dim.ZERO));
    return new RowForm(node, rows, factors, row, rowAxis - 1, rowAxes + 1, part,
        without(outer, before), summed, merged, rowsBase, factorBase).withLongRows(may);
  }

  /// The same with inner summed labels made one where both operands go on from one to the next. (Chunks are steps of the
  /// first label, so that stays.)
  private RowForm withLongSums() {
    for (int i = summed.length() - 1; i > 1; i--) {
      Label inner = labels.get(summed.charAt(i));
      Label outside = labels.get(summed.charAt(i - 1));
      if (outside.inRows().equals(inner.size().times(inner.inRows()))
          && outside.inFactors().equals(inner.size().times(inner.inFactors()))) {
        Map<Character, Label> merged = new LinkedHashMap<>(labels);
        merged.put(summed.charAt(i), new Label(outside.size().times(inner.size()), inner.inRows(),
            inner.inFactors()));
        return new RowForm(node, rows, factors, row, rowAxis, rowAxes, part, outer,
            without(summed, summed.charAt(i - 1)), merged, rowsBase, factorBase).withLongSums();
      }
    }
    return this;
  }

  /// The same with long rows cut into equal pieces, if they can be.
  public RowForm inPieces() {
    if (part.isPresent() || !length().isConstant() || length().constant() < CUT) {
      return this;
    }
    long length = length().constant();
    long pieces = Math.ceilDiv(length, LONG_PIECE);
    while (length % pieces != 0 && length / pieces >= SHORT_PIECE) {
      pieces++;
    }
    if (length % pieces != 0 || length / pieces < SHORT_PIECE) {
      return this;
    }
    Dim piece = Dim.of(length / pieces);
    Map<Character, Label> cut = new LinkedHashMap<>(labels);
    cut.put(row, new Label(piece, Dim.ONE, Dim.ZERO));
    cut.put(PIECE, new Label(Dim.of(pieces), piece, Dim.ZERO));
    return new RowForm(node, rows, factors, row, rowAxis, rowAxes, Optional.of(PIECE),
        PIECE + outer, summed, cut, rowsBase, factorBase);
  }

  private static String without(String labels, char label) {
    return labels.replace(String.valueOf(label), "");
  }

  /// Whether an axis of the result is one that a row runs along.
  public boolean isInRow(int axis) {
    return axis >= rowAxis && axis < rowAxis + rowAxes;
  }

  /// The length of a row.
  public Dim length() {
    return size(row);
  }

  public Dim size(char label) {
    return labels.get(label).size();
  }

  /// Elements from one step of a label to the next in the rows.
  public Dim rowsStride(char label) {
    return labels.get(label).inRows();
  }

  /// Elements from one step of a label to the next in the factors.
  public Dim factorStride(char label) {
    return labels.get(label).inFactors();
  }

  /// Labels of the result that only the factors have: consecutive rows of the result along the last of them share
  /// rows of the other operand.
  public List<Character> sharing() {
    List<Character> sharing = new ArrayList<>();
    for (char label : outer.toCharArray()) {
      if (rowsStride(label).is(0)) {
        sharing.add(label);
      }
    }
    return sharing;
  }

  /// Picoseconds for one row of the result by sums over rows, about.
  public Dim rowWork() {
    return sumLength().times(length()).times(Work.PRODUCT).plus(Work.ROW);
  }

  /// Picoseconds for one result by tiles, about.
  ///
  /// @param once whether an element of the rows is used for little more than one product
  /// @param alone whether rows go one by one: short ones have so few sums that each product waits for the one before
  public Dim tileWork(int lanes, boolean once, boolean alone) {
    long least = alone && length().isConstant()
        ? Work.LATENCY / Math.max(1, length().constant()) : 0;
    return sumLength().times(once ? Work.FETCHED : Math.max(least, Work.TILE_PRODUCTS / lanes));
  }

  /// Whether a sum may have more than one chunk.
  public boolean isChunked() {
    Dim products = sumLength();
    return !products.isConstant() || products.constant() > SumOrder.CHUNK;
  }

  /// How many steps the summed labels have, the outermost first.
  public List<Dim> summedSizes() {
    return summed.chars().mapToObj(label -> size((char) label)).toList();
  }

  /// How many products a result is the sum of.
  private Dim sumLength() {
    Dim products = Dim.ONE;
    for (char label : summed.toCharArray()) {
      products = products.times(size(label));
    }
    return products;
  }

  /// Whether it is worth it: a row of some length.
  public boolean pays() {
    return !length().isConstant() || length().constant() >= SHORT;
  }
}
