package io.kotangent.bytecode.emit;

import static org.objectweb.asm.Opcodes.*;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import java.util.List;
import java.util.Optional;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;

/// Emits one method of a kernel's class.
final class MethodEmitter {
  private static final int LAST_LINE = 65_535;
  private static final String SPILL = "spill$";

  private final RowClasses owners;
  private final Piece.Method method;
  private final MethodCode out;
  private final Slots slots;
  private final ValueEmitter values;
  private final boolean entry;
  private final int bits;
  private int line;

  /// @param owners the classes that methods are in
  /// @param entry whether it is the one that programs call; if anything is spilled, it makes the array
  /// @param bits the width of a vector
  MethodEmitter(ClassWriter writer, RowClasses owners, Piece.Method method,
      boolean entry, int bits) {
    this.bits = bits;
    this.owners = owners;
    this.method = method;
    this.entry = entry;
    this.out = new MethodCode(writer, entry ? ACC_PUBLIC : ACC_PRIVATE, method.name(),
        descriptor(method, entry));
    this.slots = new Slots(out);
    this.values = new ValueEmitter(out, slots);
  }

  private static String descriptor(Piece.Method method, boolean entry) {
    StringBuilder text = new StringBuilder("(");
    for (ArrayParam array : method.arrays()) {
      text.append(Slots.descriptor(array)).append(array.whole() ? "" : "I");
    }
    for (Local local : method.scalars()) {
      text.append(Slots.descriptor(local.dtype()));
    }
    text.append(method.spills() && !entry ? "[J" : "").append(')');
    return text.append(
        method.results().size() == 1 ? Slots.descriptor(method.results().getFirst().dtype()) : "V")
        .toString();
  }

  /// Emits the method and says how many bytes of bytecode it has.
  ///
  /// @param apart whether C2 is to compile it by itself only, and not to copy it into its callers as well
  /// @param looks whether it is a loop that looks first if there is anything to do
  int emit(boolean apart, boolean looks) {
    out.visitCode();
    for (ArrayParam array : method.arrays()) {
      slots.declare(array.name(), Slots.descriptor(array));
      if (!array.whole()) {
        slots.declare(ValueEmitter.offsetName(array), "I");
      }
    }
    for (Local local : method.scalars()) {
      slots.declare(local.name(), Slots.descriptor(local.dtype()));
    }
    if (method.spills()) {
      spillArray();
    }
    for (int i = 0; i < method.spilled().size(); i++) {
      unspill(method.spilled().get(i), i);
    }
    if (looks) {
      leaveIfNothing(((Piece.Loop) method.body().getFirst()).loop());
    } else if (method.isLanes() && method.body().getFirst() instanceof Piece.Lanes lanes) {
      inner(lanes.loop()).ifPresent(this::leaveIfNothing);
    }
    pieces(method.body());
    leave();
    if (looks || apart && out.isCopied()) {
      out.lengthen();
    }
    Label end = new Label();
    out.visitLabel(end);
    slots.visitTable();
    out.end();
    return end.getOffset();
  }

  /// Calls for nothing are not to count as ends of the loop: C2 would believe that it has few turns.
  private void leaveIfNothing(Stmt.For loop) {
    Label begin = new Label();
    values.value(loop.from());
    values.value(loop.to());
    out.visitJumpInsn(IF_ICMPLT, begin);
    out.visitInsn(RETURN);
    out.visitLabel(begin);
  }

  /// The loop that is all of a turn of SIMD code, if its range is the same in all turns. Calls for nothing, of which there are thousands
  /// before C2 has compiled it (`SimdTrial`), then make no masks. Where turns overlap there are none, and C2 is not told that all is rare: that
  /// cost a row of 100 half as much again (`block-infer1` 1.5 to 2.3 µs).
  private static Optional<Stmt.For> inner(Stmt.Lanes lanes) {
    return !lanes.overlap() && lanes.body().size() == 1
        && lanes.body().getFirst() instanceof Stmt.For loop
        && isFixed(loop.from(), lanes.variable()) && isFixed(loop.to(), lanes.variable())
            ? Optional.of(loop)
            : Optional.empty();
  }

  private static boolean isFixed(Value value, Local variable) {
    return value instanceof Value.Const
        || value instanceof Value.Ref(Local local) && !local.equals(variable);
  }

  private void leave() {
    List<Local> results = method.results();
    if (results.size() == 1) {
      Local result = results.getFirst();
      load(result);
      out.visitInsn(Slots.returnOpcode(result.dtype()));
    } else {
      for (int i = 0; i < results.size(); i++) {
        spill(results.get(i), i);
      }
      out.visitInsn(RETURN);
    }
  }

  private void spillArray() {
    if (entry) {
      int slot = slots.reserve("[J");
      IntCode.push(out, method.spillLength());
      out.visitIntInsn(NEWARRAY, T_LONG);
      out.visitVarInsn(ASTORE, slot);
      slots.name(SPILL, "[J", slot);
    } else {
      slots.declare(SPILL, "[J");
    }
  }

  private void load(Local local) {
    out.visitVarInsn(Slots.loadOpcode(local.dtype()), slots.slot(local.name()));
  }

  private void store(Local local) {
    out.visitVarInsn(Slots.storeOpcode(local.dtype()), slots.slot(local.name()));
  }

  private void spill(Local local, int index) {
    out.visitVarInsn(ALOAD, slots.slot(SPILL));
    IntCode.push(out, index);
    load(local);
    switch (local.dtype()) {
      case F32 -> {
        out.visitMethodInsn(INVOKESTATIC, "java/lang/Float", "floatToRawIntBits", "(F)I", false);
        out.visitInsn(I2L);
      }
      case F64 -> out.visitMethodInsn(INVOKESTATIC, "java/lang/Double", "doubleToRawLongBits",
          "(D)J", false);
      case I32, BOOL -> out.visitInsn(I2L);
      case I64 -> {
        // a long already
      }
    }
    out.visitInsn(LASTORE);
  }

  /// Declares a local, unless it is known here, and takes its value from the spill array.
  private void unspill(Local local, int index) {
    out.visitVarInsn(ALOAD, slots.slot(SPILL));
    IntCode.push(out, index);
    out.visitInsn(LALOAD);
    switch (local.dtype()) {
      case F32 -> {
        out.visitInsn(L2I);
        out.visitMethodInsn(INVOKESTATIC, "java/lang/Float", "intBitsToFloat", "(I)F", false);
      }
      case F64 ->
          out.visitMethodInsn(INVOKESTATIC, "java/lang/Double", "longBitsToDouble", "(J)D", false);
      case I32, BOOL -> out.visitInsn(L2I);
      case I64 -> {
        // a long already
      }
    }
    define(local);
  }

  /// Stores what is on the stack in a local that is known here or becomes so.
  private void define(Local local) {
    if (slots.has(local.name())) {
      store(local);
    } else {
      int slot = slots.reserve(Slots.descriptor(local.dtype()));
      out.visitVarInsn(Slots.storeOpcode(local.dtype()), slot);
      slots.name(local.name(), Slots.descriptor(local.dtype()), slot);
    }
  }

  private void pieces(List<Piece> pieces) {
    for (Piece piece : pieces) {
      line(piece.line());
      switch (piece) {
        case Piece.Plain plain -> statement(plain.stmt());
        case Piece.Loop loop -> loop(loop);
        case Piece.Lanes lanes -> new LanesEmitter(out, slots, values, bits, this::line)
            .emit(lanes.loop(), lanes.line());
        case Piece.Branch branch -> branch(branch);
        case Piece.Call call -> call(call);
      }
    }
  }

  private void line(int at) {
    if (at != line && at <= LAST_LINE) {
      line = at;
      Label label = new Label();
      out.visitLabel(label);
      out.visitLineNumber(at, label);
    }
  }

  private void statement(Stmt stmt) {
    switch (stmt) {
      case Stmt.Let(Local local, Value value) -> {
        values.value(value);
        define(local);
      }
      case Stmt.Assign(Local local, Value value) -> {
        values.value(value);
        store(local);
      }
      case Stmt.Store(ArrayParam array, Value index, Value value) -> {
        values.address(array, index);
        values.value(value);
        Elements.store(out, array);
      }
      case Stmt.Copy copy -> copy(copy);
      case Stmt.Fill fill -> fill(fill);
      case Stmt.Transpose move -> new TransposeEmitter(out, slots, values, bits).emit(move);
      case Stmt.Check(Value condition, String message) -> check(condition, message);
      case Stmt.For _, Stmt.Lanes _, Stmt.If _ ->
          throw new IllegalStateException("not a plain statement");
    }
  }

  /// Between aligned memory and an array, the buffer copies.
  private void copy(Stmt.Copy copy) {
    boolean leaves = copy.from().access() == ArrayParam.Access.ALIGNED;
    boolean in = copy.to().access() == ArrayParam.Access.ALIGNED;
    if (!leaves && !in) {
      values.address(copy.from(), copy.fromIndex());
      values.address(copy.to(), copy.toIndex());
      values.value(copy.length());
      out.visitMethodInsn(INVOKESTATIC, "java/lang/System", "arraycopy",
          "(Ljava/lang/Object;ILjava/lang/Object;II)V", false);
      return;
    }
    values.address(in ? copy.to() : copy.from(), in ? copy.toIndex() : copy.fromIndex());
    values.address(in ? copy.from() : copy.to(), in ? copy.fromIndex() : copy.toIndex());
    values.value(copy.length());
    Elements.copy(out, copy.from().dtype(), in);
  }

  private void fill(Stmt.Fill fill) {
    DType dtype = fill.array().dtype();
    int mark = slots.enter();
    int start = slots.temporary(DType.I32);
    out.visitVarInsn(ALOAD, slots.slot(fill.array().name()));
    values.index(fill.array(), fill.from());
    out.visitInsn(DUP);
    out.visitVarInsn(ISTORE, start);
    out.visitVarInsn(ILOAD, start);
    values.value(fill.length());
    out.visitInsn(IADD);
    values.value(fill.value());
    String element = Slots.descriptor(dtype);
    out.visitMethodInsn(INVOKESTATIC, "java/util/Arrays", "fill",
        "([" + element + "II" + element + ")V", false);
    slots.leave(mark);
  }

  private void check(Value condition, String message) {
    Label fine = new Label();
    Label wrong = new Label();
    values.jumpUnless(condition, wrong);
    out.visitJumpInsn(GOTO, fine);
    out.visitLabel(wrong);
    out.visitTypeInsn(NEW, "java/lang/IllegalArgumentException");
    out.visitInsn(DUP);
    out.visitLdcInsn(message);
    out.visitMethodInsn(INVOKESPECIAL, "java/lang/IllegalArgumentException", "<init>",
        "(Ljava/lang/String;)V", false);
    out.visitInsn(ATHROW);
    out.visitLabel(fine);
  }

  private void loop(Piece.Loop piece) {
    Stmt.For loop = piece.loop();
    int mark = slots.enter();
    values.value(loop.from());
    int variable = slots.reserve("I");
    Value to = loop.to();
    int bound = -1;
    if (!piece.isFixed(to)) {
      values.value(to);
      bound = slots.reserve("I");
      out.visitVarInsn(ISTORE, bound);
    }
    out.visitVarInsn(ISTORE, variable);
    slots.name(loop.variable().name(), "I", variable);
    Label top = out.top();
    Label end = new Label();
    out.visitVarInsn(ILOAD, variable);
    if (bound >= 0) {
      out.visitVarInsn(ILOAD, bound);
    } else {
      values.value(to);
    }
    out.visitJumpInsn(IF_ICMPGE, end);
    int body = slots.enter();
    pieces(piece.inner());
    slots.leave(body);
    line(piece.line());
    IntCode.increment(out, variable, loop.step());
    out.visitJumpInsn(GOTO, top);
    out.visitLabel(end);
    slots.leave(mark);
  }

  private void branch(Piece.Branch piece) {
    Label otherwise = new Label();
    Label end = new Label();
    values.jumpUnless(piece.branch().condition(), otherwise);
    int mark = slots.enter();
    pieces(piece.then());
    slots.leave(mark);
    if (!piece.otherwise().isEmpty()) {
      out.visitJumpInsn(GOTO, end);
    }
    out.visitLabel(otherwise);
    pieces(piece.otherwise());
    slots.leave(mark);
    out.visitLabel(end);
  }

  private void call(Piece.Call call) {
    Piece.Method callee = call.method();
    for (int i = 0; i < callee.spilled().size(); i++) {
      spill(callee.spilled().get(i), i);
    }
    for (ArrayParam array : call.arrays()) {
      out.visitVarInsn(ALOAD, slots.slot(array.name()));
      if (!array.whole()) {
        out.visitVarInsn(ILOAD, slots.slot(ValueEmitter.offsetName(array)));
      }
    }
    for (Local local : call.scalars()) {
      load(local);
    }
    if (callee.spills()) {
      out.visitVarInsn(ALOAD, slots.slot(SPILL));
    }
    out.visitMethodInsn(INVOKESTATIC, owners.of(callee), callee.name(), descriptor(callee, false),
        false);
    if (callee.results().size() == 1) {
      define(callee.results().getFirst());
    } else {
      for (int i = 0; i < callee.results().size(); i++) {
        unspill(callee.results().get(i), i);
      }
    }
  }
}
