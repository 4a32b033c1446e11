package io.kotangent.aot;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/// What class files refer to, and whether Java 17 has it.
final class References {
  private static final List<String> MODULES = List.of("java.base", "jdk.incubator.vector");

  private References() {
  }

  /// Which classes and methods the code of a class needs.
  static Set<String> of(byte[] bytes) {
    Set<String> found = new TreeSet<>();
    new ClassReader(bytes).accept(new ClassVisitor(Opcodes.ASM9) {
      @Override
      public MethodVisitor visitMethod(int access, String name, String descriptor,
          String signature, String[] exceptions) {
        return new MethodVisitor(Opcodes.ASM9) {
          @Override
          public void visitMethodInsn(int opcode, String owner, String method, String types,
              boolean ofInterface) {
            found.add(owner + " " + method + types);
          }

          @Override
          public void visitFieldInsn(int opcode, String owner, String field, String type) {
            found.add(owner);
          }

          @Override
          public void visitTypeInsn(int opcode, String type) {
            found.add(type);
          }
        };
      }
    }, 0);
    return found;
  }

  /// Those that the class files of a Java 17 on this machine do not have; none if there is no Java 17, which it says.
  static List<String> missingIn17(Set<String> references) throws IOException {
    Optional<Path> java17 = Jvms.java17();
    List<String> missing = new ArrayList<>();
    if (java17.isEmpty()) {
      System.out.println("NO JAVA 17 ON THIS MACHINE: its methods are not compared");
      return missing;
    }
    Path home = java17.get().getParent().getParent();
    try (FileSystem image = FileSystems.newFileSystem(URI.create("jrt:/"),
        Map.of("java.home", home.toString()))) {
      for (String reference : references) {
        String[] words = reference.split(" ");
        if (!exists(image, words[0], words.length > 1 ? words[1] : "")) {
          missing.add(reference);
        }
      }
    }
    return missing;
  }

  /// Whether a class, or one that it extends, has a method.
  private static boolean exists(FileSystem image, String type, String method) throws IOException {
    Optional<Path> file =
        MODULES.stream().map(module -> image.getPath("/modules", module, type + ".class"))
            .filter(Files::exists).findFirst();
    if (file.isEmpty()) {
      return false;
    }
    ClassReader reader = new ClassReader(Files.readAllBytes(file.get()));
    boolean[] found = {method.isEmpty()};
    reader.accept(new ClassVisitor(Opcodes.ASM9) {
      @Override
      public MethodVisitor visitMethod(int access, String name, String descriptor,
          String signature, String[] exceptions) {
        found[0] |= method.equals(name + descriptor);
        return super.visitMethod(access, name, descriptor, signature, exceptions);
      }
    }, ClassReader.SKIP_CODE);
    boolean has = found[0];
    if (!has && reader.getSuperName() != null) {
      has = exists(image, reader.getSuperName(), method);
    }
    for (String parent : reader.getInterfaces()) {
      has = has || exists(image, parent, method);
    }
    return has;
  }
}
