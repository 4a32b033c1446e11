package io.kotangent.plan.nest;

import io.kotangent.ir.Basic;
import io.kotangent.ir.Lowering;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Term;
import io.kotangent.loop.ArrayParam.Access;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.plan.Step;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Writes a kernel, statement by statement. Names are neutral and made in order, so that equal shapes give
/// equal kernels; a primitive on values that are known in the current block is computed once.
public final class NestBuilder {
  /// The most scratch rows between the parts of a row loop: each is a parameter of the kernel, which has at most 255.
  private static final int MOST_SPILLS = 48;
  private static final Local FROM = new Local("from", DType.I32);
  private static final Local TO = new Local("to", DType.I32);

  private final Map<Nest.Held, ArrayParam> reads = new LinkedHashMap<>();
  private final Map<Nest.Held, ArrayParam> writes = new LinkedHashMap<>();
  private final Map<Node, ArrayParam> updates = new IdentityHashMap<>();
  private final List<ArrayParam> scratch = new ArrayList<>();
  private final List<Value> scratchLengths = new ArrayList<>();
  private final Map<Dim, Local> ints = new LinkedHashMap<>();
  private final Deque<List<Stmt>> blocks = new ArrayDeque<>();
  private final Map<Value, Value> known = new HashMap<>();
  private final Deque<List<Value>> knownHere = new ArrayDeque<>();
  private final Map<DType, List<ArrayParam>> spills = new EnumMap<>(DType.class);
  private final boolean splits;
  private Optional<Step.Share.Parts> parts = Optional.empty();
  private Optional<Step.Share.Needs> needs = Optional.empty();
  private List<Dim> range = List.of();
  private final LocalNames names = new LocalNames();

  /// A range of indices.
  ///
  /// @param aligned whether the bounds are multiples of the grain of a part, or the end of all
  public record Span(Value from, Value to, boolean aligned) {
  }

  public NestBuilder() {
    this(false);
  }

  /// @param splits whether [SplitRows] acts on rows
  public NestBuilder(boolean splits) {
    this.splits = splits;
    blocks.push(new ArrayList<>());
    knownHere.push(new ArrayList<>());
  }

  // ---- parameters

  /// Says that a result is to be where an operand is, whole arrays both: one array then, read and written. (A row loop of
  /// fewer arrays has more room before C2 no longer unrolls it.)
  public void update(Node result, Node operand) {
    ArrayParam array =
        new ArrayParam("u" + updates.size(), result.dtype(), Access.UPDATE, true);
    updates.put(operand, array);
    writes.put(new Nest.Held(result, 0), array);
  }

  /// The array that holds an operand.
  public ArrayParam read(Node value, boolean whole) {
    ArrayParam updated = updates.get(value);
    return updated != null ? updated : read(new Nest.Held(value, 0), value.dtype(), whole);
  }

  /// The array that holds what else was made of a value.
  public ArrayParam read(Nest.Held held, DType dtype, boolean whole) {
    return reads.computeIfAbsent(held,
        _ -> new ArrayParam("a" + reads.size(), dtype, Access.READ, whole));
  }

  /// The array that a result goes to.
  public ArrayParam write(Node value, boolean whole) {
    return write(new Nest.Held(value, 0), value.dtype(), whole);
  }

  /// The array that an item of a tuple goes to.
  public ArrayParam write(Nest.Held held, DType dtype, boolean whole) {
    ArrayParam known = writes.get(held);
    if (known == null) {
      known = new ArrayParam("r" + writes.size(), dtype, Access.WRITE, whole);
      writes.put(held, known);
    }
    return known;
  }

  public ArrayParam scratch(DType dtype, Value length) {
    ArrayParam array = new ArrayParam("s" + scratch.size(), dtype, Access.SCRATCH, true);
    scratch.add(array);
    scratchLengths.add(length);
    return array;
  }

  /// Scratch outside of the heap.
  public ArrayParam aligned(DType dtype, Value length) {
    ArrayParam array = new ArrayParam("s" + scratch.size(), dtype, Access.ALIGNED, true);
    scratch.add(array);
    scratchLengths.add(length);
    return array;
  }

  /// Scratch for the lanes of a sum.
  public ArrayParam lanes(DType dtype) {
    return scratch(dtype, Value.i32(io.kotangent.ir.SumOrder.LANES));
  }

  /// A size as a value: a constant, or an int parameter.
  public Value dim(Dim dim) {
    if (dim.isConstant()) {
      return Value.i32(Math.toIntExact(dim.constant()));
    }
    return Value.ref(ints.computeIfAbsent(dim, d -> new Local("n" + ints.size(), DType.I32)));
  }

  /// A parameter of its own for a size, even a constant one (kernels of many sizes are then one).
  public Value parameter(Dim dim) {
    return Value.ref(ints.computeIfAbsent(dim, d -> new Local("n" + ints.size(), DType.I32)));
  }

  /// Says before [#parallel] that the kernel is only for sizes of at least so much.
  public void needs(Dim size, int least) {
    needs = Optional.of(new Step.Share.Needs(size, least));
  }

  /// The range of the outermost loop, or the part of it that a thread is to do: the kernel then takes the bounds as its last
  /// two ints. Nothing but scratch may be written outside of that loop, and nothing in it that another part touches.
  ///
  /// @param grain of how many indices a part should be a multiple
  /// @param item picoseconds for one index, about
  public Span parallel(Dim from, Dim to, int grain, Dim item) {
    if (parts.isPresent() || blocks.size() != 1) {
      throw new KotangentException("only one loop, the outermost, can be shared among threads");
    }
    range = List.of(from, to);
    parts = Optional.of(new Step.Share.Parts(grain, item, 1, needs));
    return new Span(Value.ref(FROM), Value.ref(TO), from.is(0));
  }

  public Nest finish() {
    if (blocks.size() != 1) {
      throw new KotangentException("a block of the kernel was not closed");
    }
    List<ArrayParam> arrays = new ArrayList<>(reads.values());
    arrays.addAll(writes.values());
    arrays.addAll(scratch);
    List<Nest.Held> values = new ArrayList<>(reads.keySet());
    values.addAll(writes.keySet());
    List<Local> locals = new ArrayList<>(ints.values());
    List<Dim> dims = new ArrayList<>(ints.keySet());
    if (parts.isPresent()) {
      locals.addAll(List.of(FROM, TO));
      dims.addAll(range);
    }
    Kernel kernel = new Kernel(arrays, locals, scratchLengths, blocks.getFirst());
    return new Nest(kernel, values, dims, parts);
  }

  // ---- statements

  Local local(String prefix, DType dtype) {
    return names.next(prefix, dtype);
  }

  public void emit(Stmt statement) {
    blocks.getFirst().add(statement);
  }

  /// The value as a local or constant; a value already computed in this or an outer block is not computed again.
  public Value let(Value value) {
    if (value instanceof Value.Const || value instanceof Value.Ref) {
      return value;
    }
    Value before = known.get(value);
    if (before != null) {
      return before;
    }
    Local local = local("v", value.dtype());
    emit(new Stmt.Let(local, value));
    Value ref = Value.ref(local);
    known.put(value, ref);
    knownHere.getFirst().add(value);
    return ref;
  }

  /// Loads afresh (what is in the array may have changed since).
  public Value load(ArrayParam array, Value index) {
    if (array.access() == Access.READ) {
      return let(new Value.Load(array, index));
    }
    Local local = local("v", array.dtype());
    emit(new Stmt.Let(local, new Value.Load(array, index)));
    return Value.ref(local);
  }

  /// A variable that [#set] changes.
  public Local variable(Value initial) {
    Local local = local("m", initial.dtype());
    emit(new Stmt.Let(local, initial));
    return local;
  }

  public void set(Local variable, Value value) {
    emit(new Stmt.Assign(variable, value));
  }

  public void store(ArrayParam array, Value index, Value value) {
    emit(new Stmt.Store(array, index, value));
  }

  public void copy(ArrayParam from, Value fromIndex, ArrayParam to, Value toIndex, Value length) {
    emit(new Stmt.Copy(from, fromIndex, to, toIndex, length));
  }

  public void fill(ArrayParam array, Value length, Value value) {
    emit(new Stmt.Fill(array, Value.i32(0), length, value));
  }

  public void loop(String prefix, Value from, Value to, int step, boolean row,
      Consumer<Value> body) {
    Local variable = local(prefix, DType.I32);
    List<Stmt> statements = block(() -> body.accept(Value.ref(variable)));
    if (!statements.isEmpty()) {
      emit(new Stmt.For(variable, from, to, step, statements, row));
    }
  }

  /// Turns that SIMD code takes together.
  public void lanes(String prefix, Value from, Value to, int vectors, boolean overlap,
      Consumer<Value> body) {
    Local variable = local(prefix, DType.I32);
    List<Stmt> statements = block(() -> body.accept(Value.ref(variable)));
    emit(new Stmt.Lanes(variable, from, to, vectors, overlap, statements));
  }

  /// A row loop over scratch rows, or several that do the same faster.
  ///
  /// @param capacity the most turns
  public void row(Value length, Value capacity, Consumer<Value> body) {
    Local variable = local("j", DType.I32);
    List<Stmt> statements = block(() -> body.accept(Value.ref(variable)));
    if (statements.isEmpty()) {
      return;
    }
    Stmt.For loop = new Stmt.For(variable, Value.i32(0), length, 1, statements, true);
    Optional<SplitRows> split = splits ? SplitRows.of(loop) : Optional.empty();
    if (split.isEmpty() || split.get().rows() > MOST_SPILLS) {
      emit(loop);
      return;
    }
    Map<DType, Integer> taken = new EnumMap<>(DType.class);
    split.get().loops(dtype -> {
      List<ArrayParam> rows = spills.computeIfAbsent(dtype, _ -> new ArrayList<>());
      int next = taken.merge(dtype, 1, Integer::sum) - 1;
      while (next < rows.size()
          && !scratchLengths.get(scratch.indexOf(rows.get(next))).equals(capacity)) {
        next = taken.merge(dtype, 1, Integer::sum) - 1;
      }
      if (next == rows.size()) {
        rows.add(scratch(dtype, capacity));
      }
      return rows.get(next);
    }).forEach(this::emit);
  }

  public void when(Value condition, Runnable then, Runnable otherwise) {
    List<Stmt> yes = block(then);
    emit(new Stmt.If(condition, yes, block(otherwise)));
  }

  private List<Stmt> block(Runnable body) {
    blocks.push(new ArrayList<>());
    knownHere.push(new ArrayList<>());
    body.run();
    knownHere.pop().forEach(known::remove);
    return blocks.pop();
  }

  // ---- values

  public Value plus(Value a, Value b) {
    return isZero(a) ? b : isZero(b) ? a
        : both(a, b) ? Value.i32(intOf(a) + intOf(b)) : let(Value.apply(Basic.ADD, a, b));
  }

  public Value times(Value a, Value b) {
    if (isZero(a) || isZero(b)) {
      return Value.i32(0);
    }
    return isOne(a) ? b : isOne(b) ? a
        : both(a, b) ? Value.i32(intOf(a) * intOf(b)) : let(Value.apply(Basic.MUL, a, b));
  }

  /// Of numbers that are not negative.
  public Value quotient(Value a, Value b) {
    return isOne(b) ? a
        : both(a, b) ? Value.i32(intOf(a) / intOf(b)) : let(Value.apply(Basic.DIV, a, b));
  }

  /// Of numbers that are not negative.
  public Value remainder(Value a, Value b) {
    return both(a, b) ? Value.i32(intOf(a) % intOf(b)) : let(Value.apply(Basic.REM, a, b));
  }

  public Value minus(Value a, Value b) {
    return isZero(b) ? a
        : both(a, b) ? Value.i32(intOf(a) - intOf(b)) : let(Value.apply(Basic.SUB, a, b));
  }

  public Value min(Value a, Value b) {
    return both(a, b) ? Value.i32(Math.min(intOf(a), intOf(b))) : let(Value.apply(Basic.MIN, a, b));
  }

  public static boolean isConstant(Value value) {
    return value instanceof Value.Const;
  }

  public static int intOf(Value value) {
    return (int) ((Value.Const) value).bits();
  }

  private static boolean both(Value a, Value b) {
    return isConstant(a) && isConstant(b);
  }

  private static boolean isZero(Value value) {
    return value instanceof Value.Const(var dtype, var bits) && dtype == DType.I32 && bits == 0;
  }

  private static boolean isOne(Value value) {
    return value instanceof Value.Const(var dtype, var bits) && dtype == DType.I32 && bits == 1;
  }

  /// A map or cast of values of the operands' dtypes, by its lowering.
  public Value apply(Node node, List<Value> operands) {
    return switch (node.op()) {
      case Op.Map(var fn) -> lower(Lowering.of(fn, node.operands().getLast().dtype()), operands,
          new IdentityHashMap<>());
      case Op.Cast(var to) -> cast(operands.getFirst(), to);
      case Op.Source _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ ->
          throw new KotangentException("not a lane operation: " + node);
    };
  }

  public Value cast(Value value, DType to) {
    return value.dtype() == to ? value : let(Value.apply(switch (to) {
      case F32 -> Basic.TO_F32;
      case F64 -> Basic.TO_F64;
      case I32 -> Basic.TO_I32;
      case I64 -> Basic.TO_I64;
      case BOOL -> Basic.TO_BOOL;
    }, value));
  }

  private Value lower(Term term, List<Value> operands, Map<Term, Value> done) {
    Value known = done.get(term);
    if (known != null) {
      return known;
    }
    Value value = switch (term) {
      case Term.Arg(var index) -> operands.get(index);
      case Term.Lit(var dtype, var bits) -> new Value.Const(dtype, bits);
      case Term.Prim(var basic, var args) -> {
        Value[] values = new Value[args.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = lower(args.get(i), operands, done);
        }
        yield let(Value.apply(basic, values));
      }
      case Term.Fn _, Term.Num _, Term.Result _, Term.Seed _ ->
          throw new KotangentException("not a lowered term: " + term);
    };
    done.put(term, value);
    return value;
  }
}
