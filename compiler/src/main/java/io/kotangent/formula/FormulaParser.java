package io.kotangent.formula;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Notation;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Reads a formula of numbers, as people type it or as [Formula#unicode] prints it: `sigmoid(w0*x0 + w1*x1 + w2)`,
/// `f = (x + y)·z`, `√(x² + y²)`, `e^(−x)`, `[x > 0]·x`.
///
/// `+ - * / ^` and `− · × ⊙ ÷ ²`, `√x`, `|x|`; `[condition]` is 1 or 0, `{a if condition, else b}` a choice; `pi` or `π` and
/// `e` are numbers; every function of [ScalarFn] is there by its name. Any other name is an input (`x₀` is `x0`). `^` binds most and
/// from the right, then a sign, then products and quotients from the left, then sums.
public final class FormulaParser {
  /// The most characters of a formula.
  public static final int LONGEST = 10_000;
  private static final int DEEPEST = 200;
  private static final TensorType NUMBER = TensorType.scalar(DType.F64);
  private static final Map<String, ScalarFn> FUNCTIONS = functions();

  private final FormulaScanner scanner;
  private final GraphBuilder builder = new GraphBuilder();
  private final Map<String, Node> inputs = new LinkedHashMap<>();
  private int depth;

  private FormulaParser(String text) {
    this.scanner = new FormulaScanner(text);
  }

  private static Map<String, ScalarFn> functions() {
    Map<String, ScalarFn> functions = new TreeMap<>();
    for (ScalarFn fn : ScalarFn.values()) {
      boolean numbers = fn.notation() instanceof Notation.Applied
          || fn.notation() instanceof Notation.Rewritten
          || fn == ScalarFn.ABS || fn == ScalarFn.POW;
      if (numbers && fn.accepts(DType.F64) && isNumber(fn)) {
        functions.put(fn.toString(), fn);
        if (fn.notation() instanceof Notation.Applied(var name, var _)) {
          functions.put(name, fn);
        }
      }
    }
    functions.put("ln", ScalarFn.LOG);
    functions.put("sigma", ScalarFn.SIGMOID);
    return functions;
  }

  private static boolean isNumber(ScalarFn fn) {
    GraphBuilder b = new GraphBuilder();
    Node[] numbers = new Node[fn.arity()];
    java.util.Arrays.fill(numbers, b.scalar(DType.F64, 1));
    return b.map(fn, numbers).dtype() == DType.F64;
  }

  /// The graph of a formula, in f64: its inputs in the order in which they occur, and one result.
  ///
  /// @param text a formula, or `name = formula`
  /// @return the graph, and its result called by that name or `f`
  /// @throws FormulaException of a text that is no formula; it says where
  public static Graph parse(String text) {
    if (text.length() > LONGEST) {
      throw new FormulaException(text.substring(0, 1), 0,
          "a formula of at most " + LONGEST + " characters", "one of " + text.length());
    }
    return new FormulaParser(text).graph();
  }

  private Graph graph() {
    String name = result();
    if (scanner.isAtEnd()) {
      throw scanner.error("a formula such as w*x + b");
    }
    Node value = expression();
    if (!scanner.isAtEnd()) {
      throw scanner.error(scanner.isAt(")") || scanner.isAt("]") || scanner.isAt("}")
          ? "an opening bracket before" : "an operator or the end");
    }
    return builder.graph(name, new ArrayList<>(inputs.values()),
        List.of(new Graph.Result(name, value)));
  }

  /// `name =`, or nothing.
  private String result() {
    int start = scanner.place();
    if (scanner.isName()) {
      String name = scanner.name();
      if (scanner.take("=")) {
        return name;
      }
    }
    scanner.goTo(start);
    return "f";
  }

  private Node expression() {
    deeper("brackets");
    Node left = product();
    while (true) {
      String sign = scanner.takeAny("+", "-", "−");
      if (sign.isEmpty()) {
        depth--;
        return left;
      }
      Node right = product();
      left = builder.map(sign.equals("+") ? ScalarFn.ADD : ScalarFn.SUB, left, right);
    }
  }

  private Node product() {
    Node left = signed();
    while (true) {
      String sign = scanner.takeAny("*", "·", "×", "⊙", "⋅", "/", "÷");
      if (sign.isEmpty()) {
        return left;
      }
      boolean quotient = sign.equals("/") || sign.equals("÷");
      left = builder.map(quotient ? ScalarFn.DIV : ScalarFn.MUL, left, signed());
    }
  }

  private Node signed() {
    int signs = 0;
    while (true) {
      String sign = scanner.takeAny("-", "−", "+");
      if (sign.isEmpty()) {
        break;
      }
      signs += sign.equals("+") ? 0 : 1;
    }
    Node x = power();
    return signs % 2 == 0 ? x : builder.map(ScalarFn.NEG, x);
  }

  private Node power() {
    Node base = atom();
    String digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    int exponent = -1;
    for (int i = 0; i < digits.length(); i++) {
      if (scanner.take(digits.substring(i, i + 1))) {
        exponent = Math.max(0, exponent) * 10 + i;
        i = -1;
        if (exponent > 1000) {
          throw scanner.error(scanner.place(), "a power of at most 1000", "more");
        }
      }
    }
    if (exponent >= 0) {
      return raised(base, exponent);
    }
    if (!scanner.take("^")) {
      return base;
    }
    deeper("powers");
    Node by = signed();
    depth--;
    return by.op() instanceof io.kotangent.ir.Op.Constant(var literal)
        ? raised(base, literal.real(0)) : builder.map(ScalarFn.POW, base, by);
  }

  /// Small powers are products.
  private Node raised(Node base, double exponent) {
    if (exponent == 2) {
      return builder.map(ScalarFn.MUL, base, base);
    }
    return exponent == 1 ? base
        : builder.map(ScalarFn.POW, base, builder.scalar(DType.F64, exponent));
  }

  private Node atom() {
    if (scanner.isNumber()) {
      return builder.scalar(DType.F64, scanner.number());
    }
    int start = scanner.place();
    if (scanner.isName()) {
      return named(start, scanner.name());
    }
    String open = scanner.takeAny("(", "√", "|", "[", "{", "½", "¼", "¾", "⅓", "⅔");
    return switch (open) {
      case "(" -> closed(start, "(", ")");
      case "√" -> root();
      case "|" -> builder.map(ScalarFn.ABS, closed(start, "|", "|"));
      case "[" -> bracket(start);
      case "{" -> choice(start);
      case "½" -> builder.scalar(DType.F64, 0.5);
      case "¼" -> builder.scalar(DType.F64, 0.25);
      case "¾" -> builder.scalar(DType.F64, 0.75);
      case "⅓" -> builder.scalar(DType.F64, 1.0 / 3);
      case "⅔" -> builder.scalar(DType.F64, 2.0 / 3);
      default -> throw scanner.error("a number, a name, a function or a bracket");
    };
  }

  private Node root() {
    deeper("roots");
    Node root = builder.map(ScalarFn.SQRT, atom());
    depth--;
    return root;
  }

  private void deeper(String what) {
    if (++depth > DEEPEST) {
      throw scanner.error(scanner.place(), "at most " + DEEPEST + " " + what + " in each other",
          "more");
    }
  }

  private Node closed(int start, String open, String close) {
    Node inside = expression();
    close(start, open, close);
    return inside;
  }

  private void close(int start, String open, String close) {
    if (!scanner.take(close)) {
      throw scanner.error("an operator or '" + close + "' for the '" + open + "' of column "
          + (start + 1));
    }
  }

  private Node bracket(int start) {
    Node condition = condition();
    close(start, "[", "]");
    return builder.map(ScalarFn.SELECT, condition, builder.scalar(DType.F64, 1),
        builder.scalar(DType.F64, 0));
  }

  /// `{a if condition, else b}`.
  private Node choice(int start) {
    Node then = expression();
    scanner.expect("if", "of a choice {a if x > 0, else b}");
    Node condition = condition();
    scanner.expect(",", "before 'else' of a choice");
    scanner.expect("else", "of a choice {a if x > 0, else b}");
    Node otherwise = expression();
    close(start, "{", "}");
    return builder.map(ScalarFn.SELECT, condition, then, otherwise);
  }

  private Node condition() {
    Node left = expression();
    String sign = scanner.takeAny("<=", "≤", ">=", "≥", "!=", "≠", "==", "=", "<", ">");
    ScalarFn relation = switch (sign) {
      case "<=", "≤" -> ScalarFn.LE;
      case ">=", "≥" -> ScalarFn.GE;
      case "!=", "≠" -> ScalarFn.NE;
      case "==", "=" -> ScalarFn.EQ;
      case "<" -> ScalarFn.LT;
      case ">" -> ScalarFn.GT;
      default -> throw scanner.error("a relation such as < or ≥");
    };
    return builder.map(relation, left, expression());
  }

  private Node named(int start, String name) {
    if (scanner.isAt("(")) {
      return applied(start, name);
    }
    if (FUNCTIONS.containsKey(name)) {
      throw scanner.error(scanner.place(), "'(' and the arguments of " + name,
          scanner.isAtEnd() ? "the end of the formula" : "none");
    }
    return switch (name) {
      case "pi", "π" -> builder.scalar(DType.F64, Math.PI);
      case "e" -> builder.scalar(DType.F64, Math.E);
      default -> inputs.computeIfAbsent(name,
          n -> builder.input(new Port(n, Role.INPUT, NUMBER)));
    };
  }

  private static String known() {
    return FUNCTIONS.values().stream().distinct().map(ScalarFn::toString).sorted()
        .collect(java.util.stream.Collectors.joining(", "));
  }

  private Node applied(int start, String name) {
    ScalarFn fn = FUNCTIONS.get(name);
    if (fn == null) {
      throw scanner.error(start, "one of the functions " + known()
          + ", or an operator behind " + name, "'" + name + "('");
    }
    int open = scanner.place();
    scanner.take("(");
    List<Node> arguments = new ArrayList<>();
    if (!scanner.isAt(")")) {
      do {
        arguments.add(expression());
      } while (scanner.take(","));
    }
    close(open, "(", ")");
    if (arguments.size() != fn.arity()) {
      throw scanner.error(start, fn.arity() + (fn.arity() == 1 ? " argument" : " arguments")
          + " of " + name, Integer.toString(arguments.size()));
    }
    return builder.map(fn, arguments.toArray(Node[]::new));
  }
}
