package io.kotangent.rewrite;

import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.Term;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A named list of rules, tried in order. Two rules of one name, or with the same left side for the same
/// element type, are refused.
public final class RuleSet {
  private final String name;
  private final List<Rule> rules;
  private final Map<ScalarFn, List<Rule>> byRoot = new EnumMap<>(ScalarFn.class);

  public RuleSet(String name, List<Rule> rules) {
    this.name = name;
    this.rules = List.copyOf(rules);
    Map<Integer, List<Rule>> bySketch = new HashMap<>();
    Map<String, Rule> byName = new HashMap<>();
    for (Rule rule : rules) {
      if (byName.put(rule.name(), rule) != null) {
        throw new KotangentException("rules " + name + ": two rules are called " + rule.name());
      }
      List<Rule> similar = listAt(bySketch, sketch(rule.from()));
      for (Rule other : similar) {
        if (other.domain().overlaps(rule.domain())
            && canonical(other.from()).equals(canonical(rule.from()))) {
          throw new KotangentException(
              "rules " + name + ": " + rule + " has the left side of " + other);
        }
      }
      similar.add(rule);
      listAt(byRoot, rule.root()).add(rule);
    }
  }

  private static <K> List<Rule> listAt(Map<K, List<Rule>> map, K key) {
    List<Rule> list = map.get(key);
    if (list == null) {
      list = new ArrayList<>();
      map.put(key, list);
    }
    return list;
  }

  public static RuleSet of(String name, Rule... rules) {
    return new RuleSet(name, Arrays.asList(rules));
  }

  public String name() {
    return name;
  }

  public List<Rule> rules() {
    return rules;
  }

  /// The rules whose left side begins with that function.
  List<Rule> at(ScalarFn root) {
    List<Rule> found = byRoot.get(root);
    return found == null ? List.of() : found;
  }

  /// These rules and then others.
  public RuleSet plus(String newName, Rule... more) {
    List<Rule> all = new ArrayList<>(rules);
    all.addAll(Arrays.asList(more));
    return new RuleSet(newName, all);
  }

  /// Without the rules of these names; the same instance if it has none of them.
  public RuleSet without(Collection<String> names) {
    List<Rule> kept = new ArrayList<>(rules);
    return kept.removeIf(rule -> names.contains(rule.name())) ? new RuleSet(name, kept) : this;
  }

  /// A number that is equal for left sides that differ in letters or in the order of commutative operands.
  private static int sketch(Term term) {
    if (term instanceof Term.Fn(var fn, var args)) {
      int sketch = 0;
      for (Term arg : args) {
        sketch = fn.isCommutative() ? sketch + sketch(arg) : 31 * sketch + sketch(arg);
      }
      return 31 * sketch + fn.toString().hashCode();
    }
    return term instanceof Term.Num(var value) ? Double.hashCode(value) : 1;
  }

  /// The left side with letters in order of occurrence: equal for patterns that differ in names or in the
  /// order of commutative operands.
  private static String canonical(Term term) {
    Set<String> orders = new java.util.TreeSet<>();
    for (Term variant : variants(term)) {
      orders.add(write(variant, new ArrayList<>(), new StringBuilder()).toString());
    }
    return orders.iterator().next();
  }

  private static List<Term> variants(Term term) {
    if (!(term instanceof Term.Fn(var fn, var args))) {
      return List.of(term);
    }
    List<List<Term>> choices = new ArrayList<>(List.of(List.of()));
    for (Term arg : args) {
      List<List<Term>> longer = new ArrayList<>();
      for (Term variant : variants(arg)) {
        for (List<Term> choice : choices) {
          List<Term> next = new ArrayList<>(choice);
          next.add(variant);
          longer.add(next);
        }
      }
      choices = longer;
    }
    List<Term> result = new ArrayList<>();
    for (List<Term> choice : choices) {
      result.add(new Term.Fn(fn, choice));
      if (fn.isCommutative()) {
        result.add(new Term.Fn(fn, choice.reversed()));
      }
    }
    return result;
  }

  private static StringBuilder write(Term term, List<Integer> letters, StringBuilder text) {
    if (term instanceof Term.Arg(var index)) {
      if (!letters.contains(index)) {
        letters.add(index);
      }
      return text.append('#').append(letters.indexOf(index));
    }
    if (term instanceof Term.Fn(var fn, var args)) {
      text.append(fn).append('(');
      for (Term arg : args) {
        write(arg, letters, text).append(',');
      }
      return text.append(')');
    }
    return text.append(term);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name).append(":\n");
    for (Rule rule : rules) {
      text.append("  ").append(rule).append('\n');
    }
    return text.toString();
  }
}
