package io.kotangent.loop;

import io.kotangent.ir.Basic;
import io.kotangent.ir.BasicEval;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Checks that a kernel is well formed: names declared once and before use, dtypes that fit, no store to
/// what is only read, and row loops that C2 can vectorize. Throws a [KotangentException] that quotes the line.
public final class KernelVerifier {
  private static final int DEEPEST = 500;
  private static final Map<DType, Set<Basic>> PRIMITIVES = primitives();

  private final Kernel kernel;
  private final Map<String, ArrayParam> arrays = new HashMap<>();
  private final Deque<Map<String, Local>> scopes = new ArrayDeque<>();
  private final Set<String> constants = new HashSet<>();
  private int line = KernelPrinter.FIRST_LINE;

  private KernelVerifier(Kernel kernel) {
    this.kernel = kernel;
  }

  /// The primitives that there are on each dtype (of selects: of what is selected).
  private static Map<DType, Set<Basic>> primitives() {
    Map<DType, Set<Basic>> primitives = new EnumMap<>(DType.class);
    for (DType dtype : DType.values()) {
      Set<Basic> known = EnumSet.noneOf(Basic.class);
      for (Basic basic : Basic.values()) {
        if (exists(basic, dtype)) {
          known.add(basic);
        }
      }
      primitives.put(dtype, known);
    }
    return primitives;
  }

  private static boolean exists(Basic basic, DType dtype) {
    if (basic == Basic.BITS || basic == Basic.FROM_BITS) {
      return basic == Basic.BITS ? dtype.isFloat() : dtype.isInteger();
    }
    try {
      BasicEval.apply(basic, dtype, 1, 1, 1);
      return true;
    } catch (KotangentException e) {
      return false;
    }
  }

  public static void verify(Kernel kernel) {
    new KernelVerifier(kernel).run();
  }

  private void run() {
    scopes.push(new HashMap<>());
    long scratch = 0;
    for (ArrayParam array : kernel.arrays()) {
      expect(arrays.put(array.name(), array) == null,
          "two arrays are called '" + array.name() + "'");
      if (array.access().isScratch()) {
        scratch++;
        expect(array.whole(), "scratch '" + array.name() + "' must be whole");
      }
    }
    expect(scratch == kernel.scratch().size(),
        scratch + " scratch arrays but " + kernel.scratch().size() + " lengths");
    for (Local local : kernel.ints()) {
      expect(local.dtype() == DType.I32,
          "int parameter '" + local.name() + "' is " + local.dtype());
      declare(local);
      constants.add(local.name());
    }
    kernel.scratch().forEach(length -> value(length, DType.I32, 0));
    block(kernel.body());
  }

  private void block(List<Stmt> stmts) {
    scopes.push(new HashMap<>());
    for (Stmt stmt : stmts) {
      statement(stmt);
    }
    scopes.pop();
  }

  private void statement(Stmt stmt) {
    int first = line;
    switch (stmt) {
      case Stmt.For loop -> loop(loop);
      case Stmt.Lanes loop -> lanes(loop);
      case Stmt.Let(Local local, Value value) -> {
        value(value, local.dtype(), 0);
        declare(local);
      }
      case Stmt.Assign(Local local, Value value) -> {
        value(value, local.dtype(), 0);
        reference(local);
        expect(!constants.contains(local.name()),
            "'" + local.name() + "' is assigned, but loops and calls own it");
      }
      case Stmt.Store(ArrayParam array, Value index, Value value) -> {
        written(array);
        value(index, DType.I32, 0);
        value(value, array.dtype(), 0);
      }
      case Stmt.Copy copy -> {
        known(copy.from());
        written(copy.to());
        expect(!copy.from().equals(copy.to()), "copy within '" + copy.to().name() + "'");
        expect(copy.from().dtype() == copy.to().dtype(),
            "copy from " + copy.from().dtype() + " to " + copy.to().dtype());
        value(copy.fromIndex(), DType.I32, 0);
        value(copy.toIndex(), DType.I32, 0);
        value(copy.length(), DType.I32, 0);
      }
      case Stmt.Fill fill -> {
        written(fill.array());
        expect(fill.array().access() != ArrayParam.Access.ALIGNED,
            "'" + fill.array().name() + "' is aligned: copy into it");
        value(fill.from(), DType.I32, 0);
        value(fill.length(), DType.I32, 0);
        value(fill.value(), fill.array().dtype(), 0);
      }
      case Stmt.Transpose move -> {
        known(move.from());
        written(move.to());
        expect(!move.from().equals(move.to()), "transpose within '" + move.to().name() + "'");
        expect(move.from().dtype() == move.to().dtype(),
            "transpose from " + move.from().dtype() + " to " + move.to().dtype());
        expect(Math.min(move.rows(), move.columns()) >= move.block(),
            "less than a block of " + move.block());
        value(move.first(), DType.I32, 0);
        value(move.end(), DType.I32, 0);
      }
      case Stmt.If branch -> {
        value(branch.condition(), DType.BOOL, 0);
        line++;
        block(branch.then());
        line++;
        block(branch.otherwise());
      }
      case Stmt.Check(Value condition, String _) -> value(condition, DType.BOOL, 0);
    }
    line = first + KernelPrinter.lines(stmt);
  }

  private void loop(Stmt.For loop) {
    value(loop.from(), DType.I32, 0);
    value(loop.to(), DType.I32, 0);
    expect(loop.step() > 0, "a loop of step " + loop.step());
    expect(loop.variable().dtype() == DType.I32,
        "a loop variable of type " + loop.variable().dtype());
    if (loop.row()) {
      row(loop);
    }
    body(loop.variable(), loop.body());
  }

  private void body(Local variable, List<Stmt> stmts) {
    scopes.push(new HashMap<>());
    declare(variable);
    constants.add(variable.name());
    line++;
    block(stmts);
    constants.remove(variable.name());
    scopes.pop();
  }

  private void lanes(Stmt.Lanes loop) {
    value(loop.from(), DType.I32, 0);
    value(loop.to(), DType.I32, 0);
    expect(loop.vectors() > 0, "lanes of " + loop.vectors() + " vectors");
    expect(loop.variable().dtype() == DType.I32,
        "a loop variable of type " + loop.variable().dtype());
    Optional<String> wrong = LaneKinds.of(loop).complaint();
    if (wrong.isPresent()) {
      throw wrong(wrong.get());
    }
    body(loop.variable(), loop.body());
  }

  /// A row loop is straight-line and uses all arrays at one index, or whole rows further on, else C2 does
  /// not vectorize it.
  private void row(Stmt.For loop) {
    Set<Value> indices = new HashSet<>();
    boolean free = storesAlignedOnly(loop);
    Set<String> own = new HashSet<>();
    for (Stmt stmt : loop.body()) {
      switch (stmt) {
        case Stmt.Let(Local local, Value value) -> {
          own.add(local.name());
          indices(value, indices);
        }
        case Stmt.Assign(Local local, Value value) -> {
          expect(own.contains(local.name()),
              "a row loop assigns '" + local.name() + "' of the code around it");
          indices(value, indices);
        }
        case Stmt.Store(ArrayParam _, Value index, Value value) -> {
          indices.add(index);
          indices(value, indices);
        }
        case Stmt.For _, Stmt.Lanes _, Stmt.Copy _, Stmt.Fill _, Stmt.Transpose _, Stmt.If _, Stmt.Check _ ->
            throw wrong(
                "a row loop must be straight-line, but contains a "
                    + stmt.getClass().getSimpleName());
      }
    }
    Set<Value> places = new HashSet<>();
    indices.forEach(index -> places.add(inFirstRow(index, loop.to())));
    expect(free || places.size() <= 1, "a row loop uses its arrays at several indices: "
        + indices.stream().map(KernelPrinter::print).sorted().toList());
  }

  /// Such a loop may use its arrays wherever it likes.
  private static boolean storesAlignedOnly(Stmt.For loop) {
    boolean only = true;
    for (Stmt stmt : loop.body()) {
      only &= !(stmt instanceof Stmt.Store(ArrayParam array, Value _, Value _))
          || array.access() == ArrayParam.Access.ALIGNED;
    }
    return only;
  }

  private static void indices(Value value, Set<Value> indices) {
    switch (value) {
      case Value.Load(ArrayParam _, Value index) -> indices.add(index);
      case Value.Apply apply -> apply.args().forEach(arg -> indices(arg, indices));
      case Value.Const _, Value.Ref _ -> {
        // no index
      }
    }
  }

  /// The index without whole rows of a length that is known.
  private static Value inFirstRow(Value index, Value length) {
    boolean further = index instanceof Value.Apply(Basic basic, List<Value> args, DType _)
        && basic == Basic.ADD && args.getLast() instanceof Value.Const(DType _, long distance)
        && length instanceof Value.Const(DType _, long turns) && turns > 0
        && distance % turns == 0;
    return further ? ((Value.Apply) index).args().getFirst() : index;
  }

  private void value(Value value, DType expected, int depth) {
    if (value.dtype() != expected) {
      throw wrong(
          "expected " + expected + ", got " + value.dtype() + ": " + KernelPrinter.print(value));
    }
    expect(depth < DEEPEST, "a value nested too deeply: use locals");
    switch (value) {
      case Value.Const(DType dtype, long bits) -> expect(switch (dtype) {
        case F32 -> bits == (bits & 0xFFFFFFFFL);
        case I32 -> bits == (int) bits;
        case BOOL -> bits == 0 || bits == 1;
        case F64, I64 -> true;
      }, "a constant whose bits are not in the convention of its dtype");
      case Value.Ref(Local local) -> reference(local);
      case Value.Load(ArrayParam array, Value index) -> {
        known(array);
        value(index, DType.I32, depth + 1);
      }
      case Value.Apply(Basic basic, List<Value> args, DType dtype) -> {
        List<DType> types = args.stream().map(Value::dtype).toList();
        if (basic.result(types) != dtype) {
          throw wrong(basic + " of " + types + " is no " + dtype);
        }
        if (!PRIMITIVES.get(types.getLast()).contains(basic)) {
          throw wrong("there is no " + basic + " of " + types);
        }
        for (int i = 0; i < args.size(); i++) {
          DType type = basic != Basic.SELECT ? types.getFirst() : i == 0 ? DType.BOOL : dtype;
          value(args.get(i), type, depth + 1);
        }
      }
    }
  }

  private void declare(Local local) {
    if (find(local.name()).isPresent() || arrays.containsKey(local.name())) {
      throw wrong("'" + local.name() + "' is declared twice");
    }
    scopes.getFirst().put(local.name(), local);
  }

  private void reference(Local local) {
    Optional<Local> found = find(local.name());
    if (found.isEmpty()) {
      throw wrong("'" + local.name() + "' is used before it is declared");
    }
    if (!found.get().equals(local)) {
      throw wrong(
          "'" + local.name() + "' is " + found.get().dtype() + ", used as " + local.dtype());
    }
  }

  private Optional<Local> find(String name) {
    for (Map<String, Local> scope : scopes) {
      Local local = scope.get(name);
      if (local != null) {
        return Optional.of(local);
      }
    }
    return Optional.empty();
  }

  private void known(ArrayParam array) {
    if (!array.equals(arrays.get(array.name()))) {
      throw wrong("'" + array.name() + "' is no array of this kernel");
    }
  }

  private void written(ArrayParam array) {
    known(array);
    if (array.access() == ArrayParam.Access.READ) {
      throw wrong("a store to '" + array.name() + "', which is only read");
    }
  }

  private void expect(boolean condition, String message) {
    if (!condition) {
      throw wrong(message);
    }
  }

  private KotangentException wrong(String message) {
    List<String> listing = KernelPrinter.print(kernel).lines().toList();
    String quoted = line <= listing.size() ? listing.get(line - 1).strip() : "";
    return new KotangentException(
        "malformed kernel, line " + line + " (" + quoted + "): " + message);
  }
}
