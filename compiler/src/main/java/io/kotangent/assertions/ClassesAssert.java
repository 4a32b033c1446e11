package io.kotangent.assertions;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.Set;
import java.util.TreeSet;

/// What is asserted of class files, such as those of a network that is compiled ahead of time (`aot.files()`).
public final class ClassesAssert {
  private static final String END = ".class";
  /// The class file version of Java 0, so to speak.
  private static final int VERSIONS = 44;

  private final Map<String, ClassModel> classes = new TreeMap<>();
  private long bytes;

  ClassesAssert(Map<String, byte[]> files) {
    files.forEach((path, content) -> {
      if (path.endsWith(END)) {
        classes.put(path.substring(0, path.length() - END.length()),
            ClassFile.of().parse(content));
        bytes += content.length;
      }
    });
    if (classes.isEmpty()) {
      throw new AssertionError("expected files of which some end in " + END + ", got "
          + files.keySet());
    }
  }

  /// They refer to each other and to `java.*`, to nothing else.
  public ClassesAssert needOnlyTheJdk() {
    List<String> others = new ArrayList<>();
    classes.forEach((name, model) -> {
      for (String type : references(model)) {
        if (!type.startsWith("java/") && !classes.containsKey(type)) {
          others.add(name.replace('/', '.') + " refers to " + type.replace('/', '.'));
        }
      }
    });
    return holds(others.isEmpty(), "expected references to java.* only", others);
  }

  private static Set<String> references(ClassModel model) {
    Set<String> types = new TreeSet<>();
    model.constantPool().forEach(entry -> {
      if (entry instanceof ClassEntry type) {
        String name = type.asInternalName();
        if (name.startsWith("[")) {
          name = name.endsWith(";")
              ? name.substring(name.indexOf('L') + 1, name.length() - 1) : "java/lang/Object";
        }
        types.add(name);
      }
    });
    return types;
  }

  /// Java of that version, such as 17, and later ones load them.
  public ClassesAssert runOnJava(int version) {
    List<String> newer = new ArrayList<>();
    classes.forEach((name, model) -> {
      if (model.majorVersion() > VERSIONS + version) {
        newer.add(name.replace('/', '.') + " is for Java " + (model.majorVersion() - VERSIONS));
      }
    });
    return holds(newer.isEmpty(), "expected classes for Java " + version, newer);
  }

  /// Bytes of all class files.
  public ClassesAssert haveAtMostBytes(long most) {
    return holds(bytes <= most, "expected at most " + most + " bytes of classes",
        List.of("there are " + bytes));
  }

  /// Bytes of bytecode of each method. The JIT of HotSpot leaves those of more than 8000 alone.
  public ClassesAssert haveMethodsOfAtMost(int most) {
    List<String> larger = new ArrayList<>();
    methods((name, method, code) -> {
      if (code.codeLength() > most) {
        larger.add(name + "." + method.methodName().stringValue() + " has " + code.codeLength());
      }
    });
    return holds(larger.isEmpty(), "expected at most " + most + " bytes of bytecode in a method",
        larger);
  }

  /// Some method of theirs calls that method: `haveCall("java.lang.Math.fma")`.
  public ClassesAssert haveCall(String method) {
    return holds(!calls(method).isEmpty(), "expected a call of " + method,
        List.of("there is none"));
  }

  /// No method of theirs calls that method, or if it ends in a dot any of that class or package: `haveNoCall("java.lang.Math.fma")`.
  public ClassesAssert haveNoCall(String method) {
    List<String> calls = calls(method);
    return holds(calls.isEmpty(), "expected no call of " + method, calls);
  }

  private List<String> calls(String wanted) {
    List<String> calls = new ArrayList<>();
    methods((name, method, code) -> code.forEach(element -> {
      if (element instanceof InvokeInstruction call) {
        String called = call.owner().asInternalName().replace('/', '.') + "."
            + call.name().stringValue();
        if (called.equals(wanted) || wanted.endsWith(".") && called.startsWith(wanted)) {
          calls.add(name + "." + method.methodName().stringValue() + " calls " + called);
        }
      }
    }));
    return calls.stream().distinct().toList();
  }

  /// Of a method that has code.
  private interface Visitor {
    void visit(String type, MethodModel method, CodeAttribute code);
  }

  private void methods(Visitor visitor) {
    classes.forEach((name, model) -> model.methods().forEach(method -> method.code()
        .ifPresent(code -> visitor.visit(name.replace('/', '.'), method, (CodeAttribute) code))));
  }

  private ClassesAssert holds(boolean holds, String expected, List<String> got) {
    if (!holds) {
      int shown = Math.min(10, got.size());
      throw new AssertionError("classes " + classes.keySet().iterator().next().replace('/', '.')
          + (classes.size() > 1 ? " and " + (classes.size() - 1) + " more" : "") + ": " + expected
          + ", but\n  " + String.join("\n  ", got.subList(0, shown))
          + (got.size() > shown ? "\n  … " + (got.size() - shown) + " more" : ""));
    }
    return this;
  }
}
