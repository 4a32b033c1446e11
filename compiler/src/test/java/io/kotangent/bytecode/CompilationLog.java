package io.kotangent.bytecode;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What this JVM's log of compilations says of kernels: which of their methods were compiled, and by which compiler last. The JVM
/// writes it if started with [#flag].
final class CompilationLog {
  /// Columns: id, attributes (`%` is a loop that was replaced while it ran), level, method, and what happened to it.
  private static final Pattern LINE = Pattern.compile(
      "\\s*\\d+\\s+([%sbn! ]*?)\\s*([1-4])\\s+(kernel_[0-9a-f]+)::(\\w+) (@ -?\\d+ )?\\(\\d+ bytes\\)(.*)");
  /// A method that C2 took into the one that calls it. (C1 says nothing of heat.)
  private static final Pattern INLINED =
      Pattern.compile(
          "\\s*@ -?\\d+\\s+(kernel_[0-9a-f]+)::(\\w+) \\(\\d+ bytes\\)\\s+inline \\(hot\\).*");
  private static final int C1_FOR_GOOD = 1;
  private static final int C2 = 4;

  private final Path file;
  private final Map<String, Map<String, Integer>> levels = new LinkedHashMap<>();
  private final Set<String> inlined = new HashSet<>();
  private final Set<String> refused = new HashSet<>();
  private long position;
  private String rest = "";

  CompilationLog(Path file) {
    this.file = file;
  }

  static String flag(Path file) {
    return "-Xlog:jit+compilation=debug,jit+inlining=debug:file=" + file + ":none:filecount=0";
  }

  /// Takes in what was written since the last time.
  void read() throws IOException {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      log.seek(position);
      byte[] more = new byte[Math.toIntExact(log.length() - position)];
      log.readFully(more);
      position += more.length;
      String[] lines = (rest + new String(more, StandardCharsets.UTF_8)).split("\n", -1);
      rest = lines[lines.length - 1];
      for (int i = 0; i < lines.length - 1; i++) {
        line(lines[i]);
      }
    }
  }

  private void line(String line) {
    if (!line.contains("kernel_")) {
      return;
    }
    Matcher call = INLINED.matcher(line);
    if (call.matches()) {
      inlined.add(call.group(1) + "::" + call.group(2));
    }
    Matcher matcher = LINE.matcher(line);
    if (matcher.matches() && matcher.group(5) == null) {
      int level = Integer.parseInt(matcher.group(2));
      Map<String, Integer> methods =
          levels.computeIfAbsent(matcher.group(3), _ -> new LinkedHashMap<>());
      if (matcher.group(6).isBlank()) {
        Integer before = methods.put(matcher.group(4), level);
        if (level == C1_FOR_GOOD && before != null && before == C2) {
          refused.add(matcher.group(3) + "::" + matcher.group(4));
        }
      } else {
        methods.remove(matcher.group(4), level);
      }
    }
  }

  /// Whether C2 tried a kernel's method and gave it back to C1: it takes no method that has, with those that it calls, over some 70
  /// arguments.
  boolean isRefused(String kernel) {
    return refused.stream().anyMatch(method -> method.startsWith(kernel + "::"));
  }

  /// The methods of a kernel, among those that were ever compiled, that C2 has not compiled yet, neither on their own nor
  /// within others.
  List<String> missing(String kernel) {
    List<String> missing = new ArrayList<>();
    levels.getOrDefault(kernel, Map.of()).forEach((method, level) -> {
      String name = kernel + "::" + method;
      if (level < C2 && !inlined.contains(name) && !refused.contains(name)) {
        missing.add(name + " at level " + level);
      }
    });
    return missing;
  }

  /// Whether a kernel's entry was compiled, by whichever compiler.
  boolean knows(String kernel) {
    return levels.getOrDefault(kernel, Map.of()).containsKey("run")
        || inlined.contains(kernel + "::run");
  }

  /// How many methods of a kernel C2 has compiled whose names begin so.
  int compiled(String kernel, String prefix) {
    return (int) levels.getOrDefault(kernel, Map.of()).entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix) && entry.getValue() == C2).count();
  }
}
