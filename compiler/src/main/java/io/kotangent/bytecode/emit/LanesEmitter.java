package io.kotangent.bytecode.emit;

import static org.objectweb.asm.Opcodes.*;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.KernelPrinter;
import io.kotangent.loop.LaneKinds;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import java.util.List;
import java.util.function.IntConsumer;
import org.objectweb.asm.Label;

/// Emits a [Stmt.Lanes] with the Vector API: as many whole passes of `vectors` vectors as there are, then the
/// rest, overlapping what was done or masked. What is uniform stays scalar.
final class LanesEmitter {
  /// C2 does not unroll a loop with so many sums.
  private static final int LARGE = 16;
  private static final int VARIED = 5;
  private static final int VARIED_MORE = 9;

  private final MethodCode out;
  private final Slots slots;
  private final ValueEmitter values;
  private final int bits;
  private final IntConsumer line;

  LanesEmitter(MethodCode out, Slots slots, ValueEmitter values, int bits, IntConsumer line) {
    this.out = out;
    this.slots = slots;
    this.values = values;
    this.bits = bits;
    this.line = line;
  }

  void emit(Stmt.Lanes loop, int at) {
    LaneKinds kinds = LaneKinds.of(loop);
    int lanes = bits / Byte.SIZE / kinds.width();
    int mark = slots.enter();
    values.value(loop.from());
    int variable = slots.reserve("I");
    out.visitVarInsn(ISTORE, variable);
    values.value(loop.to());
    int bound = slots.reserve("I");
    out.visitVarInsn(ISTORE, bound);
    slots.name(loop.variable().name(), "I", variable);
    int length = constantLength(loop);
    int pass = loop.vectors() * lanes;
    if (length < 0) {
      passes(loop, at, kinds, lanes, loop.vectors(), variable, bound);
      masked(loop, at, kinds, lanes, variable, bound);
    } else {
      if (length >= pass) {
        passes(loop, at, kinds, lanes, loop.vectors(), variable, bound);
      }
      if (length % pass != 0) {
        rest(loop, at, kinds, lanes, length, variable, bound);
      }
    }
    slots.leave(mark);
  }

  private static int constantLength(Stmt.Lanes loop) {
    if (loop.from() instanceof Value.Const from && loop.to() instanceof Value.Const to) {
      return (int) Math.max(0, to.bits() - from.bits());
    }
    return -1;
  }

  /// `for (; v <= bound - pass; v += pass)`.
  private void passes(Stmt.Lanes loop, int at, LaneKinds kinds, int lanes, int vectors,
      int variable, int bound) {
    Label top = out.top();
    Label end = new Label();
    out.visitVarInsn(ILOAD, variable);
    out.visitVarInsn(ILOAD, bound);
    IntCode.push(out, vectors * lanes);
    out.visitInsn(ISUB);
    out.visitJumpInsn(IF_ICMPGT, end);
    block(loop.body(), at + 1, new LaneValues(out, slots, values, kinds, bits, vectors, -1));
    IntCode.increment(out, variable, vectors * lanes);
    out.visitJumpInsn(GOTO, top);
    out.visitLabel(end);
  }

  /// Single vectors, each masked, until all is done.
  private void masked(Stmt.Lanes loop, int at, LaneKinds kinds, int lanes, int variable,
      int bound) {
    Label top = out.top();
    Label end = new Label();
    out.visitVarInsn(ILOAD, variable);
    out.visitVarInsn(ILOAD, bound);
    out.visitJumpInsn(IF_ICMPGE, end);
    maskedPass(loop, at, kinds, 1, variable, bound, lanes);
    IntCode.increment(out, variable, lanes);
    out.visitJumpInsn(GOTO, top);
    out.visitLabel(end);
  }

  /// What whole passes leave of a known length.
  private void rest(Stmt.Lanes loop, int at, LaneKinds kinds, int lanes, int length, int variable,
      int bound) {
    int left = length % (loop.vectors() * lanes);
    int vectors = (left + lanes - 1) / lanes;
    if (left % lanes == 0 || loop.overlap() && length >= vectors * lanes) {
      out.visitVarInsn(ILOAD, bound);
      IntCode.push(out, vectors * lanes);
      out.visitInsn(ISUB);
      out.visitVarInsn(ISTORE, variable);
      int mark = slots.enter();
      block(loop.body(), at + 1, new LaneValues(out, slots, values, kinds, bits, vectors, -1));
      slots.leave(mark);
    } else {
      maskedPass(loop, at, kinds, vectors, variable, bound, lanes);
    }
  }

  /// A pass whose last vector is masked.
  private void maskedPass(Stmt.Lanes loop, int at, LaneKinds kinds, int vectors, int variable,
      int bound, int lanes) {
    int mark = slots.enter();
    DType dtype = kinds.width() == Float.BYTES ? DType.F32 : DType.F64;
    LaneValues.species(out, dtype, bits);
    out.visitVarInsn(ILOAD, variable);
    IntCode.push(out, (vectors - 1) * lanes);
    out.visitInsn(IADD);
    out.visitVarInsn(ILOAD, bound);
    out.visitMethodInsn(INVOKEINTERFACE, LaneValues.PACKAGE + "VectorSpecies", "indexInRange",
        "(II)" + LaneValues.MASK, true);
    int mask = slots.reserve(LaneValues.MASK);
    out.visitVarInsn(ASTORE, mask);
    slots.name("mask$", LaneValues.MASK, mask);
    block(loop.body(), at + 1, new LaneValues(out, slots, values, kinds, bits, vectors, mask));
    slots.leave(mark);
  }

  // ---- statements

  private void block(List<Stmt> stmts, int first, LaneValues lanes) {
    int mark = slots.enter();
    int at = first;
    for (Stmt stmt : stmts) {
      line.accept(at);
      statement(stmt, at, lanes);
      at += KernelPrinter.lines(stmt);
    }
    slots.leave(mark);
  }

  private void statement(Stmt stmt, int at, LaneValues lanes) {
    switch (stmt) {
      case Stmt.Let(Local local, Value value) -> lanes.set(local, value);
      case Stmt.Assign(Local local, Value value) -> lanes.set(local, value);
      case Stmt.Store(ArrayParam array, Value index, Value value) ->
          lanes.store(array, index, value);
      case Stmt.For loop -> loop(loop, at, lanes);
      case Stmt.If branch -> branch(branch, at, lanes);
      case Stmt.Lanes _, Stmt.Copy _, Stmt.Fill _, Stmt.Transpose _, Stmt.Check _ ->
          throw new IllegalStateException("not a statement of lanes");
    }
  }

  /// A counted loop, scalar as ever. A small innermost one is kept from being unrolled: C2 would run out of vector registers and spill
  /// what the loop accumulates. Two multiplications in a row that nobody needs are what it takes.
  private void loop(Stmt.For loop, int at, LaneValues lanes) {
    int mark = slots.enter();
    boolean guarded = mayBeUnrolled(loop, lanes);
    int guard = guarded ? slots.reserve("J") : -1;
    if (guarded) {
      out.visitInsn(LCONST_1);
      out.visitVarInsn(LSTORE, guard);
    }
    values.value(loop.from());
    int variable = slots.reserve("I");
    Value to = loop.to();
    int bound = -1;
    if (!(to instanceof Value.Const)) {
      values.value(to);
      bound = slots.reserve("I");
      out.visitVarInsn(ISTORE, bound);
    }
    out.visitVarInsn(ISTORE, variable);
    slots.name(loop.variable().name(), "I", variable);
    Label top = out.top();
    Label end = new Label();
    out.visitVarInsn(ILOAD, variable);
    if (bound < 0) {
      values.value(to);
    } else {
      out.visitVarInsn(ILOAD, bound);
    }
    out.visitJumpInsn(IF_ICMPGE, end);
    if (guarded) {
      vary(guard, variable);
    }
    block(loop.body(), at + 1, lanes);
    IntCode.increment(out, variable, loop.step());
    out.visitJumpInsn(GOTO, top);
    out.visitLabel(end);
    slots.leave(mark);
  }

  /// An innermost loop, unless it is too large: with a guard it would need registers that are scarce then.
  private static boolean mayBeUnrolled(Stmt.For loop, LaneValues lanes) {
    long sums = loop.body().stream().filter(Stmt.Assign.class::isInstance).count();
    return loop.body().stream().noneMatch(LanesEmitter::isCompound)
        && sums * lanes.vectors() < LARGE;
  }

  private static boolean isCompound(Stmt stmt) {
    return stmt instanceof Stmt.For || stmt instanceof Stmt.If;
  }

  /// `guard ^= k * (k | 5) * (k ^ 9)`: of one turn it needs no more than the last one's exclusive or.
  private void vary(int guard, int variable) {
    out.visitVarInsn(LLOAD, guard);
    out.visitVarInsn(ILOAD, variable);
    out.visitInsn(I2L);
    factor(variable, LOR, VARIED);
    factor(variable, LXOR, VARIED_MORE);
    out.visitInsn(LXOR);
    out.visitVarInsn(LSTORE, guard);
  }

  private void factor(int variable, int operation, int with) {
    out.visitVarInsn(ILOAD, variable);
    out.visitInsn(I2L);
    out.visitLdcInsn((long) with);
    out.visitInsn(operation);
    out.visitInsn(LMUL);
  }

  private void branch(Stmt.If branch, int at, LaneValues lanes) {
    Label otherwise = new Label();
    Label end = new Label();
    values.jumpUnless(branch.condition(), otherwise);
    block(branch.then(), at + 1, lanes);
    if (!branch.otherwise().isEmpty()) {
      out.visitJumpInsn(GOTO, end);
    }
    out.visitLabel(otherwise);
    block(branch.otherwise(), at + 2 + KernelPrinter.lines(branch.then()), lanes);
    out.visitLabel(end);
  }
}
