package io.kotangent.browser;

import io.kotangent.browser.wasm.Arithmetic;
import io.kotangent.browser.wasm.Text;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/// A class that TeaVM gives the JVM's bits: what it computes otherwise calls [Arithmetic], what would bring all of regular expressions
/// calls [Text], and what has no exact counterpart is refused by name.
final class ForTeaVM extends ClassVisitor {
  private static final String ARITHMETIC = Type.getInternalName(Arithmetic.class);
  private static final String TEXT = Type.getInternalName(Text.class);
  private static final String SPLIT = "(Ljava/lang/String;Ljava/lang/String;I)[Ljava/lang/String;";
  /// What TeaVM's class library computes as Java does, for all arguments.
  private static final Set<String> EXACT = Set.of("abs", "min", "max", "sqrt", "floor", "ceil",
      "toIntExact", "addExact", "subtractExact", "multiplyExact", "negateExact", "floorDiv",
      "floorMod");
  private static final Map<Integer, String> INSTRUCTIONS = Map.of(Opcodes.IDIV, "divide(II)I",
      Opcodes.IREM, "remainder(II)I", Opcodes.LDIV, "divide(JJ)J", Opcodes.LREM,
      "remainder(JJ)J", Opcodes.FNEG, "negate(F)F", Opcodes.DNEG, "negate(D)D",
      Opcodes.FCMPL, "compareLess(FF)I", Opcodes.FCMPG, "compareGreater(FF)I", Opcodes.DCMPL,
      "compareLess(DD)I", Opcodes.DCMPG, "compareGreater(DD)I");

  /// What a network made without fma splits the digits of a double by, before it leaves operands near the ends of the range to fma.
  private static final Double SPLITTER = 0x1p27 + 1;

  private final String network;
  private boolean fused;
  private boolean split;

  private ForTeaVM(ClassWriter writer, String network) {
    super(Opcodes.ASM9, writer);
    this.network = network;
  }

  /// @throws BrowserException if it calls what has no exact counterpart
  static byte[] of(byte[] type, String network) {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    new ClassReader(type).accept(new ForTeaVM(writer, network), 0);
    return writer.toByteArray();
  }

  /// No class is final: of a final class, TeaVM takes all methods that are called to be needed; of others only if there may be such
  /// an object. So threads, which browsers do not have, are left out.
  @Override
  public void visit(int version, int access, String name, String signature, String parent,
      String[] interfaces) {
    super.visit(version, access & ~Opcodes.ACC_FINAL, name, signature, parent, interfaces);
  }

  @Override
  public MethodVisitor visitMethod(int access, String method, String descriptor, String signature,
      String[] exceptions) {
    return new MethodVisitor(Opcodes.ASM9,
        super.visitMethod(access, method, descriptor, signature, exceptions)) {
      @Override
      public void visitLdcInsn(Object value) {
        split |= value.equals(SPLITTER);
        super.visitLdcInsn(value);
      }

      @Override
      public void visitInsn(int opcode) {
        String exact = INSTRUCTIONS.get(opcode);
        if (exact == null) {
          super.visitInsn(opcode);
        } else {
          int types = exact.indexOf('(');
          super.visitMethodInsn(Opcodes.INVOKESTATIC, ARITHMETIC, exact.substring(0, types),
              exact.substring(types), false);
        }
      }

      @Override
      public void visitMethodInsn(int opcode, String owner, String name, String types,
          boolean ofInterface) {
        boolean isMath = owner.equals("java/lang/Math");
        if (isMath && (name.equals("rint") || name.equals("fma") && types.endsWith("D"))) {
          fused |= name.equals("fma");
          super.visitMethodInsn(opcode, ARITHMETIC, name, types, false);
        } else if (owner.equals("java/lang/String") && name.equals("split")) {
          super.visitMethodInsn(Opcodes.INVOKESTATIC, TEXT, name, SPLIT, false);
        } else {
          check(owner, name, method);
          super.visitMethodInsn(opcode, owner, name, types, ofInterface);
        }
      }
    };
  }

  @Override
  public void visitEnd() {
    if (fused && !split) {
      throw fma();
    }
    super.visitEnd();
  }

  private BrowserException fma() {
    return new BrowserException("the network " + network
        + " uses Math.fma, which browsers do not have: make it by withoutFma()");
  }

  private void check(String owner, String name, String method) {
    boolean isMath = owner.equals("java/lang/Math");
    if (isMath && name.equals("fma")) {
      throw fma();
    }
    if (isMath && !EXACT.contains(name) || owner.equals("java/lang/StrictMath")) {
      throw new BrowserException("the network " + network + " uses "
          + owner.substring(owner.lastIndexOf('/') + 1) + "." + name + ", in " + method
          + ", which browsers compute with other last bits: compute it in F32, whose functions are"
          + " made of exact operations");
    }
  }
}
