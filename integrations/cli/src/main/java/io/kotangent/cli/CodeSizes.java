package io.kotangent.cli;

import java.io.PrintWriter;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How large classes are, and the code of their methods.
final class CodeSizes {
  private record Sized(long bytes, String name) {
  }

  private CodeSizes() {
  }

  static void print(PrintWriter out, Map<String, byte[]> files) {
    long all = 0;
    int classes = 0;
    List<Sized> others = new ArrayList<>();
    List<Sized> sized = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Sized one = new Sized(file.getValue().length, file.getKey());
      boolean isClass = file.getKey().endsWith(".class");
      (isClass ? sized : others).add(one);
      all += isClass ? one.bytes : 0;
      classes += isClass ? 1 : 0;
    }
    sized.sort(Comparator.comparing(Sized::bytes).reversed().thenComparing(Sized::name));
    StringBuilder text = new StringBuilder();
    for (Sized type : sized) {
      text.append(String.format(Locale.ROOT, "%9d  %s%n", type.bytes, type.name));
      for (Sized method : Bytecode.read(type.name, () -> methods(files.get(type.name)))) {
        text.append(String.format(Locale.ROOT, "%9s  %7d  %s%n", "", method.bytes, method.name));
      }
    }
    text.append(String.format(Locale.ROOT, "%9d  code in %d classes%n", all, classes));
    others.forEach(
        other -> text.append(String.format(Locale.ROOT, "%9d  %s%n", other.bytes, other.name)));
    out.print(text);
  }

  private static List<Sized> methods(byte[] type) {
    List<Sized> methods = new ArrayList<>();
    ClassModel model = ClassFile.of().parse(type);
    for (MethodModel method : model.methods()) {
      long code = method.findAttribute(Attributes.code()).map(CodeAttribute::codeLength).orElse(0);
      methods.add(new Sized(code,
          method.methodName().stringValue() + method.methodType().stringValue()));
    }
    methods.sort(Comparator.comparing(Sized::bytes).reversed().thenComparing(Sized::name));
    return methods;
  }
}
