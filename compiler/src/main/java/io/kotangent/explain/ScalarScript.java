package io.kotangent.explain;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Lowering;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Term;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A graph of numbers as the body of a JavaScript function of an array `x` of its inputs. Functions are what their lowerings say,
/// primitive for primitive: so `+ − × ÷ √`, choices and comparisons have the bits of compiled code, and what is made of `Math.exp` and
/// its like those of the browser, which differ in the last places at most.
final class ScalarScript {
  /// Before the names of what both `StrictMath` and `Math` of JavaScript have.
  private static final String STRICT = "strict_";

  private final StringBuilder text = new StringBuilder();
  private final Map<Node, String> values = new IdentityHashMap<>();
  private int next;

  /// @param graph of f64 numbers and bools
  ScalarScript(Graph graph) {
    List<Node> inputs = graph.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      values.put(inputs.get(i), "x[" + i + "]");
    }
    for (Node node : graph.schedule()) {
      if (!values.containsKey(node)) {
        values.put(node, value(node));
      }
    }
  }

  /// The statements.
  String statements() {
    return text.toString();
  }

  /// An expression that has a node's value after these.
  String of(Node node) {
    return Objects.requireNonNull(values.get(node));
  }

  private String value(Node node) {
    return switch (node.op()) {
      case Op.Constant(var literal) -> literal.type().dtype() == DType.BOOL
          ? Boolean.toString(literal.real(0) != 0) : number(literal.real(0));
      case Op.Map(var fn) -> {
        List<String> operands = node.operands().stream().map(this::of).toList();
        DType type = node.operands().getLast().dtype();
        yield kept(term(Lowering.of(fn, type), operands, new IdentityHashMap<>()));
      }
      case Op.Cast(var to) -> cast(node.operand(0), to);
      case Op.Source _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ ->
          throw new KotangentException("a playground is of numbers, not of " + node);
    };
  }

  private String cast(Node x, DType to) {
    return to == x.dtype() ? of(x) : to == DType.BOOL ? kept(of(x) + "!==0")
        : kept(of(x) + "?1:0");
  }

  private String kept(String expression) {
    if (expression.matches("[a-z0-9\\[\\]]+")) {
      return expression;
    }
    String name = "t" + next++;
    text.append("const ").append(name).append('=').append(expression).append(';');
    return name;
  }

  private String term(Term term, List<String> operands, Map<Term, String> done) {
    String known = done.get(term);
    if (known != null) {
      return known;
    }
    String value = switch (term) {
      case Term.Arg(var index) -> operands.get(index);
      case Term.Lit(var dtype, var bits) -> dtype == DType.BOOL ? Boolean.toString(bits != 0)
          : number(Double.longBitsToDouble(bits));
      case Term.Num(var number) -> number(number);
      case Term.Prim prim -> kept(primitive(prim,
          prim.args().stream().map(arg -> term(arg, operands, done)).toList()));
      case Term.Fn _, Term.Result _, Term.Seed _ ->
          throw new IllegalStateException(term + " in a lowering");
    };
    done.put(term, value);
    return value;
  }

  private static String primitive(Term.Prim prim, List<String> args) {
    String a = args.getFirst();
    String b = args.getLast();
    return switch (prim.basic()) {
      case NEG -> "-" + a;
      case ADD -> a + "+" + b;
      case SUB -> a + "-" + b;
      case MUL -> a + "*" + b;
      case DIV -> a + "/" + b;
      case FMA -> a + "*" + args.get(1) + "+" + b;
      case ABS -> math("abs", a);
      case MIN -> math("min", a, b);
      case MAX -> math("max", a, b);
      case SQRT -> math("sqrt", a);
      case FLOOR -> math("floor", a);
      case CEIL -> math("ceil", a);
      case RINT -> "rint(" + a + ")";
      case STRICT_EXP, STRICT_EXPM1, STRICT_LOG, STRICT_LOG1P, STRICT_SIN, STRICT_COS, STRICT_TAN,
          STRICT_TANH, STRICT_ATAN, STRICT_CBRT, STRICT_POW ->
          math(prim.basic().toString().substring(STRICT.length()), args.toArray(String[]::new));
      case LT -> a + "<" + b;
      case LE -> a + "<=" + b;
      case EQ -> a + "===" + b;
      case NE, XOR -> a + "!==" + b;
      case AND -> a + "&&" + b;
      case OR -> a + "||" + b;
      case NOT -> "!" + a;
      case SELECT -> a + "?" + args.get(1) + ":" + b;
      case TO_F64 -> a + "?1:0";
      case TO_BOOL -> a + "!==0";
      case REM, SHL, SHR, USHR, TO_F32, TO_I32, TO_I64, BITS, FROM_BITS ->
          throw new KotangentException("a playground is of f64 numbers, which have no "
              + prim.basic());
    };
  }

  private static String math(String name, String... args) {
    return "Math." + name + "(" + String.join(",", args) + ")";
  }

  /// In brackets if it has a sign, so that no two signs meet.
  private static String number(double x) {
    String text = Double.isInfinite(x) ? (x < 0 ? "-" : "") + "Infinity" : Double.toString(x);
    return text.startsWith("-") ? "(" + text + ")" : text;
  }
}
