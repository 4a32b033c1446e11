package io.kotangent.explain;

import java.util.List;
import java.util.Map;

/// Texts and data inside of a page: whatever they are, they end no element and begin none.
final class Html {
  private Html() {
  }

  /// As text, and as a value between single or double quotes.
  static String text(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        .replace("'", "&#39;").replace("\"", "&quot;");
  }

  /// JSON of maps, lists, texts, numbers and booleans; inside a script.
  static String json(Object value) {
    StringBuilder json = new StringBuilder();
    write(value, json);
    return json.toString();
  }

  private static void write(Object value, StringBuilder json) {
    switch (value) {
      case Map<?, ?> map -> {
        json.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          json.append(separator);
          quote(entry.getKey().toString(), json);
          json.append(':');
          write(entry.getValue(), json);
          separator = ",";
        }
        json.append('}');
      }
      case List<?> list -> {
        json.append('[');
        String separator = "";
        for (Object each : list) {
          json.append(separator);
          write(each, json);
          separator = ",";
        }
        json.append(']');
      }
      case Number number -> json.append(number);
      case Boolean truth -> json.append(truth);
      default -> quote(value.toString(), json);
    }
  }

  private static void quote(String text, StringBuilder json) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        default -> {
          if (c < ' ' || c == '<' || c == '\u2028' || c == '\u2029' || Character.isSurrogate(c)) {
            json.append(String.format("\\u%04x", (int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }
}
