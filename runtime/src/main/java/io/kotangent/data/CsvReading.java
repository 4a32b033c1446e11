package io.kotangent.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.kotangent.data.Csv.Missing;
import io.kotangent.data.Csv.Options;
import io.kotangent.data.DataException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The reading of one CSV file. */
final class CsvReading {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
  private static final int MOST = Integer.MAX_VALUE - 16;
  /** Stands for a missing feature until all are read; no file can say it. */
  private static final float ABSENT = Float.NaN;

  private final Options options;
  private final String source;
  private List<String> names = List.of();
  private Classes classes;
  private long announcedRows = -1;
  private int columns = -1;
  private int labelColumn = -1;
  private boolean[] skipped = {};
  private int width;
  private int rows;
  private int dropped;
  private float[] features = new float[256];
  private int[] labels = new int[16];

  CsvReading(Options options, String source) {
    this.options = options;
    this.source = source;
    this.classes = new Classes(options.classes());
  }

  Table parse(byte[] bytes) {
    // FastCSV can look for the mark itself, but then misreads files of less than four bytes.
    int start = FileBytes.startsWith(bytes, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    CsvText.check(bytes, start, options.separator(), source);
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder().fieldSeparator(options.separator()).allowExtraFields(true)
            .allowMissingFields(true).allowExtraCharsAfterClosingQuote(false)
            .ofCsvRecord(new ByteArrayInputStream(bytes, start, bytes.length - start),
                StandardCharsets.UTF_8)) {
      Iterator<CsvRecord> records = reader.iterator();
      if (!records.hasNext()) {
        throw new DataException(Csv.FORMAT, Kind.EMPTY, source, 0, "the file has no line");
      }
      switch (options.header()) {
        case NAMES -> names(records.next());
        case COUNTS -> counts(records.next());
        case NONE -> {
        }
      }
      while (records.hasNext()) {
        row(records.next());
      }
    } catch (CsvParseException e) {
      throw new DataException(Csv.FORMAT, Kind.SYNTAX, source, e.getMessage() + cause(e), e);
    } catch (IOException | UncheckedIOException e) {
      throw new DataException(Csv.FORMAT, Kind.UNREADABLE, source, String.valueOf(e), e);
    }
    return table();
  }

  private static String cause(Throwable e) {
    return e.getCause() == null ? "" : ": " + e.getCause().getMessage();
  }

  private DataException wrong(Kind kind, CsvRecord line, String detail) {
    return new DataException(Csv.FORMAT, kind, source, -1,
        "line " + line.getStartingLineNumber() + ": " + detail);
  }

  private void names(CsvRecord line) {
    Set<String> distinct = new LinkedHashSet<>();
    for (String field : line.getFields()) {
      if (!distinct.add(field.strip())) {
        throw wrong(Kind.HEADER, line,
            "two columns are called '" + shortened(field.strip(), 40) + "'");
      }
    }
    names = List.copyOf(distinct);
    setColumns(line, names.size());
    Set<String> unknown = new LinkedHashSet<>(options.skipped());
    unknown.removeAll(distinct);
    if (!unknown.isEmpty()) {
      throw wrong(Kind.MISMATCH, line,
          "there are no columns " + unknown + " to skip: expected some of "
              + shortened(names.toString(), 400));
    }
    Set<String> left = new HashSet<>(options.skipped());
    skipped = new boolean[columns];
    for (int column = 0; column < columns; column++) {
      skipped[column] = left.contains(names.get(column));
      width -= skipped[column] ? 1 : 0;
    }
    if (labelColumn >= 0 && skipped[labelColumn]) {
      throw wrong(Kind.MISMATCH, line,
          "the label's column '" + names.get(labelColumn) + "' is to be skipped");
    }
    if (width == 0 && labelColumn < 0) {
      throw wrong(Kind.MISMATCH, line, "all columns are to be skipped");
    }
  }

  private void counts(CsvRecord line) {
    if (line.getFieldCount() < 2) {
      throw wrong(Kind.HEADER, line,
          "expected rows,features,classes…, got " + line.getFieldCount() + " cells");
    }
    announcedRows = count(line, 0, "rows");
    long announced = count(line, 1, "features");
    List<String> called = new ArrayList<>();
    line.getFields().subList(2, line.getFieldCount()).forEach(name -> called.add(name.strip()));
    // Spreadsheets make all lines equally long.
    while (!called.isEmpty() && called.get(called.size() - 1).isEmpty()) {
      called.remove(called.size() - 1);
    }
    Classes.twins(called).ifPresent(twins -> {
      throw wrong(Kind.HEADER, line, twins);
    });
    classes = new Classes(List.copyOf(called));
    setColumns(line, (int) Math.min(announced + (options.label() == Options.NO_LABEL ? 0 : 1),
        Integer.MAX_VALUE));
  }

  private long count(CsvRecord line, int field, String what) {
    String text = line.getField(field).strip();
    if (!text.matches("[0-9]{1,9}")) {
      throw wrong(Kind.HEADER, line,
          "expected the number of " + what + ", got '" + shortened(text, 40) + "'");
    }
    return Long.parseLong(text);
  }

  private void setColumns(CsvRecord line, int count) {
    columns = count;
    width = count;
    if (options.label() != Options.NO_LABEL) {
      labelColumn = options.label() < 0 ? count + options.label() : options.label();
      if (labelColumn < 0 || labelColumn >= count) {
        throw wrong(Kind.MISMATCH, line,
            "the label is in column " + options.label() + " of " + count + " columns");
      }
      width--;
    }
  }

  private void row(CsvRecord line) {
    int fields = line.getFieldCount();
    if (columns < 0) {
      setColumns(line, fields);
    }
    if (fields != columns) {
      throw wrong(Kind.SIZE, line, "expected " + columns + " cells, got " + fields);
    }
    if (skipped.length < columns) {
      skipped = new boolean[columns];
    }
    makeRoom(line);
    int next = rows * width;
    boolean whole = true;
    for (int column = 0; column < fields; column++) {
      String text = skipped[column] ? "" : line.getField(column).strip();
      if (column == labelColumn) {
        labels[rows] = label(line, column, text);
        whole &= labels[rows] >= 0;
      } else if (!skipped[column]) {
        features[next] = feature(line, column, text);
        whole &= !Float.isNaN(features[next++]);
      }
    }
    if (whole || options.missing().policy() != Missing.Policy.ROWS_DROPPED) {
      rows++;
    } else {
      dropped++;
    }
  }

  private void makeRoom(CsvRecord line) {
    long needed = (rows + 1L) * width;
    if (needed > MOST || rows >= MOST) {
      throw wrong(Kind.LIMIT, line, "more numbers than an array holds");
    }
    if (features.length < needed) {
      features = Arrays.copyOf(features, (int) Math.min(MOST, 2 * needed));
    }
    if (labels.length <= rows) {
      labels = Arrays.copyOf(labels, (int) Math.min(MOST, 2L * (rows + 1)));
    }
  }

  private boolean isMissing(String text) {
    return text.isEmpty() || options.missing().marks().contains(text);
  }

  private String place(int column) {
    return "column " + (column + 1)
        + (names.isEmpty() ? "" : " (" + shortened(names.get(column), 40) + ")");
  }

  /** The label; -1 if it is missing and the row is to be dropped. */
  private int label(CsvRecord line, int column, String text) {
    int label = classes.label(text);
    if (label < 0
        && !(isMissing(text) && options.missing().policy() == Missing.Policy.ROWS_DROPPED)) {
      throw wrong(Kind.VALUE, line, place(column) + ": label '" + shortened(text, 40)
          + "', expected " + classes.expected());
    }
    return label;
  }

  private float feature(CsvRecord line, int column, String text) {
    if (isMissing(text) && options.missing().policy() != Missing.Policy.REFUSED) {
      return options.missing().policy() == Missing.Policy.VALUE ? options.missing().value()
          : ABSENT;
    }
    if (!Decimal.isNumber(text)) {
      throw wrong(Kind.VALUE, line, place(column) + ": expected a decimal number, got '"
          + shortened(text, 40) + "'" + (isMissing(text)
              ? "; say what becomes of missing cells by Options.missing" : ""));
    }
    double value = Double.parseDouble(text);
    if (!Double.isFinite((float) value) || value == 0 && !Decimal.isZero(text)) {
      throw wrong(Kind.VALUE, line,
          place(column) + ": '" + shortened(text, 40) + "' is out of range");
    }
    return (float) value;
  }

  static String shortened(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + "…";
  }

  private Table table() {
    if (rows == 0) {
      throw new DataException(Csv.FORMAT, Kind.EMPTY, source, -1,
          dropped > 0 ? "all " + dropped + " rows have missing cells and were dropped"
              : "there is a header but no data");
    }
    long seen = (long) rows + dropped;
    if (announcedRows >= 0 && seen != announcedRows) {
      throw new DataException(Csv.FORMAT, seen < announcedRows ? Kind.TRUNCATED : Kind.TRAILING,
          source, -1,
          "the header announces " + announcedRows + " rows, but there are " + seen);
    }
    List<String> featureNames = new ArrayList<>();
    for (int column = 0; column < names.size(); column++) {
      if (column != labelColumn && !skipped[column]) {
        featureNames.add(names.get(column));
      }
    }
    float[] all = Arrays.copyOf(features, rows * width);
    if (options.missing().policy() == Missing.Policy.MEAN) {
      for (int feature = 0; feature < width; feature++) {
        fill(all, feature, featureNames);
      }
    }
    return new Table(featureNames, classes.names(), width, all,
        labelColumn < 0 ? new int[0] : Arrays.copyOf(labels, rows));
  }

  /** Puts the mean of a feature where it is missing. */
  private void fill(float[] all, int feature, List<String> featureNames) {
    double sum = 0;
    int there = 0;
    for (int row = 0; row < rows; row++) {
      float number = all[row * width + feature];
      if (!Float.isNaN(number)) {
        sum += number;
        there++;
      }
    }
    if (there == 0) {
      throw new DataException(Csv.FORMAT, Kind.EMPTY, source, -1, "feature " + (feature + 1)
          + (names.isEmpty() ? "" : " (" + featureNames.get(feature) + ")")
          + " is missing in all rows, so it has no mean; skip it");
    }
    for (int row = 0; row < rows; row++) {
      int i = row * width + feature;
      all[i] = Float.isNaN(all[i]) ? (float) (sum / there) : all[i];
    }
  }
}
