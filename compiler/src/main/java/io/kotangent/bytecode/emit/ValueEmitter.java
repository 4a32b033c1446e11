package io.kotangent.bytecode.emit;

import static org.objectweb.asm.Opcodes.*;

import io.kotangent.ir.Basic;
import io.kotangent.ir.BasicEval;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.List;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/// Emits scalar values: leaves each on the operand stack.
public final class ValueEmitter {
  private static final String MATH = "java/lang/Math";

  private final MethodVisitor out;
  private final Slots slots;

  ValueEmitter(MethodVisitor out, Slots slots) {
    this.out = out;
    this.slots = slots;
  }

  void value(Value value) {
    switch (value) {
      case Value.Const(DType dtype, long bits) -> constant(dtype, bits);
      case Value.Ref(Local local) ->
          out.visitVarInsn(Slots.loadOpcode(local.dtype()), slots.slot(local.name()));
      case Value.Load(ArrayParam array, Value index) -> {
        address(array, index);
        Elements.load(out, array);
      }
      case Value.Apply(Basic basic, List<Value> args, DType _) -> apply(basic, args);
    }
  }

  /// Leaves the array and the element's index.
  void address(ArrayParam array, Value index) {
    out.visitVarInsn(ALOAD, slots.slot(array.name()));
    index(array, index);
  }

  /// Leaves the index in the array, offset added.
  void index(ArrayParam array, Value index) {
    if (array.whole()) {
      value(index);
    } else if (index.equals(Value.i32(0))) {
      out.visitVarInsn(ILOAD, slots.slot(offsetName(array)));
    } else {
      out.visitVarInsn(ILOAD, slots.slot(offsetName(array)));
      value(index);
      out.visitInsn(IADD);
    }
  }

  static String offsetName(ArrayParam array) {
    return array.name() + "$o";
  }

  private void constant(DType dtype, long bits) {
    switch (dtype) {
      case F32 -> {
        int raw = (int) bits;
        if (raw == 0) {
          out.visitInsn(FCONST_0);
        } else if (raw == Float.floatToRawIntBits(1f)) {
          out.visitInsn(FCONST_1);
        } else if (raw == Float.floatToRawIntBits(2f)) {
          out.visitInsn(FCONST_2);
        } else {
          out.visitLdcInsn(BasicEval.f32(bits));
        }
      }
      case F64 -> {
        if (bits == 0) {
          out.visitInsn(DCONST_0);
        } else if (bits == Double.doubleToRawLongBits(1)) {
          out.visitInsn(DCONST_1);
        } else {
          out.visitLdcInsn(BasicEval.f64(bits));
        }
      }
      case I32, BOOL -> IntCode.push(out, (int) bits);
      case I64 -> {
        if (bits == 0 || bits == 1) {
          out.visitInsn(bits == 0 ? LCONST_0 : LCONST_1);
        } else {
          out.visitLdcInsn(bits);
        }
      }
    }
  }

  private void apply(Basic basic, List<Value> args) {
    switch (basic) {
      case LT, LE, EQ, NE -> {
        if (args.getFirst().dtype() == DType.BOOL) {
          operands(args);
          out.visitInsn(IXOR);
          if (basic == Basic.EQ) {
            out.visitInsn(ICONST_1);
            out.visitInsn(IXOR);
          }
        } else {
          truth(new Value.Apply(basic, args, DType.BOOL));
        }
      }
      case SELECT -> select(args);
      case NEG, ABS, ADD, SUB, MUL, DIV, MIN, MAX, REM, SHL, SHR, USHR, AND, OR, XOR, NOT, SQRT,
          FMA, RINT, FLOOR, CEIL, STRICT_EXP, STRICT_EXPM1, STRICT_LOG, STRICT_LOG1P, STRICT_SIN,
          STRICT_COS, STRICT_TAN, STRICT_TANH, STRICT_ATAN, STRICT_POW, STRICT_CBRT, TO_F32, TO_F64,
          TO_I32, TO_I64, TO_BOOL, BITS, FROM_BITS -> {
        operands(args);
        primitive(basic, args.getFirst().dtype());
      }
    }
  }

  private void operands(List<Value> args) {
    for (Value arg : args) {
      value(arg);
    }
  }

  /// A comparison as 0 or 1.
  private void truth(Value condition) {
    Label no = new Label();
    Label end = new Label();
    jumpUnless(condition, no);
    out.visitInsn(ICONST_1);
    out.visitJumpInsn(GOTO, end);
    out.visitLabel(no);
    out.visitInsn(ICONST_0);
    out.visitLabel(end);
  }

  /// Both sides are evaluated and one is taken by its bits, `b ^ ((a ^ b) & mask)`: a branch that depends on data
  /// is mispredicted half of the time, which costs ten times as much.
  private void select(List<Value> args) {
    Value yes = args.get(1);
    Value no = args.get(2);
    boolean wide = yes.dtype() == DType.I64 || yes.dtype() == DType.F64;
    boolean keep = no instanceof Value.Const(DType _, long bits) && bits == 0;
    if (!keep) {
      bits(no);
      out.visitInsn(wide ? DUP2 : DUP);
    }
    bits(yes);
    if (!keep) {
      out.visitInsn(wide ? LXOR : IXOR);
    }
    value(args.getFirst());
    out.visitInsn(INEG);
    if (wide) {
      out.visitInsn(I2L);
    }
    out.visitInsn(wide ? LAND : IAND);
    if (!keep) {
      out.visitInsn(wide ? LXOR : IXOR);
    }
    if (yes.dtype().isFloat()) {
      primitive(Basic.FROM_BITS, wide ? DType.I64 : DType.I32);
    }
  }

  /// Leaves a value's bits as an int or long.
  private void bits(Value value) {
    value(value);
    if (value.dtype().isFloat()) {
      primitive(Basic.BITS, value.dtype());
    }
  }

  /// Jumps to `target` if the condition is false.
  void jumpUnless(Value condition, Label target) {
    if (condition instanceof Value.Apply(Basic basic, List<Value> args, DType _) && args.size() == 2
        && args.getFirst().dtype() != DType.BOOL) {
      operands(args);
      switch (args.getFirst().dtype()) {
        case I32 -> out.visitJumpInsn(intOpposite(basic), target);
        case I64 -> {
          out.visitInsn(LCMP);
          out.visitJumpInsn(opposite(basic), target);
        }
        case F32 -> {
          out.visitInsn(basic == Basic.LT || basic == Basic.LE ? FCMPG : FCMPL);
          out.visitJumpInsn(opposite(basic), target);
        }
        case F64 -> {
          out.visitInsn(basic == Basic.LT || basic == Basic.LE ? DCMPG : DCMPL);
          out.visitJumpInsn(opposite(basic), target);
        }
        case BOOL -> throw new IllegalStateException("compared above");
      }
    } else {
      value(condition);
      out.visitJumpInsn(IFEQ, target);
    }
  }

  private static int opposite(Basic basic) {
    return switch (basic) {
      case LT -> IFGE;
      case LE -> IFGT;
      case EQ -> IFNE;
      case NE -> IFEQ;
      default -> throw new IllegalStateException(basic + " is no comparison");
    };
  }

  private static int intOpposite(Basic basic) {
    return opposite(basic) - IFEQ + IF_ICMPEQ;
  }

  /// The instruction of a primitive whose operands are on the stack.
  private void primitive(Basic basic, DType type) {
    switch (basic) {
      case NEG -> arithmetic(INEG, type);
      case ADD -> arithmetic(IADD, type);
      case SUB -> arithmetic(ISUB, type);
      case MUL -> arithmetic(IMUL, type);
      case DIV -> arithmetic(IDIV, type);
      case REM -> arithmetic(IREM, type);
      case AND -> bitwise(IAND, type);
      case OR -> bitwise(IOR, type);
      case XOR -> bitwise(IXOR, type);
      case SHL -> shift(ISHL, type);
      case SHR -> shift(ISHR, type);
      case USHR -> shift(IUSHR, type);
      case NOT -> not(type);
      case ABS -> math("abs", type, 1);
      case MIN -> math("min", type, 2);
      case MAX -> math("max", type, 2);
      case FMA -> math("fma", type, 3);
      case SQRT -> viaDouble("sqrt", type);
      case RINT -> viaDouble("rint", type);
      case FLOOR -> viaDouble("floor", type);
      case CEIL -> viaDouble("ceil", type);
      case STRICT_EXP, STRICT_EXPM1, STRICT_LOG, STRICT_LOG1P, STRICT_SIN, STRICT_COS, STRICT_TAN,
          STRICT_TANH,
          STRICT_ATAN, STRICT_POW,
          STRICT_CBRT -> out.visitMethodInsn(INVOKESTATIC, "java/lang/StrictMath",
              basic.toString().substring("strict_".length()),
              basic == Basic.STRICT_POW ? "(DD)D" : "(D)D", false);
      case TO_F32 -> cast(type, DType.F32);
      case TO_F64 -> cast(type, DType.F64);
      case TO_I32 -> cast(type, DType.I32);
      case TO_I64 -> cast(type, DType.I64);
      case TO_BOOL -> nonZero(type);
      case BITS -> out.visitMethodInsn(INVOKESTATIC,
          type == DType.F32 ? "java/lang/Float" : "java/lang/Double",
          type == DType.F32 ? "floatToRawIntBits" : "doubleToRawLongBits",
          type == DType.F32 ? "(F)I" : "(D)J", false);
      case FROM_BITS -> out.visitMethodInsn(INVOKESTATIC,
          type == DType.I32 ? "java/lang/Float" : "java/lang/Double",
          type == DType.I32 ? "intBitsToFloat" : "longBitsToDouble",
          type == DType.I32 ? "(I)F" : "(J)D", false);
      case LT, LE, EQ, NE, SELECT -> throw new IllegalStateException("emitted above");
    }
  }

  private static int variant(DType type) {
    return switch (type) {
      case I32 -> 0;
      case I64 -> 1;
      case F32 -> 2;
      case F64 -> 3;
      case BOOL -> throw new KotangentException("no arithmetic on bool");
    };
  }

  private void arithmetic(int intOpcode, DType type) {
    out.visitInsn(intOpcode + variant(type));
  }

  private void bitwise(int intOpcode, DType type) {
    out.visitInsn(type == DType.I64 ? intOpcode + 1 : intOpcode);
  }

  private void shift(int intOpcode, DType type) {
    if (type == DType.I64) {
      out.visitInsn(L2I);
      out.visitInsn(intOpcode + 1);
    } else {
      out.visitInsn(intOpcode);
    }
  }

  private void not(DType type) {
    switch (type) {
      case BOOL -> {
        out.visitInsn(ICONST_1);
        out.visitInsn(IXOR);
      }
      case I32 -> {
        out.visitInsn(ICONST_M1);
        out.visitInsn(IXOR);
      }
      case I64 -> {
        out.visitLdcInsn(-1L);
        out.visitInsn(LXOR);
      }
      case F32, F64 -> throw new KotangentException("no complement of " + type);
    }
  }

  private void math(String name, DType type, int arity) {
    String t = Slots.descriptor(type);
    out.visitMethodInsn(INVOKESTATIC, MATH, name, "(" + t.repeat(arity) + ")" + t, false);
  }

  private void viaDouble(String name, DType type) {
    if (type == DType.F32) {
      out.visitInsn(F2D);
    }
    out.visitMethodInsn(INVOKESTATIC, MATH, name, "(D)D", false);
    if (type == DType.F32) {
      out.visitInsn(D2F);
    }
  }

  private void cast(DType from, DType to) {
    int opcode = switch (from) {
      case I32, BOOL -> switch (to) {
        case I64 -> I2L;
        case F32 -> I2F;
        case F64 -> I2D;
        case I32, BOOL -> NOP;
      };
      case I64 -> switch (to) {
        case I32 -> L2I;
        case F32 -> L2F;
        case F64 -> L2D;
        case I64, BOOL -> NOP;
      };
      case F32 -> switch (to) {
        case I32 -> F2I;
        case I64 -> F2L;
        case F64 -> F2D;
        case F32, BOOL -> NOP;
      };
      case F64 -> switch (to) {
        case I32 -> D2I;
        case I64 -> D2L;
        case F32 -> D2F;
        case F64, BOOL -> NOP;
      };
    };
    if (opcode != NOP) {
      out.visitInsn(opcode);
    }
  }

  private void nonZero(DType type) {
    Label zero = new Label();
    Label end = new Label();
    switch (type) {
      case F32 -> {
        out.visitInsn(FCONST_0);
        out.visitInsn(FCMPL);
      }
      case F64 -> {
        out.visitInsn(DCONST_0);
        out.visitInsn(DCMPL);
      }
      case I64 -> {
        out.visitInsn(LCONST_0);
        out.visitInsn(LCMP);
      }
      case I32, BOOL -> {
        // compared with zero by the jump
      }
    }
    out.visitJumpInsn(IFEQ, zero);
    out.visitInsn(ICONST_1);
    out.visitJumpInsn(GOTO, end);
    out.visitLabel(zero);
    out.visitInsn(ICONST_0);
    out.visitLabel(end);
  }
}
