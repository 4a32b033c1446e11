package io.kotangent.bytecode.emit;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a piece of a kernel takes from around it: arrays, locals that it reads or assigns, and those
/// that it assigns.
final class Usage {
  final Map<String, ArrayParam> arrays = new LinkedHashMap<>();
  final Map<String, Local> locals = new LinkedHashMap<>();
  final Set<String> assigned = new LinkedHashSet<>();

  static Usage of(List<Piece> block) {
    Usage usage = new Usage();
    usage.block(block);
    return usage;
  }

  static Usage of(Piece piece) {
    Usage usage = new Usage();
    usage.piece(piece);
    return usage;
  }

  /// Adds a block; what it declares for itself is taken away again (no name is declared twice).
  private void block(List<Piece> block) {
    for (Piece piece : block) {
      piece(piece);
    }
    for (Piece piece : block) {
      for (Local local : piece.declared()) {
        locals.remove(local.name());
        assigned.remove(local.name());
      }
    }
  }

  private void piece(Piece piece) {
    switch (piece) {
      case Piece.Plain plain -> statement(plain.stmt());
      case Piece.Lanes lanes -> statement(lanes.loop());
      case Piece.Loop loop -> {
        block(loop.inner());
        locals.remove(loop.loop().variable().name());
        value(loop.loop().from());
        value(loop.loop().to());
      }
      case Piece.Branch branch -> {
        block(branch.then());
        block(branch.otherwise());
        value(branch.branch().condition());
      }
      case Piece.Call call -> {
        arrays.putAll(call.usage().arrays);
        locals.putAll(call.usage().locals);
        assigned.addAll(call.usage().assigned);
      }
    }
  }

  private void statement(Stmt stmt) {
    switch (stmt) {
      case Stmt.Let let -> value(let.value());
      case Stmt.Assign(Local local, Value value) -> {
        value(value);
        locals.put(local.name(), local);
        assigned.add(local.name());
      }
      case Stmt.Store(ArrayParam array, Value index, Value value) -> {
        array(array);
        value(index);
        value(value);
      }
      case Stmt.Copy copy -> {
        array(copy.from());
        array(copy.to());
        value(copy.fromIndex());
        value(copy.toIndex());
        value(copy.length());
      }
      case Stmt.Fill fill -> {
        array(fill.array());
        value(fill.from());
        value(fill.length());
        value(fill.value());
      }
      case Stmt.Transpose move -> {
        List.of(move.from(), move.to()).forEach(this::array);
        List.of(move.first(), move.end()).forEach(this::value);
      }
      case Stmt.Check check -> value(check.condition());
      case Stmt.For loop -> loop(loop.variable(), loop.from(), loop.to(), loop.body());
      case Stmt.Lanes loop -> loop(loop.variable(), loop.from(), loop.to(), loop.body());
      case Stmt.If branch -> {
        statements(branch.then());
        statements(branch.otherwise());
        value(branch.condition());
      }
    }
  }

  private void loop(Local variable, Value from, Value to, List<Stmt> body) {
    statements(body);
    locals.remove(variable.name());
    value(from);
    value(to);
  }

  /// Adds statements that are not cut into pieces.
  private void statements(List<Stmt> stmts) {
    stmts.forEach(this::statement);
    for (Stmt stmt : stmts) {
      if (stmt instanceof Stmt.Let(Local local, Value _)) {
        locals.remove(local.name());
        assigned.remove(local.name());
      }
    }
  }

  private void array(ArrayParam array) {
    arrays.put(array.name(), array);
  }

  private void value(Value value) {
    switch (value) {
      case Value.Const _ -> {
        // takes nothing
      }
      case Value.Ref(Local local) -> locals.put(local.name(), local);
      case Value.Load(ArrayParam array, Value index) -> {
        array(array);
        value(index);
      }
      case Value.Apply apply -> {
        for (Value arg : apply.args()) {
          value(arg);
        }
      }
    }
  }
}
