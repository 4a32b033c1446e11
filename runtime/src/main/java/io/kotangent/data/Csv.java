package io.kotangent.data;

import io.kotangent.type.Argument;
import io.kotangent.type.KotangentException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Reads tables of numbers from CSV files in UTF-8 (RFC 4180; any line ends; empty lines are passed over; a byte order
 * mark too; gzipped or not; up to 16384 columns). Numbers are decimal, {@code -1.5e-3}, with no surroundings but blanks:
 * no {@code NaN}, no {@code Infinity}, no suffix, no hexadecimal, none beyond the range of f32, and none but 0 that is 0
 * in f64. Columns of anything else are {@linkplain Options#skipping skipped} by name; cells without a number are an
 * error unless {@linkplain Options#missing told otherwise}.
 */
public final class Csv {
  static final String FORMAT = "CSV";

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
   * What becomes of cells that hold nothing: empty ones, and those that hold one of {@code marks}.
   *
   * @param value what stands in for them, if it is {@link Policy#VALUE}
   * @param marks texts that mean the same as nothing, such as {@code ?} or {@code NA}
   */
  public record Missing(Policy policy, float value, List<String> marks) {
    /** What is done. */
    public enum Policy {
      /** The file is refused. */
      REFUSED,
      /** Rows with such a cell are left out, also those without a label. */
      ROWS_DROPPED,
      /** The mean of the numbers of the same column, taken in f64, stands in; a label has to be there. */
      MEAN,
      /** A number of one's choice stands in; a label has to be there. */
      VALUE
    }

    /** Copies the marks. */
    public Missing {
      Argument.given(policy, "what becomes of missing cells");
      marks = Argument.all(marks, "texts that mean the same as nothing");
      if (!Float.isFinite(value)) {
        throw new KotangentException(
            "missing cells as " + value + ": expected a finite number");
      }
    }

    /** The file is refused. */
    public static Missing refused() {
      return new Missing(Policy.REFUSED, 0, List.of());
    }

    /** Rows with such a cell are left out. */
    public static Missing rowsDropped() {
      return new Missing(Policy.ROWS_DROPPED, 0, List.of());
    }

    /** The mean of the column stands in. */
    public static Missing mean() {
      return new Missing(Policy.MEAN, 0, List.of());
    }

    /** This number stands in. */
    public static Missing value(float number) {
      return new Missing(Policy.VALUE, number, List.of());
    }

    /** These texts, too, mean that a cell holds nothing. */
    public Missing marked(String... texts) {
      return new Missing(policy, value,
          Arrays.asList(Argument.given(texts, "texts that mean the same as nothing")));
    }
  }

  /**
   * How to read.
   *
   * @param header what the first line is
   * @param separator what stands between cells
   * @param label the column that holds the label: its index from 0, from -1 backwards from the last, see {@link #NO_LABEL};
   *     columns that are skipped count
   * @param classes the classes' names, in the order of their labels. A label is one of these: as text, or as a number
   *     where the name is one ({@code 1.0} for class {@code 1}). If no name is a number, it may be the index of a class
   *     instead. Empty: labels are integers from 0. A {@link Header#COUNTS} line overrides it
   * @param skipped the names of columns that are not read, of a file whose header is {@link Header#NAMES}
   * @param missing what becomes of cells that hold nothing
   */
  public record Options(Header header, char separator, int label, List<String> classes,
      List<String> skipped, Missing missing) {
    /** No column is a label. */
    public static final int NO_LABEL = Integer.MIN_VALUE;

    /** Commas; the label in the last column, an integer; all columns, no cell missing. */
    public static Options of(Header header) {
      return new Options(header, ',', -1, List.of(), List.of(), Missing.refused());
    }

    /** Copies the lists. */
    public Options {
      Argument.given(header, "what the first line is");
      classes = Argument.all(classes, "the names of classes");
      skipped = Argument.all(skipped, "the names of columns");
      Argument.given(missing, "what becomes of missing cells");
      Classes.twins(classes).ifPresent(twins -> {
        throw new KotangentException(twins + ": expected names that differ");
      });
      if (separator == '"' || separator == '\n' || separator == '\r'
          || Character.isSurrogate(separator)) {
        throw new KotangentException("the separator " + (int) separator
            + " is a quote, a line end or half a character: expected another");
      }
      if (!skipped.isEmpty() && header != Header.NAMES) {
        throw new KotangentException("columns " + skipped
            + " cannot be skipped by name: expected a header of names, got " + header);
      }
    }

    /** These with another separator. */
    public Options separatedBy(char other) {
      return new Options(header, other, label, classes, skipped, missing);
    }

    /** These with the label in that column, from 0, or from -1 backwards. */
    public Options labeled(int column) {
      return new Options(header, separator, column, classes, skipped, missing);
    }

    /** These without a label: all columns are features. */
    public Options unlabeled() {
      return labeled(NO_LABEL);
    }

    /** These with the classes' names. */
    public Options classes(String... names) {
      return new Options(header, separator, label,
          Arrays.asList(Argument.given(names, "the names of classes")), skipped, missing);
    }

    /** These without the columns of these names, whatever they hold, such as dates or texts. */
    public Options skipping(String... names) {
      return new Options(header, separator, label, classes,
          Arrays.asList(Argument.given(names, "the names of columns")), missing);
    }

    /** These with another treatment of cells that hold nothing. */
    public Options missing(Missing other) {
      return new Options(header, separator, label, classes, skipped, other);
    }
  }

  private Csv() {
  }

  /**
   * Reads a file.
   *
   * @throws DataException if it cannot be read or is malformed in any way; the message names line and column
   */
  public static Table read(Path file, Options options) {
    Argument.given(file, "the path of a file");
    Argument.given(options, "options");
    return FileBytes.inHeap(FORMAT, file.toString(), () -> new CsvReading(options, file.toString())
        .parse(FileBytes.content(FORMAT, file, Gzip.Target.ANY)));
  }

  /**
   * Takes apart the bytes of a file, gzipped or not; {@code source} is its name, for messages.
   *
   * @throws DataException if they are malformed in any way; the message names line and column
   */
  public static Table read(byte[] bytes, String source, Options options) {
    Argument.given(bytes, "the bytes of a file");
    Argument.given(source, "a name for messages");
    Argument.given(options, "options");
    return FileBytes.inHeap(FORMAT, source, () -> new CsvReading(options, source)
        .parse(FileBytes.content(bytes, source, Gzip.Target.ANY)));
  }
}
