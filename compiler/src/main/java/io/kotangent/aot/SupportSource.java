package io.kotangent.aot;

import io.kotangent.runtime.Signature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The source of `io.kotangent.alone` as members of a class.
///
/// @param imports what the members import, in order
record SupportSource(Set<String> imports, String members) {
  private static final List<String> NAMES = List.of("State", "Workspace", "Frame", "Entry",
      "Tensors", "Slots", "Layout", "Elements", "TensorFile", "Crew");
  private static final String IMPORT = "import ";

  static SupportSource read() {
    Set<String> imports = new TreeSet<>();
    StringBuilder members = new StringBuilder();
    for (String name : NAMES) {
      members.append(member(text(name), imports));
    }
    return new SupportSource(imports, members.toString());
  }

  private static String member(String file, Set<String> imports) {
    StringBuilder member = new StringBuilder();
    boolean begun = false;
    for (String line : file.lines().toList()) {
      if (line.startsWith(IMPORT)) {
        imports.add(line.substring(IMPORT.length(), line.length() - 1));
      } else if (begun || line.startsWith("/**")) {
        begun = true;
        member.append(line.isEmpty() ? "" : "  ").append(nested(line)).append('\n');
      }
    }
    return member.append('\n').toString();
  }

  private static String nested(String line) {
    for (String head : List.of("final class ", "abstract class ")) {
      if (line.startsWith(head)) {
        return "static " + line;
      }
    }
    return line.startsWith("public final class ") ? line.replaceFirst("public", "public static")
        : line;
  }

  private static String text(String name) {
    String resource = "/" + Support.ALONE + name + ".java";
    try (InputStream in = Signature.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the runtime has no " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
