package io.kotangent.bytecode.emit;

import java.util.Arrays;
import org.objectweb.asm.Attribute;
import org.objectweb.asm.ByteVector;
import org.objectweb.asm.ClassWriter;

/// The stack map of a method: for every place that is jumped to, what the locals and the operand stack hold there.
///
/// A type is one int, as in a class file: the low byte tells which, and of an object, what is above it is its class in the
/// constant pool. A `long` or `double` takes two places among locals, one on the stack.
final class StackMap extends Attribute {
  static final int TOP = 0;
  static final int INT = 1;
  static final int FLOAT = 2;
  static final int DOUBLE = 3;
  static final int LONG = 4;
  static final int OBJECT = 7;
  private static final int POOL = 8;

  // frames of a class file (JVMS 4.7.4)
  private static final int SAME_ONE = 64;
  private static final int SAME_ONE_FAR = 247;
  private static final int SAME_FAR = 251;
  private static final int FULL = 255;
  private static final int MOST_CHANGED = 3;

  private byte[] frames = new byte[64];
  private int length = Short.BYTES; // their number comes first
  private int count;
  private int last = -1;

  private int[] locals = new int[32];
  private int top;
  /// Locals below are as in the last frame.
  private int kept;
  /// How many the last frame had above.
  private int dropped;

  StackMap() {
    super("StackMapTable");
  }

  static int width(int type) {
    return type == LONG || type == DOUBLE ? 2 : 1;
  }

  static int object(int inPool) {
    return OBJECT | inPool << POOL;
  }

  int local(int slot) {
    return locals[slot];
  }

  /// A local has a value from here on.
  void set(int slot, int type) {
    int end = slot + width(type);
    if (end > locals.length) {
      locals = Arrays.copyOf(locals, 2 * end);
    }
    if (slot < top && locals[slot] != type) {
      keep(slot);
    }
    locals[slot] = type;
    top = Math.max(top, end);
  }

  /// Locals from `slot` on are no more.
  void forget(int slot) {
    if (slot < top) {
      keep(slot);
      Arrays.fill(locals, slot, top, TOP);
      top = slot;
    }
  }

  private void keep(int slot) {
    if (slot < kept) {
      dropped += entries(slot, kept);
      kept = slot;
    }
  }

  private int entries(int from, int to) {
    int entries = 0;
    for (int slot = from; slot < to; slot += width(locals[slot])) {
      entries++;
    }
    return entries;
  }

  /// The locals are a method's parameters.
  void begin() {
    kept = top;
  }

  /// Code at that offset is jumped to, with these types on the stack.
  void frame(int offset, int[] stack, int depth) {
    int distance = offset - last - 1;
    int added = entries(kept, top);
    if (dropped == 0 && added == 0 && depth == 0) {
      head(distance < SAME_ONE ? distance : SAME_FAR, distance >= SAME_ONE, distance);
    } else if (dropped == 0 && added == 0 && depth == 1) {
      head(distance < SAME_ONE ? SAME_ONE + distance : SAME_ONE_FAR, distance >= SAME_ONE,
          distance);
      type(stack[0]);
    } else if (depth == 0 && added == 0 && dropped <= MOST_CHANGED) {
      head(SAME_FAR - dropped, true, distance);
    } else if (depth == 0 && dropped == 0 && added <= MOST_CHANGED) {
      head(SAME_FAR + added, true, distance);
      types(kept);
    } else {
      head(FULL, true, distance);
      two(entries(0, top));
      types(0);
      two(depth);
      for (int i = 0; i < depth; i++) {
        type(stack[i]);
      }
    }
    count++;
    last = offset;
    kept = top;
    dropped = 0;
  }

  private void head(int kind, boolean far, int distance) {
    one(kind);
    if (far) {
      two(distance);
    }
  }

  private void types(int from) {
    for (int slot = from; slot < top; slot += width(locals[slot])) {
      type(locals[slot]);
    }
  }

  private void type(int type) {
    one(type);
    if ((type & 0xff) == OBJECT) {
      two(type >> POOL);
    }
  }

  private void one(int value) {
    if (length == frames.length) {
      frames = Arrays.copyOf(frames, 2 * length);
    }
    frames[length++] = (byte) value;
  }

  private void two(int value) {
    one(value >> Byte.SIZE);
    one(value);
  }

  boolean isEmpty() {
    return count == 0;
  }

  @Override
  public boolean isCodeAttribute() {
    return true;
  }

  @Override
  protected ByteVector write(ClassWriter writer, byte[] code, int codeLength, int maxStack,
      int maxLocals) {
    frames[0] = (byte) (count >> Byte.SIZE);
    frames[1] = (byte) count;
    return new ByteVector(length).putByteArray(frames, 0, length);
  }
}
