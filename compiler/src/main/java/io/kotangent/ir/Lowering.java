package io.kotangent.ir;

import io.kotangent.type.DType;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What the bits of each [ScalarFn] are: a formula over [Basic]s for each element type, shared by every kind
/// of code; made from the function's row when it is first asked for.
public final class Lowering {
  private record Key(ScalarFn fn, DType type) {
    Term make() {
      return fn.lower(type);
    }
  }

  private static final Map<Key, Term> KNOWN = new ConcurrentHashMap<>();

  private Lowering() {
  }

  /// The formula of a function over operands of that type (for SELECT: the type of its last two). It is made of
  /// [Term.Arg], [Term.Lit] and [Term.Prim]; what occurs twice is one object, so walk it by identity.
  public static Term of(ScalarFn fn, DType type) {
    return KNOWN.computeIfAbsent(new Key(fn, type), Key::make);
  }

  /// How many primitives the formula has.
  public static int primitives(ScalarFn fn, DType type) {
    return primitives(of(fn, type), Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private static int primitives(Term term, Set<Term> seen) {
    if (!(term instanceof Term.Prim(_, var args)) || !seen.add(term)) {
      return 0;
    }
    int count = 1;
    for (Term arg : args) {
      count += primitives(arg, seen);
    }
    return count;
  }
}
