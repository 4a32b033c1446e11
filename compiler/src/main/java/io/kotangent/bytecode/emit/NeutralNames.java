package io.kotangent.bytecode.emit;

import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import io.kotangent.loop.KernelPrinter;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Gives the method of a row loop names in the order in which they occur: methods that differ in names alone become equal.
public final class NeutralNames {
  private final Map<String, ArrayParam> arrays = new HashMap<>();
  private final Map<String, Local> locals = new HashMap<>();

  private NeutralNames() {
  }

  /// The method renamed, `run` of a kernel of its own; nothing if it is not one loop of statements that contain no others.
  static Optional<Piece.Method> of(Piece.Method method) {
    boolean plain = method.body().size() == 1 && method.body().getFirst() instanceof Piece.Loop loop
        && loop.inner().stream().allMatch(Piece.Plain.class::isInstance);
    return !plain || method.spills() || !method.results().isEmpty() ? Optional.empty()
        : Optional.of(new NeutralNames().renamed(method));
  }

  /// A general method as a kernel.
  public static KernelListing listing(Piece.Method method) {
    Stmt.For loop = ((Piece.Loop) method.body().getFirst()).loop();
    List<Value> lengths = method.arrays().stream().filter(array -> array.access().isScratch())
        .map(_ -> Value.i32(0)).toList();
    return KernelListing
        .of(new Kernel(method.arrays(), method.scalars(), lengths, List.of(loop)));
  }

  private Piece.Method renamed(Piece.Method method) {
    List<ArrayParam> parameters = new ArrayList<>();
    for (ArrayParam array : method.arrays()) {
      ArrayParam named = new ArrayParam("a" + parameters.size(), array.dtype(),
          array.access() == ArrayParam.Access.ALIGNED ? array.access() : ArrayParam.Access.UPDATE,
          array.whole());
      arrays.put(array.name(), named);
      parameters.add(named);
    }
    List<Local> scalars = method.scalars().stream().map(this::declared).toList();
    Piece.Loop piece = (Piece.Loop) method.body().getFirst();
    Stmt.For loop = piece.loop();
    Value from = value(loop.from());
    Value to = value(loop.to());
    Local variable = declared(loop.variable());
    List<Stmt> body = new ArrayList<>();
    List<Piece> inner = new ArrayList<>();
    for (Piece each : piece.inner()) {
      Stmt stmt = statement(((Piece.Plain) each).stmt());
      body.add(stmt);
      inner.add(new Piece.Plain(stmt, KernelPrinter.FIRST_LINE + body.size(), each.size()));
    }
    Piece renamed = new Piece.Loop(new Stmt.For(variable, from, to, loop.step(), body, true),
        KernelPrinter.FIRST_LINE, inner, piece.size());
    return new Piece.Method("run", parameters, scalars, List.of(), List.of(), List.of(renamed), 0,
        isOpen(to));
  }

  /// Whether a bound is a parameter, or some bits of one.
  private static boolean isOpen(Value bound) {
    return bound instanceof Value.Ref
        || bound instanceof Value.Apply(Basic basic, List<Value> args, DType _)
            && basic == Basic.AND && args.getFirst() instanceof Value.Ref
            && args.getLast() instanceof Value.Const;
  }

  private Local declared(Local local) {
    Local named = new Local("v" + locals.size(), local.dtype());
    locals.put(local.name(), named);
    return named;
  }

  private Stmt statement(Stmt stmt) {
    return switch (stmt) {
      case Stmt.Let(Local local, Value value) -> {
        Value renamed = value(value);
        yield new Stmt.Let(declared(local), renamed);
      }
      case Stmt.Assign(Local local, Value value) ->
          new Stmt.Assign(locals.getOrDefault(local.name(), local), value(value));
      case Stmt.Store(ArrayParam array, Value index, Value value) ->
          new Stmt.Store(array(array), value(index), value(value));
      case Stmt.Copy(ArrayParam from, Value fromIndex, ArrayParam to, Value toIndex, Value length) ->
          new Stmt.Copy(array(from), value(fromIndex), array(to), value(toIndex), value(length));
      case Stmt.Fill(ArrayParam array, Value from, Value length, Value value) ->
          new Stmt.Fill(array(array), value(from), value(length), value(value));
      case Stmt.Check(Value condition, String message) ->
          new Stmt.Check(value(condition), message);
      case Stmt.Transpose move -> new Stmt.Transpose(array(move.from()), array(move.to()),
          value(move.first()), value(move.end()), move.rows(), move.columns(), move.block());
      case Stmt.For _, Stmt.Lanes _, Stmt.If _ ->
          throw new IllegalArgumentException("contains others: " + stmt);
    };
  }

  private ArrayParam array(ArrayParam array) {
    return arrays.getOrDefault(array.name(), array);
  }

  private Value value(Value value) {
    return switch (value) {
      case Value.Const constant -> constant;
      case Value.Ref(Local local) -> Value.ref(locals.getOrDefault(local.name(), local));
      case Value.Load(ArrayParam array, Value index) ->
          new Value.Load(array(array), value(index));
      case Value.Apply apply -> {
        List<Value> args = new ArrayList<>();
        for (Value arg : apply.args()) {
          args.add(value(arg));
        }
        yield new Value.Apply(apply.basic(), args, apply.dtype());
      }
    };
  }
}
