package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.Term;
import io.kotangent.ir.TermParser;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.List;
import java.util.Optional;

/// An identity of scalar formulas, applied from left to right: `log(1+a)` → `log1p(a)`.
///
/// The letters a, b, c, d stand for any computation (the same one wherever a letter occurs twice), numbers for
/// constants and broadcast constants of exactly that value (`0` is not `-0`). Operands of commutative
/// functions match in either order. All letters have one element type, except conditions, which are bool.
///
/// @param domain the element types for which the identity holds: those of the letters that are no conditions
public record Rule(String name, Domain domain, Term from, Term to) {
  public Rule {
    if (!(from instanceof Term.Fn)) {
      throw new KotangentException(
          "rule " + name + ": the left side " + from + " is no function of anything");
    }
    int known = letters(from, name);
    if ((letters(to, name) & ~known) != 0) {
      throw new KotangentException(
          "rule " + name + ": the right side " + to + " has a letter that is not in " + from);
    }
  }

  /// A rule in the notation of [TermParser].
  public static Rule of(String name, Domain domain, String from, String to) {
    return new Rule(name, domain, TermParser.parse(from), TermParser.parse(to));
  }

  /// The function at the root of the left side.
  public ScalarFn root() {
    return ((Term.Fn) from).fn();
  }

  /// The right side, if the left side fits the node and has a type of the domain.
  Optional<Node> apply(Node node, GraphBuilder builder) {
    Matcher matcher = new Matcher();
    if (!matcher.matches(from, node)) {
      return Optional.empty();
    }
    List<Node> letters = matcher.bindings();
    int letter = firstLane(from, false);
    DType dtype = letter < 0 ? node.dtype() : letters.get(letter).dtype();
    return domain.accepts(dtype)
        ? Optional
            .of(builder.instantiate(to, letters, Optional.empty(), Optional.empty(), node.type()))
        : Optional.empty();
  }

  /// The index of the first letter that is no condition; -1 if all are.
  private static int firstLane(Term term, boolean condition) {
    if (term instanceof Term.Arg(var index)) {
      return condition ? -1 : index;
    }
    if (term instanceof Term.Fn(var fn, var args)) {
      for (int i = 0; i < args.size(); i++) {
        int found = firstLane(args.get(i), fn == ScalarFn.SELECT && i == 0);
        if (found >= 0) {
          return found;
        }
      }
    }
    return -1;
  }

  private static int letters(Term term, String rule) {
    return switch (term) {
      case Term.Arg(var index) -> 1 << index;
      case Term.Num _ -> 0;
      case Term.Fn(_, List<Term> args) -> {
        int letters = 0;
        for (Term arg : args) {
          letters |= letters(arg, rule);
        }
        yield letters;
      }
      case Term.Result _, Term.Seed _, Term.Lit _, Term.Prim _ ->
          throw new KotangentException("rule " + rule + ": " + term + " has no place in a rule");
    };
  }

  @Override
  public String toString() {
    return name + ": " + from + " -> " + to;
  }
}
