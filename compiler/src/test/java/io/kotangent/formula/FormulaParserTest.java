package io.kotangent.formula;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormulaParserTest {
  private static final List<ScalarFn> SMOOTH = List.of(ScalarFn.ADD, ScalarFn.SUB, ScalarFn.MUL,
      ScalarFn.DIV, ScalarFn.NEG, ScalarFn.SIGMOID, ScalarFn.TANH, ScalarFn.EXP, ScalarFn.SIN,
      ScalarFn.COS, ScalarFn.ATAN, ScalarFn.SOFTPLUS, ScalarFn.RELU, ScalarFn.ABS, ScalarFn.SQRT,
      ScalarFn.LOG, ScalarFn.MAX, ScalarFn.MIN, ScalarFn.ERF, ScalarFn.LOG1P, ScalarFn.EXPM1);

  private static double value(Graph graph, Map<String, Double> at) {
    Map<String, TensorValue> inputs = new LinkedHashMap<>();
    graph.ports().forEach(port -> inputs.put(port.name(),
        TensorValue.scalar(DType.F64, at.getOrDefault(port.name(), Double.NaN))));
    return Interpreter.run(graph, inputs).result(graph.results().getFirst().name()).real(0);
  }

  @ParameterizedTest(name = "{0}") @CsvSource(delimiter = '@', quoteCharacter = '~', value = {
      "1 + 2*3@7", "(1 + 2)*3@9",
      "2 - 3 - 4@-5", "12/3/2@2", "12/(3/2)@8", "2^3^2@512", "(2^3)^2@64", "-2^2@-4", "(-2)^2@4",
      "2^-1@0.5", "--3@3", "-+-3@3", "x*y@6", "x·y@6", "x × y@6", "x ÷ y@0.6666666666666666",
      "x²@4", "x³@8", "x¹⁰@1024", "x₀ + 1@11", "√x·√x@2.0000000000000004", "√(x + 2)@2",
      "|x − 5|@3",
      "sigmoid(0)@0.5", "σ(0)@0.5", "ln(e)@1", "log(e^2)@2", "cos(π)@-1", "cos(pi)@-1",
      "1e3 + 1.5E-1 + .5@1000.65", "[x > 1]@1", "[x >= 3]@0", "[x = 2]·5@5", "[x != 2]@0",
      "{x if x > y, else y}@3", "max(x, y)@3", "pow(x, y)@8", "x^y@8", "½·x@1", "relu(-x)@0",
      "f = x + y@5", "loss=x@2", "θ + α@1.5", "abs(-3)@3", "⅓·y@1",
      "tanh(0) + exp(0) + sin(0)@1", "2(x)@error", "x_1@7", "1/0@Infinity", "∞@Infinity"})
  void readsWhatPeopleWrite(String text, String expected) {
    Map<String, Double> at = Map.of("x", 2.0, "y", 3.0, "x0", 10.0, "θ", 1.0, "α", 0.5, "x_1", 7.0);
    if (expected.equals("error")) {
      assertThrows(FormulaException.class, () -> FormulaParser.parse(text));
    } else {
      assertEquals(Double.parseDouble(expected), value(FormulaParser.parse(text), at), 1e-15);
    }
  }

  @Test
  void inputsStandInTheOrderInWhichTheyOccur() {
    Graph f = FormulaParser.parse("y = sigmoid(w0*x0 + w1*x1 + w2)");
    assertEquals(List.of("w0", "x0", "w1", "x1", "w2"),
        f.ports().stream().map(Port::name).toList());
    assertEquals("y = σ(w₀·x₀ + w₁·x₁ + w₂)", Formula.of(f, "y", List.of()).unicode());
    assertEquals(3, value(FormulaParser.parse("  x\t+\n1 "), Map.of("x", 2.0)));
    assertEquals("f", FormulaParser.parse("x").results().getFirst().name());
  }

  @ParameterizedTest(name = "{0}") @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "~~|1|a formula such as w*x + b|the end of the formula",
      "~   ~|4|a formula such as w*x + b|the end of the formula",
      "f =|4|a formula such as w*x + b|the end of the formula",
      "x +|4|a number, a name, a function or a bracket|the end of the formula",
      "* x|1|a number, a name, a function or a bracket|'*'",
      "x ** 2|4|a number, a name, a function or a bracket|'*'",
      "x y|3|an operator or the end|'y'", "2x|2|an operator or the end|'x'",
      "2 (x)|3|an operator or the end|'('",
      "(x + 1|7|an operator or ')' for the '(' of column 1|the end of the formula",
      "((x)|5|an operator or ')' for the '(' of column 1|the end of the formula",
      "x)|2|an opening bracket before|')'", "x]|2|an opening bracket before|']'",
      "()|2|a number, a name, a function or a bracket|')'",
      "(x]|3|an operator or ')' for the '(' of column 1|']'",
      "sigmoid x|9|'(' and the arguments of sigmoid|none",
      "sigmoid|8|'(' and the arguments of sigmoid|the end of the formula",
      "sigmoid()|1|1 argument of sigmoid|0", "sigmoid(x, y)|1|1 argument of sigmoid|2",
      "max(x)|1|2 arguments of max|1", "1 + pow(x)|5|2 arguments of pow|1",
      "sigmoid(x,)|11|a number, a name, a function or a bracket|')'",
      "sigmoid(x|10|an operator or ')' for the '(' of column 8|the end of the formula",
      "x # 2|3|an operator or the end|'#'", "x & y|3|an operator or the end|'&'",
      "x = y = z|7|an operator or the end|'='", "1 = x|3|an operator or the end|'='",
      ".|1|a number|'.'", "1..2|3|an operator or the end|'.'", "1.2.3|4|an operator or the end|'.'",
      "[x]|3|a relation such as < or ≥|']'",
      "[x > 1|7|an operator or ']' for the '[' of column 1|the end of the formula",
      "[x > ]|6|a number, a name, a function or a bracket|']'",
      "{x}|3|'if' of a choice {a if x > 0, else b}|'}'",
      "{x if y}|8|a relation such as < or ≥|'}'",
      "{x if y > 0}|12|',' before 'else' of a choice|'}'",
      "{x if y > 0, 3}|14|'else' of a choice {a if x > 0, else b}|'3'",
      "x^|3|a number, a name, a function or a bracket|the end of the formula",
      "√|2|a number, a name, a function or a bracket|the end of the formula",
      "x > 1|3|an operator or the end|'>'", "x; y|2|an operator or the end|';'",
      "x ᵀ|3|an operator or the end|'ᵀ'", "x²³⁴⁵|6|a power of at most 1000|more"})
  void saysWhereAndWhatIsWrong(String text, int column, String expected, String got) {
    String formula = text == null ? "" : text;
    var e = assertThrows(FormulaException.class, () -> FormulaParser.parse(formula));
    assertEquals(expected + "|" + got + "|" + column, e.expected() + "|" + e.got() + "|"
        + e.column());
    List<String> lines = e.getMessage().lines().toList();
    assertEquals(3, lines.size(), e.getMessage());
    assertEquals("  " + " ".repeat(column - 1) + "^", lines.getLast());
  }

  @Test
  void unknownFunctionsAreToldTheKnownOnes() {
    var e = assertThrows(FormulaException.class, () -> FormulaParser.parse("1 + sigmid(x)"));
    assertEquals(5, e.column());
    assertTrue(e.getMessage().contains("sigmoid, sign"), e.getMessage());
  }

  @Test
  void whatIsTooLargeIsRefused() {
    assertTrue(assertThrows(FormulaException.class, () -> FormulaParser.parse("x+".repeat(6000)))
        .getMessage().contains("at most 10000 characters"));
    assertTrue(assertThrows(FormulaException.class,
        () -> FormulaParser.parse("(".repeat(4000) + "x")).getMessage().contains("200 brackets"));
    assertTrue(assertThrows(FormulaException.class,
        () -> FormulaParser.parse("2^".repeat(4000) + "x")).getMessage().contains("200"));
    assertThrows(FormulaException.class, () -> FormulaParser.parse("√".repeat(9000) + "x"));
    assertThrows(FormulaException.class, () -> FormulaParser.parse("|".repeat(9000) + "x"));
    assertTrue(assertThrows(FormulaException.class, () -> FormulaParser.parse("a".repeat(99)))
        .getMessage().contains("a name of at most 40"));
    FormulaParser.parse("-".repeat(9000) + "x");
    FormulaParser.parse("x" + "+x".repeat(4900));
  }

  @Test
  void noTextDoesAnythingElse() {
    Random random = new Random(3);
    String signs = "x1.e+-*/^(),|[]{}√²=<>σ if else\u0000\n₀½π∞😀ᵀ";
    int parsed = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(12); j >= 0; j--) {
        text.append(signs.charAt(random.nextInt(signs.length())));
      }
      try {
        FormulaParser.parse(text.toString());
        parsed++;
      } catch (FormulaException e) {
        assertTrue(e.column() >= 1 && e.column() <= text.length() + 1, text.toString());
      }
    }
    assertTrue(parsed > 100, parsed + " parsed");
  }

  /// A random formula of three inputs.
  private static Graph random(long seed) {
    Random random = new Random(seed);
    GraphBuilder b = new GraphBuilder();
    List<Node> inputs = new ArrayList<>();
    for (String name : List.of("x", "y", "w1")) {
      inputs.add(b.input(new Port(name, Role.INPUT, TensorType.scalar(DType.F64))));
    }
    List<Node> nodes = new ArrayList<>(inputs);
    nodes.add(b.scalar(DType.F64, 0.5 + random.nextInt(4)));
    for (int i = 1 + random.nextInt(7); i > 0; i--) {
      ScalarFn fn = SMOOTH.get(random.nextInt(SMOOTH.size()));
      Node[] operands = new Node[fn.arity()];
      for (int j = 0; j < operands.length; j++) {
        operands[j] =
            nodes.get(Math.max(random.nextInt(nodes.size()), random.nextInt(nodes.size())));
      }
      nodes.add(b.map(fn, operands));
    }
    return b.graph("f", inputs, List.of(new Graph.Result("f", nodes.getLast())));
  }

  @Test
  void whatIsPrintedIsReadBack() {
    int compared = 0;
    for (long seed = 0; seed < 3000; seed++) {
      Graph f = random(seed);
      compared += readBack(f, Formula.of(f, "f", List.of()), "f");
      for (Port port : f.ports()) {
        try {
          Graph g = Gradient.gradients(f, "f", List.of(port.name()));
          String name = Gradient.name("f", port.name());
          compared += readBack(g, Formula.of(g, name, List.of()), name);
        } catch (io.kotangent.autodiff.GradientException e) {
          // that input does not reach the result
        }
      }
    }
    assertTrue(compared > 3000, compared + " compared");
  }

  private static int readBack(Graph graph, Formula formula, String result) {
    String text = formula.unicode();
    if (text.contains("where")) {
      return 0;
    }
    Graph again = FormulaParser.parse(text.substring(text.indexOf('=') + 1));
    Random random = new Random(1);
    Map<String, Double> at = Map.of("x", 0.3 + random.nextDouble(), "y", 0.7 - random.nextDouble(),
        "w1", 1.1 + random.nextDouble());
    Map<String, TensorValue> inputs = new LinkedHashMap<>();
    at.forEach((name, x) -> inputs.put(name, TensorValue.scalar(DType.F64, x)));
    double expected = Interpreter.run(graph, inputs).result(result).real(0);
    double got = value(again, at);
    // where f is no number, real numbers have nothing to say
    boolean both = Double.isFinite(expected) && Double.isFinite(got)
        && Double.isFinite(Interpreter.run(graph, inputs).result("f").real(0));
    if (both) {
      assertEquals(expected, got, 1e-6 * Math.max(1, Math.abs(expected)), text);
    }
    return both ? 1 : 0;
  }
}
