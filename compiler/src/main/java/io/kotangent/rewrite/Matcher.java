package io.kotangent.rewrite;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Term;
import java.util.ArrayList;
import java.util.List;

/// Fits one pattern to one node, trying both orders of commutative operands. Used once.
final class Matcher {
  private static final int LETTERS = 4;

  /// What is still to fit: a list, so that trying the other order needs no copy.
  private sealed interface Goals {
    record Fit(Term term, Node node, Goals rest) implements Goals {
    }

    record None() implements Goals {
    }
  }

  private static final Goals NONE = new Goals.None();

  private final Node[] bound = new Node[LETTERS];
  private int known;

  boolean matches(Term pattern, Node node) {
    return solve(new Goals.Fit(pattern, node, NONE));
  }

  /// What the letters stand for after a match; letters that the pattern lacks stand for its first.
  List<Node> bindings() {
    List<Node> bindings = new ArrayList<>(LETTERS);
    for (int i = 0; i < LETTERS; i++) {
      bindings.add(bound[(known & 1 << i) != 0 ? i : Integer.numberOfTrailingZeros(known)]);
    }
    return bindings;
  }

  private boolean solve(Goals goals) {
    Goals left = goals;
    while (left instanceof Goals.Fit(var term, var node, var rest)) {
      if (term instanceof Term.Fn(var fn, var args)) {
        if (!(node.op() instanceof Op.Map map) || map.fn() != fn) {
          return false;
        }
        List<Node> operands = node.operands();
        left = rest;
        if (fn.isCommutative()) {
          int before = known;
          if (solve(pair(args, operands.get(0), operands.get(1), rest))) {
            return true;
          }
          known = before;
          left = pair(args, operands.get(1), operands.get(0), rest);
        } else {
          for (int i = args.size() - 1; i >= 0; i--) {
            left = new Goals.Fit(args.get(i), operands.get(i), left);
          }
        }
      } else if (term instanceof Term.Arg(var index) ? bind(index, node)
          : term instanceof Term.Num(var value) && Uniform.is(node, value)) {
            left = rest;
          } else {
            return false;
          }
    }
    return true;
  }

  private static Goals pair(List<Term> args, Node first, Node second, Goals rest) {
    return new Goals.Fit(args.get(0), first, new Goals.Fit(args.get(1), second, rest));
  }

  /// Nodes are interned, so a letter that occurs twice stands for one object.
  private boolean bind(int letter, Node node) {
    if ((known & 1 << letter) != 0) {
      return bound[letter] == node;
    }
    known |= 1 << letter;
    bound[letter] = node;
    return true;
  }
}
