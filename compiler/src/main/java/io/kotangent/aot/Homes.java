package io.kotangent.aot;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/// Which class of a network each emitted one goes to. Kernels, each emitted as a class of its own, become methods of one, named after
/// the steps that call them; what stands around a program and the program itself become one.
final class Homes extends Remapper {
  private record Home(String type, String run) {
  }

  private final String network;
  private final Map<String, Home> homes = new HashMap<>();
  private final Map<String, Integer> names = new HashMap<>();
  private final Set<String> entries = new HashSet<>();
  private final Map<String, ModelLines> lines = new HashMap<>();

  /// @param network the class, with slashes, whose members `io.kotangent.alone` becomes
  Homes(String network) {
    super(Opcodes.ASM9);
    this.network = network;
  }

  /// A class extends `io.kotangent.alone.Entry`.
  void addEntry(String type) {
    entries.add(type);
  }

  /// A class is of a program, whose stack traces are to show lines of the model.
  void addLines(String type, ModelLines model) {
    lines.put(type, model);
  }

  /// Has a class go to another: its method `run` under that name or one like it, its others with that before theirs.
  void move(String type, String home, String run) {
    int times = names.merge(home + "." + run, 1, Integer::sum);
    homes.put(type, new Home(home, times == 1 ? run : run + "_" + times));
  }

  @Override
  public String map(String type) {
    if (type.startsWith(Support.ALONE)) {
      return network + "$" + type.substring(Support.ALONE.length());
    }
    Home home = homes.get(type);
    return home == null ? type : home.type;
  }

  @Override
  public String mapFieldName(String owner, String field, String descriptor) {
    return owner.startsWith(Support.ALONE) ? ShortNames.of(field) : field;
  }

  @Override
  public String mapMethodName(String owner, String method, String descriptor) {
    if (owner.startsWith(Support.ALONE) || entries.contains(owner)) {
      return ShortNames.of(method);
    }
    Home home = homes.get(owner);
    return home == null ? method : method.equals("run") ? home.run : home.run + "_" + method;
  }

  /// The classes as they are in the end, by their names, in the order of the first of each.
  Map<String, byte[]> apply(Map<String, byte[]> emitted, int version) {
    Map<String, ClassWriter> writers = new LinkedHashMap<>();
    emitted.forEach((type, bytes) -> {
      ClassWriter writer = writers.computeIfAbsent(map(type), home -> new ClassWriter(0));
      boolean moved = homes.containsKey(type);
      ClassVisitor all = new ClassRemapper(
          moved ? new Guest(writer, emitted.containsKey(map(type)), map(type), version)
              : new Host(writer),
          this);
      ModelLines model = lines.get(type);
      new ClassReader(bytes).accept(model == null ? all : model.around(all),
          model == null ? ClassReader.SKIP_DEBUG : 0);
    });
    Map<String, byte[]> classes = new LinkedHashMap<>();
    writers.forEach((type, writer) -> {
      writer.visitEnd();
      classes.put(type, writer.toByteArray());
    });
    return classes;
  }

  /// All of a class but its end, what only Java's compiler would want of generic types, and constants, which are in the code that uses them.
  private static final class Host extends ClassVisitor {
    Host(ClassWriter writer) {
      super(Opcodes.ASM9, writer);
    }

    @Override
    public @Nullable FieldVisitor visitField(int access, String name, String descriptor,
        String signature, @Nullable Object value) {
      return value == null ? super.visitField(access, name, descriptor, null, null) : null;
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
        String[] exceptions) {
      return super.visitMethod(access, name, descriptor, null, exceptions);
    }

    @Override
    public void visitEnd() {
      // others may still come
    }
  }

  /// The methods of a class that goes to another.
  private static final class Guest extends ClassVisitor {
    private final ClassWriter writer;

    Guest(ClassWriter writer, boolean hasHost, String home, int version) {
      super(Opcodes.ASM9);
      this.writer = writer;
      if (!hasHost) {
        writer.visit(version, Opcodes.ACC_FINAL | Opcodes.ACC_SUPER, home, null,
            "java/lang/Object", null);
      }
    }

    @Override
    public void visitSource(String source, String debug) {
      writer.visitSource(source, debug);
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
        String[] exceptions) {
      int seen = access & ~(Opcodes.ACC_PUBLIC | Opcodes.ACC_PRIVATE);
      return writer.visitMethod(seen, name, descriptor, signature, exceptions);
    }
  }
}
