package io.kotangent.aot;

import static org.objectweb.asm.Opcodes.ACC_PUBLIC;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/// Short names for what nobody sees of `io.kotangent.alone`: names are half of what such small classes weigh.
final class ShortNames {
  private static final int LETTERS = 26;
  private static final Map<String, String> NAMES = names();

  private ShortNames() {
  }

  /// The short name of a field or method that no user can call; others stay.
  static String of(String name) {
    return NAMES.getOrDefault(name, name);
  }

  private static Map<String, String> names() {
    Set<String> hidden = new TreeSet<>();
    Set<String> open = new TreeSet<>();
    for (byte[] bytes : Support.classes().values()) {
      new ClassReader(bytes).accept(new ClassVisitor(Opcodes.ASM9) {
        @Override
        public MethodVisitor visitMethod(int access, String name, String descriptor,
            String signature, String[] exceptions) {
          add(access, name);
          return super.visitMethod(access, name, descriptor, signature, exceptions);
        }

        @Override
        public FieldVisitor visitField(int access, String name, String descriptor,
            String signature, Object value) {
          add(access, name);
          return super.visitField(access, name, descriptor, signature, value);
        }

        private void add(int access, String name) {
          boolean isOpen = (access & ACC_PUBLIC) != 0 || name.startsWith("<");
          (isOpen ? open : hidden).add(name);
        }
      }, ClassReader.SKIP_CODE);
    }
    hidden.removeAll(open);
    hidden.remove("run"); // of entries, and of tasks
    Map<String, String> shortNames = new HashMap<>();
    for (String name : hidden) {
      shortNames.put(name, letters(shortNames.size()));
    }
    return shortNames;
  }

  /// `a` to `z`, `ba` and so on.
  private static String letters(int number) {
    String last = String.valueOf((char) ('a' + number % LETTERS));
    return number < LETTERS ? last : letters(number / LETTERS) + last;
  }
}
