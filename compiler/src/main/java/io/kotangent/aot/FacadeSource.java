package io.kotangent.aot;

import io.kotangent.bytecode.emit.StringPieces;
import io.kotangent.bytecode.source.EntrySource;
import io.kotangent.bytecode.source.JavaType;
import io.kotangent.bytecode.source.SourceText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// Prints the class that a network's users see, as [FacadeEmitter] emits it, with its documentation.
final class FacadeSource {
  private static final int LONGEST_STRING = 20_000;

  private final String name;
  private final List<String> entries;
  private final boolean learns;
  private final StringBuilder text = new StringBuilder();

  /// @param name of the class, without its package
  /// @param entries the classes of its programs' entries
  /// @param learns whether users see the state
  FacadeSource(String name, List<String> entries, boolean learns) {
    this.name = name;
    this.entries = entries;
    this.learns = learns;
  }

  /// @param about what the comment of the class says first
  String print(String packageName, String about, List<Method> methods, String layout,
      Weights weights) {
    text.append("// Made by Kotangent; not meant to be edited.\n");
    if (!packageName.isEmpty()) {
      text.append("package ").append(packageName).append(";\n\n");
    }
    SupportSource support = SupportSource.read();
    for (String imported : support.imports()) {
      text.append("import ").append(imported).append(";\n");
    }
    lines("", "", "/**", " * " + about,
        " *",
        " * <p>Any number of threads may call its methods at once. Wrong lengths, ranges and sizes are",
        " * {@link IllegalArgumentException}s.", " */", "public final class " + name + " {");
    fields(layout);
    loading(weights);
    for (Method method : methods) {
      plain(method);
      inWorkspace(method);
    }
    for (Method method : methods) {
      if (method.returnsSeveral()) {
        results(method);
      }
    }
    text.append(support.members().stripTrailing()).append("\n}\n");
    return SourceText.inAscii(text);
  }

  private void lines(String indent, String... lines) {
    for (String line : lines) {
      text.append(line.isEmpty() ? "" : indent).append(line).append('\n');
    }
  }

  private void fields(String layout) {
    StringJoiner pieces = new StringJoiner(",\n");
    for (String piece : StringPieces.of(layout, LONGEST_STRING)) {
      StringJoiner lines = new StringJoiner("\n          + ");
      for (String line : piece.split("(?<=\n)", -1)) {
        if (!line.isEmpty()) {
          lines.add(EntrySource.quoted(line));
        }
      }
      pieces.add("      " + lines);
    }
    lines("  ", "private static final Layout LAYOUT = new Layout(");
    text.append(pieces).append(");\n\n");
    lines("  ", "private final Entry[] entries = {");
    for (String entry : entries) {
      lines("      ", "new " + entry + "(),");
    }
    lines("  ", "};", "private final State state;",
        "private final AtomicReference<Workspace> spare = new AtomicReference<>();", "",
        "/** A network with that state, which it shares. */",
        (learns ? "public " : "") + name + "(State state) {",
        "  this.state = State.of(state, LAYOUT);", "}", "");
  }

  private void loading(Weights weights) {
    lines("  ", "/** With the weights beside this class, whose checksum is verified. */",
        "public static " + name + " load() {",
        "  return new " + name + "(State.ofResource(LAYOUT, " + name + ".class, \""
            + weights.resource() + "\", " + weights.length() + ", " + weights.crc() + "));",
        "}", "",
        "/** With the weights of a safetensors file. */",
        "public static " + name + " withWeights(Path file) throws IOException {",
        "  return new " + name + "(State.ofFile(LAYOUT, file));", "}", "",
        "/** With the weights in the bytes of a safetensors file. */",
        "public static " + name + " withWeights(byte[] safetensors) throws IOException {",
        "  return new " + name + "(State.ofBytes(LAYOUT, safetensors));", "}", "",
        "/** What it has learned. */",
        (learns ? "public " : "") + "State state() {", "  return state;", "}", "",
        "/** Arrays to work in, for one thread at a time. */",
        "public Workspace newWorkspace() {", "  return new Workspace(entries);", "}", "");
  }

  // ---- the methods

  private void plain(Method method) {
    List<String> parameters = new ArrayList<>();
    method.sizes().forEach(size -> parameters.add("int " + size));
    method.inputs().forEach(input -> parameters.add(type(input) + " " + input.name()));
    if (method.takesTensors()) {
      parameters.add("Tensors tensors");
    }
    String returned = method.returnsSeveral() ? ResultNames.simple(method)
        : method.givesTensors() ? "Tensors"
            : method.results().isEmpty() ? "void" : type(method.results().getFirst());
    doc(method, "sizes follow from the lengths of the arrays");
    lines("  ", "public " + returned + " " + method.name() + "(" + String.join(", ", parameters)
        + ") {", "  Workspace workspace = Workspace.take(this.spare, this.entries);",
        "  Frame frame = Workspace.begin(workspace, " + method.entry() + ", \"" + method.name()
            + "\");");
    for (String size : method.sizes()) {
      lines("    ", "frame.size(" + method.allSizes().indexOf(size) + ", " + size + ");");
    }
    inputs(method);
    lines("    ", "frame.solve();");
    List<String> made = newResults(method);
    lines("    ", "frame." + (method.updates() ? "commit" : "read") + "(this.state);",
        "this.spare.set(workspace);");
    if (method.returnsSeveral()) {
      lines("    ", "return new " + ResultNames.simple(method) + "(" + String.join(", ", made)
          + ");");
    } else if (!made.isEmpty()) {
      lines("    ", "return " + made.getFirst() + ";");
    }
    lines("  ", "}", "");
  }

  /// Makes arrays for the results; returns what they are called.
  private List<String> newResults(Method method) {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < method.results().size(); i++) {
      Method.Argument result = method.results().get(i);
      String variable = "result" + i;
      made.add(variable + (result.isNumber() ? "[0]" : ""));
      lines("    ", array(result) + " " + variable + " = (" + array(result)
          + ") frame.newResult(" + result.index() + ");");
    }
    if (method.givesTensors()) {
      made.add("made");
      lines("    ", "Tensors made = frame.newTensors();");
    }
    return made;
  }

  private void inWorkspace(Method method) {
    List<String> parameters = new ArrayList<>();
    method.allSizes().forEach(size -> parameters.add("int " + size));
    method.inputs().forEach(input -> parameters.add(type(input) + " " + input.name()));
    if (method.takesTensors()) {
      parameters.add("Tensors tensors");
    }
    method.results().forEach(result -> parameters.add(array(result) + " " + result.name()));
    if (method.givesTensors()) {
      parameters.add("Tensors made");
    }
    parameters.add("Workspace workspace");
    doc(method, "results go into arrays of the caller, and nothing is allocated once the workspace"
        + " has seen the sizes");
    lines("  ", "public " + (method.updates() ? "boolean " : "void ") + method.name() + "("
        + String.join(", ", parameters) + ") {",
        "  Frame frame = Workspace.begin(workspace, " + method.entry() + ", \"" + method.name()
            + "\");");
    for (int i = 0; i < method.allSizes().size(); i++) {
      lines("    ", "frame.size(" + i + ", " + method.allSizes().get(i) + ");");
    }
    inputs(method);
    for (int i = 0; i < method.results().size(); i++) {
      lines("    ", "frame.result(" + method.results().get(i).index() + ", "
          + method.results().get(i).name() + ");");
    }
    if (method.givesTensors()) {
      lines("    ", "frame.results(made);");
    }
    lines("    ",
        method.updates() ? "return frame.update(this.state);" : "frame.read(this.state);");
    lines("  ", "}", "");
  }

  private void inputs(Method method) {
    for (Method.Argument input : method.inputs()) {
      lines("    ", "frame." + (input.isNumber() ? "number" : "input") + "(" + input.index() + ", "
          + input.name() + ");");
    }
    if (method.takesTensors()) {
      lines("    ", "frame.inputs(tensors);");
    }
  }

  private void doc(Method method, String how) {
    lines("  ", "/**", " * {@code " + method.name() + "}; " + how + ".");
    for (Method.Argument result : method.results()) {
      lines("  ", " *",
          " * <p>Result {@code " + result.name() + "}: {@code " + result.type() + "}");
    }
    lines("  ", " *");
    method.inputs().forEach(
        input -> lines("  ", " * @param " + input.name() + " {@code " + input.type() + "}"));
    lines("  ", " */");
  }

  private void results(Method method) {
    String type = ResultNames.simple(method);
    Map<String, String> fields = new LinkedHashMap<>();
    method.results().forEach(result -> fields.put(result.name(), type(result)));
    if (method.givesTensors()) {
      fields.put("tensors", "Tensors");
    }
    StringJoiner parameters = new StringJoiner(", ");
    lines("  ", "/** What {@code " + method.name() + "} returns. */",
        "public static final class " + type + " {");
    fields.forEach((field, of) -> {
      lines("    ", "public final " + of + " " + field + ";");
      parameters.add(of + " " + field);
    });
    lines("    ", "", type + "(" + parameters + ") {");
    fields.keySet().forEach(field -> lines("      ", "this." + field + " = " + field + ";"));
    lines("    ", "}");
    lines("  ", "}", "");
  }

  private static String type(Method.Argument argument) {
    return argument.isNumber() ? JavaType.of(argument.dtype()) : array(argument);
  }

  private static String array(Method.Argument argument) {
    return JavaType.of(argument.dtype()) + "[]";
  }
}
