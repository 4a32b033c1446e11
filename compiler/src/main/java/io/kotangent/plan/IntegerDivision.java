package io.kotangent.plan;

import io.kotangent.ir.Basic;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;

/// Whether code can divide integers by zero: it divides them, by something that is no constant other than zero.
final class IntegerDivision {
  private IntegerDivision() {
  }

  static boolean in(Stmt stmt) {
    return switch (stmt) {
      case Stmt.For loop ->
          in(loop.from()) || in(loop.to()) || loop.body().stream().anyMatch(IntegerDivision::in);
      case Stmt.Lanes loop ->
          in(loop.from()) || in(loop.to()) || loop.body().stream().anyMatch(IntegerDivision::in);
      case Stmt.If branch ->
          in(branch.condition()) || branch.then().stream().anyMatch(IntegerDivision::in)
              || branch.otherwise().stream().anyMatch(IntegerDivision::in);
      case Stmt.Let let -> in(let.value());
      case Stmt.Assign assign -> in(assign.value());
      case Stmt.Store store -> in(store.index()) || in(store.value());
      case Stmt.Copy copy -> in(copy.fromIndex()) || in(copy.toIndex()) || in(copy.length());
      case Stmt.Fill fill -> in(fill.from()) || in(fill.length()) || in(fill.value());
      case Stmt.Transpose move -> in(move.first()) || in(move.end());
      case Stmt.Check check -> in(check.condition());
    };
  }

  private static boolean in(Value value) {
    return switch (value) {
      case Value.Const _, Value.Ref _ -> false;
      case Value.Load load -> in(load.index());
      case Value.Apply apply -> {
        boolean divides =
            (apply.basic() == Basic.DIV || apply.basic() == Basic.REM) && apply.dtype().isInteger();
        boolean safe =
            divides && apply.args().get(1) instanceof Value.Const divisor && divisor.bits() != 0;
        yield divides && !safe || apply.args().stream().anyMatch(IntegerDivision::in);
      }
    };
  }
}
