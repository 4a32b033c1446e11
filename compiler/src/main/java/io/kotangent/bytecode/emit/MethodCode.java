package io.kotangent.bytecode.emit;

import static org.objectweb.asm.Opcodes.*;

import java.util.Arrays;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/// The code of a static method, and what the JVM's verifier wants to know of it: its stack map and how deep its stack gets.
///
/// ASM would find out by going over finished code until nothing changes, which takes as long as all other emitting, and keeps C2 busy.
/// What is emitted here is structured, so that it is known while it is emitted: a local has a value from its first store until its
/// scope ends ([#forget]), and the stack at a label is what it was at the jump.
final class MethodCode extends MethodVisitor {
  private static final int INLINED = 325;
  private static final int NOTHING = -1;
  private static final int UNKNOWN = -2;
  private static final int[] EMPTY = {};
  /// How many values an instruction without operands takes off the stack, and what it leaves.
  private static final int[] TAKEN = new int[256];
  private static final int[] LEFT = new int[256];

  static {
    Arrays.fill(LEFT, UNKNOWN);
    int[] four = {StackMap.INT, StackMap.LONG, StackMap.FLOAT, StackMap.DOUBLE};
    all(NOP, NOP, 0, NOTHING);
    all(ICONST_M1, ICONST_5, 0, StackMap.INT);
    all(LCONST_0, LCONST_1, 0, StackMap.LONG);
    all(FCONST_0, FCONST_2, 0, StackMap.FLOAT);
    all(DCONST_0, DCONST_1, 0, StackMap.DOUBLE);
    each(IALOAD, 1, 2, four);
    all(BALOAD, SALOAD, 2, StackMap.INT);
    all(IASTORE, SASTORE, 3, NOTHING);
    each(IADD, 5, 2, four);
    each(INEG, 1, 1, four);
    each(ISHL, 6, 2, StackMap.INT, StackMap.LONG);
    each(I2L, 1, 1, StackMap.LONG, StackMap.FLOAT, StackMap.DOUBLE, StackMap.INT, StackMap.FLOAT,
        StackMap.DOUBLE, StackMap.INT, StackMap.LONG, StackMap.DOUBLE, StackMap.INT, StackMap.LONG,
        StackMap.FLOAT);
    all(LCMP, DCMPG, 2, StackMap.INT);
    all(IRETURN, ARETURN, 1, NOTHING);
    all(RETURN, RETURN, 0, NOTHING);
    all(ATHROW, ATHROW, 1, NOTHING);
    all(POP, POP, 1, NOTHING);
  }

  private static void all(int first, int last, int taken, int left) {
    Arrays.fill(TAKEN, first, last + 1, taken);
    Arrays.fill(LEFT, first, last + 1, left);
  }

  private static void each(int first, int times, int taken, int... left) {
    for (int i = 0; i < times * left.length; i++) {
      TAKEN[first + i] = taken;
      LEFT[first + i] = left[i % left.length];
    }
  }

  private final ClassWriter writer;
  private final StackMap map = new StackMap();
  private int mostLocals;
  private int[] stack = new int[16];
  private int depth;
  private int words;
  private int mostWords;
  private boolean reached = true;
  /// The last label that is jumped to, until the next instruction.
  private Label target = new Label();
  private boolean atTarget;

  MethodCode(ClassWriter writer, int access, String name, String descriptor) {
    super(ASM9, writer.visitMethod(access | ACC_STATIC, name, descriptor, null, null));
    this.writer = writer;
    for (int at = 1; descriptor.charAt(at) != ')'; at = afterType(descriptor, at)) {
      set(mostLocals, type(descriptor, at));
    }
    map.begin();
  }

  /// Begins a loop: code further on jumps back to here.
  Label top() {
    Label label = new Label();
    label.info = EMPTY;
    visitLabel(label);
    return label;
  }

  /// The locals from `slot` on are out of scope.
  void forget(int slot) {
    map.forget(slot);
  }

  // ---- types

  private int type(String descriptor, int at) {
    return switch (descriptor.charAt(at)) {
      case 'V' -> NOTHING;
      case 'F' -> StackMap.FLOAT;
      case 'D' -> StackMap.DOUBLE;
      case 'J' -> StackMap.LONG;
      case 'L' -> object(descriptor.substring(at + 1, afterType(descriptor, at) - 1));
      case '[' -> object(descriptor.substring(at, afterType(descriptor, at)));
      case 'I', 'Z', 'B', 'C', 'S' -> StackMap.INT;
      default -> throw new IllegalStateException("no type: " + descriptor.substring(at));
    };
  }

  private static int afterType(String descriptor, int at) {
    int last = at;
    while (descriptor.charAt(last) == '[') {
      last++;
    }
    return (descriptor.charAt(last) == 'L' ? descriptor.indexOf(';', last) : last) + 1;
  }

  private int object(String name) {
    return StackMap.object(writer.newClass(name));
  }

  private void set(int slot, int type) {
    map.set(slot, type);
    mostLocals = Math.max(mostLocals, slot + StackMap.width(type));
  }

  // ---- the stack

  private void push(int type) {
    if (type == NOTHING) {
      return;
    }
    if (depth == stack.length) {
      stack = Arrays.copyOf(stack, 2 * depth);
    }
    stack[depth++] = type;
    words += StackMap.width(type);
    mostWords = Math.max(mostWords, words);
  }

  private int pop() {
    int type = stack[--depth];
    words -= StackMap.width(type);
    return type;
  }

  private void pop(int values) {
    for (int i = 0; i < values; i++) {
      pop();
    }
  }

  /// Comes before every instruction.
  private void begin() {
    if (atTarget) {
      atTarget = false;
      map.frame(target.getOffset(), stack, depth);
    }
  }

  @Override
  public void visitLabel(Label label) {
    super.visitLabel(label);
    if (label.info instanceof int[] known) {
      if (!reached) {
        pop(depth);
        for (int type : known) {
          push(type);
        }
        reached = true;
      }
      target = label;
      atTarget = true;
    }
  }

  @Override
  public void visitJumpInsn(int opcode, Label label) {
    begin();
    super.visitJumpInsn(opcode, label);
    pop(opcode == GOTO ? 0 : opcode < IF_ICMPEQ ? 1 : 2);
    if (label.info == null) {
      label.info = depth == 0 ? EMPTY : Arrays.copyOf(stack, depth);
    }
    reached = opcode != GOTO;
  }

  @Override
  public void visitInsn(int opcode) {
    begin();
    super.visitInsn(opcode);
    switch (opcode) {
      case DUP, DUP2 -> push(stack[depth - 1]); // DUP2: of one long or double
      case SWAP -> {
        int upper = pop();
        int lower = pop();
        push(upper);
        push(lower);
      }
      case AALOAD -> {
        pop(2);
        push(object("java/lang/Object"));
      }
      default -> {
        int left = LEFT[opcode];
        if (left == UNKNOWN) {
          throw new IllegalStateException("an instruction that is not emitted: " + opcode);
        }
        pop(TAKEN[opcode]);
        push(left);
        reached = opcode < IRETURN || opcode > RETURN && opcode != ATHROW;
      }
    }
  }

  @Override
  public void visitIntInsn(int opcode, int operand) {
    begin();
    super.visitIntInsn(opcode, operand);
    if (opcode == NEWARRAY) {
      pop();
      push(object("[" + "ZCFDBSIJ".charAt(operand - T_BOOLEAN)));
    } else {
      push(StackMap.INT);
    }
  }

  @Override
  public void visitVarInsn(int opcode, int slot) {
    begin();
    super.visitVarInsn(opcode, slot);
    if (opcode < ISTORE) {
      push(map.local(slot));
    } else {
      set(slot, pop());
    }
  }

  @Override
  public void visitIincInsn(int slot, int increment) {
    begin();
    super.visitIincInsn(slot, increment);
  }

  @Override
  public void visitLdcInsn(Object value) {
    begin();
    super.visitLdcInsn(value);
    push(switch (value) {
      case Integer _ -> StackMap.INT;
      case Long _ -> StackMap.LONG;
      case Float _ -> StackMap.FLOAT;
      case Double _ -> StackMap.DOUBLE;
      case String _ -> object("java/lang/String");
      default -> throw new IllegalStateException("a constant that is not emitted: " + value);
    });
  }

  @Override
  public void visitTypeInsn(int opcode, String type) {
    begin();
    super.visitTypeInsn(opcode, type);
    pop(opcode == CHECKCAST ? 1 : 0);
    push(object(type));
  }

  /// Of a static field, the only ones that are emitted.
  @Override
  public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
    begin();
    super.visitFieldInsn(opcode, owner, name, descriptor);
    push(type(descriptor, 0));
  }

  @Override
  public void visitMethodInsn(int opcode, String owner, String name, String descriptor,
      boolean isInterface) {
    begin();
    super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
    int at = 1;
    for (; descriptor.charAt(at) != ')'; at = afterType(descriptor, at)) {
      pop();
    }
    pop(opcode == INVOKESTATIC ? 0 : 1);
    push(type(descriptor, at + 1));
  }

  /// Whether C2 copies it into callers that are hot, as it is so far.
  boolean isCopied() {
    return length() <= INLINED;
  }

  /// How many bytes it is so far.
  int length() {
    Label end = new Label();
    visitLabel(end);
    return end.getOffset();
  }

  /// After the end, adds what nothing reaches: code that is longer than what C2 copies into callers, however hot (its
  /// `FreqInlineSize`). Returns how many bytes all of it is.
  int lengthen() {
    Label unreached = top();
    for (int i = 0; i < INLINED; i++) {
      visitInsn(NOP);
    }
    visitJumpInsn(GOTO, unreached);
    Label end = new Label();
    visitLabel(end);
    return end.getOffset();
  }

  /// Ends the method.
  void end() {
    if (!map.isEmpty()) {
      mv.visitAttribute(map);
    }
    mv.visitMaxs(mostWords, mostLocals);
    mv.visitEnd();
  }
}
