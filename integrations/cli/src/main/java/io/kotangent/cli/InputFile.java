package io.kotangent.cli;

import io.kotangent.data.Idx;
import io.kotangent.data.NamedTensor;
import io.kotangent.data.Npy;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/// The values of an input, from a file, converted to its type.
///
/// @param source the file, or the number, for messages
/// @param sizes outermost first; of a table its lines and columns
/// @param array its elements, row-major
record InputFile(String source, long[] sizes, Object array, boolean isTable) {
  /// What it has, for messages.
  String described() {
    return isTable ? sizes[0] + " lines of " + (sizes.length > 1 ? sizes[1] : 1) + " numbers"
        : "sizes " + Arrays.toString(sizes);
  }

  /// Reads a file; what is no file may be a number, for an input of one.
  ///
  /// @param scale what each element is multiplied by, in f64, if anything
  static InputFile read(String value, Port port, Optional<Double> scale) {
    Path file = Path.of(value);
    if (port.type().rank() == 0 && !Files.exists(file) && CsvTable.isNumber(value)) {
      CsvTable number = CsvTable.parse(value, Path.of("--input " + port.name()));
      return table(number, port, scale);
    }
    GraphFile.existing(file);
    String name = value.toLowerCase(Locale.ROOT);
    if (name.endsWith(".csv")) {
      return table(CsvTable.read(file), port, scale);
    }
    if (name.endsWith(".npy")) {
      NamedTensor tensor = Npy.read(file);
      return new InputFile(value,
          tensor.type().shape().dims().stream().mapToLong(Dim::constant).toArray(),
          Conversion.of(file, tensor.values(), port, scale), false);
    }
    if (name.matches(".*(\\.idx|[.-]idx[0-9]-?[a-z]*|-ubyte)(\\.gz)?")) {
      Idx idx = Idx.read(file);
      return new InputFile(value, Arrays.stream(idx.sizes()).asLongStream().toArray(),
          Conversion.of(file, elements(idx.count(), idx::element), port, scale), false);
    }
    throw BadInput.in(file,
        "cannot tell what it is by its name: expected .csv, .npy, .idx or -ubyte");
  }

  private static double[] elements(int count, IntToDoubleFunction element) {
    double[] elements = new double[count];
    for (int i = 0; i < count; i++) {
      elements[i] = element.applyAsDouble(i);
    }
    return elements;
  }

  private static InputFile table(CsvTable table, Port port, Optional<Double> scale) {
    DType dtype = port.type().dtype();
    Object array = dtype.newArray((long) table.rows() * table.columns());
    for (int row = 0; row < table.rows(); row++) {
      for (int column = 0; column < table.columns(); column++) {
        Conversion.set(array, row * table.columns() + column, table, row, column, scale);
      }
    }
    long[] sizes = switch (port.type().rank()) {
      case 0 -> table.rows() == 1 && table.columns() == 1 ? new long[0]
          : new long[] {table.rows(), table.columns()};
      case 1 -> table.columns() == 1 ? new long[] {table.rows()}
          : table.rows() == 1 ? new long[] {table.columns()}
              : new long[] {table.rows(), table.columns()};
      default -> new long[] {table.rows(), table.columns()};
    };
    return new InputFile(table.file().toString(), sizes, array, sizes.length > 0);
  }

  /// `0.5` or `1/255`.
  static double factor(String text) {
    String[] parts = text.split("/", -1);
    boolean good = parts.length <= 2;
    for (String part : parts) {
      good &= CsvTable.isNumber(part);
    }
    double factor = !good ? Double.NaN
        : parts.length == 1 ? Double.parseDouble(text)
            : Double.parseDouble(parts[0]) / Double.parseDouble(parts[1]);
    if (!Double.isFinite(factor)) {
      throw BadInput.of("--scale …=" + text + ": expected a number, such as 0.5 or 1/255");
    }
    return factor;
  }
}
