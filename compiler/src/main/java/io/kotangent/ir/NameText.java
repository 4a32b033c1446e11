package io.kotangent.ir;

/// How names look in texts: bare when they are made of letters, digits, `_`, `.` and `/`, and begin with a
/// letter or `_`; otherwise quoted, with everything but printable ASCII escaped.
public final class NameText {
  /// The most characters of a name.
  public static final int LONGEST = Graph.LONGEST_NAME;

  private NameText() {
  }

  public static boolean isFirst(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  public static boolean isNext(char c) {
    return isFirst(c) || c >= '0' && c <= '9' || c == '.' || c == '/';
  }

  public static String print(String name) {
    boolean bare = !name.isEmpty() && isFirst(name.charAt(0));
    for (int i = 0; i < name.length() && bare; i++) {
      bare = isNext(name.charAt(i));
    }
    return bare ? name : quote(name);
  }

  public static String quote(String name) {
    StringBuilder text = new StringBuilder("\"");
    for (char c : name.toCharArray()) {
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c >= ' ' && c <= '~') {
        text.append(c);
      } else {
        text.append(String.format("\\u%04x", (int) c));
      }
    }
    return text.append('"').toString();
  }
}
