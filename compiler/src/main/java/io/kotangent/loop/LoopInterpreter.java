package io.kotangent.loop;

import io.kotangent.ir.Basic;
import io.kotangent.ir.BasicEval;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Runs a kernel as it stands: this says which bits a kernel yields, and emitted code must yield the same.
/// Operands are evaluated left to right, all of them, also both sides of a select; bounds of a loop once.
///
/// Immutable and thread-safe. Scalars are raw bits as in [BasicEval], in slots resolved beforehand.
public final class LoopInterpreter {
  interface Eval {
    long eval(Frame frame);
  }

  private interface Exec {
    void run(Frame frame);
  }

  /// One activation.
  static final class Frame {
    final Object[] arrays;
    final int[] offsets;
    final long[] locals;

    Frame(Object[] arrays, int[] offsets, int locals) {
      this.arrays = arrays;
      this.offsets = offsets;
      this.locals = new long[locals];
    }
  }

  private final Kernel kernel;
  private final Map<String, Integer> arraySlots = new HashMap<>();
  private final Map<String, Integer> localSlots = new HashMap<>();
  private final Exec body;

  public LoopInterpreter(Kernel kernel) {
    this.kernel = kernel;
    for (ArrayParam array : kernel.arrays()) {
      arraySlots.put(array.name(), arraySlots.size());
    }
    for (Local local : kernel.ints()) {
      slot(local);
    }
    this.body = block(kernel.body());
  }

  /// Runs the kernel.
  ///
  /// @param arrays one for each of the kernel's, scratch included
  /// @param offsets one for each array; those of whole arrays are not looked at
  /// @param ints one for each int parameter
  public void run(Object[] arrays, int[] offsets, int[] ints) {
    int[] effective = offsets.clone();
    for (int i = 0; i < effective.length; i++) {
      if (kernel.arrays().get(i).whole()) {
        effective[i] = 0;
      }
    }
    Frame frame = new Frame(arrays, effective, localSlots.size());
    for (int i = 0; i < ints.length; i++) {
      frame.locals[i] = ints[i];
    }
    body.run(frame);
  }

  private int slot(Local local) {
    Integer slot = localSlots.get(local.name());
    if (slot == null) {
      slot = localSlots.size();
      localSlots.put(local.name(), slot);
    }
    return slot;
  }

  private int slot(ArrayParam array) {
    Integer slot = arraySlots.get(array.name());
    if (slot == null) {
      throw new KotangentException("kernel: unknown array '" + array.name() + "'");
    }
    return slot;
  }

  private Exec block(List<Stmt> stmts) {
    Exec[] steps = new Exec[stmts.size()];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = statement(stmts.get(i));
    }
    return frame -> {
      for (Exec step : steps) {
        step.run(frame);
      }
    };
  }

  private Exec statement(Stmt stmt) {
    return switch (stmt) {
      case Stmt.For loop ->
          loop(loop.variable(), loop.from(), loop.to(), loop.step(), loop.body());
      case Stmt.Lanes loop -> loop(loop.variable(), loop.from(), loop.to(), 1, loop.body());
      case Stmt.Let(Local local, Value value) -> set(slot(local), value(value));
      case Stmt.Assign(Local local, Value value) -> set(slot(local), value(value));
      case Stmt.Store(ArrayParam array, Value index, Value value) ->
          store(array, value(index), value(value));
      case Stmt.Copy copy -> copy(copy);
      case Stmt.Fill(ArrayParam array, Value from, Value length, Value value) ->
          fill(array, value(from),
              value(length), value(value));
      case Stmt.Transpose move -> statement(move.asLoops());
      case Stmt.If(Value condition, List<Stmt> then, List<Stmt> otherwise) -> {
        Eval test = value(condition);
        Exec yes = block(then);
        Exec no = block(otherwise);
        yield frame -> {
          if (test.eval(frame) != 0) {
            yes.run(frame);
          } else {
            no.run(frame);
          }
        };
      }
      case Stmt.Check(Value condition, String message) -> {
        Eval test = value(condition);
        yield frame -> {
          if (test.eval(frame) == 0) {
            throw new IllegalArgumentException(message);
          }
        };
      }
    };
  }

  private static Exec set(int slot, Eval value) {
    return frame -> frame.locals[slot] = value.eval(frame);
  }

  private Exec loop(Local variable, Value first, Value bound, int step, List<Stmt> body) {
    int slot = slot(variable);
    Eval from = value(first);
    Eval to = value(bound);
    Exec inner = block(body);
    return frame -> {
      int end;
      int i = (int) from.eval(frame);
      for (end = (int) to.eval(frame); i < end; i += step) {
        frame.locals[slot] = i;
        inner.run(frame);
      }
    };
  }

  private Exec store(ArrayParam array, Eval index, Eval value) {
    int a = slot(array);
    return switch (array.dtype()) {
      case F32 -> f -> {
        int i = f.offsets[a] + (int) index.eval(f);
        ((float[]) f.arrays[a])[i] = Float.intBitsToFloat((int) value.eval(f));
      };
      case F64 -> f -> {
        int i = f.offsets[a] + (int) index.eval(f);
        ((double[]) f.arrays[a])[i] = Double.longBitsToDouble(value.eval(f));
      };
      case I32 -> f -> {
        int i = f.offsets[a] + (int) index.eval(f);
        ((int[]) f.arrays[a])[i] = (int) value.eval(f);
      };
      case I64 -> f -> {
        int i = f.offsets[a] + (int) index.eval(f);
        ((long[]) f.arrays[a])[i] = value.eval(f);
      };
      case BOOL -> f -> {
        int i = f.offsets[a] + (int) index.eval(f);
        ((boolean[]) f.arrays[a])[i] = value.eval(f) != 0;
      };
    };
  }

  @SuppressWarnings("SuspiciousSystemArraycopy") // arrays of one dtype, as Object
  private Exec copy(Stmt.Copy copy) {
    int a = slot(copy.from());
    int b = slot(copy.to());
    Eval from = value(copy.fromIndex());
    Eval to = value(copy.toIndex());
    Eval length = value(copy.length());
    return f -> {
      int i = f.offsets[a] + (int) from.eval(f);
      int j = f.offsets[b] + (int) to.eval(f);
      System.arraycopy(f.arrays[a], i, f.arrays[b], j, (int) length.eval(f));
    };
  }

  private Exec fill(ArrayParam array, Eval from, Eval length, Eval value) {
    int a = slot(array);
    return f -> {
      int start = f.offsets[a] + (int) from.eval(f);
      int end = start + (int) length.eval(f);
      long bits = value.eval(f);
      switch (array.dtype()) {
        case F32 -> Arrays.fill((float[]) f.arrays[a], start, end, BasicEval.f32(bits));
        case F64 -> Arrays.fill((double[]) f.arrays[a], start, end, BasicEval.f64(bits));
        case I32 -> Arrays.fill((int[]) f.arrays[a], start, end, (int) bits);
        case I64 -> Arrays.fill((long[]) f.arrays[a], start, end, bits);
        case BOOL -> Arrays.fill((boolean[]) f.arrays[a], start, end, bits != 0);
      }
    };
  }

  private Eval value(Value value) {
    return switch (value) {
      case Value.Const(DType _, long bits) -> _ -> bits;
      case Value.Ref(Local local) -> {
        int slot = slot(local);
        yield frame -> frame.locals[slot];
      }
      case Value.Load(ArrayParam array, Value index) -> load(array, value(index));
      case Value.Apply(Basic basic, List<Value> args, DType _) -> apply(basic, args);
    };
  }

  private Eval load(ArrayParam array, Eval index) {
    int a = slot(array);
    return switch (array.dtype()) {
      case F32 -> f -> BasicEval.bits(((float[]) f.arrays[a])[f.offsets[a] + (int) index.eval(f)]);
      case F64 -> f -> BasicEval.bits(((double[]) f.arrays[a])[f.offsets[a] + (int) index.eval(f)]);
      case I32 -> f -> ((int[]) f.arrays[a])[f.offsets[a] + (int) index.eval(f)];
      case I64 -> f -> ((long[]) f.arrays[a])[f.offsets[a] + (int) index.eval(f)];
      case BOOL -> f -> ((boolean[]) f.arrays[a])[f.offsets[a] + (int) index.eval(f)] ? 1 : 0;
    };
  }

  private Eval apply(Basic basic, List<Value> args) {
    Eval a = value(args.get(0));
    Eval b = args.size() > 1 ? value(args.get(1)) : a;
    Eval c = args.size() > 2 ? value(args.get(2)) : a;
    DType type = args.get(basic == Basic.SELECT ? 1 : 0).dtype();
    if (type == DType.F32) {
      switch (basic) {
        case ADD -> {
          return f -> BasicEval.bits(BasicEval.f32(a.eval(f)) + BasicEval.f32(b.eval(f)));
        }
        case SUB -> {
          return f -> BasicEval.bits(BasicEval.f32(a.eval(f)) - BasicEval.f32(b.eval(f)));
        }
        case MUL -> {
          return f -> BasicEval.bits(BasicEval.f32(a.eval(f)) * BasicEval.f32(b.eval(f)));
        }
        case FMA -> {
          return f -> BasicEval.bits(
              Math.fma(BasicEval.f32(a.eval(f)), BasicEval.f32(b.eval(f)),
                  BasicEval.f32(c.eval(f))));
        }
        default -> {
          // the general way below
        }
      }
    }
    if (type == DType.I32 && basic == Basic.ADD) {
      return f -> (int) (a.eval(f) + b.eval(f));
    }
    if (type == DType.I32 && basic == Basic.MUL) {
      return f -> (int) (a.eval(f) * b.eval(f));
    }
    return switch (args.size()) {
      case 1 -> f -> BasicEval.apply(basic, type, a.eval(f), 0, 0);
      case 2 -> f -> BasicEval.apply(basic, type, a.eval(f), b.eval(f), 0);
      default -> f -> BasicEval.apply(basic, type, a.eval(f), b.eval(f), c.eval(f));
    };
  }
}
