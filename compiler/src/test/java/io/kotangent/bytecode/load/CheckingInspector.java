package io.kotangent.bytecode.load;

import io.kotangent.bytecode.emit.EmittedClass;
import io.kotangent.bytecode.emit.KernelEmitter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.util.CheckClassAdapter;

/// Verifies every class that tests emit: by ASM's data-flow check, and by a list of what it may refer to.
public final class CheckingInspector implements ClassInspector {
  private static final AtomicInteger INSPECTED = new AtomicInteger();
  private static final Set<String> ALLOWED = Set.of("java/lang/Math.fma", "java/lang/Math.max",
      "java/lang/Math.min",
      "java/lang/Math.abs", "java/lang/Math.sqrt", "java/lang/Math.rint", "java/lang/Math.floor",
      "java/lang/Math.ceil",
      "java/lang/Math.multiplyExact", "java/lang/Math.addExact", "java/lang/Math.toIntExact",
      "java/lang/Math.floorDiv",
      "java/lang/Math.negateExact", "java/lang/StrictMath.*", "java/lang/Float.floatToRawIntBits",
      "java/lang/Float.intBitsToFloat", "java/lang/Double.doubleToRawLongBits",
      "java/lang/Double.longBitsToDouble",
      "java/lang/System.arraycopy", "java/util/Arrays.fill",
      "java/lang/IllegalArgumentException.<init>",
      "java/nio/FloatBuffer.*", "java/nio/DoubleBuffer.*", "java/lang/Runnable.run",
      "java/lang/Object.<init>");

  private static final Set<String> BUFFERS =
      Set.of("java/nio/FloatBuffer", "java/nio/DoubleBuffer");

  /// What takes the arguments of a sample call out of an array may refer to besides.
  private static final Set<String> CALLS = Set.of("java/util/function/Consumer",
      "[Ljava/lang/Object;", "java/lang/Number", "java/lang/Boolean", "java/lang/Number.intValue",
      "java/lang/Number.longValue", "java/lang/Number.floatValue", "java/lang/Number.doubleValue",
      "java/lang/Boolean.booleanValue");

  /// How many classes were looked at in this process.
  public static int inspected() {
    return INSPECTED.get();
  }

  @Override
  public void inspect(EmittedClass emitted) {
    INSPECTED.incrementAndGet();
    ClassReader reader = new ClassReader(emitted.bytes());
    StringWriter report = new StringWriter();
    CheckClassAdapter.verify(reader, CheckingInspector.class.getClassLoader(), false,
        new PrintWriter(report));
    if (!report.toString().isEmpty()) {
      throw new AssertionError(emitted.name() + ":\n" + report);
    }
    Set<String> foreign = foreign(reader, emitted.name());
    if (emitted.name().startsWith("kernel_")) {
      foreign.removeIf(CheckingInspector::isSimd);
    }
    if (emitted.name().endsWith("_call")) {
      foreign.removeIf(CALLS::contains);
    }
    if (!foreign.isEmpty()) {
      throw new AssertionError(emitted.name() + " refers to " + foreign);
    }
    if (emitted.largestMethod() > KernelEmitter.HARD_LIMIT) {
      throw new AssertionError(
          emitted.name() + " has a method of " + emitted.largestMethod() + " bytes");
    }
  }

  /// What SIMD kernels may refer to besides, and only in methods that never run where the module is not there.
  private static boolean isSimd(String reference) {
    return reference.startsWith("jdk/incubator/vector/")
        || reference.equals("java/lang/Class.cast");
  }

  /// What a class refers to and must not.
  static Set<String> foreign(ClassReader reader, String name) {
    Set<String> foreign = new TreeSet<>();
    boolean adapter = name.endsWith("_adapter");
    reader.accept(new ClassVisitor(Opcodes.ASM9) {
      @Override
      public void visit(int version, int access, String self, String signature, String superName,
          String[] interfaces) {
        if (version != Opcodes.V17) {
          foreign.add("version " + version);
        }
        for (String implemented : interfaces) {
          if (!adapter || !implemented.equals("io/kotangent/runtime/Code")) {
            foreign.add(implemented);
          }
        }
      }

      @Override
      public MethodVisitor visitMethod(int access, String method, String descriptor,
          String signature, String[] exceptions) {
        return new References(foreign);
      }
    }, 0);
    return foreign;
  }

  private static final class References extends MethodVisitor {
    private final Set<String> foreign;

    References(Set<String> foreign) {
      super(Opcodes.ASM9);
      this.foreign = foreign;
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor,
        boolean isInterface) {
      boolean ours = !owner.contains("/");
      if (!ours && !ALLOWED.contains(owner + "." + name) && !ALLOWED.contains(owner + ".*")) {
        foreign.add(owner + "." + name);
      }
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
      foreign.add(owner + "." + name);
    }

    @Override
    public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap,
        Object... arguments) {
      foreign.add("invokedynamic " + name);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      boolean array = opcode == Opcodes.CHECKCAST
          && (type.length() == 2 && type.charAt(0) == '[' || BUFFERS.contains(type));
      boolean thrown = opcode == Opcodes.NEW && type.equals("java/lang/IllegalArgumentException");
      if (!array && !thrown) {
        foreign.add(type);
      }
    }

    @Override
    public void visitLdcInsn(Object value) {
      if (!(value instanceof Number) && !(value instanceof String)) {
        foreign.add("constant " + value);
      }
    }

    @Override
    public void visitLineNumber(int line, Label start) {
      if (line < 1 || line > 65_535) {
        foreign.add("line " + line);
      }
    }
  }
}
