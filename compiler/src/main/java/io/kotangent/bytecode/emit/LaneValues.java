package io.kotangent.bytecode.emit;

import static org.objectweb.asm.Opcodes.*;

import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.LaneKinds.Kind;
import io.kotangent.loop.LaneKinds;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.MethodVisitor;

/// Emits values of lanes: for what varies, `vectors` vectors each, in locals `name$0`, `name$1` …
final class LaneValues {
  static final String PACKAGE = "jdk/incubator/vector/";
  static final String MASK = "L" + PACKAGE + "VectorMask;";
  private static final String VECTOR = "L" + PACKAGE + "Vector;";
  private static final String SPECIES = "L" + PACKAGE + "VectorSpecies;";
  private static final String OPERATORS = PACKAGE + "VectorOperators";

  private final MethodVisitor out;
  private final Slots slots;
  private final ValueEmitter values;
  private final LaneKinds kinds;
  private final int bits;
  private final int vectors;
  private final int mask;
  /// Slots of scalars that the current statement has broadcast.
  private final Map<String, Integer> spread = new HashMap<>();

  /// @param mask the local with the mask of the last vector, or −1
  LaneValues(MethodVisitor out, Slots slots, ValueEmitter values, LaneKinds kinds, int bits,
      int vectors, int mask) {
    this.out = out;
    this.slots = slots;
    this.values = values;
    this.kinds = kinds;
    this.bits = bits;
    this.vectors = vectors;
    this.mask = mask;
  }

  /// How many vectors each thing that varies has.
  int vectors() {
    return vectors;
  }

  private int lanes() {
    return bits / Byte.SIZE / kinds.width();
  }

  /// The floats whose species masks have.
  private DType widest() {
    return kinds.width() == Float.BYTES ? DType.F32 : DType.F64;
  }

  static String owner(DType dtype) {
    return PACKAGE + switch (dtype) {
      case F32 -> "FloatVector";
      case F64 -> "DoubleVector";
      case I32 -> "IntVector";
      case I64 -> "LongVector";
      case BOOL -> "VectorMask";
    };
  }

  private static String descriptor(DType dtype) {
    return "L" + owner(dtype) + ";";
  }

  static void species(MethodVisitor out, DType dtype, int bits) {
    out.visitFieldInsn(GETSTATIC, owner(dtype), "SPECIES_" + bits, SPECIES);
  }

  /// Declares or assigns a local.
  void set(Local local, Value value) {
    if (kinds.of(local) != Kind.VARYING) {
      values.value(value);
      define(local.name(), Slots.descriptor(local.dtype()), Slots.storeOpcode(local.dtype()));
      return;
    }
    int[] slot = new int[vectors];
    for (int v = 0; v < vectors; v++) {
      String name = local.name() + "$" + v;
      slot[v] = slots.has(name) ? slots.slot(name) : slots.reserve(descriptor(local.dtype()));
    }
    int temporaries = slots.enter();
    spread(value);
    for (int v = 0; v < vectors; v++) {
      vector(value, v);
      out.visitVarInsn(ASTORE, slot[v]);
    }
    spread.clear();
    slots.leave(temporaries);
    for (int v = 0; v < vectors; v++) {
      String name = local.name() + "$" + v;
      if (!slots.has(name)) {
        slots.name(name, descriptor(local.dtype()), slot[v]);
      }
    }
  }

  /// Broadcasts scalars that all vectors of a statement need, once.
  private void spread(Value value) {
    if (vectors > 1 && value instanceof Value.Apply(Basic _, List<Value> args, DType _)) {
      for (Value arg : args) {
        if (arg instanceof Value.Ref(Local local) && kinds.of(local) == Kind.UNIFORM
            && local.dtype() != DType.BOOL && !spread.containsKey(local.name())) {
          broadcast(arg);
          int slot = slots.reserve(descriptor(local.dtype()));
          out.visitVarInsn(ASTORE, slot);
          spread.put(local.name(), slot);
        } else {
          spread(arg);
        }
      }
    }
  }

  private void define(String name, String descriptor, int opcode) {
    if (slots.has(name)) {
      out.visitVarInsn(opcode, slots.slot(name));
    } else {
      int slot = slots.reserve(descriptor);
      out.visitVarInsn(opcode, slot);
      slots.name(name, descriptor, slot);
    }
  }

  /// Stores through an exactly typed receiver: else C2 may not know which vectors there are.
  void store(ArrayParam array, Value index, Value value) {
    String owner = owner(array.dtype());
    for (int v = 0; v < vectors; v++) {
      if (array.dtype() == DType.BOOL) {
        vector(value, v);
        address(array, index, v);
        out.visitMethodInsn(INVOKEVIRTUAL, owner, "intoArray", "([ZI)V", false);
        continue;
      }
      species(out, array.dtype(), bits);
      out.visitMethodInsn(INVOKEINTERFACE, PACKAGE + "VectorSpecies", "vectorType",
          "()Ljava/lang/Class;", true);
      vector(value, v);
      out.visitMethodInsn(INVOKEVIRTUAL, "java/lang/Class", "cast",
          "(Ljava/lang/Object;)Ljava/lang/Object;", false);
      out.visitTypeInsn(CHECKCAST, owner);
      address(array, index, v);
      boolean masked = isMasked(v);
      mask(array.dtype(), masked);
      out.visitMethodInsn(INVOKEVIRTUAL, owner, "intoArray",
          "(" + Slots.arrayDescriptor(array.dtype()) + "I" + (masked ? MASK : "") + ")V", false);
    }
  }

  private boolean isMasked(int v) {
    return mask >= 0 && v == vectors - 1;
  }

  /// Leaves the mask, as one of the element type.
  private void mask(DType dtype, boolean masked) {
    if (masked) {
      out.visitVarInsn(ALOAD, mask);
      if (dtype.isInteger()) {
        cast(dtype);
      }
    }
  }

  /// Makes a mask one of another element type.
  private void cast(DType dtype) {
    species(out, dtype, bits);
    out.visitMethodInsn(INVOKEVIRTUAL, PACKAGE + "VectorMask", "cast", "(" + SPECIES + ")" + MASK,
        false);
  }

  private void address(ArrayParam array, Value index, int v) {
    values.address(array, index);
    if (v > 0) {
      IntCode.push(out, v * lanes());
      out.visitInsn(IADD);
    }
  }

  /// Leaves vector `v` of a value.
  private void vector(Value value, int v) {
    switch (kinds.of(value)) {
      case UNIFORM -> {
        if (value.dtype() == DType.BOOL) {
          species(out, widest(), bits);
          values.value(value);
          out.visitMethodInsn(INVOKEINTERFACE, PACKAGE + "VectorSpecies", "maskAll", "(Z)" + MASK,
              true);
        } else {
          broadcast(value);
        }
      }
      case CONSECUTIVE -> {
        broadcast(v == 0 ? value : Value.apply(Basic.ADD, value, Value.i32(v * lanes())));
        out.visitInsn(ICONST_1);
        out.visitMethodInsn(INVOKEVIRTUAL, owner(DType.I32), "addIndex",
            "(I)" + descriptor(DType.I32), false);
      }
      case VARYING -> varying(value, v);
    }
  }

  private void broadcast(Value value) {
    DType dtype = value.dtype();
    if (value instanceof Value.Ref(Local local)) {
      Integer slot = spread.get(local.name());
      if (slot != null) {
        out.visitVarInsn(ALOAD, slot);
        return;
      }
    }
    species(out, dtype, bits);
    values.value(value);
    out.visitMethodInsn(INVOKESTATIC, owner(dtype), "broadcast",
        "(" + SPECIES + Slots.descriptor(dtype) + ")" + descriptor(dtype), false);
  }

  private void varying(Value value, int v) {
    switch (value) {
      case Value.Const _ -> throw new IllegalStateException("constants do not vary");
      case Value.Ref(Local local) ->
          out.visitVarInsn(ALOAD, slots.slot(local.name() + "$" + v));
      case Value.Load(ArrayParam array, Value index) -> {
        DType dtype = array.dtype();
        species(out, dtype == DType.BOOL ? widest() : dtype, bits);
        address(array, index, v);
        boolean masked = isMasked(v);
        mask(dtype, masked);
        out.visitMethodInsn(INVOKESTATIC, owner(dtype), "fromArray",
            "(" + SPECIES + Slots.arrayDescriptor(dtype) + "I" + (masked ? MASK : "") + ")"
                + descriptor(dtype),
            false);
      }
      case Value.Apply(Basic basic, List<Value> args, DType dtype) -> apply(basic, args, dtype, v);
    }
  }

  private void apply(Basic basic, List<Value> args, DType result, int v) {
    if (basic == Basic.SELECT) {
      vector(args.get(2), v);
      vector(args.get(1), v);
      vector(args.get(0), v);
      if (result.isInteger()) {
        cast(result);
      }
      out.visitMethodInsn(INVOKEVIRTUAL, owner(result), "blend",
          "(" + VECTOR + MASK + ")" + descriptor(result), false);
      return;
    }
    DType operand = args.getFirst().dtype();
    vector(args.getFirst(), v);
    if (args.size() == 2 && args.get(1) instanceof Value.Const limit
        && LimitLanes.suits(basic, limit)) {
      limit(basic, limit, v);
      return;
    }
    if (basic == Basic.LT || basic == Basic.LE || basic == Basic.EQ || basic == Basic.NE) {
      out.visitFieldInsn(GETSTATIC, OPERATORS, basic.name(), "L" + OPERATORS + "$Comparison;");
      vector(args.get(1), v);
      out.visitMethodInsn(INVOKEVIRTUAL, owner(operand), "compare",
          "(L" + OPERATORS + "$Comparison;" + VECTOR + ")" + MASK, false);
      if (operand.isInteger()) {
        cast(widest());
      }
      return;
    }
    if (operand == DType.BOOL) {
      logic(basic, args, v);
      return;
    }
    primitive(basic, args, operand, result, v);
  }

  /// What is on the stack, or a constant where that is passed.
  private void limit(Basic basic, Value.Const limit, int v) {
    DType dtype = limit.dtype();
    out.visitInsn(DUP);
    out.visitFieldInsn(GETSTATIC, OPERATORS, LimitLanes.comparison(basic, limit),
        "L" + OPERATORS + "$Comparison;");
    vector(limit, v);
    out.visitMethodInsn(INVOKEVIRTUAL, owner(dtype), "compare",
        "(L" + OPERATORS + "$Comparison;" + VECTOR + ")" + MASK, false);
    vector(limit, v);
    out.visitInsn(SWAP);
    out.visitMethodInsn(INVOKEVIRTUAL, owner(dtype), "blend",
        "(" + VECTOR + MASK + ")" + descriptor(dtype), false);
  }

  private void logic(Basic basic, List<Value> args, int v) {
    if (basic == Basic.NOT) {
      out.visitMethodInsn(INVOKEVIRTUAL, owner(DType.BOOL), "not", "()" + MASK, false);
      return;
    }
    vector(args.get(1), v);
    out.visitMethodInsn(INVOKEVIRTUAL, owner(DType.BOOL),
        basic == Basic.AND ? "and" : basic == Basic.OR ? "or" : "eq", "(" + MASK + ")" + MASK,
        false);
    if (basic == Basic.XOR) { // masks have one since Java 19
      out.visitMethodInsn(INVOKEVIRTUAL, owner(DType.BOOL), "not", "()" + MASK, false);
    }
  }

  /// A primitive whose first operand is on the stack.
  private void primitive(Basic basic, List<Value> args, DType operand, DType result, int v) {
    switch (basic) {
      case NEG, ABS, SQRT -> method(basic.name().toLowerCase(java.util.Locale.ROOT), operand, 0);
      case NOT -> method("not", operand, 0);
      case ADD, SUB, MUL, DIV, MIN, MAX -> {
        vector(args.get(1), v);
        method(basic.name().toLowerCase(java.util.Locale.ROOT), operand, 1);
      }
      case AND, OR, XOR -> bitwise(basic.name(), false, args.get(1), operand, v);
      case SHL -> bitwise("LSHL", true, args.get(1), operand, v);
      case SHR -> bitwise("ASHR", true, args.get(1), operand, v);
      case USHR -> bitwise("LSHR", true, args.get(1), operand, v);
      case FMA -> {
        vector(args.get(1), v);
        vector(args.get(2), v);
        method("fma", operand, 2);
      }
      case BITS -> reinterpret(operand, operand == DType.F32 ? DType.I32 : DType.I64);
      case FROM_BITS -> reinterpret(operand, operand == DType.I32 ? DType.F32 : DType.F64);
      case TO_F32, TO_I32 -> convert(operand, result);
      case LT, LE, EQ, NE, SELECT, REM, TO_F64, TO_I64, TO_BOOL, RINT, FLOOR, CEIL, STRICT_EXP,
          STRICT_EXPM1, STRICT_LOG, STRICT_LOG1P, STRICT_SIN, STRICT_COS, STRICT_TAN, STRICT_TANH,
          STRICT_ATAN, STRICT_POW, STRICT_CBRT ->
          throw new IllegalStateException("no SIMD form of " + basic);
    }
  }

  private void method(String name, DType dtype, int operands) {
    out.visitMethodInsn(INVOKEVIRTUAL, owner(dtype), name,
        "(" + VECTOR.repeat(operands) + ")" + descriptor(dtype), false);
  }

  private void bitwise(String name, boolean shift, Value second, DType operand, int v) {
    String kind = "L" + OPERATORS + (shift ? "$Binary;" : "$Associative;");
    out.visitFieldInsn(GETSTATIC, OPERATORS, name, kind);
    boolean scalar = shift && kinds.of(second) == Kind.UNIFORM && operand == DType.I32;
    if (scalar) {
      values.value(second);
    } else {
      vector(second, v);
    }
    out.visitMethodInsn(INVOKEVIRTUAL, owner(operand), "lanewise",
        "(L" + OPERATORS + "$Binary;" + (scalar ? "I" : VECTOR) + ")" + descriptor(operand), false);
  }

  private void reinterpret(DType from, DType to) {
    String name = switch (to) {
      case F32 -> "reinterpretAsFloats";
      case F64 -> "reinterpretAsDoubles";
      case I32 -> "reinterpretAsInts";
      case I64, BOOL -> "reinterpretAsLongs";
    };
    out.visitMethodInsn(INVOKEVIRTUAL, owner(from), name, "()" + descriptor(to), false);
  }

  private void convert(DType from, DType to) {
    if (from == to) {
      return;
    }
    out.visitFieldInsn(GETSTATIC, OPERATORS, to == DType.F32 ? "I2F" : "F2I",
        "L" + OPERATORS + "$Conversion;");
    out.visitInsn(ICONST_0);
    out.visitMethodInsn(INVOKEVIRTUAL, owner(from), "convert",
        "(L" + OPERATORS + "$Conversion;I)" + VECTOR, false);
    out.visitTypeInsn(CHECKCAST, owner(to));
  }
}
