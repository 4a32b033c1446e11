package io.kotangent.bytecode.source;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How often statements use each local that they declare. Blocks beside each other may declare the same name.
final class Uses {
  private final Map<Stmt.Let, Integer> declared = new IdentityHashMap<>();
  private final Map<String, Stmt.Let> visible = new HashMap<>();
  private final Set<String> named = new HashSet<>();
  private final Set<String> assigned = new HashSet<>();

  private Uses() {
  }

  static Uses of(List<Stmt> stmts) {
    Uses uses = new Uses();
    uses.block(stmts);
    return uses;
  }

  static Uses of(Stmt stmt) {
    return of(List.of(stmt));
  }

  /// The names in a value.
  static Set<String> named(Value value) {
    Uses uses = new Uses();
    uses.value(value);
    return uses.named;
  }

  /// Whether a local is used at one place, and is no variable.
  boolean isOnce(Stmt.Let let) {
    return declared.getOrDefault(let, 0) == 1 && !isAssigned(let.local());
  }

  /// Whether a local of that name is a variable.
  boolean isAssigned(Local local) {
    return assigned.contains(local.name());
  }

  boolean isNamed(Local local) {
    return named.contains(local.name());
  }

  private void block(List<Stmt> stmts) {
    stmts.forEach(this::statement);
    for (Stmt stmt : stmts) {
      if (stmt instanceof Stmt.Let let) {
        visible.remove(let.local().name());
      }
    }
  }

  private void statement(Stmt stmt) {
    switch (stmt) {
      case Stmt.For loop -> loop(loop.from(), loop.to(), loop.body());
      case Stmt.Lanes loop -> loop(loop.from(), loop.to(), loop.body());
      case Stmt.If branch -> {
        value(branch.condition());
        block(branch.then());
        block(branch.otherwise());
      }
      case Stmt.Let let -> {
        value(let.value());
        visible.put(let.local().name(), let);
      }
      case Stmt.Assign(Local local, Value value) -> {
        name(local);
        assigned.add(local.name());
        value(value);
      }
      case Stmt.Store(ArrayParam _, Value index, Value value) -> values(index, value);
      case Stmt.Copy copy -> values(copy.fromIndex(), copy.toIndex(), copy.length());
      case Stmt.Fill fill -> values(fill.from(), fill.length(), fill.value());
      case Stmt.Transpose move -> values(move.first(), move.end());
      case Stmt.Check check -> value(check.condition());
    }
  }

  private void loop(Value from, Value to, List<Stmt> body) {
    values(from, to);
    block(body);
  }

  private void values(Value... values) {
    for (Value value : values) {
      value(value);
    }
  }

  private void value(Value value) {
    switch (value) {
      case Value.Const _ -> {
        // names nothing
      }
      case Value.Ref(Local local) -> name(local);
      case Value.Load(ArrayParam _, Value index) -> value(index);
      case Value.Apply apply -> apply.args().forEach(this::value);
    }
  }

  private void name(Local local) {
    named.add(local.name());
    Stmt.Let let = visible.get(local.name());
    if (let != null) {
      declared.merge(let, 1, Integer::sum);
    }
  }
}
