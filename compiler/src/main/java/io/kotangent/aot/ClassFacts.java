package io.kotangent.aot;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// What a build knows of a class without loading it.
///
/// @param name with slashes
/// @param parents the class that it extends and the interfaces that it implements
/// @param concrete neither abstract, nor inside of a method
/// @param texts all names, descriptors and strings in its constant pool
/// @param digest of its file
record ClassFacts(String name, List<String> parents, boolean concrete, Set<String> texts,
    String digest) {

  /// @throws IllegalArgumentException if that is no class file that this JVM knows
  static ClassFacts of(byte[] file) {
    ClassModel model = ClassFile.of().parse(file);
    List<String> parents = new ArrayList<>();
    Optional<ClassEntry> parent = model.superclass();
    parent.ifPresent(entry -> parents.add(entry.asInternalName()));
    model.interfaces().forEach(entry -> parents.add(entry.asInternalName()));
    boolean concrete = !model.flags().has(AccessFlag.ABSTRACT)
        && !model.flags().has(AccessFlag.INTERFACE)
        && model.findAttribute(Attributes.enclosingMethod()).isEmpty();
    Set<String> texts = new HashSet<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof Utf8Entry text) {
        texts.add(text.stringValue());
      }
    }
    return new ClassFacts(model.thisClass().asInternalName(), parents, concrete, texts,
        Contents.digest(file));
  }

  /// Which of the known classes its constant pool mentions: as a class, in a descriptor, or by name in a string.
  Set<String> mentioned(Predicate<String> known) {
    Set<String> found = new HashSet<>();
    for (String text : texts) {
      String whole = text.replace('.', '/');
      if (known.test(whole)) {
        found.add(whole);
      }
      for (int start = text.indexOf('L'); start >= 0; start = text.indexOf('L', start + 1)) {
        int end = start + 1;
        while (end < text.length() && ";<:>".indexOf(text.charAt(end)) < 0) {
          end++;
        }
        String part = text.substring(start + 1, end);
        if (known.test(part)) {
          found.add(part);
        }
      }
    }
    return found;
  }
}
