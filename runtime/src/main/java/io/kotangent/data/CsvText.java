package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What the text of a CSV file must be before its lines are looked at. */
final class CsvText {
  private enum At {
    START, PLAIN, QUOTED, AFTER_QUOTE
  }

  private CsvText() {
  }

  /** Refuses what is empty, is no text in UTF-8, or ends within quotes. */
  static void check(byte[] bytes, int start, char separator, String source) {
    if (bytes.length == 0) {
      throw wrong(Kind.EMPTY, source, 0, "the file is empty");
    }
    int bad = FileBytes.firstNotUtf8(bytes, 0, bytes.length);
    if (bad >= 0) {
      throw wrong(Kind.ENCODING, source, bad, "not UTF-8; convert the file to UTF-8");
    }
    byte[] between = String.valueOf(separator).getBytes(StandardCharsets.UTF_8);
    At at = At.START;
    int quote = -1;
    for (int i = start; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        throw wrong(Kind.ENCODING, source, i, "a zero byte; this is not a text file in UTF-8");
      }
      if (bytes[i] == '"' && at != At.PLAIN) {
        quote = at == At.START ? i : quote;
        at = at == At.QUOTED ? At.AFTER_QUOTE : At.QUOTED;
      } else if (at != At.QUOTED) {
        at = bytes[i] == '\n' || bytes[i] == '\r' || ends(bytes, i, between) ? At.START : At.PLAIN;
      }
    }
    if (at == At.QUOTED) {
      throw wrong(Kind.TRUNCATED, source, quote, "a quote is not closed");
    }
  }

  private static boolean ends(byte[] bytes, int last, byte[] separator) {
    int from = last + 1 - separator.length;
    return from >= 0
        && Arrays.equals(bytes, from, last + 1, separator, 0, separator.length);
  }

  private static DataException wrong(Kind kind, String source, int offset, String detail) {
    return new DataException(Csv.FORMAT, kind, source, offset, detail);
  }
}
