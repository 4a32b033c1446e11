package io.kotangent.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.ArrayParam.Access;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelPrinter;
import io.kotangent.loop.KernelVerifier;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What every kernel of a planner is: well formed, and without idle work. Nothing is loaded and not used, no constant is
/// computed at run time, no value is computed again where it is known.
final class KernelLaw {
  private final Kernel kernel;
  private final Set<ArrayParam> read = new LinkedHashSet<>();
  private final Set<ArrayParam> written = new LinkedHashSet<>();
  private final Set<String> used = new HashSet<>();
  private final Set<String> declared = new LinkedHashSet<>();
  private final Set<String> changing = new HashSet<>();
  private final Deque<Set<Value>> known = new ArrayDeque<>();

  private KernelLaw(Kernel kernel) {
    this.kernel = kernel;
  }

  static void check(Kernel kernel) {
    KernelVerifier.verify(kernel);
    new KernelLaw(kernel).check();
  }

  private void check() {
    kernel.scratch().forEach(this::value);
    findChanging(kernel.body());
    block(kernel.body());
    for (ArrayParam array : kernel.arrays()) {
      boolean reads = array.access() == Access.READ || array.access().isScratch();
      assertTrue(!reads || read.contains(array), () -> array + " is never read" + text());
      assertTrue(array.access() == Access.READ || written.contains(array),
          () -> array + " is never written" + text());
    }
    kernel.ints().forEach(
        local -> assertTrue(used.contains(local.name()), () -> local + " is not used" + text()));
    declared.removeAll(used);
    assertEquals(Set.of(), declared, () -> "not used" + text());
  }

  private String text() {
    return "\n" + KernelPrinter.print(kernel);
  }

  private void findChanging(List<Stmt> stmts) {
    for (Stmt stmt : stmts) {
      switch (stmt) {
        case Stmt.For loop -> findChanging(loop.body());
        case Stmt.Lanes loop -> findChanging(loop.body());
        case Stmt.If branch -> {
          findChanging(branch.then());
          findChanging(branch.otherwise());
        }
        case Stmt.Assign(var local, _) -> changing.add(local.name());
        case Stmt.Let _, Stmt.Store _, Stmt.Copy _, Stmt.Fill _, Stmt.Transpose _, Stmt.Check _ -> {
          // changes no local
        }
      }
    }
  }

  private void block(List<Stmt> stmts) {
    known.push(new HashSet<>());
    stmts.forEach(this::statement);
    known.pop();
  }

  private void statement(Stmt stmt) {
    switch (stmt) {
      case Stmt.For loop -> {
        value(loop.from());
        value(loop.to());
        assertFalse(loop.body().isEmpty(), () -> "an empty loop" + text());
        block(loop.body());
      }
      case Stmt.Lanes loop -> {
        value(loop.from());
        value(loop.to());
        block(loop.body());
      }
      case Stmt.If branch -> {
        value(branch.condition());
        assertFalse(branch.then().isEmpty() && branch.otherwise().isEmpty(),
            () -> "an empty branch" + text());
        block(branch.then());
        block(branch.otherwise());
      }
      case Stmt.Let(var local, var value) -> {
        value(value);
        if (!(value instanceof Value.Apply)) {
          declared.add(local.name());
        }
        boolean twice = known.stream().anyMatch(values -> values.contains(value));
        assertFalse(twice && isPure(value), () -> "computed again: " + value + text());
        if (!changing.contains(local.name())) {
          known.getFirst().add(value);
        }
      }
      case Stmt.Assign(var local, var value) -> {
        declared.add(local.name());
        value(value);
      }
      case Stmt.Store(var array, var index, var value) -> {
        written.add(array);
        value(index);
        value(value);
      }
      case Stmt.Copy copy -> {
        read.add(copy.from());
        written.add(copy.to());
        List.of(copy.fromIndex(), copy.toIndex(), copy.length()).forEach(this::value);
      }
      case Stmt.Fill fill -> {
        written.add(fill.array());
        List.of(fill.from(), fill.length(), fill.value()).forEach(this::value);
      }
      case Stmt.Transpose move -> {
        read.add(move.from());
        written.add(move.to());
        List.of(move.first(), move.end()).forEach(this::value);
      }
      case Stmt.Check(var condition, _) -> value(condition);
    }
  }

  /// Whether it is the same whenever it is computed.
  private boolean isPure(Value value) {
    return switch (value) {
      case Value.Const _ -> false;
      case Value.Ref(var local) -> !changing.contains(local.name());
      case Value.Load(var array, var index) -> array.access() == Access.READ && isStable(index);
      case Value.Apply(_, var args, _) -> args.stream().allMatch(this::isStable);
    };
  }

  private boolean isStable(Value value) {
    return value instanceof Value.Const || isPure(value);
  }

  private void value(Value value) {
    switch (value) {
      case Value.Const _ -> {
        // nothing to do
      }
      case Value.Ref(var local) -> used.add(local.name());
      case Value.Load(var array, var index) -> {
        read.add(array);
        value(index);
      }
      case Value.Apply(var basic, var args, var dtype) -> {
        args.forEach(this::value);
        if (dtype == DType.I32) {
          assertFalse(isIdle(basic, args), () -> "idle: " + value + text());
        }
      }
    }
  }

  private static boolean isIdle(Basic basic, List<Value> args) {
    List<Long> constants = new ArrayList<>();
    for (Value arg : args) {
      if (arg instanceof Value.Const(_, var bits)) {
        constants.add(bits);
      }
    }
    return switch (basic) {
      case ADD -> constants.contains(0L) || constants.size() == 2;
      case SUB -> constants.size() == 2
          || args.getLast() instanceof Value.Const(_, var bits) && bits == 0;
      case MUL -> constants.contains(0L) || constants.contains(1L) || constants.size() == 2;
      case MIN, MAX -> constants.size() == 2;
      default -> false;
    };
  }
}
