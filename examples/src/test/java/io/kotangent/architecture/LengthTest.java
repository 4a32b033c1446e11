package io.kotangent.architecture;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/// No file over 400 lines, no method over 40: what must be longer stands in `.config/long-code.txt`
/// with its reason, and nothing stands there that has become short.
class LengthTest {
  private static final int FILE = 400;
  private static final int METHOD = 40;

  @Test
  void whatIsLongHasAReason() throws IOException {
    Map<String, Integer> tooLong = tooLong(Sources.files());
    Map<String, String> reasons = reasons();

    var unexplained = new TreeMap<>(tooLong);
    unexplained.keySet().removeAll(reasons.keySet());
    var outdated = new TreeMap<>(reasons);
    outdated.keySet().removeAll(tooLong.keySet());
    assertAll(
        () -> assertEquals(Map.of(), unexplained, "too long (lines), and no reason given"),
        () -> assertEquals(Map.of(), outdated, "reasons for what is not long"),
        () -> assertTrue(reasons.values().stream().allMatch(reason -> reason.length() > 10),
            "each line of .config/long-code.txt: place, blank, reason"));
  }

  @Test
  void aLongMethodIsFound() throws IOException {
    Path file = Files.createTempFile("Long", ".java");
    try {
      Files.writeString(file, "class Long { void run() {\n" + ";\n".repeat(METHOD) + "} }\n");
      assertEquals(List.of(METHOD + 2), List.copyOf(longMethods(List.of(file)).values()));
    } finally {
      Files.delete(file);
    }
  }

  private static Map<String, Integer> tooLong(List<Path> files) throws IOException {
    Map<String, Integer> found = new TreeMap<>();
    List<Path> main = new ArrayList<>();
    for (Path file : files) {
      int lines = Files.readAllLines(file, StandardCharsets.UTF_8).size();
      if (lines > FILE) {
        found.put(Sources.name(file), lines);
      }
      if (file.toString().endsWith(".java") && Sources.name(file).contains("/src/main/")) {
        main.add(file);
      }
    }
    found.putAll(longMethods(main));
    return found;
  }

  private static Map<String, Integer> longMethods(List<Path> files) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, Integer> found = new TreeMap<>();
    try (var manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      var sources = manager.getJavaFileObjectsFromPaths(files);
      var task = (JavacTask) compiler.getTask(null, manager, _ -> {}, List.of("-proc:none"), null,
          sources);
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        unit.accept(new MethodLengths(unit, positions, found), "");
      }
    }
    return found;
  }

  private static Map<String, String> reasons() throws IOException {
    Map<String, String> reasons = new TreeMap<>();
    for (String line : Files.readAllLines(Sources.ROOT.resolve(".config/long-code.txt"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.split("\\s+", 2);
        reasons.put(parts[0], parts.length == 2 ? parts[1] : "");
      }
    }
    return reasons;
  }

  /// Notes each method that is too long as `path#Class.method`.
  private static final class MethodLengths extends TreeScanner<Void, String> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final Map<String, Integer> found;

    MethodLengths(CompilationUnitTree unit, SourcePositions positions, Map<String, Integer> found) {
      this.unit = unit;
      this.positions = positions;
      this.found = found;
    }

    @Override
    public Void visitClass(ClassTree type, String outer) {
      String name = outer.isEmpty() ? type.getSimpleName().toString()
          : outer + "." + type.getSimpleName();
      return super.visitClass(type, name);
    }

    @Override
    public Void visitMethod(MethodTree method, String type) {
      if (method.getBody() != null) {
        long start = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method));
        long end = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method));
        int lines = (int) (end - start + 1);
        if (lines > METHOD) {
          Path file = Path.of(unit.getSourceFile().toUri());
          found.put(Sources.name(file) + "#" + type + "." + method.getName(), lines);
        }
      }
      return super.visitMethod(method, type);
    }
  }
}
