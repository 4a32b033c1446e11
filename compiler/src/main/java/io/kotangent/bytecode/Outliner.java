package io.kotangent.bytecode;

import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelPrinter;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Cuts a kernel's body into methods of at most `budget` bytes, about: every row loop is one of its own, so that C2 sees
/// nothing but that loop; where a block is too long, runs of its statements are.
///
/// What a run needs is passed as parameters; what its surroundings need of it comes back as the result, or if there are
/// several, through a spill array of longs.
final class Outliner {
  /// The JVM allows 255 slots of parameters.
  private static final int MOST_SLOTS = 250;
  private static final int LOOP_SIZE = 24;
  private static final int CALL_SIZE = 3;
  private static final int ROUNDS = 30;

  private final int budget;
  private int methods;
  private int temporaries;

  Outliner(int budget) {
    this.budget = budget;
  }

  /// The entry method: its parameters are all the kernel's.
  Piece.Method entry(Kernel kernel) {
    List<Piece> body = fit(block(kernel.body(), KernelPrinter.FIRST_LINE), budget);
    return new Piece.Method("run", kernel.arrays(), kernel.ints(), List.of(), List.of(), body,
        false);
  }

  private List<Piece> block(List<Stmt> stmts, int firstLine) {
    List<Piece> pieces = new ArrayList<>();
    int line = firstLine;
    for (Stmt stmt : stmts) {
      piece(stmt, line, pieces);
      line += KernelPrinter.lines(stmt);
    }
    return pieces;
  }

  private void piece(Stmt stmt, int line, List<Piece> out) {
    switch (stmt) {
      case Stmt.For loop -> loop(loop, line, out);
      case Stmt.If branch -> {
        Value condition = cut(branch.condition(), line, out);
        List<Piece> then = fit(block(branch.then(), line + 1), budget - 2 * LOOP_SIZE);
        List<Piece> otherwise =
            fit(block(branch.otherwise(), line + 2 + KernelPrinter.lines(branch.then())),
                budget - 2 * LOOP_SIZE);
        Usage usage = usage(then);
        usage.add(usage(otherwise));
        usage.value(condition);
        usage.size += 8;
        out.add(new Piece.Branch(new Stmt.If(condition, branch.then(), branch.otherwise()), line,
            then, otherwise, usage));
      }
      case Stmt.Let(Local local, Value value) ->
          plain(new Stmt.Let(local, cut(value, line, out)), line, out);
      case Stmt.Assign(Local local, Value value) ->
          plain(new Stmt.Assign(local, cut(value, line, out)), line, out);
      case Stmt.Store(ArrayParam array, Value index, Value value) -> {
        Value where = cut(index, line, out);
        plain(new Stmt.Store(array, where, cut(value, line, out)), line, out);
      }
      case Stmt.Copy _, Stmt.Fill _ -> plain(stmt, line, out);
      case Stmt.Check(Value condition, String message) -> plain(
          new Stmt.Check(cut(condition, line, out), message), line, out);
    }
  }

  private void loop(Stmt.For loop, int line, List<Piece> out) {
    Value from = cut(loop.from(), line, out);
    Value to = cut(loop.to(), line, out);
    List<Piece> body = fit(block(loop.body(), line + 1), budget - 2 * LOOP_SIZE);
    Usage usage = usage(body);
    usage.declare(loop.variable());
    usage.value(from);
    usage.value(to);
    usage.size += LOOP_SIZE;
    Piece piece = new Piece.Loop(
        new Stmt.For(loop.variable(), from, to, loop.step(), loop.body(), loop.row()), line, body,
        usage);
    out.add(loop.row() ? call("row", List.of(piece), List.of()) : piece);
  }

  private void plain(Stmt stmt, int line, List<Piece> out) {
    Usage usage = new Usage();
    switch (stmt) {
      case Stmt.Let(Local _, Value value) -> usage.value(value);
      case Stmt.Assign(Local local, Value value) -> {
        usage.value(value);
        usage.local(local);
        usage.assigned.add(local.name());
      }
      case Stmt.Store(ArrayParam array, Value index, Value value) -> {
        usage.array(array);
        usage.value(index);
        usage.value(value);
      }
      case Stmt.Copy copy -> {
        usage.array(copy.from());
        usage.array(copy.to());
        usage.value(copy.fromIndex());
        usage.value(copy.toIndex());
        usage.value(copy.length());
      }
      case Stmt.Fill fill -> {
        usage.array(fill.array());
        usage.value(fill.from());
        usage.value(fill.length());
        usage.value(fill.value());
      }
      case Stmt.Check(Value condition, String _) -> usage.value(condition);
      case Stmt.For _, Stmt.If _ -> throw new IllegalStateException("not a plain statement");
    }
    usage.size += stmt instanceof Stmt.Check ? 14 : 8;
    out.add(new Piece.Plain(stmt, line, usage));
  }

  /// Cuts a value that would fill much of a method into locals, in the order of evaluation.
  private Value cut(Value value, int line, List<Piece> out) {
    return Usage.size(value) <= budget / 3 ? value : cutParts(value, line, out);
  }

  private Value cutParts(Value value, int line, List<Piece> out) {
    return switch (value) {
      case Value.Const _, Value.Ref _ -> value;
      case Value.Load(ArrayParam array, Value index) ->
          new Value.Load(array, local(cut(index, line, out), line, out));
      case Value.Apply(Basic basic, List<Value> args, DType dtype) -> {
        List<Value> parts = new ArrayList<>();
        for (Value arg : args) {
          parts.add(local(cut(arg, line, out), line, out));
        }
        yield new Value.Apply(basic, parts, dtype);
      }
    };
  }

  private Value local(Value value, int line, List<Piece> out) {
    if (value instanceof Value.Const || value instanceof Value.Ref) {
      return value;
    }
    Local local = new Local("cut$" + temporaries++, value.dtype());
    plain(new Stmt.Let(local, value), line, out);
    return Value.ref(local);
  }

  private static Usage usage(List<Piece> block) {
    Usage usage = new Usage();
    block.forEach(piece -> usage.add(piece.usage()));
    for (Piece piece : block) {
      declared(piece).forEach(usage::declare);
    }
    return usage;
  }

  /// The locals that a piece adds to its block.
  private static List<Local> declared(Piece piece) {
    return switch (piece) {
      case Piece.Plain(Stmt stmt, int _, Usage _) ->
          stmt instanceof Stmt.Let let ? List.of(let.local()) : List.of();
      case Piece.Call call -> call.method().results().stream()
          .filter(r -> !call.usage().assigned.contains(r.name())).toList();
      case Piece.Loop _, Piece.Branch _ -> List.of();
    };
  }

  /// Makes a block fit into `limit` bytes by making runs of it methods.
  private List<Piece> fit(List<Piece> block, int limit) {
    List<Piece> pieces = block;
    for (int round = 0; round < ROUNDS && size(pieces) > limit; round++) {
      List<Piece> shorter = group(pieces, limit);
      if (size(shorter) >= size(pieces)) {
        break;
      }
      pieces = shorter;
    }
    return pieces;
  }

  private static int size(List<Piece> pieces) {
    int size = 0;
    for (Piece piece : pieces) {
      size += piece.usage().size;
    }
    return size;
  }

  private List<Piece> group(List<Piece> pieces, int limit) {
    Map<String, Integer> lastUse = new HashMap<>();
    for (int i = 0; i < pieces.size(); i++) {
      for (String name : pieces.get(i).usage().locals.keySet()) {
        lastUse.put(name, i);
      }
    }
    List<Piece> result = new ArrayList<>();
    int start = 0;
    int size = 0;
    for (int i = 0; i <= pieces.size(); i++) {
      if (i == pieces.size() || size > 0 && size + pieces.get(i).usage().size > limit - LOOP_SIZE) {
        result.addAll(run(pieces.subList(start, i), i, lastUse));
        start = i;
        size = 0;
      }
      size += i < pieces.size() ? pieces.get(i).usage().size : 0;
    }
    return result;
  }

  /// A run as a call, unless that gains nothing.
  private List<Piece> run(List<Piece> run, int end, Map<String, Integer> lastUse) {
    Usage usage = usage(run);
    List<Local> results = new ArrayList<>();
    for (Piece piece : run) {
      for (Local local : declared(piece)) {
        if (lastUse.getOrDefault(local.name(), -1) >= end) {
          results.add(local);
        }
      }
    }
    for (String name : usage.assigned) {
      Local local = usage.locals.get(name);
      if (local != null) {
        results.add(local);
      }
    }
    boolean single = run.size() == 1
        && (run.getFirst() instanceof Piece.Call || run.getFirst() instanceof Piece.Plain);
    int before = methods;
    Piece call = call("part", run, results);
    if (single || call.usage().size >= usage.size) {
      methods = before;
      return run;
    }
    return List.of(call);
  }

  private Piece.Call call(String kind, List<Piece> body, List<Local> results) {
    Usage inner = usage(body);
    Usage usage = new Usage();
    usage.arrays.putAll(inner.arrays);
    usage.locals.putAll(inner.locals);
    usage.assigned.addAll(inner.assigned);
    int slots = 1;
    for (ArrayParam array : inner.arrays.values()) {
      slots += array.whole() ? 1 : 2;
    }
    List<Local> scalars = new ArrayList<>();
    List<Local> spilled = new ArrayList<>();
    for (Local local : inner.locals.values()) {
      int width = width(local.dtype());
      if (slots + width > MOST_SLOTS) {
        spilled.add(local);
      } else {
        scalars.add(local);
        slots += width;
      }
    }
    boolean spills = !spilled.isEmpty() || results.size() > 1 || anySpills(body);
    usage.size = CALL_SIZE + 2 * slots + 10 * spilled.size()
        + (results.size() > 1 ? 10 * results.size() : 2);
    Set<String> names = new HashSet<>();
    results.forEach(local -> names.add(local.name()));
    return new Piece.Call(
        new Piece.Method(kind + methods++, List.copyOf(inner.arrays.values()), scalars, spilled,
            results.stream().filter(local -> names.remove(local.name())).toList(), body, spills),
        usage);
  }

  private static boolean anySpills(List<Piece> body) {
    for (Piece piece : body) {
      boolean spills = switch (piece) {
        case Piece.Plain _ -> false;
        case Piece.Loop loop -> anySpills(loop.body());
        case Piece.Branch branch -> anySpills(branch.then()) || anySpills(branch.otherwise());
        case Piece.Call call -> call.method().spills();
      };
      if (spills) {
        return true;
      }
    }
    return false;
  }

  static int width(DType dtype) {
    return dtype == DType.F64 || dtype == DType.I64 ? 2 : 1;
  }
}
