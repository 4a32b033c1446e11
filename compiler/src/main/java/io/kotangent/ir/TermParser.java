package io.kotangent.ir;

import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.List;

/// Reads the formulas of derivatives and rewrite rules: `g*y*(1-y)`, `select(gt(a, 0), g, 0)`.
///
/// `a b c d` are the operands (in rules: pattern variables), `x` another name of `a`, `y` the result, `g`
/// the seed; `+ - * /` and a leading `-` are `add sub mul div neg`; a name with parentheses is a [ScalarFn].
public final class TermParser {
  private final String text;
  private int at;

  private TermParser(String text) {
    this.text = text;
  }

  public static Term parse(String text) {
    TermParser parser = new TermParser(text.replace(" ", ""));
    Term term = parser.sum();
    if (parser.at < parser.text.length()) {
      throw parser.error("an operator or the end");
    }
    return term;
  }

  private Term sum() {
    Term left = product();
    while (true) {
      if (take('+')) {
        left = Term.fn(ScalarFn.ADD, left, product());
      } else if (take('-')) {
        left = Term.fn(ScalarFn.SUB, left, product());
      } else {
        return left;
      }
    }
  }

  private Term product() {
    Term left = factor();
    while (true) {
      if (take('*')) {
        left = Term.fn(ScalarFn.MUL, left, factor());
      } else if (take('/')) {
        left = Term.fn(ScalarFn.DIV, left, factor());
      } else {
        return left;
      }
    }
  }

  private Term factor() {
    if (take('-')) {
      return at < text.length() && Character.isDigit(text.charAt(at))
          ? Term.num(-number()) : Term.fn(ScalarFn.NEG, factor());
    }
    if (take('(')) {
      Term term = sum();
      expect(')');
      return term;
    }
    if (at < text.length() && Character.isDigit(text.charAt(at))) {
      return Term.num(number());
    }
    return name();
  }

  private double number() {
    int start = at;
    while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    return Double.parseDouble(text.substring(start, at));
  }

  private Term name() {
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    String name = text.substring(start, at);
    if (take('(')) {
      List<Term> args = new ArrayList<>();
      do {
        args.add(sum());
      } while (take(','));
      expect(')');
      return new Term.Fn(ScalarFn.parse(name), args);
    }
    return switch (name) {
      case "y" -> new Term.Result();
      case "g" -> new Term.Seed();
      case "x" -> new Term.Arg(0);
      case "a", "b", "c", "d" -> new Term.Arg(name.charAt(0) - 'a');
      default -> throw error("a number, a variable or a function");
    };
  }

  private boolean take(char c) {
    boolean there = at < text.length() && text.charAt(at) == c;
    at += there ? 1 : 0;
    return there;
  }

  private void expect(char c) {
    if (!take(c)) {
      throw error("'" + c + "'");
    }
  }

  private KotangentException error(String expected) {
    return new KotangentException(
        "in the formula '" + text + "' at " + at + ": expected " + expected);
  }
}
