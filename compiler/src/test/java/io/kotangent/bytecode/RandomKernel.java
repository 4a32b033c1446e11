package io.kotangent.bytecode;

import io.kotangent.ir.Basic;
import io.kotangent.ir.BasicEval;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Kernels at random, well formed: nested loops, branches, locals that are assigned, all primitives on all dtypes.
/// Every index is taken modulo [#LENGTH], so that most stay within the arrays.
public final class RandomKernel {
  /// The elements of each array beyond its offset.
  public static final int LENGTH = 16;

  private final Random random;
  private final List<ArrayParam> arrays = new ArrayList<>();
  private final List<Local> ints = new ArrayList<>();
  private final List<Local> visible = new ArrayList<>();
  private final List<Local> assignable = new ArrayList<>();
  private int names;
  private int budget;

  private RandomKernel(Random random, int statements) {
    this.random = random;
    this.budget = statements;
  }

  public static Kernel make(Random random, int statements) {
    return new RandomKernel(random, statements).kernel();
  }

  private Kernel kernel() {
    for (DType dtype : DType.values()) {
      for (int i = 0; i < 2; i++) {
        ArrayParam.Access access = i == 0 ? ArrayParam.Access.READ : ArrayParam.Access.UPDATE;
        arrays.add(new ArrayParam("a" + arrays.size(), dtype, access, random.nextBoolean()));
      }
    }
    ints.add(new Local("n0", DType.I32));
    ints.add(new Local("n1", DType.I32));
    visible.addAll(ints);
    List<Stmt> body = new ArrayList<>();
    while (budget > 0) {
      body.add(statement(0));
    }
    return new Kernel(arrays, ints, List.of(), body);
  }

  private List<Stmt> block(int depth) {
    int seen = visible.size();
    int changeable = assignable.size();
    List<Stmt> stmts = new ArrayList<>();
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count && budget > 0; i++) {
      stmts.add(statement(depth));
    }
    shrink(visible, seen);
    shrink(assignable, changeable);
    return stmts;
  }

  private static void shrink(List<Local> list, int size) {
    list.subList(size, list.size()).clear();
  }

  private Stmt statement(int depth) {
    budget--;
    return switch (random.nextInt(12)) {
      case 0 -> depth < 3 ? loop(depth) : let();
      case 1 -> depth < 3 ? row() : let();
      case 2 -> depth < 3 ? new Stmt.If(value(DType.BOOL, 2), block(depth + 1),
          random.nextBoolean() ? block(depth + 1) : List.of()) : let();
      case 3 -> assignable.isEmpty() ? let() : assign();
      case 4, 5, 6 -> {
        ArrayParam array = written();
        yield new Stmt.Store(array, index(), value(array.dtype(), 3));
      }
      case 7 -> {
        ArrayParam to = written();
        ArrayParam from = arrays.get(to.dtype().ordinal() * 2);
        yield new Stmt.Copy(from, Value.i32(random.nextInt(4)), to, Value.i32(random.nextInt(4)),
            Value.i32(random.nextInt(9)));
      }
      case 8 -> {
        ArrayParam array = written();
        yield new Stmt.Fill(array, Value.i32(random.nextInt(4)), Value.i32(random.nextInt(9)),
            value(array.dtype(), 2));
      }
      case 9 -> random.nextInt(10) == 0 ? new Stmt.Check(value(DType.BOOL, 2), "checked") : let();
      default -> let();
    };
  }

  private Stmt let() {
    DType dtype = DType.values()[random.nextInt(5)];
    Local local = new Local("v" + names++, dtype);
    Stmt let = new Stmt.Let(local, value(dtype, 3));
    visible.add(local);
    assignable.add(local);
    return let;
  }

  private Stmt assign() {
    Local local = assignable.get(random.nextInt(assignable.size()));
    return new Stmt.Assign(local, value(local.dtype(), 3));
  }

  private Stmt loop(int depth) {
    Value from = Value.i32(random.nextInt(2));
    Value to = random.nextBoolean() ? Value.i32(random.nextInt(4))
        : Value.apply(Basic.AND, value(DType.I32, 1), Value.i32(3));
    Local i = new Local("i" + names++, DType.I32);
    int seen = visible.size();
    visible.add(i);
    List<Stmt> body = block(depth + 1);
    shrink(visible, seen);
    return new Stmt.For(i, from, to, 1 + random.nextInt(2), body, false);
  }

  private Stmt row() {
    Local i = new Local("i" + names++, DType.I32);
    Local x = new Local("v" + names++, DType.F32);
    Value at = Value.ref(i);
    ArrayParam from = arrays.get(0);
    ArrayParam to = arrays.get(1);
    List<Stmt> body = List.of(
        new Stmt.Let(x,
            Value.apply(Basic.FMA, new Value.Load(from, at), visibleOr(DType.F32),
                new Value.Load(to, at))),
        new Stmt.Store(to, at, Value.apply(Basic.MAX, Value.ref(x), Value.f32(-1))));
    return new Stmt.For(i, Value.i32(0),
        random.nextBoolean() ? Value.i32(13) : Value.ref(ints.getFirst()), 1, body, true);
  }

  private ArrayParam written() {
    return arrays.get(random.nextInt(5) * 2 + 1);
  }

  private Value index() {
    return Value.apply(Basic.AND, value(DType.I32, 1), Value.i32(LENGTH - 1));
  }

  private Value visibleOr(DType dtype) {
    List<Local> fitting = visible.stream().filter(local -> local.dtype() == dtype).toList();
    return fitting.isEmpty() ? new Value.Const(dtype, KernelRuns.randomBits(dtype, random))
        : Value.ref(fitting.get(random.nextInt(fitting.size())));
  }

  private Value value(DType dtype, int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      return switch (random.nextInt(3)) {
        case 0 -> new Value.Const(dtype, KernelRuns.randomBits(dtype, random));
        case 1 -> new Value.Load(arrays.get(dtype.ordinal() * 2 + random.nextInt(2)),
            depth == 0 ? Value.i32(random.nextInt(LENGTH)) : index());
        default -> visibleOr(dtype);
      };
    }
    while (true) {
      Basic basic = Basic.values()[random.nextInt(Basic.values().length)];
      DType operand = DType.values()[random.nextInt(5)];
      List<DType> types = operands(basic, operand);
      if (exists(basic, operand) && basic.result(types) == dtype) {
        return new Value.Apply(basic, types.stream().map(type -> value(type, depth - 1)).toList(),
            dtype);
      }
    }
  }

  /// The operand dtypes of a primitive on `type`.
  public static List<DType> operands(Basic basic, DType type) {
    return switch (basic.arity()) {
      case 1 -> List.of(type);
      case 2 -> List.of(type, type);
      default ->
          basic == Basic.SELECT ? List.of(DType.BOOL, type, type) : List.of(type, type, type);
    };
  }

  /// Whether there is such a primitive on that dtype.
  public static boolean exists(Basic basic, DType type) {
    if (basic == Basic.BITS && !type.isFloat() || basic == Basic.FROM_BITS && !type.isInteger()) {
      return false;
    }
    if (basic.name().startsWith("STRICT") && type != DType.F64) {
      return false;
    }
    try {
      BasicEval.apply(basic, type, BasicEval.bits(1f), 1, 1);
      return true;
    } catch (KotangentException e) {
      return false;
    }
  }
}
