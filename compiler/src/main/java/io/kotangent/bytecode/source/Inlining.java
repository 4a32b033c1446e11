package io.kotangent.bytecode.source;

import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Writes what a kernel computes for one use into that use, as people would: `int v1 = k + 1; m = m + a[v1]` becomes `m = m + a[k + 1]`.
///
/// A value moves past values only, never past a store, an assignment, a check or a loop, unless nothing that it is made of can change;
/// and never into what is evaluated several times. One that may divide by zero stays where it is. So no bit changes, and no error.
final class Inlining {
  /// Columns of a statement, about.
  private static final int WIDEST = 70;

  private final Uses uses;

  private Inlining(Uses uses) {
    this.uses = uses;
  }

  static Kernel of(Kernel kernel) {
    Inlining inlining = new Inlining(Uses.of(kernel.body()));
    return new Kernel(kernel.arrays(), kernel.ints(), kernel.scratch(),
        inlining.block(kernel.body()));
  }

  private List<Stmt> block(List<Stmt> stmts) {
    Block block = new Block();
    stmts.forEach(block::add);
    block.flush();
    return block.out;
  }

  /// A block of statements; some values are still to be written into later ones.
  private final class Block {
    private final List<Stmt> out = new ArrayList<>();
    private final Map<String, Stmt.Let> pending = new LinkedHashMap<>();

    void flush() {
      flush(_ -> true);
    }

    /// Declares some of what is pending, and whatever that refers to.
    private void flush(Predicate<Stmt.Let> declared) {
      for (Stmt.Let let : List.copyOf(pending.values())) {
        if (declared.test(let) && pending.containsKey(let.local().name())) {
          flushFor(let.value());
          pending.remove(let.local().name());
          out.add(let);
        }
      }
    }

    private void flushFor(Value value) {
      Set<String> named = Uses.named(value);
      flush(let -> named.contains(let.local().name()));
    }

    void add(Stmt stmt) {
      switch (stmt) {
        case Stmt.Let original -> {
          Stmt.Let let = new Stmt.Let(original.local(), here(original.value()));
          if (uses.isOnce(original) && isPure(let.value())) {
            pending.put(let.local().name(), let);
          } else {
            flushFor(let.value());
            out.add(let);
          }
        }
        case Stmt.Assign(Local local, Value value) -> effect(new Stmt.Assign(local, here(value)));
        case Stmt.Store(ArrayParam array, Value index, Value value) -> {
          Value stored = here(value);
          effect(new Stmt.Store(array, here(index, width(stored)), stored));
        }
        case Stmt.Copy(ArrayParam from, Value fromIndex, ArrayParam to, Value toIndex, Value length) ->
            effect(new Stmt.Copy(from, here(fromIndex), to, here(toIndex), here(length)));
        case Stmt.Fill(ArrayParam array, Value from, Value length, Value value) ->
            effect(new Stmt.Fill(array, from, here(length), here(value)));
        case Stmt.Check(Value condition, String message) ->
            effect(new Stmt.Check(here(condition), message));
        case Stmt.If(Value condition, List<Stmt> then, List<Stmt> otherwise) ->
            around(new Stmt.If(here(condition), block(then), block(otherwise)), stmt);
        case Stmt.For loop -> around(new Stmt.For(loop.variable(), here(loop.from()), loop.to(),
            loop.step(), block(loop.body()), loop.row()), stmt);
        case Stmt.Lanes loop -> around(new Stmt.Lanes(loop.variable(), here(loop.from()),
            loop.to(), loop.vectors(), loop.overlap(), block(loop.body())), stmt);
        case Stmt.Transpose _ -> effect(stmt);
      }
    }

    /// Adds a statement that changes something.
    private void effect(Stmt stmt) {
      around(stmt, stmt);
    }

    /// @param stmt with what is pending written into it
    /// @param original whose inner statements may refer to what is pending, too
    private void around(Stmt stmt, Stmt original) {
      Uses written = Uses.of(stmt);
      Uses within = Uses.of(original);
      flush(let -> !isSteady(let.value()) || written.isNamed(let.local())
          || within.isNamed(let.local()));
      out.add(stmt);
    }

    private Value here(Value value) {
      return here(value, 0);
    }

    /// The value with what is pending written into it, as far as there is room.
    private Value here(Value value, int more) {
      return new Room(this, WIDEST - more - width(value)).fill(value);
    }
  }

  /// The columns that are left in a statement.
  private static final class Room {
    private final Block block;
    private int left;

    Room(Block block, int left) {
      this.block = block;
      this.left = left;
    }

    Value fill(Value value) {
      return switch (value) {
        case Value.Const _ -> value;
        case Value.Ref(Local local) -> {
          Stmt.Let let = block.pending.get(local.name());
          if (let == null || width(let.value()) > left) {
            yield value;
          }
          left -= width(let.value());
          block.pending.remove(local.name());
          yield let.value();
        }
        case Value.Load(ArrayParam array, Value index) -> new Value.Load(array, fill(index));
        case Value.Apply(Basic basic, List<Value> args, DType dtype) ->
            new Value.Apply(basic, args.stream().map(this::fill).toList(), dtype);
      };
    }
  }

  /// Whether it is the same wherever its locals are known.
  private boolean isSteady(Value value) {
    return switch (value) {
      case Value.Const _ -> true;
      case Value.Ref(Local local) -> !uses.isAssigned(local);
      case Value.Load _ -> false;
      case Value.Apply apply -> apply.args().stream().allMatch(this::isSteady);
    };
  }

  /// Whether nothing is thrown when a value is computed, or not.
  private static boolean isPure(Value value) {
    return switch (value) {
      case Value.Const _, Value.Ref _ -> true;
      case Value.Load load -> isPure(load.index());
      case Value.Apply(Basic basic, List<Value> args, DType dtype) -> {
        boolean divides = dtype.isInteger() && (basic == Basic.DIV || basic == Basic.REM);
        boolean safe =
            !divides || args.get(1) instanceof Value.Const divisor && divisor.bits() != 0;
        yield safe && args.stream().allMatch(Inlining::isPure);
      }
    };
  }

  /// Columns, about.
  private static int width(Value value) {
    return switch (value) {
      case Value.Const _ -> 4;
      case Value.Ref _ -> 3;
      case Value.Load load -> 5 + width(load.index());
      case Value.Apply apply -> {
        int sum = apply.args().size() == 2 ? 1 : 8;
        for (Value arg : apply.args()) {
          sum += 2 + width(arg);
        }
        yield sum;
      }
    };
  }
}
