package io.kotangent.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.kotangent.data.DataException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Reads tables of numbers from CSV files in UTF-8 (RFC 4180; any line ends; empty lines are passed over; a byte order
 * mark too; gzipped or not). Numbers are decimal, {@code -1.5e-3}, with no surroundings but blanks: no {@code NaN},
 * no {@code Infinity}, no suffix, no hexadecimal, none beyond the range of f32, and none but 0 that is 0 in f64.
 */
public final class Csv {
  private static final String FORMAT = "CSV";
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /** What the first line is. */
  public enum Header {
    /** Data like all others. */
    NONE,
    /** The columns' names. */
    NAMES,
    /** The numbers of rows and features, then the classes' names: {@code 150,4,setosa,versicolor,virginica}. */
    COUNTS
  }

  /**
   * How to read.
   *
   * @param header what the first line is
   * @param separator what stands between cells
   * @param label the column that holds the label: its index from 0, from -1 backwards from the last, see {@link #NO_LABEL}
   * @param classes the classes' names, in the order of their labels; a label is one of these or its index. Empty: labels are
   *     integers from 0. A {@link Header#COUNTS} line overrides it
   */
  public record Options(Header header, char separator, int label, List<String> classes) {
    /** No column is a label. */
    public static final int NO_LABEL = Integer.MIN_VALUE;

    /** Commas; the label in the last column, an integer. */
    public static Options of(Header header) {
      return new Options(header, ',', -1, List.of());
    }

    /** Copies the classes. */
    public Options {
      classes = List.copyOf(classes);
    }

    /** These with another separator. */
    public Options separatedBy(char other) {
      return new Options(header, other, label, classes);
    }

    /** These with the label in that column, from 0, or from -1 backwards. */
    public Options labeled(int column) {
      return new Options(header, separator, column, classes);
    }

    /** These without a label: all columns are features. */
    public Options unlabeled() {
      return new Options(header, separator, NO_LABEL, classes);
    }

    /** These with the classes' names. */
    public Options classes(String... names) {
      return new Options(header, separator, label, Arrays.asList(names));
    }
  }

  private final Options options;
  private final String source;
  private final List<String> names = new ArrayList<>();
  private List<String> classes;
  private long announcedRows = -1;
  private int columns = -1;
  private int labelColumn = -1;
  private int rows;
  private float[] features = new float[256];
  private int[] labels = new int[16];

  private Csv(Options options, String source) {
    this.options = options;
    this.source = source;
    this.classes = options.classes();
  }

  /**
   * Reads a file.
   *
   * @throws DataException if it cannot be read or is malformed in any way; the message names line and column
   */
  public static Table read(Path file, Options options) {
    return new Csv(options, file.toString()).parse(FileBytes.content(FORMAT, file));
  }

  /**
   * Takes apart the bytes of a file, gzipped or not; {@code source} is its name, for messages.
   *
   * @throws DataException if they are malformed in any way; the message names line and column
   */
  public static Table read(byte[] bytes, String source, Options options) {
    return new Csv(options, source).parse(Gzip.isGzip(bytes) ? Gzip.inflate(bytes, source) : bytes);
  }

  private Table parse(byte[] bytes) {
    checkText(bytes);
    // FastCSV can look for the mark itself, but then misreads files of less than four bytes.
    int start = FileBytes.startsWith(bytes, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder().fieldSeparator(options.separator()).allowExtraFields(true)
            .allowMissingFields(true).allowExtraCharsAfterClosingQuote(false)
            .ofCsvRecord(new ByteArrayInputStream(bytes, start, bytes.length - start),
                StandardCharsets.UTF_8)) {
      Iterator<CsvRecord> records = reader.iterator();
      if (!records.hasNext()) {
        throw new DataException(FORMAT, Kind.EMPTY, source, 0, "the file has no line");
      }
      if (options.header() != Header.NONE) {
        header(records.next());
      }
      while (records.hasNext()) {
        row(records.next());
      }
    } catch (CsvParseException e) {
      throw new DataException(FORMAT, Kind.SYNTAX, source, e.getMessage() + cause(e), e);
    } catch (IOException | UncheckedIOException e) {
      throw new DataException(FORMAT, Kind.UNREADABLE, source, String.valueOf(e), e);
    }
    return table();
  }

  private static String cause(Throwable e) {
    return e.getCause() == null ? "" : ": " + e.getCause().getMessage();
  }

  private void checkText(byte[] bytes) {
    if (bytes.length == 0) {
      throw new DataException(FORMAT, Kind.EMPTY, source, 0, "the file is empty");
    }
    int bad = FileBytes.firstNotUtf8(bytes, 0, bytes.length);
    if (bad >= 0) {
      throw new DataException(FORMAT, Kind.ENCODING, source, bad,
          "not UTF-8; convert the file to UTF-8");
    }
    int quotes = 0;
    int last = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        throw new DataException(FORMAT, Kind.ENCODING, source, i,
            "a zero byte; this is not a text file in UTF-8");
      }
      if (bytes[i] == '"') {
        quotes++;
        last = i;
      }
    }
    if (quotes % 2 != 0) {
      throw new DataException(FORMAT, Kind.TRUNCATED, source, last, "a quote is not closed");
    }
  }

  private DataException wrong(Kind kind, CsvRecord line, String detail) {
    return new DataException(FORMAT, kind, source, -1,
        "line " + line.getStartingLineNumber() + ": " + detail);
  }

  private void header(CsvRecord line) {
    if (options.header() == Header.NAMES) {
      for (String field : line.getFields()) {
        String name = field.strip();
        if (names.contains(name)) {
          throw wrong(Kind.HEADER, line, "two columns are called '" + name + "'");
        }
        if (names.size() >= 4096) {
          throw wrong(Kind.LIMIT, line, "more than 4096 named columns");
        }
        names.add(name);
      }
      setColumns(line, names.size());
      return;
    }
    if (line.getFieldCount() < 2) {
      throw wrong(Kind.HEADER, line,
          "expected rows,features,classes…, got " + line.getFieldCount() + " cells");
    }
    announcedRows = count(line, 0, "rows");
    long announced = count(line, 1, "features");
    classes = List.copyOf(line.getFields().subList(2, line.getFieldCount()));
    setColumns(line, (int) Math.min(announced + (options.label() == Options.NO_LABEL ? 0 : 1),
        Integer.MAX_VALUE));
  }

  private long count(CsvRecord line, int field, String what) {
    String text = line.getField(field).strip();
    if (!text.matches("[0-9]{1,9}")) {
      throw wrong(Kind.HEADER, line,
          "expected the number of " + what + ", got '" + shortened(text) + "'");
    }
    return Long.parseLong(text);
  }

  private void setColumns(CsvRecord line, int count) {
    columns = count;
    if (options.label() != Options.NO_LABEL) {
      labelColumn = options.label() < 0 ? count + options.label() : options.label();
      if (labelColumn < 0 || labelColumn >= count) {
        throw wrong(Kind.MISMATCH, line,
            "the label is in column " + options.label() + " of " + count + " columns");
      }
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
    int width = width();
    if ((long) (rows + 1) * Math.max(width, 1) > Integer.MAX_VALUE - 16) {
      throw wrong(Kind.LIMIT, line, "more numbers than an array holds");
    }
    if (features.length < (rows + 1) * width) {
      features =
          Arrays.copyOf(features, (int) Math.min(Integer.MAX_VALUE - 16L, 2L * (rows + 1) * width));
    }
    if (labels.length < rows + 1) {
      labels = Arrays.copyOf(labels, (int) Math.min(Integer.MAX_VALUE - 16L, 2L * (rows + 1)));
    }
    int next = rows * width;
    for (int column = 0; column < fields; column++) {
      if (column == labelColumn) {
        labels[rows] = label(line, column);
      } else {
        features[next++] = (float) number(line, column);
      }
    }
    rows++;
  }

  private int width() {
    return labelColumn < 0 ? columns : columns - 1;
  }

  private int label(CsvRecord line, int column) {
    String text = line.getField(column).strip();
    int index = classes.indexOf(text);
    if (index >= 0) {
      return index;
    }
    if (!text.matches("[0-9]{1,9}")
        || !classes.isEmpty() && Integer.parseInt(text) >= classes.size()) {
      throw wrong(Kind.VALUE, line,
          "column " + (column + 1) + ": label '" + shortened(text) + "', expected "
              + (classes.isEmpty() ? "an integer from 0"
                  : "one of " + classes + " or its index from 0"));
    }
    return Integer.parseInt(text);
  }

  private double number(CsvRecord line, int column) {
    String text = line.getField(column).strip();
    if (!Decimal.isNumber(text)) {
      throw wrong(Kind.VALUE, line, "column " + (column + 1)
          + (names.isEmpty() ? "" : " (" + names.get(column) + ")")
          + ": expected a decimal number, got '"
          + shortened(text) + "'");
    }
    double value = Double.parseDouble(text);
    if (!Double.isFinite((float) value) || value == 0 && !Decimal.isZero(text)) {
      throw wrong(Kind.VALUE, line,
          "column " + (column + 1) + ": '" + shortened(text) + "' is out of range");
    }
    return value;
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }

  private Table table() {
    if (rows == 0) {
      throw new DataException(FORMAT, Kind.EMPTY, source, -1, "there is a header but no data");
    }
    if (announcedRows >= 0 && rows != announcedRows) {
      throw new DataException(FORMAT, rows < announcedRows ? Kind.TRUNCATED : Kind.TRAILING, source,
          -1,
          "the header announces " + announcedRows + " rows, but there are " + rows);
    }
    List<String> featureNames = new ArrayList<>(names);
    if (labelColumn >= 0 && !names.isEmpty()) {
      featureNames.remove(labelColumn);
    }
    return new Table(featureNames, classes, width(), Arrays.copyOf(features, rows * width()),
        labelColumn < 0 ? new int[0] : Arrays.copyOf(labels, rows));
  }
}
