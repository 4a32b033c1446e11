package io.kotangent.bytecode.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/// Loads our classes once more, with a call of [Faults] before each allocation and at each entry of a method of those that run programs.
public final class FaultLoader extends ClassLoader {
  private static final String OURS = "io.kotangent.";
  private static final List<String> INSTRUMENTED = List.of(OURS + "runtime.", OURS + "train.",
      OURS + "type.",
      OURS + "bytecode.GeneratedCode", OURS + "bytecode.warm.", OURS + "bytecode.load.");
  private static final String FAULTS = Type.getInternalName(Faults.class);
  /// Methods of the JDK that allocate for their caller.
  private static final Set<String> ALLOCATING = Set.of("java/util/Arrays.copyOf",
      "java/lang/reflect/Array.newInstance", "java/nio/ByteBuffer.allocateDirect",
      "java/lang/Thread.start", "java/util/List.of", "java/util/List.copyOf",
      "java/util/List.add", "java/util/Map.put", "java/util/stream/Stream.toList",
      "java/util/concurrent/BlockingQueue.add", "java/lang/ref/WeakReference.<init>");

  public FaultLoader() {
    super(FaultLoader.class.getClassLoader());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS) || name.equals(Faults.class.getName())) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        byte[] bytes = bytes(name);
        byte[] defined =
            INSTRUMENTED.stream().anyMatch(name::startsWith) ? instrumented(bytes) : bytes;
        loaded = defineClass(name, defined, 0, defined.length);
      }
      return loaded;
    }
  }

  private static byte[] bytes(String name) throws ClassNotFoundException {
    String file = "/" + name.replace('.', '/') + ".class";
    try (InputStream in = FaultLoader.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] instrumented(byte[] bytes) {
    ClassReader reader = new ClassReader(bytes);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    reader.accept(new ClassVisitor(Opcodes.ASM9, writer) {
      @Override
      public MethodVisitor visitMethod(int access, String name, String descriptor,
          String signature, String[] exceptions) {
        MethodVisitor to = super.visitMethod(access, name, descriptor, signature, exceptions);
        // a class whose initializer fails never comes back, however much memory there is later
        return name.equals("<clinit>") ? to : new Method(to);
      }
    }, 0);
    return writer.toByteArray();
  }

  private static final class Method extends MethodVisitor {
    Method(MethodVisitor to) {
      super(Opcodes.ASM9, Objects.requireNonNull(to));
    }

    private void ask(String what) {
      super.visitMethodInsn(Opcodes.INVOKESTATIC, FAULTS, what, "()V", false);
    }

    @Override
    public void visitCode() {
      super.visitCode();
      ask("entry");
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      if (opcode == Opcodes.ANEWARRAY) {
        ask("allocation");
      }
      super.visitTypeInsn(opcode, type);
      if (opcode == Opcodes.NEW) {
        ask("allocation"); // after it: stack maps know objects by where they begin
      }
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
      if (opcode == Opcodes.NEWARRAY) {
        ask("allocation");
      }
      super.visitIntInsn(opcode, operand);
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor,
        boolean isInterface) {
      if (name.equals("clone") || ALLOCATING.contains(owner + "." + name)) {
        ask("allocation");
      }
      super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
    }
  }
}
