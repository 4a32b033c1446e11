package io.kotangent.bytecode.emit;

import static org.objectweb.asm.Opcodes.*;

import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import org.objectweb.asm.Label;

/// Emits a [Stmt.Transpose] with the Vector API: square blocks, a vector for each row. Each of log₂ steps interleaves the rows of
/// the first half with those of the second; after the last one rows have become columns. The last blocks overlap those before.
final class TransposeEmitter {
  /// Bytes of bytecode of a load or store, and of making two rows of two, about.
  private static final int ACCESS = 30;
  private static final int STEP = 24;
  private static final int AROUND = 200;
  /// Rows so many elements apart, or a multiple of that, share sets of the first cache.
  private static final int ALIASING = 512;

  private static final String SPECIES = "L" + LaneValues.PACKAGE + "VectorSpecies;";
  private static final String VECTOR = "L" + LaneValues.PACKAGE + "Vector;";
  private static final String OPERATORS = LaneValues.PACKAGE + "VectorOperators";
  /// What is interleaved: the first halves of two vectors, or the second ones.
  private static final String LOW = "low$";
  private static final String HIGH = "high$";
  private static final Local ROW = new Local("row$", DType.I32);
  private static final Local COLUMN = new Local("column$", DType.I32);

  private final MethodCode out;
  private final Slots slots;
  private final ValueEmitter values;
  private final int bits;

  TransposeEmitter(MethodCode out, Slots slots, ValueEmitter values, int bits) {
    this.out = out;
    this.slots = slots;
    this.values = values;
    this.bits = bits;
  }

  /// About how many bytes of bytecode it takes.
  static int size(Stmt.Transpose move) {
    return AROUND + move.block() * (2 * ACCESS + steps(move.block()) * STEP);
  }

  private static int steps(int block) {
    return Integer.numberOfTrailingZeros(block);
  }

  void emit(Stmt.Transpose move) {
    DType dtype = move.from().dtype();
    if (!dtype.isFloat() || bits != Byte.SIZE * dtype.bytes() * move.block()) {
      throw new IllegalStateException(
          "blocks of " + move.block() + " " + dtype + " in vectors of " + bits + " bits");
    }
    int mark = slots.enter();
    Label nothing = new Label();
    values.value(move.first());
    values.value(move.end());
    out.visitJumpInsn(IF_ICMPGE, nothing); // or else calls for nothing would make vectors
    interleaving(dtype, move.block());
    Range rows = new Range(ROW, move.first(), move.end());
    Range columns = new Range(COLUMN, Value.i32(0), Value.i32(move.columns()));
    boolean columnsOutside = move.rows() % ALIASING == 0 && move.columns() % ALIASING != 0;
    Runnable block = () -> block(move, dtype);
    if (columnsOutside) {
      loop(columns, move.block(), () -> loop(rows, move.block(), block));
    } else {
      loop(rows, move.block(), () -> loop(columns, move.block(), block));
    }
    out.visitLabel(nothing);
    slots.leave(mark);
  }

  private record Range(Local variable, Value from, Value to) {
  }

  /// `for (next = from; next < to; next += block) { v = min(next, to - block); … }`.
  private void loop(Range range, int block, Runnable body) {
    int mark = slots.enter();
    values.value(range.from());
    int next = slots.reserve("I");
    out.visitVarInsn(ISTORE, next);
    values.value(range.to());
    int end = slots.reserve("I");
    out.visitVarInsn(ISTORE, end);
    Label top = out.top();
    Label done = new Label();
    out.visitVarInsn(ILOAD, next);
    out.visitVarInsn(ILOAD, end);
    out.visitJumpInsn(IF_ICMPGE, done);
    int inner = slots.enter();
    out.visitVarInsn(ILOAD, next);
    out.visitVarInsn(ILOAD, end);
    IntCode.push(out, block);
    out.visitInsn(ISUB);
    out.visitMethodInsn(INVOKESTATIC, "java/lang/Math", "min", "(II)I", false);
    define(range.variable().name(), "I", ISTORE);
    body.run();
    slots.leave(inner);
    IntCode.increment(out, next, block);
    out.visitJumpInsn(GOTO, top);
    out.visitLabel(done);
    slots.leave(mark);
  }

  /// Stores what is on the stack in a new local.
  private int define(String name, String descriptor, int opcode) {
    int slot = slots.reserve(descriptor);
    out.visitVarInsn(opcode, slot);
    slots.name(name, descriptor, slot);
    return slot;
  }

  /// Declares the two orders of the elements of two vectors, 0, n, 1, n + 1 … and n/2 further on.
  private void interleaving(DType dtype, int block) {
    DType whole = dtype == DType.F32 ? DType.I32 : DType.I64;
    String integers = LaneValues.owner(whole);
    LaneValues.species(out, whole, bits);
    out.visitMethodInsn(INVOKESTATIC, integers, "zero", "(" + SPECIES + ")L" + integers + ";",
        false);
    out.visitInsn(ICONST_1);
    out.visitMethodInsn(INVOKEVIRTUAL, integers, "addIndex", "(I)L" + integers + ";", false);
    int index = slots.reserve("L" + integers + ";");
    out.visitVarInsn(ASTORE, index);
    out.visitVarInsn(ALOAD, index);
    lanewise("LSHR", whole, 1);
    out.visitVarInsn(ALOAD, index);
    lanewise("AND", whole, 1);
    lanewise("MUL", whole, block);
    out.visitMethodInsn(INVOKEVIRTUAL, integers, "add", "(" + VECTOR + ")L" + integers + ";",
        false);
    out.visitVarInsn(ASTORE, index);
    order(LOW, dtype, whole, index, 0);
    order(HIGH, dtype, whole, index, block / 2);
  }

  private void lanewise(String operator, DType whole, int operand) {
    out.visitFieldInsn(GETSTATIC, OPERATORS, operator,
        "L" + OPERATORS + (operator.equals("LSHR") ? "$Binary;" : "$Associative;"));
    IntCode.push(out, operand);
    String type = whole == DType.I32 ? "I" : "J";
    if (whole == DType.I64) {
      out.visitInsn(I2L);
    }
    out.visitMethodInsn(INVOKEVIRTUAL, LaneValues.owner(whole), "lanewise",
        "(L" + OPERATORS + "$Binary;" + type + ")L" + LaneValues.owner(whole) + ";", false);
  }

  /// Declares an order as floats, which is what floats are selected by.
  private void order(String name, DType dtype, DType whole, int index, int more) {
    out.visitVarInsn(ALOAD, index);
    lanewise("ADD", whole, more);
    out.visitFieldInsn(GETSTATIC, OPERATORS, whole == DType.I32 ? "I2F" : "L2D",
        "L" + OPERATORS + "$Conversion;");
    out.visitInsn(ICONST_0);
    out.visitMethodInsn(INVOKEVIRTUAL, LaneValues.owner(whole), "convert",
        "(L" + OPERATORS + "$Conversion;I)" + VECTOR, false);
    out.visitTypeInsn(CHECKCAST, LaneValues.owner(dtype));
    define(name, "L" + LaneValues.owner(dtype) + ";", ASTORE);
  }

  private void block(Stmt.Transpose move, DType dtype) {
    int n = move.block();
    int[] rows = new int[n];
    String vector = "L" + LaneValues.owner(dtype) + ";";
    for (int row = 0; row < n; row++) {
      LaneValues.species(out, dtype, bits);
      values.address(move.from(), place(COLUMN, move.rows(), ROW, row));
      out.visitMethodInsn(INVOKESTATIC, LaneValues.owner(dtype), "fromArray",
          "(" + SPECIES + Slots.arrayDescriptor(dtype) + "I)" + vector, false);
      rows[row] = slots.reserve(vector);
      out.visitVarInsn(ASTORE, rows[row]);
    }
    for (int step = 0; step < steps(n); step++) {
      int[] next = new int[n];
      for (int row = 0; row < n; row++) {
        next[row] = selected(row % 2 == 0 ? LOW : HIGH, rows[row / 2], rows[row / 2 + n / 2],
            dtype);
      }
      rows = next;
    }
    for (int row = 0; row < n; row++) {
      store(move.to(), place(ROW, move.columns(), COLUMN, row), rows[row], dtype);
    }
  }

  /// `(outer + row) * stride + inner`.
  private static Value place(Local outer, int stride, Local inner, int row) {
    Value start = Value.apply(Basic.ADD,
        Value.apply(Basic.MUL, Value.ref(outer), Value.i32(stride)), Value.ref(inner));
    return row == 0 ? start : Value.apply(Basic.ADD, start, Value.i32(row * stride));
  }

  private int selected(String order, int first, int second, DType dtype) {
    String vector = "L" + LaneValues.owner(dtype) + ";";
    out.visitVarInsn(ALOAD, slots.slot(order));
    out.visitVarInsn(ALOAD, first);
    out.visitVarInsn(ALOAD, second);
    out.visitMethodInsn(INVOKEVIRTUAL, LaneValues.owner(dtype), "selectFrom",
        "(" + VECTOR.repeat(2) + ")" + vector, false);
    int slot = slots.reserve(vector);
    out.visitVarInsn(ASTORE, slot);
    return slot;
  }

  /// Stores through an exactly typed receiver, as lanes do.
  private void store(ArrayParam array, Value index, int row, DType dtype) {
    LaneValues.species(out, dtype, bits);
    out.visitMethodInsn(INVOKEINTERFACE, LaneValues.PACKAGE + "VectorSpecies", "vectorType",
        "()Ljava/lang/Class;", true);
    out.visitVarInsn(ALOAD, row);
    out.visitMethodInsn(INVOKEVIRTUAL, "java/lang/Class", "cast",
        "(Ljava/lang/Object;)Ljava/lang/Object;", false);
    out.visitTypeInsn(CHECKCAST, LaneValues.owner(dtype));
    values.address(array, index);
    out.visitMethodInsn(INVOKEVIRTUAL, LaneValues.owner(dtype), "intoArray",
        "(" + Slots.arrayDescriptor(dtype) + "I)V", false);
  }
}
