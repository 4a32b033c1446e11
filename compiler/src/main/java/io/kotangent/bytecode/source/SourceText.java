package io.kotangent.bytecode.source;

/// Java code, written line by line: indented, lines broken where they become long, everything in ASCII.
public final class SourceText {
  private static final int WIDTH = 100;
  private static final String INDENT = "  ";
  private static final String CONTINUED = "    ";
  private static final int LAST_ASCII = '~';

  private final StringBuilder text = new StringBuilder();
  private int depth;

  void line(String line) {
    String rest = INDENT.repeat(depth) + line;
    String margin = INDENT.repeat(depth) + CONTINUED;
    while (rest.length() > WIDTH) {
      int end = LineBreak.of(rest, margin.length(), WIDTH);
      if (end < 0) {
        break;
      }
      text.append(rest.substring(0, end).stripTrailing()).append('\n');
      rest = margin + rest.substring(end).strip();
    }
    text.append(rest).append('\n');
  }

  /// Lines that are indented and broken already.
  void block(String lines) {
    text.append(lines).append('\n');
  }

  /// A line that ends in a brace; what follows is within.
  void open(String head) {
    line(head + " {");
    depth++;
  }

  void close() {
    depth--;
    line("}");
  }

  /// `} else {`
  void otherwise() {
    depth--;
    open("} else");
  }

  /// An empty line, unless a block has just begun.
  void blank() {
    if (text.charAt(text.length() - 2) != '{') {
      text.append('\n');
    }
  }

  /// Words after `//`, on as many lines as they need.
  void comment(String words) {
    words(words, "// ");
  }

  /// Words in a Javadoc comment that is open, on as many lines as they need.
  void doc(String words) {
    words(words, " * ");
  }

  private void words(String words, String begin) {
    StringBuilder line = new StringBuilder(begin);
    for (String word : harmless(words).split(" ", -1)) {
      if (line.length() > begin.length()
          && INDENT.length() * depth + line.length() + word.length() > WIDTH) {
        text.append(INDENT.repeat(depth)).append(line.toString().stripTrailing()).append('\n');
        line = new StringBuilder(begin);
      }
      line.append(word).append(' ');
    }
    text.append(INDENT.repeat(depth)).append(line.toString().stripTrailing()).append('\n');
  }

  /// A line of a Javadoc comment that is left as it is.
  void verbatim(String line) {
    text.append(INDENT.repeat(depth)).append((" * " + harmless(line)).stripTrailing())
        .append('\n');
  }

  /// What neither ends a comment nor is taken for an escape.
  static String harmless(String words) {
    return words.replace("\\", "\\\\").replace("*/", "* /").replaceAll("\\p{Cntrl}", " ");
  }

  /// Words for the HTML of a Javadoc comment.
  static String html(String words) {
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        .replace("@", "&#64;").replace("{", "&#123;");
  }

  String inAscii() {
    return inAscii(text);
  }

  /// A file, whatever encoding it will be read in.
  public static String inAscii(CharSequence text) {
    StringBuilder ascii = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= LAST_ASCII) {
        ascii.append(c);
      } else {
        ascii.append(String.format("\\u%04x", (int) c));
      }
    }
    return ascii.toString();
  }
}
