package io.kotangent.bytecode.source;

import io.kotangent.bytecode.emit.Piece;
import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Prints one method of a kernel's class.
final class JavaMethod {
  private static final Map<Basic, String> COMPOUND = new EnumMap<>(Map.of(Basic.ADD, " += ",
      Basic.SUB, " -= ", Basic.MUL, " *= ", Basic.DIV, " /= ", Basic.AND, " &= ", Basic.OR, " |= ",
      Basic.XOR, " ^= "));

  private final SourceText text;
  private final Home home;
  private final Scope scope;
  private final JavaValue values;
  private final String spill;

  /// @param selected collects the dtypes that the method `select` is called for
  JavaMethod(SourceText text, KernelNames names, Home home, Set<DType> selected) {
    this.text = text;
    this.home = home;
    this.scope = new Scope(names);
    this.values = new JavaValue(scope, home, selected);
    this.spill = names.spill();
  }

  /// @param entry whether it is the one that programs call; if locals are passed in an array, it makes that
  void print(Piece.Method method, boolean entry) {
    List<Local> results = method.results();
    String type = results.size() == 1 ? JavaType.of(results.getFirst().dtype()) : "void";
    text.open((entry ? "static " : "private static ") + type + " " + method.name() + "("
        + String.join(", ", parameters(method, entry)) + ")");
    if (entry && method.spills()) {
      text.line("long[] " + spill + " = new long[" + method.spillLength() + "];");
    }
    for (int i = 0; i < method.spilled().size(); i++) {
      unspill(method.spilled().get(i), i);
    }
    pieces(method.body());
    if (results.size() == 1) {
      text.line("return " + scope.of(results.getFirst()) + ";");
    } else {
      for (int i = 0; i < results.size(); i++) {
        spill(results.get(i), i);
      }
    }
    text.close();
  }

  private List<String> parameters(Piece.Method method, boolean entry) {
    List<String> parameters = new ArrayList<>();
    for (ArrayParam array : method.arrays()) {
      parameters.add(JavaType.of(array, home) + " " + scope.of(array));
      if (!array.whole()) {
        parameters.add("int " + scope.offset(array));
      }
    }
    for (Local local : method.scalars()) {
      parameters.add(JavaType.of(local.dtype()) + " " + scope.declare(local));
    }
    if (method.spills() && !entry) {
      parameters.add("long[] " + spill);
    }
    return parameters;
  }

  private void spill(Local local, int index) {
    String name = scope.of(local);
    text.line(spill + "[" + index + "] = " + switch (local.dtype()) {
      case F32 -> home.lang("Float") + ".floatToRawIntBits(" + name + ")";
      case F64 -> home.lang("Double") + ".doubleToRawLongBits(" + name + ")";
      case I32, I64 -> name;
      case BOOL -> name + " ? 1 : 0";
    } + ";");
  }

  private void unspill(Local local, int index) {
    String from = spill + "[" + index + "]";
    define(local, switch (local.dtype()) {
      case F32 -> home.lang("Float") + ".intBitsToFloat((int) " + from + ")";
      case F64 -> home.lang("Double") + ".longBitsToDouble(" + from + ")";
      case I32 -> "(int) " + from;
      case I64 -> from;
      case BOOL -> from + " != 0";
    });
  }

  /// Gives a local a value, and declares it unless it is known here.
  private void define(Local local, String value) {
    String name =
        scope.has(local) ? scope.of(local)
            : JavaType.of(local.dtype()) + " " + scope.declare(local);
    text.line(name + " = " + value + ";");
  }

  private void pieces(List<Piece> pieces) {
    for (Piece piece : pieces) {
      switch (piece) {
        case Piece.Plain plain -> statement(plain.stmt());
        case Piece.Loop loop -> loop(loop.loop(), loop.isFixed(loop.loop().to()),
            () -> pieces(loop.inner()));
        case Piece.Lanes lanes -> statement(lanes.loop());
        case Piece.Branch branch -> branch(branch.branch().condition(), branch.then(),
            branch.otherwise(), this::pieces);
        case Piece.Call call -> call(call);
      }
    }
  }

  private void statements(List<Stmt> stmts) {
    stmts.forEach(this::statement);
  }

  private void statement(Stmt stmt) {
    switch (stmt) {
      case Stmt.Let(Local local, Value value) -> define(local, values.of(value));
      case Stmt.Assign(Local local, Value value) ->
          assign(scope.of(local), Value.ref(local), value);
      case Stmt.Store(ArrayParam array, Value index, Value value) -> store(array, index, value);
      case Stmt.Copy copy -> copy(copy);
      case Stmt.Fill(ArrayParam array, Value from, Value length, Value value) ->
          text.line(home.imported(JavaKernel.ARRAYS) + ".fill(" + scope.of(array) + ", "
              + values.index(array, from) + ", " + values.end(array, from, length) + ", "
              + values.of(value) + ");");
      case Stmt.Transpose move -> statement(move.asLoops());
      case Stmt.Check(Value condition, String message) -> {
        text.open("if (" + values.not(condition) + ")");
        text.line("throw new " + home.lang("IllegalArgumentException") + "("
            + JavaLiteral.string(message) + ");");
        text.close();
      }
      case Stmt.For loop -> loop(loop, false, () -> statements(loop.body()));
      case Stmt.Lanes loop -> loop(
          new Stmt.For(loop.variable(), loop.from(), loop.to(), 1, loop.body(), false), false,
          () -> statements(loop.body()));
      case Stmt.If branch ->
          branch(branch.condition(), branch.then(), branch.otherwise(), this::statements);
    }
  }

  /// `place = value`, or shorter: `place += more`.
  private void assign(String place, Value old, Value value) {
    if (value instanceof Value.Apply(Basic basic, List<Value> args, DType _)
        && args.getFirst().equals(old) && COMPOUND.containsKey(basic)) {
      text.line(place + COMPOUND.get(basic) + values.of(args.get(1)) + ";");
    } else {
      text.line(place + " = " + values.of(value) + ";");
    }
  }

  private void store(ArrayParam array, Value index, Value value) {
    String at = values.index(array, index);
    if (array.access() == ArrayParam.Access.ALIGNED) {
      text.line(scope.of(array) + ".put(" + at + ", " + values.of(value) + ");");
    } else {
      assign(scope.of(array) + "[" + at + "]", new Value.Load(array, index), value);
    }
  }

  /// Between aligned memory and an array, the buffer copies.
  private void copy(Stmt.Copy copy) {
    String from = scope.of(copy.from()) + ", " + values.index(copy.from(), copy.fromIndex());
    String to = scope.of(copy.to()) + ", " + values.index(copy.to(), copy.toIndex());
    String length = values.of(copy.length());
    if (copy.to().access() == ArrayParam.Access.ALIGNED) {
      text.line(scope.of(copy.to()) + ".put(" + values.index(copy.to(), copy.toIndex()) + ", "
          + from + ", " + length + ");");
    } else if (copy.from().access() == ArrayParam.Access.ALIGNED) {
      text.line(scope.of(copy.from()) + ".get(" + values.index(copy.from(), copy.fromIndex()) + ", "
          + to + ", " + length + ");");
    } else {
      text.line(home.lang("System") + ".arraycopy(" + from + ", " + to + ", " + length + ");");
    }
  }

  /// @param fixed whether the end may be evaluated at every turn
  private void loop(Stmt.For loop, boolean fixed, Runnable body) {
    String from = values.of(loop.from());
    String to = values.of(loop.to());
    if (!fixed && !(loop.to() instanceof Value.Const)) {
      String end = scope.fresh("end");
      text.line("int " + end + " = " + to + ";");
      to = end;
    }
    int mark = scope.enter();
    String variable = scope.declare(loop.variable());
    String next = loop.step() == 1 ? variable + "++" : variable + " += " + loop.step();
    text.open("for (int " + variable + " = " + from + "; " + variable + " < " + to + "; " + next
        + ")");
    body.run();
    text.close();
    scope.leave(mark);
  }

  private interface Body<T> {
    void print(List<T> block);
  }

  private <T> void branch(Value condition, List<T> then, List<T> otherwise, Body<T> body) {
    text.open("if (" + values.of(condition) + ")");
    int mark = scope.enter();
    body.print(then);
    scope.leave(mark);
    if (!otherwise.isEmpty()) {
      text.otherwise();
      body.print(otherwise);
      scope.leave(mark);
    }
    text.close();
  }

  private void call(Piece.Call call) {
    Piece.Method callee = call.method();
    for (int i = 0; i < callee.spilled().size(); i++) {
      spill(callee.spilled().get(i), i);
    }
    List<String> args = new ArrayList<>();
    for (ArrayParam array : call.arrays()) {
      args.add(scope.of(array));
      if (!array.whole()) {
        args.add(scope.offset(array));
      }
    }
    call.scalars().forEach(local -> args.add(scope.of(local)));
    if (callee.spills()) {
      args.add(spill);
    }
    String called = callee.name() + "(" + String.join(", ", args) + ")";
    if (callee.results().size() == 1) {
      define(callee.results().getFirst(), called);
      return;
    }
    text.line(called + ";");
    for (int i = 0; i < callee.results().size(); i++) {
      unspill(callee.results().get(i), i);
    }
  }
}
