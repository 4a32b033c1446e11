package io.kotangent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;

/// What a command did.
record Ran(int code, String out, String err) {
  static Ran of(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    int code = Tool.run(new PrintWriter(out), new PrintWriter(err), texts);
    return new Ran(code, out.toString(), err.toString());
  }

  /// What it printed, if it did its work and said nothing else.
  static String good(Object... arguments) {
    Ran ran = of(arguments);
    assertEquals("", ran.err);
    assertEquals(0, ran.code);
    return ran.out;
  }

  /// What it complained of: without a stack, and without data.
  static void bad(String message, Object... arguments) {
    Ran ran = of(arguments);
    assertTrue(ran.err.contains(message), ran.err);
    assertTrue(ran.err.contains("error: "), ran.err);
    assertFalse(ran.err.contains("\tat "), ran.err);
    assertEquals("", ran.out);
    assertEquals(2, ran.code);
  }
}
