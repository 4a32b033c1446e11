package io.kotangent.bytecode.source;

/// Prints the methods of a program that say what part of a range a thread does: the same parts as those of generated code.
final class SharedRange {
  private final Home home;

  SharedRange(Home home) {
    this.home = home;
  }

  void print(SourceText text) {
    String math = home.lang("Math");
    text.blank();
    text.line(
        "/** A thread's part of a range: no thread gets less than some work, and parts are whole grains. */");
    text.open(
        "static long share(int thread, int threads, long work, long least, int from, int to, int grain)");
    text.open("if (threads == 1)");
    text.line("return range(from, to);");
    text.close();
    text.line("int parts = (int) " + math + ".min(threads, work / least);");
    text.line("return range(bound(thread, parts, from, to, grain), "
        + "bound(thread + 1, parts, from, to, grain));");
    text.close();
    text.blank();
    text.open("private static int bound(int part, int parts, int from, int to, int grain)");
    text.open("if (part == 0)");
    text.line("return from;");
    text.close();
    text.open("if (part >= parts)");
    text.line("return to;");
    text.close();
    text.line("long grains = ((long) to - from) / grain;");
    text.line("return (int) " + math + ".min(to, from + grains * part / parts * grain);");
    text.close();
    text.blank();
    method(text, "private static long range(int from, int to)",
        "(long) from << 32 | to & 0xffffffffL");
    text.blank();
    method(text, "static int begin(long range)", "(int) (range >> 32)");
    text.blank();
    method(text, "static int end(long range)", "(int) range");
  }

  private static void method(SourceText text, String head, String result) {
    text.open(head);
    text.line("return " + result + ";");
    text.close();
  }
}
