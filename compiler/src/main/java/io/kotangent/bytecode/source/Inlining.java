package io.kotangent.bytecode.source;

import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes what a kernel computes for one use into that use, as people would: `int v1 = k + 1; m = m + a[v1]` becomes `m = m + a[k + 1]`.
///
/// A value moves past values only, never past a store, an assignment, a check or a loop, and never into what is evaluated several
/// times; one that may divide by zero stays where it is. So no bit changes, and no error.
final class Inlining {
  /// Columns of a statement, about.
  private static final int WIDEST = 70;

  private final Map<String, Integer> uses = new HashMap<>();

  private Inlining() {
  }

  static Kernel of(Kernel kernel) {
    Inlining inlining = new Inlining();
    inlining.count(kernel.body());
    return new Kernel(kernel.arrays(), kernel.ints(), kernel.scratch(),
        inlining.block(kernel.body()));
  }

  private void count(List<Stmt> stmts) {
    for (Stmt stmt : stmts) {
      switch (stmt) {
        case Stmt.For loop -> {
          count(loop.from());
          count(loop.to());
          count(loop.body());
        }
        case Stmt.Lanes loop -> {
          count(loop.from());
          count(loop.to());
          count(loop.body());
        }
        case Stmt.If branch -> {
          count(branch.condition());
          count(branch.then());
          count(branch.otherwise());
        }
        case Stmt.Let let -> count(let.value());
        case Stmt.Assign(Local local, Value value) -> {
          uses.merge(local.name(), 2, Integer::sum); // such a local is a variable
          count(value);
        }
        case Stmt.Store(ArrayParam _, Value index, Value value) -> {
          count(index);
          count(value);
        }
        case Stmt.Copy copy -> List.of(copy.fromIndex(), copy.toIndex(), copy.length())
            .forEach(this::count);
        case Stmt.Fill fill -> List.of(fill.from(), fill.length(), fill.value())
            .forEach(this::count);
        case Stmt.Transpose move -> List.of(move.first(), move.end()).forEach(this::count);
        case Stmt.Check check -> count(check.condition());
      }
    }
  }

  private void count(Value value) {
    switch (value) {
      case Value.Const _ -> {
        // names nothing
      }
      case Value.Ref(Local local) -> uses.merge(local.name(), 1, Integer::sum);
      case Value.Load(ArrayParam _, Value index) -> count(index);
      case Value.Apply apply -> apply.args().forEach(this::count);
    }
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
      out.addAll(pending.values());
      pending.clear();
    }

    void add(Stmt stmt) {
      switch (stmt) {
        case Stmt.Let(Local local, Value value) -> {
          Stmt.Let let = new Stmt.Let(local, here(value));
          if (uses.getOrDefault(local.name(), 0) == 1 && isPure(let.value())) {
            pending.put(local.name(), let);
          } else {
            if (names(let.value())) {
              flush();
            }
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
            effect(new Stmt.If(here(condition), block(then), block(otherwise)));
        case Stmt.For loop -> effect(new Stmt.For(loop.variable(), here(loop.from()), loop.to(),
            loop.step(), block(loop.body()), loop.row()));
        case Stmt.Lanes loop -> effect(new Stmt.Lanes(loop.variable(), here(loop.from()),
            loop.to(), loop.vectors(), loop.overlap(), block(loop.body())));
        case Stmt.Transpose _ -> effect(stmt);
      }
    }

    /// Whether a value refers to what is pending still.
    private boolean names(Value value) {
      return switch (value) {
        case Value.Const _ -> false;
        case Value.Ref(Local local) -> pending.containsKey(local.name());
        case Value.Load load -> names(load.index());
        case Value.Apply apply -> apply.args().stream().anyMatch(this::names);
      };
    }

    private void effect(Stmt stmt) {
      flush();
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

  /// Whether nothing is thrown when a value is computed, or not.
  private static boolean isPure(Value value) {
    return switch (value) {
      case Value.Const _, Value.Ref _ -> true;
      case Value.Load load -> isPure(load.index());
      case Value.Apply(Basic basic, List<Value> args, DType dtype) -> {
        boolean divides = dtype.isInteger() && (basic == Basic.DIV || basic == Basic.REM);
        boolean safe = !divides || args.get(1) instanceof Value.Const divisor && divisor.bits() != 0;
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
