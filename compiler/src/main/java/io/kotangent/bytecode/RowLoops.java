package io.kotangent.bytecode;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The row loops of a kernel that were made methods: those that differ in names alone are one method, so that C2 compiles it
/// once. (Its line numbers are those of the first of them.)
final class RowLoops {
  private final List<Piece.Method> methods = new ArrayList<>();

  /// The call itself, or one of an equal method with the same arguments.
  Piece.Call shared(Piece.Call call) {
    Piece.Method method = call.method();
    if (method.spills() || !method.results().isEmpty() || !call.usage().assigned.isEmpty()) {
      return call;
    }
    for (Piece.Method known : methods) {
      if (new Names().areAlike(known, method)) {
        return new Piece.Call(known, call.arrays(), call.scalars(), call.usage(), call.size());
      }
    }
    methods.add(method);
    return call;
  }

  /// What the names of one method are in another.
  private static final class Names {
    private final Map<String, String> others = new HashMap<>();

    boolean areAlike(Piece.Method a, Piece.Method b) {
      if (a.arrays().size() != b.arrays().size() || a.scalars().size() != b.scalars().size()
          || Sizes.of(a.body()) != Sizes.of(b.body())) {
        return false;
      }
      for (int i = 0; i < a.arrays().size(); i++) {
        ArrayParam first = a.arrays().get(i);
        ArrayParam second = b.arrays().get(i);
        if (first.dtype() != second.dtype() || first.whole() != second.whole()) {
          return false;
        }
        others.put(first.name(), second.name());
      }
      for (int i = 0; i < a.scalars().size(); i++) {
        if (!areDeclaredAlike(a.scalars().get(i), b.scalars().get(i))) {
          return false;
        }
      }
      return areAlike(loop(a), loop(b));
    }

    private static Stmt.For loop(Piece.Method method) {
      return ((Piece.Loop) method.body().getFirst()).loop();
    }

    private boolean areAlike(Stmt.For a, Stmt.For b) {
      if (a.step() != b.step() || a.body().size() != b.body().size()
          || !areAlike(a.from(), b.from()) || !areAlike(a.to(), b.to())
          || !areDeclaredAlike(a.variable(), b.variable())) {
        return false;
      }
      for (int i = 0; i < a.body().size(); i++) {
        if (!areAlike(a.body().get(i), b.body().get(i))) {
          return false;
        }
      }
      return true;
    }

    /// Statements of a row loop, which contain no others.
    private boolean areAlike(Stmt a, Stmt b) {
      return switch (a) {
        case Stmt.Let first -> b instanceof Stmt.Let second
            && areAlike(first.value(), second.value())
            && areDeclaredAlike(first.local(), second.local());
        case Stmt.Assign first -> b instanceof Stmt.Assign second
            && areOne(first.local().name(), second.local().name())
            && areAlike(first.value(), second.value());
        case Stmt.Store first -> b instanceof Stmt.Store second
            && areOne(first.array().name(), second.array().name())
            && areAlike(first.index(), second.index()) && areAlike(first.value(), second.value());
        case Stmt.For _, Stmt.Lanes _, Stmt.If _, Stmt.Copy _, Stmt.Fill _, Stmt.Check _ -> false;
      };
    }

    private boolean areAlike(Value a, Value b) {
      return switch (a) {
        case Value.Const first -> first.equals(b);
        case Value.Ref first -> b instanceof Value.Ref second
            && areOne(first.local().name(), second.local().name());
        case Value.Load first -> b instanceof Value.Load second
            && areOne(first.array().name(), second.array().name())
            && areAlike(first.index(), second.index());
        case Value.Apply first -> b instanceof Value.Apply second && areAlike(first, second);
      };
    }

    private boolean areAlike(Value.Apply a, Value.Apply b) {
      if (a.basic() != b.basic() || a.args().size() != b.args().size()) {
        return false;
      }
      for (int i = 0; i < a.args().size(); i++) {
        if (!areAlike(a.args().get(i), b.args().get(i))) {
          return false;
        }
      }
      return true;
    }

    private boolean areDeclaredAlike(Local a, Local b) {
      others.put(a.name(), b.name());
      return a.dtype() == b.dtype();
    }

    private boolean areOne(String a, String b) {
      return b.equals(others.get(a));
    }
  }
}
