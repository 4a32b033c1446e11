package io.kotangent.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Graph;
import io.kotangent.type.KotangentException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Every malformed text is one typed error that says where, what was expected, and what came.
class BadTextTest {
  /// A graph with two ports around these lines.
  private static String around(String... lines) {
    return "graph f(x: input f32[n,3], y: input i32[n]) {\n  " + String.join("\n  ", lines)
        + "\n}\n";
  }

  private static void says(String message, String text) {
    assertEquals(message,
        assertThrows(ParseException.class, () -> GraphParser.parse(text)).getMessage());
  }

  private static void statement(String message, String... lines) {
    says(message, around(lines));
  }

  @Test
  void textsThatAreNone() {
    says("line 1, column 1: expected 'graph', got the end of the text", "");
    says("line 1, column 1: expected 'graph', got the character U+0000", "\0");
    says("line 1, column 1: expected 'graph', got the character U+FEFF",
        "\uFEFFgraph f() {\n  return\n}\n");
    says("line 1, column 1: expected 'graph', got 'version'",
        "version 9\ngraph f() {\n  return\n}\n");
    assertEquals("line 1, column 1: expected a text in UTF-8, got bytes that are none",
        assertThrows(ParseException.class,
            () -> GraphParser.parse(new byte[] {'g', (byte) 0xC3, (byte) 0x28})).getMessage());
  }

  @Test
  void graphsThatEndTooSoon() {
    says("line 1, column 10: expected '{', got the end of the text", "graph f()");
    says(
        "line 2, column 3: expected a statement (%0 = …, require, guard, update or return) or '}', got the end of the text",
        "graph f() {\n  ");
    says("line 1, column 8: expected a 'return' in the graph f, got none", "graph f() {\n}\n");
    says("line 4, column 7: expected each graph once, got 'f' twice",
        "graph f() {\n  return\n}\ngraph f() {\n  return\n}\n");
  }

  @Test
  void ports() {
    says("line 1, column 12: expected a role (input, param or state), got 'inputs'",
        "graph f(x: inputs f32) {\n  return\n}");
    says("line 1, column 23: expected each port once, got 'x' twice",
        "graph f(x: input f32, x: input f32) {\n  return\n}");
    says("line 1, column 22: expected a range that is not empty, got 9..0",
        "graph f(x: input i32 in 9..0) {\n  return\n}");
    says("line 1, column 18: expected an element type (f32, f64, i32, i64 or bool), got 'f16'",
        "graph f(x: input f16) {\n  return\n}");
  }

  @Test
  void operations() {
    statement("line 2, column 8: expected an operation or a scalar function, got 'tanhh'",
        "%0 = tanhh x : f32[n,3]", "return");
    statement(
        "line 2, column 8: expected an operation that fits its operands, got exp: expected 1 operands, "
            + "got [f32[n,3], f32[n,3]]",
        "%0 = exp x, x : f32[n,3]", "return");
    statement(
        "line 2, column 8: expected an operation that fits its operands, got add: expected operands of one shape, "
            + "got [f32[n,3], i32[n]]",
        "%0 = add x, y : f32[n,3]", "return");
    statement("line 2, column 16: expected f32[n,3], got f32[n,4]", "%0 = exp x : f32[n,4]",
        "return");
    statement("line 2, column 8: expected a value from a line above, got '%1'", "%0 = %1 : f32",
        "return");
  }

  @Test
  void names() {
    statement("line 3, column 4: expected each value once, got '%0' twice", "%0 = exp x : f32[n,3]",
        "%0 = log x : f32[n,3]",
        "return");
    statement("line 2, column 12: expected a value from a line above, got '%1'",
        "%0 = exp %1 : f32[n,3]",
        "%1 = exp %0 : f32[n,3]", "return");
    statement("line 2, column 12: expected a port of this graph, got 'z'", "%0 = exp z : f32[n,3]",
        "return");
    statement("line 2, column 10: expected a port of this graph, got 'w'", "update w = x",
        "return");
    statement(
        "line 2, column 3: expected one update for a port of role state, got x: input f32[n,3]",
        "update x = x",
        "return");
    statement("line 2, column 15: expected each result once, got 'a' twice", "return a=x, a=y");
    says(
        "line 1, column 7: expected a graph's name of at most 1000 characters, got 1048576 characters",
        "graph " + "a".repeat(1 << 20) + "() {\n  return\n}");
    says("line 1, column 8: expected printable ASCII or a \\uXXXX escape, got the character U+202E",
        "graph \"\u202Eabc\"() {\n  return\n}");
    says("line 1, column 7: expected a graph's name, got the character U+0430",
        "graph \u0430() {\n  return\n}");
    says("line 1, column 15: expected printable ASCII or a \\uXXXX escape, got the end of the line",
        "graph \"abc() {\n  return\n}");
    says("line 1, column 11: expected a closing '\"', got the end of the text", "graph \"abc");
    says("line 1, column 9: expected an escape: \\\\, \\\" or \\uXXXX, got 'n'",
        "graph \"\\n\"() {\n  return\n}");
  }

  @Test
  void attributes() {
    statement("line 2, column 8: expected the attribute 'axes', got none",
        "%0 = reduce.sum x : f32[n]", "return");
    statement("line 2, column 27: expected each attribute once, got 'axes' twice",
        "%0 = reduce.sum[axes=1, axes=1] x : f32[n]",
        "return");
    statement("line 2, column 24: expected an integer, got 'one'",
        "%0 = reduce.sum[axes=one] x : f32[n]", "return");
    statement("line 2, column 32: expected no attribute of that name here, got 'keep'",
        "%0 = reduce.sum[axes=1, keep=1] x : f32[n]", "return");
    statement(
        "line 2, column 8: expected a reduction: one of [sum, product, max, min, all, any, argmax, argmin], got 'mean'",
        "%0 = reduce.mean[axes=1] x : f32[n]", "return");
    statement("line 2, column 24: expected an integer of 32 bits, got '9999999999'",
        "%0 = reduce.sum[axes=9999999999] x : f32[n]", "return");
    statement(
        "line 2, column 8: expected order=lanes or order=sequential:b (labels in any order), got order=sequential:c",
        "%0 = reduce.sum[axes=1, order=sequential:c] x : f32[n]", "return");
    statement("line 2, column 13: expected a graph of this text, above, got '@g'",
        "%0 = call[@g] x : (f32)", "return");
    statement("line 2, column 8: expected labels such as bk,kn->bn, got none",
        "%0 = contract x, x : f32", "return");
  }

  @Test
  void sizes() {
    says("line 1, column 22: expected a size of 0 or more, got -1",
        "graph f(x: input f32[-1]) {\n  return\n}");
    says("line 1, column 22: expected an integer of 64 bits, got '9223372036854775808'",
        "graph f(x: input f32[9223372036854775808]) {\n  return\n}");
    says(
        "line 1, column 18: expected a size, got the size 4294967296 times 4294967296 overflows 64 bits",
        "graph f(x: input f32[4294967296,4294967296]) {\n  return\n}");
    says("line 1, column 18: expected at most 2147482624 elements, got 4294967296",
        "graph f(x: input f32[65536,65536]) {\n  return\n}");
    says("line 1, column 18: expected a rank of at most 26, got rank 1000",
        "graph f(x: input f32[" + "1,".repeat(999) + "1]) {\n  return\n}");
    says("line 1, column 22: expected a size, got division of the size n by zero",
        "graph f(x: input f32[floor(n,0)]) {\n  return\n}");
    assertEquals(0, GraphParser.parseOne("graph f(x: input f32[0]) {\n  return\n}").inputs()
        .getFirst().type().dim(0).constant());
  }

  @Test
  void constants() {
    statement("line 2, column 23: expected a number in the range of f32, got '1e999'",
        "%0 = constant[value=1e999] : f32", "return");
    statement("line 2, column 23: expected a number of type i32, got '1.5'",
        "%0 = constant[value=1.5] : i32", "return");
    statement(
        "line 2, column 23: expected elements of f32[3], got constant: expected 3 elements for f32[3], got 2",
        "%0 = constant[value=(1,2)] : f32[3]", "return");
    statement("line 2, column 23: expected elements in parentheses, got one",
        "%0 = constant[value=1] : f32[1]", "return");
    statement("line 2, column 8: expected a resource that holds the constant 00ff, got none",
        "%0 = constant[digest=00ff] : f32[100]", "return");
    statement("line 2, column 23: expected true or false, got 'yes'",
        "%0 = constant[value=yes] : bool", "return");
  }

  @Test
  void statements() {
    statement("line 3, column 3: expected one 'return', got another", "return", "return");
    statement("line 2, column 3: expected one guard, a bool scalar, got f32[n,3]", "guard x",
        "return");
    statement("line 2, column 25: expected the end of the line, got '%'",
        "%0 = exp x : f32[n,3] %1 = exp x : f32[n,3]", "return");
    statement("line 2, column 13: expected '==', '>=' or '%', got '<'", "require n < 3", "return");
    statement("line 3, column 12: expected a tensor, got a tuple (f32[n,3], i32[n,3])",
        "%0 = sort[axis=0] x : (f32[n,3], i32[n,3])", "return a=%0");
  }

  @Test
  void depthAndLengthDoNotOverflow() {
    int deep = 1_000_000;
    rejects("graph f(x: input f32[" + "floor(".repeat(deep) + "]) {\n  return\n}");
    rejects(around("%0 = reduce.sum[axes=" + "(".repeat(deep) + "] x : f32", "return"));
    rejects("(".repeat(deep));
    rejects(around("%0 = exp x : f32[n,3] ".repeat(deep / 10), "return"));
    StringBuilder calls = new StringBuilder("graph g0(x: input f32) {\n  return y=x\n}\n");
    for (int i = 1; i <= 1000; i++) {
      calls.append("graph g").append(i).append("(x: input f32) {\n  %0 = call[@g").append(i - 1)
          .append("] x : (f32)\n  %1 = item[index=0] %0 : f32\n  return y=%1\n}\n");
    }
    rejects(calls.toString());
  }

  private static void rejects(String text) {
    assertThrows(ParseException.class, () -> GraphParser.parse(text));
  }

  @Test
  void doublingStaysLinear() {
    StringBuilder text = new StringBuilder("graph f(x: input f32) {\n  %0 = add x, x : f32\n");
    for (int i = 1; i < 64; i++) {
      text.append("  %").append(i).append(" = add %").append(i - 1).append(", %").append(i - 1)
          .append(" : f32\n");
    }
    Graph graph = GraphParser.parseOne(text + "  return y=%63\n}\n");
    assertEquals(65, graph.schedule().size());
    assertEquals(graph, GraphParser.parseOne(GraphPrinter.print(graph)));
    assertEquals(graph.hashCode(), GraphParser.parseOne(GraphPrinter.print(graph)).hashCode());
  }

  @Test
  void aCorruptedTextIsReadOrRefusedWithATypedError() {
    String text = RoundTripTest.STEP;
    SplittableRandom random = new SplittableRandom(7);
    int refused = 0;
    for (int i = 0; i < 8_000; i++) {
      StringBuilder changed = new StringBuilder(text);
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> changed.setCharAt(at, (char) random.nextInt(128));
        case 1 -> changed.deleteCharAt(at);
        case 2 -> changed.setLength(at);
        default -> changed.insert(at, text, random.nextInt(text.length()), text.length());
      }
      try {
        GraphParser.parse(changed.toString());
      } catch (ParseException e) {
        refused++;
      } catch (KotangentException e) {
        throw new AssertionError("not a parse error, for change " + i + ":\n" + changed, e);
      }
    }
    assertTrue(refused > 4_000, "refused " + refused);
  }

  @Test
  void oneGraphIsReadWithItsBodiesOnly() {
    String two = "graph f() {\n  return\n}\ngraph g() {\n  return\n}\n";
    assertEquals("expected one graph and its bodies, but g does not use f; read several with parse",
        assertThrows(KotangentException.class, () -> GraphParser.parseOne(two)).getMessage());
    assertEquals(2, GraphParser.parse(two.getBytes(StandardCharsets.UTF_8)).size());
    assertEquals(2, GraphParser.parse(two, Map.of()).size());
  }
}
