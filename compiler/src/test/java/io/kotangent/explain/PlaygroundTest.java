package io.kotangent.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.DataException;
import io.kotangent.formula.FormulaParser;
import io.kotangent.ir.Graph;
import io.kotangent.ir.ScalarFn;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaygroundTest {
  @TempDir private Path folder;

  private static String refused(String graph) {
    return assertThrows(KotangentException.class,
        () -> Playground.of(GraphParser.parse(graph).getLast())).getMessage();
  }

  @Test
  void everyFunctionOfNumbersHasAScript() {
    for (ScalarFn fn : ScalarFn.values()) {
      String name = fn.toString();
      boolean known = true;
      try {
        FormulaParser.parse(name + "(" + String.join(", ", "x", "y", "z").substring(0,
            3 * fn.arity() - 2) + ")");
      } catch (KotangentException e) {
        known = false;
      }
      if (known) {
        String page = Playground.of(FormulaParser.parse(name + "("
            + "x, y, z".substring(0, 3 * fn.arity() - 2) + ")")).html();
        assertTrue(page.contains("const compute="), name);
      }
    }
  }

  @Test
  void aPageNeedsNothingElse() {
    String page = Playground.of(FormulaParser.parse("loss = (x + y)*z")).at(Map.of("x", -2.0))
        .html();
    assertTrue(page.contains("loss = (x + y)·z") && page.contains("∂loss/∂z = x + y"), page);
    assertTrue(page.contains("\"start\":\"-2.0\""), page);
    assertFalse(page.replace("http://www.w3.org/2000/svg", "")
        .matches("(?s).*(http:|https:|src=|href=).*"));
  }

  @Test
  void floatsOfAnyTypeAreWide() {
    Graph graph = GraphParser.parseOne("""
        graph f(x: input f32, y: param f32, unused: input i32) {
          %0 = constant[value=0.1] : f32
          %1 = mul x, %0 : f32
          %2 = cast[to=f64] %1 : f64
          %3 = cast[to=f32] %2 : f32
          %4 = gt %3, y : bool
          %5 = cast[to=f32] %4 : f32
          %6 = add %5, %3 : f32
          return f=%6
        }
        """);
    Graph wide = Playground.of(graph).graph();
    assertEquals(2, wide.inputs().size());
    assertTrue(wide.schedule().stream()
        .allMatch(node -> node.dtype() == DType.F64 || node.dtype() == DType.BOOL));
    assertTrue(Playground.of(graph).html().contains("?1:0"));
  }

  @Test
  void whatIsNoFormulaOfNumbersIsRefused() {
    assertTrue(refused("""
        graph f(x: input f32[3]) {
          %0 = reduce.sum[axes=0] x : f32
          return f=%0
        }
        """).contains("of numbers, not of x: input f32[3]"));
    assertTrue(refused("""
        graph f(x: input i32) {
          return f=x
        }
        """).contains("first result is a float"));
    StringBuilder many = new StringBuilder("x");
    for (int i = 0; i < 150; i++) {
      many.append(" + sin(").append(i).append("*x)");
    }
    assertTrue(assertThrows(KotangentException.class,
        () -> Playground.of(FormulaParser.parse(many.toString()))).getMessage()
        .contains("at most 200 nodes"));
    var formula = Playground.of(FormulaParser.parse("x + y"));
    assertTrue(assertThrows(KotangentException.class, () -> formula.at(Map.of("z", 1.0)))
        .getMessage().contains("expected one of [x, y]"));
  }

  @Test
  void aFileIsWrittenWhollyOrNotAtAll() throws Exception {
    var formula = Playground.of(FormulaParser.parse("x + y"));
    formula.write(folder.resolve("page.html"));
    assertEquals(formula.html(), Files.readString(folder.resolve("page.html")));
    assertThrows(DataException.class, () -> formula.write(folder));
    assertThrows(DataException.class,
        () -> formula.write(folder.resolve("none").resolve("page.html")));
    assertEquals(1, Files.list(folder).count());
  }

  /// Values between are called v1, v2, …, and so may inputs be.
  @Test
  void noTwoBoxesHaveOneName() {
    String page = Playground.of(FormulaParser.parse("v2 = exp(v1) + v1*x")).html();
    assertTrue(page.contains("\"boxes\":[\"v1\",\"x\",\"v3\",\"v4\",\"v2\"]"), page);
    assertTrue(page.contains("v₂ = v₃ + v₄"), page);
  }

  @Test
  void aFormulaMayBeOneInputOrOneNumber() {
    assertTrue(Playground.of(FormulaParser.parse("x")).html().contains("data-n='0'"));
    assertTrue(Playground.of(FormulaParser.parse("3")).html().contains("data-n='0'"));
  }
}
