package io.kotangent.aot;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.ir.Graph;
import io.kotangent.text.GraphParser;
import io.kotangent.type.KotangentException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Where a network comes from: what lies beside its weights as `Digits.provenance`, a text of lines.
///
/// ```
/// kotangent network 1
/// compiler 0.1.0
/// class org.example.Digits
/// fma true
/// simd 0
/// stabilize true
/// relaxed false
/// without FuseElementwise
/// note parameters 7850
/// sha256 9f86d081… org/example/Digits.class
/// method predict
///   graph digits_predict(image: input f32[batch,784], w: param f32[784,10]) {
///     …
/// ```
///
/// `without`, `note`, `sha256` and `method` may stand there any number of times, each in its place; what follows a method, two blanks further in, is its
/// graph. There are no dates, no folders and nothing of the machine in it, so the same network has the same text.
///
/// @param compiler the version that made it
/// @param className the network's
/// @param fma whether it uses `Math.fma`
/// @param simd the bits of the vectors of its SIMD code; 0 if it has none
/// @param stabilize whether formulas were replaced by stable ones
/// @param relaxed whether rules were allowed that change roundings
/// @param without passes, rules and plan passes that did not act
/// @param notes what its maker said of it, by key
/// @param digests the SHA-256 of each other file, in hexadecimal, by its path in a jar
/// @param methods the text of each method's graph, as it was given
public record Provenance(String compiler, String className, boolean fma, int simd,
    boolean stabilize, boolean relaxed, Set<String> without, Map<String, String> notes,
    Map<String, String> digests,
    Map<String, String> methods) {
  /// What the name of its file ends with.
  public static final String SUFFIX = ".provenance";

  public Provenance {
    without = Collections.unmodifiableSet(new LinkedHashSet<>(without));
    notes = Collections.unmodifiableMap(new LinkedHashMap<>(notes));
    digests = Collections.unmodifiableMap(new LinkedHashMap<>(digests));
    methods = Collections.unmodifiableMap(new LinkedHashMap<>(methods));
  }

  /// The version of this compiler.
  public static String thisCompiler() {
    return CompilerVersion.text();
  }

  /// Reads such a text. It may come from anywhere: whatever is wrong with it is said with its line. The graphs are read when
  /// they are asked for.
  ///
  /// @param source its name, for messages
  /// @throws io.kotangent.data.DataException if it is none
  public static Provenance read(byte[] utf8, String source) {
    return new ProvenanceReader(source).read(utf8);
  }

  /// Where it lies in a jar: `org/example/Digits.provenance`.
  public String path() {
    return className.replace('.', '/') + SUFFIX;
  }

  /// The text.
  public String text() {
    StringBuilder text = new StringBuilder(ProvenanceReader.HEAD).append('\n');
    line(text, "compiler", compiler);
    line(text, "class", className);
    line(text, "fma", String.valueOf(fma));
    line(text, "simd", String.valueOf(simd));
    line(text, "stabilize", String.valueOf(stabilize));
    line(text, "relaxed", String.valueOf(relaxed));
    without.forEach(name -> line(text, "without", name));
    notes.forEach((key, value) -> line(text, "note", key + " " + value));
    digests.forEach((path, digest) -> line(text, "sha256", digest + " " + path));
    methods.forEach((name, graph) -> {
      line(text, "method", name);
      graph.lines().forEach(line -> text.append("  ").append(line).append('\n'));
    });
    return text.toString();
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append(key).append(' ').append(value).append('\n');
  }

  byte[] bytes() {
    return text().getBytes(StandardCharsets.UTF_8);
  }

  /// The graph of a method.
  ///
  /// @throws KotangentException if there is no such method, or its text is none of a graph
  public Graph graph(String method) {
    String text = methods.get(method);
    if (text == null) {
      throw new KotangentException(className + " has no method '" + method
          + "': expected one of " + methods.keySet());
    }
    return GraphParser.parseOne(text);
  }

  /// The same network once more, without its weights: with them, this version of the compiler makes the same files of it.
  ///
  /// @throws KotangentException if a name or a graph is none
  public Aot aot() {
    Aot aot = Aot.of(className).with(CompileOptions.standard().stabilize(stabilize)
        .relaxed(relaxed).without(without.toArray(String[]::new)));
    methods.keySet().forEach(method -> aot.method(method, graph(method)));
    notes.forEach(aot::note);
    if (simd > 0) {
      aot.simd(simd);
    }
    return fma ? aot : aot.withoutFma();
  }

  /// What is wrong with the files of a network: those that differ from their SHA-256, those that are not there, and classes of its name
  /// that are not in the list. Nothing, if all is as it was made.
  ///
  /// @param files by their paths in a jar; others may be among them
  public List<String> problems(Map<String, byte[]> files) {
    List<String> problems = new ArrayList<>();
    digests.forEach((path, digest) -> {
      byte[] bytes = files.get(path);
      if (bytes == null) {
        problems.add(path + " is missing");
      } else if (!Sha256.of(bytes).equals(digest)) {
        problems.add(path + " is not as it was made: its SHA-256 is " + Sha256.of(bytes)
            + ", expected " + digest);
      }
    });
    String name = className.replace('.', '/');
    new TreeMap<>(files).keySet().forEach(path -> {
      boolean own = path.equals(name + ".class") || path.startsWith(name + "$")
          || path.startsWith(name + "_");
      if (own && path.endsWith(".class") && !digests.containsKey(path)) {
        problems.add(path + " is not one of its files");
      }
    });
    return problems;
  }
}
