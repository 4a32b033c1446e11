package io.kotangent.aot;

import static org.objectweb.asm.Opcodes.ACC_FINAL;
import static org.objectweb.asm.Opcodes.ACC_PUBLIC;
import static org.objectweb.asm.Opcodes.ACC_STATIC;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/// Says in class files which classes are members of which, so that Java's compiler knows `Digits.State`; of those that users see.
final class Members {
  private static final int CLASS = 7;

  private Members() {
  }

  /// @param network the class whose members those are whose names go on with a dollar sign
  static Map<String, byte[]> declare(Map<String, byte[]> classes, String network) {
    Map<String, byte[]> declared = new LinkedHashMap<>();
    classes.forEach((type, bytes) -> {
      ClassWriter writer = new ClassWriter(0);
      Set<String> mentioned = mentioned(bytes, classes.keySet(), type.equals(network));
      new ClassReader(bytes).accept(new ClassVisitor(Opcodes.ASM9, writer) {
        @Override
        public void visitInnerClass(String name, String outer, String simple, int access) {
          if (!name.startsWith(network + "$")) {
            super.visitInnerClass(name, outer, simple, access);
          }
        }

        @Override
        public void visitEnd() {
          for (String member : classes.keySet()) {
            int last = member.lastIndexOf('$');
            int access = access(classes.get(member));
            if (member.startsWith(network + "$") && mentioned.contains(member)
                && (access & ACC_PUBLIC) != 0) {
              super.visitInnerClass(member, member.substring(0, last), member.substring(last + 1),
                  access);
            }
          }
          super.visitEnd();
        }
      }, 0);
      declared.put(type, writer.toByteArray());
    });
    return declared;
  }

  /// The classes in the constants of a class; a network has to know all that its users can see.
  private static Set<String> mentioned(byte[] bytes, Set<String> all, boolean isNetwork) {
    Set<String> mentioned = new TreeSet<>();
    ClassReader reader = new ClassReader(bytes);
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int i = 1; i < reader.getItemCount(); i++) {
      int at = reader.getItem(i);
      if (at > 0 && bytes[at - 1] == CLASS) {
        mentioned.add(reader.readUTF8(at, buffer));
      }
    }
    if (isNetwork) {
      mentioned.addAll(all);
    }
    return mentioned;
  }

  private static int access(byte[] member) {
    return ACC_STATIC | new ClassReader(member).getAccess()
        & (ACC_PUBLIC | ACC_FINAL | Opcodes.ACC_ABSTRACT);
  }
}
