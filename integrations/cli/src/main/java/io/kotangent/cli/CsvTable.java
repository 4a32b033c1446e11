package io.kotangent.cli;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.kotangent.data.TextFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Numbers of a CSV file as they are written there: each input makes of them what it needs. A first line in which no field is a number has
/// the columns' names.
///
/// @param lines the number of each row's line
record CsvTable(Path file, List<List<String>> cells, List<Long> lines) {
  int rows() {
    return cells.size();
  }

  int columns() {
    return cells.isEmpty() ? 0 : cells.getFirst().size();
  }

  static CsvTable read(Path file) {
    return parse(TextFile.read(file), file);
  }

  /// Takes a text apart.
  static CsvTable parse(String text, Path file) {
    List<List<String>> cells = new ArrayList<>();
    List<Long> lines = new ArrayList<>();
    try (CsvReader<CsvRecord> reader = CsvReader.builder().skipEmptyLines(true)
        .allowExtraFields(true).allowMissingFields(true)
        .ofCsvRecord(text.startsWith("\ufeff") ? text.substring(1) : text)) {
      boolean first = true;
      for (CsvRecord record : reader) {
        List<String> fields = record.getFields().stream().map(CsvTable::stripped).toList();
        boolean isHeader = first && fields.stream().noneMatch(CsvTable::isNumber)
            && fields.stream().noneMatch(String::isEmpty);
        first = false;
        if (isHeader) {
          continue;
        }
        if (!cells.isEmpty() && fields.size() != cells.getFirst().size()) {
          throw BadInput.in(file, record.getStartingLineNumber(), "expected "
              + cells.getFirst().size() + " fields, as in the lines before, got " + fields.size());
        }
        cells.add(fields);
        lines.add(record.getStartingLineNumber());
      }
    } catch (CsvParseException e) {
      throw BadInput.in(file, "it is no CSV: " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new CsvTable(file, cells, lines);
  }

  /// Without blanks around it. A line end stays, so that a quote without its end is no number.
  private static String stripped(String field) {
    int from = 0;
    int to = field.length();
    while (from < to && field.charAt(from) == ' ') {
      from++;
    }
    while (to > from && field.charAt(to - 1) == ' ') {
      to--;
    }
    return field.substring(from, to);
  }

  /// Whether it is a number, `true` or `false`: `-1.5e-3`, `NaN`, `Infinity`.
  static boolean isNumber(String text) {
    return switch (text) {
      case "NaN", "Infinity", "-Infinity", "true", "false" -> true;
      default -> isDecimal(text);
    };
  }

  private static boolean isDecimal(String text) {
    int at = sign(text, 0);
    int digits = 0;
    int whole = digits(text, at);
    digits += whole - at;
    at = whole;
    if (at < text.length() && text.charAt(at) == '.') {
      int fraction = digits(text, at + 1);
      digits += fraction - at - 1;
      at = fraction;
    }
    if (digits > 0 && at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      int start = sign(text, at + 1);
      at = digits(text, start);
      digits = at - start;
    }
    return digits > 0 && at == text.length();
  }

  private static int sign(String text, int at) {
    return at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+') ? at + 1 : at;
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  /// What a cell is, for an error: `x.csv:7: error: field 2: …`.
  BadInput wrong(int row, int column, String expected) {
    return BadInput.in(file, lines.get(row), "field " + (column + 1) + ": expected " + expected
        + ", got '" + cells.get(row).get(column) + "'");
  }
}
