package io.kotangent.plan.form;

import io.kotangent.ir.Op;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A convolution turned: where features are few, rows along them are short, and rows along the pixels of a plane (of one feature of
/// the data) are long. A row covers some lines of the image, end to end, with what lies between the ends of two
/// lines of the result: computed for nothing, and dropped.
///
/// @param straight the form with rows along the features
/// @param turned rows are of the planes, factors of the kernel; label [#BAND] counts the rows of a plane
/// @param outside the labels of the result that planes are made anew for
/// @param height the label of the lines of the result
/// @param width the label of the columns of the result
/// @param lines how many lines of the result a row covers
/// @param pixels how many pixels a plane has
/// @param pitch elements from the beginning of one plane to that of the next
public record PlaneForm(RowForm straight, RowForm turned, List<Character> outside, char height,
    char width, int lines, int pixels, int pitch) {
  static final char ROW = '#';
  public static final char BAND = '=';
  /// The most and the least elements of a row.
  private static final int LONGEST = 2048;
  private static final int LONG = 320;
  private static final int SHORTEST = 96;
  /// Rows along features of more than this are long enough.
  private static final int FEW = 192;
  /// Products of a result below which turning the results back costs more than it gains.
  private static final int LEAST_SUM = 100;

  /// The turned form, if it is the better one: one image line goes on where its neighbor ends, in the
  /// data too.
  public static Optional<PlaneForm> of(RowForm merged) {
    if (!(merged.node().op() instanceof Op.Convolve op)) {
      return Optional.empty();
    }
    RowForm form = ConvolveForm.of(merged.node(), op).orElseThrow();
    boolean suits = form.row() == 'c' && form.part().isEmpty() && form.length().isConstant()
        && form.length().constant() <= FEW && form.factorStride('i').is(1);
    if (!suits || !isFixed(form)) {
      return Optional.empty();
    }
    List<Character> spatial = new ArrayList<>();
    List<Character> outside = new ArrayList<>();
    for (char label : form.outer().toCharArray()) {
      (label == 'n' ? outside : spatial).add(label);
    }
    long features = form.size('i').constant();
    if (spatial.isEmpty() || form.factorStride(spatial.getLast()).constant() != features
        || !areWhole(form, features)) {
      return Optional.empty();
    }
    char width = spatial.removeLast();
    char height = spatial.isEmpty() ? BAND : spatial.removeLast();
    outside.addAll(spatial);
    return of(form, outside, height, width);
  }

  /// The same with planes further apart.
  ///
  /// @param first elements before the first plane
  public PlaneForm with(int otherPitch, int first) {
    Map<Character, RowForm.Label> labels = new LinkedHashMap<>(turned.labels());
    labels.computeIfPresent('i', (_, label) -> new RowForm.Label(label.size(), Dim.of(otherPitch),
        label.inFactors()));
    RowForm other = new RowForm(turned.node(), turned.rows(), turned.factors(), turned.row(),
        turned.rowAxis(), turned.rowAxes(), turned.part(), turned.outer(), turned.summed(), labels,
        Dim.of(first), turned.factorBase());
    return new PlaneForm(straight, other, outside, height, width, lines, pixels, otherPitch);
  }

  /// Whether all sizes and strides are known, those of the batch aside.
  private static boolean isFixed(RowForm form) {
    for (char label : (form.outer() + form.summed()).toCharArray()) {
      if (label != 'n' && !(form.size(label).isConstant()
          && form.factorStride(label).isConstant() && form.rowsStride(label).isConstant())) {
        return false;
      }
    }
    return form.factorStride('n').isConstant() && form.factorBase().isConstant();
  }

  /// Whether all steps but those of the features are of whole pixels.
  private static boolean areWhole(RowForm form, long features) {
    if (features == 0) {
      return false;
    }
    long products = 1;
    for (char label : (form.outer() + form.summed()).toCharArray()) {
      if (label != 'i' && form.factorStride(label).constant() % features != 0) {
        return false;
      }
    }
    for (char label : form.summed().toCharArray()) {
      products *= form.size(label).constant();
    }
    return products >= LEAST_SUM;
  }

  private static Optional<PlaneForm> of(RowForm form, List<Character> outside, char height,
      char width) {
    long features = form.size('i').constant();
    long all = height == BAND ? 1 : form.size(height).constant();
    long columns = form.size(width).constant();
    long line = height == BAND ? 0 : form.factorStride(height).constant() / features;
    long lines = lines(all, line, columns);
    long length = (lines - 1) * line + columns;
    boolean pays = lines > 0 && length >= SHORTEST && length <= LONGEST
        && 10 * lines * columns >= 6 * length && length > form.length().constant();
    if (!pays) {
      return Optional.empty();
    }
    long pixels = all * line + columns;
    Map<Character, RowForm.Label> labels = new LinkedHashMap<>();
    for (char label : form.summed().toCharArray()) {
      long step = form.factorStride(label).constant() / features;
      pixels += label == 'i' ? 0 : step * (form.size(label).constant() - 1);
      labels.put(label,
          new RowForm.Label(form.size(label), Dim.of(step), form.rowsStride(label)));
    }
    pixels -= line;
    labels.put('i', new RowForm.Label(form.size('i'), Dim.of(pixels), form.rowsStride('i')));
    labels.put(BAND, new RowForm.Label(Dim.of(all / lines), Dim.of(lines * line), Dim.ZERO));
    labels.put('c', new RowForm.Label(form.length(), Dim.ZERO, Dim.ONE));
    labels.put(ROW, new RowForm.Label(Dim.of(length), Dim.ONE, Dim.ZERO));
    RowForm turned = new RowForm(form.node(), form.factors(), form.rows(), ROW, form.rowAxis(), 1,
        Optional.empty(), "" + BAND + 'c', summed(form), labels, Dim.ZERO, form.rowsBase());
    return Optional.of(new PlaneForm(form, turned, List.copyOf(outside), height, width,
        (int) lines, (int) pixels, (int) pixels));
  }

  /// The summed labels but those of one step, unless it is the first.
  private static String summed(RowForm form) {
    StringBuilder summed = new StringBuilder();
    for (char label : form.summed().toCharArray()) {
      if (summed.isEmpty() || !form.size(label).is(1)) {
        summed.append(label);
      }
    }
    return summed.toString();
  }

  /// How many lines make a row: a divisor of all; 0 if there is none.
  private static long lines(long all, long line, long columns) {
    long best = 0;
    for (long lines = 1; lines <= all; lines++) {
      long length = (lines - 1) * line + columns;
      if (all % lines == 0 && (best == 0 || length <= LONG
          || (best - 1) * line + columns < SHORTEST)) {
        best = lines;
      }
    }
    return best;
  }
}
