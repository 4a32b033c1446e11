package io.kotangent.bytecode.emit;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Cuts a kernel's body into methods of at most `budget` bytes, about: every row loop is one of its
/// own, so that C2 sees nothing but that loop; where a block is too long, runs of its statements are.
///
/// What a run needs is passed as parameters; what its surroundings need of it comes back as the
/// result, or if there are several, through a spill array of longs.
public final class Outliner {
  /// The JVM allows 255 slots of parameters.
  private static final int MOST_SLOTS = 250;
  private static final int ROUNDS = 30;

  private final int budget;
  private final RowLoops rowLoops;
  private int methods;
  private int temporaries;

  private Outliner(int budget, RowLoops rowLoops) {
    this.budget = budget;
    this.rowLoops = rowLoops;
  }

  /// Row loops of any length become classes of their own, which kernels share.
  static Outliner sharing(int budget) {
    return new Outliner(budget, RowLoops.ofAllKernels());
  }

  /// Whatever is cut out is a method of the kernel's own class.
  public static Outliner alone(int budget) {
    return new Outliner(budget, RowLoops.ofOneKernel());
  }

  /// The entry method: its parameters are all the kernel's.
  public Piece.Method entry(Kernel kernel) {
    List<Piece> body = fit(block(kernel.body(), KernelPrinter.FIRST_LINE), budget);
    return new Piece.Method("run", kernel.arrays(), kernel.ints(), List.of(), List.of(), body,
        Piece.spillLength(body), false);
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
    boolean compound =
        stmt instanceof Stmt.For || stmt instanceof Stmt.Lanes || stmt instanceof Stmt.If;
    int size = compound ? Integer.MAX_VALUE : Sizes.of(stmt);
    if (size <= budget / 3) { // no part of it is to be cut
      out.add(new Piece.Plain(stmt, line, size));
      return;
    }
    switch (stmt) {
      case Stmt.For loop -> loop(loop, line, out);
      case Stmt.Lanes loop -> lanes(loop, line, out);
      case Stmt.If branch -> branch(branch, line, out);
      case Stmt.Let(Local local, Value value) ->
          plain(new Stmt.Let(local, cut(value, line, out)), line, out);
      case Stmt.Assign(Local local, Value value) ->
          plain(new Stmt.Assign(local, cut(value, line, out)), line, out);
      case Stmt.Store(ArrayParam array, Value index, Value value) -> {
        Value where = cut(index, line, out);
        plain(new Stmt.Store(array, where, cut(value, line, out)), line, out);
      }
      case Stmt.Copy _, Stmt.Fill _, Stmt.Transpose _ -> plain(stmt, line, out);
      case Stmt.Check(Value condition, String message) -> plain(
          new Stmt.Check(cut(condition, line, out), message), line, out);
    }
  }

  private static void plain(Stmt stmt, int line, List<Piece> out) {
    out.add(new Piece.Plain(stmt, line, Sizes.of(stmt)));
  }

  private void branch(Stmt.If branch, int line, List<Piece> out) {
    Value condition = cut(branch.condition(), line, out);
    int limit = budget - 2 * Sizes.LOOP;
    List<Piece> then = fit(block(branch.then(), line + 1), limit);
    List<Piece> otherwise =
        fit(block(branch.otherwise(), line + 2 + KernelPrinter.lines(branch.then())), limit);
    out.add(new Piece.Branch(new Stmt.If(condition, branch.then(), branch.otherwise()), line, then,
        otherwise,
        8 + Sizes.of(condition) + Sizes.of(then) + Sizes.of(otherwise)));
  }

  private void loop(Stmt.For loop, int line, List<Piece> out) {
    Value from = cut(loop.from(), line, out);
    Value to = cut(loop.to(), line, out);
    List<Piece> body = fit(block(loop.body(), line + 1), budget - 2 * Sizes.LOOP);
    if (!loop.row() && isAroundRows(body)) {
      body = List.of(call(Piece.Method.TURN, body, List.of()));
    }
    Piece piece = new Piece.Loop(
        new Stmt.For(loop.variable(), from, to, loop.step(), loop.body(), loop.row()), line, body,
        Sizes.LOOP + Sizes.of(from) + Sizes.of(to) + Sizes.of(body));
    out.add(
        loop.row() ? rowLoops.shared(call(Piece.Method.ROW, List.of(piece), List.of())) : piece);
  }

  /// Whether a turn of a loop has row loops, and more around them than a call. As a method it is compiled when it was called often;
  /// else the JIT would replace the method around it while that runs, and compile it again for the next call.
  private static boolean isAroundRows(List<Piece> body) {
    return body.size() > 1 && callsRows(body) && Usage.of(body).assigned.isEmpty();
  }

  private static boolean callsRows(List<Piece> body) {
    for (Piece piece : body) {
      if (piece instanceof Piece.Call call && call.method().isAroundRows()
          || callsRows(piece.inner())) {
        return true;
      }
    }
    return false;
  }

  private void lanes(Stmt.Lanes loop, int line, List<Piece> out) {
    Piece piece = new Piece.Lanes(loop, line, Sizes.of(loop));
    out.add(call(Piece.Method.LANES, List.of(piece), List.of()));
  }

  /// Cuts a value that would fill much of a method into locals, in the order of evaluation.
  private Value cut(Value value, int line, List<Piece> out) {
    return Sizes.of(value) <= budget / 3 ? value : cutParts(value, line, out);
  }

  private Value cutParts(Value value, int line, List<Piece> out) {
    return switch (value) {
      case Value.Const _, Value.Ref _ -> value;
      case Value.Load(ArrayParam array, Value index) -> new Value.Load(array,
          local(cut(index, line, out), line, out));
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

  /// Makes a block fit into `limit` bytes by making runs of it methods.
  private List<Piece> fit(List<Piece> block, int limit) {
    List<Piece> pieces = block;
    for (int round = 0; round < ROUNDS && Sizes.of(pieces) > limit; round++) {
      List<Piece> shorter = group(pieces, limit);
      if (Sizes.of(shorter) >= Sizes.of(pieces)) {
        break;
      }
      pieces = shorter;
    }
    return pieces;
  }

  private List<Piece> group(List<Piece> pieces, int limit) {
    Map<String, Integer> lastUse = new HashMap<>();
    for (int i = 0; i < pieces.size(); i++) {
      for (String name : Usage.of(pieces.get(i)).locals.keySet()) {
        lastUse.put(name, i);
      }
    }
    List<Piece> result = new ArrayList<>();
    int start = 0;
    int size = 0;
    for (int i = 0; i <= pieces.size(); i++) {
      if (i == pieces.size() || size > 0 && size + pieces.get(i).size() > limit - Sizes.LOOP) {
        result.addAll(run(pieces.subList(start, i), i, lastUse));
        start = i;
        size = 0;
      }
      size += i < pieces.size() ? pieces.get(i).size() : 0;
    }
    return result;
  }

  /// A run as a call, unless that gains nothing.
  private List<Piece> run(List<Piece> run, int end, Map<String, Integer> lastUse) {
    if (run.size() == 1 && run.getFirst().inner().isEmpty()) {
      return run;
    }
    Map<String, Local> results = new LinkedHashMap<>();
    for (Piece piece : run) {
      for (Local local : piece.declared()) {
        if (lastUse.getOrDefault(local.name(), -1) >= end) {
          results.put(local.name(), local);
        }
      }
    }
    Usage usage = Usage.of(run);
    for (String name : usage.assigned) {
      Local local = usage.locals.get(name);
      if (local != null) {
        results.put(name, local);
      }
    }
    int before = methods;
    Piece call = call("part", run, List.copyOf(results.values()));
    if (call.size() >= Sizes.of(run)) {
      methods = before;
      return run;
    }
    return List.of(call);
  }

  private Piece.Call call(String kind, List<Piece> body, List<Local> results) {
    Usage usage = Usage.of(body);
    int slots = 1;
    for (ArrayParam array : usage.arrays.values()) {
      slots += array.whole() ? 1 : 2;
    }
    List<Local> scalars = new ArrayList<>();
    List<Local> spilled = new ArrayList<>();
    for (Local local : usage.locals.values()) {
      int width = width(local.dtype());
      if (slots + width > MOST_SLOTS) {
        spilled.add(local);
      } else {
        scalars.add(local);
        slots += width;
      }
    }
    int returned = results.size() > 1 ? results.size() : 0;
    int size = Sizes.CALL + 2 * slots + 10 * spilled.size() + (returned > 0 ? 10 * returned : 2);
    int spillLength = Math.max(Math.max(spilled.size(), returned), Piece.spillLength(body));
    Piece.Method method =
        new Piece.Method(kind + methods++, List.copyOf(usage.arrays.values()), scalars, spilled,
            results, body, spillLength, false);
    return new Piece.Call(method, method.arrays(), method.scalars(), usage, size);
  }

  static int width(DType dtype) {
    return dtype == DType.F64 || dtype == DType.I64 ? 2 : 1;
  }
}
