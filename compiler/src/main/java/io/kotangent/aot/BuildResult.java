package io.kotangent.aot;

import io.kotangent.data.DataException;
import io.kotangent.data.DataException.Kind;
import io.kotangent.data.TextFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a build of networks made, as the file that the next build and the Maven plugin read. It is text:
///
/// ```
/// kotangent-networks 1
/// stamp …                               what whoever started the build wanted to find here; once, if at all
/// definition org.example.IrisDefinition and of each definition:
/// network org.example.Iris              the class that it made
/// inputs 0123…                          the SHA-256 of all that it depended on
/// classes 4567… org/example/Iris.class  a file in the folder of classes, with the SHA-256 of its content
/// source 89ab… org/example/Iris.java    the same in the folder of sources
/// error IrisDefinition.java:12: …       why it was not made this time; the lines before it are of the last time that it was
/// end
/// ```
///
/// @param made by names of definitions
/// @param errors by names of definitions
record BuildResult(Optional<String> stamp, SortedMap<String, Made> made,
    SortedMap<String, String> errors) {
  static final BuildResult NONE =
      new BuildResult(Optional.empty(), new TreeMap<>(), new TreeMap<>());

  private static final String FIRST = "kotangent-networks 1";
  private static final String LAST = "end";
  private static final Pattern FILE = Pattern.compile("(classes|source) ([0-9a-f]{64}) (.+)");

  /// What became of a definition.
  ///
  /// @param network its class
  /// @param inputs the digest of what it depended on
  /// @param classes digests of files by their paths
  /// @param sources digests of files by their paths
  record Made(String network, String inputs, SortedMap<String, String> classes,
      SortedMap<String, String> sources) {
  }

  /// The paths in the folder of classes.
  Set<String> classes() {
    Set<String> paths = new TreeSet<>();
    made.values().forEach(one -> paths.addAll(one.classes.keySet()));
    return paths;
  }

  /// The paths in the folder of sources.
  Set<String> sources() {
    Set<String> paths = new TreeSet<>();
    made.values().forEach(one -> paths.addAll(one.sources.keySet()));
    return paths;
  }

  /// Of the last build, if there was one.
  ///
  /// @throws DataException if it is anything but what [#write] writes
  static BuildResult read(Path file) {
    if (!Files.exists(file)) {
      return NONE;
    }
    return new Reader(file).read(TextFile.read(file).split("\n", -1));
  }

  /// Writes it, wholly or not at all.
  void write(Path file) {
    StringBuilder text = new StringBuilder(FIRST).append('\n');
    stamp.ifPresent(line -> text.append("stamp ").append(line).append('\n'));
    Set<String> names = new TreeSet<>(made.keySet());
    names.addAll(errors.keySet());
    for (String name : names) {
      text.append("definition ").append(name).append('\n');
      Made one = made.get(name);
      if (one != null) {
        text.append("network ").append(one.network).append('\n');
        text.append("inputs ").append(one.inputs).append('\n');
        files(text, "classes", one.classes);
        files(text, "source", one.sources);
      }
      String error = errors.get(name);
      if (error != null) {
        text.append("error ").append(error.strip().replaceAll("\\R", " ")).append('\n');
      }
    }
    TextFile.write(file, text.append(LAST).append('\n').toString());
  }

  private static void files(StringBuilder text, String kind, Map<String, String> files) {
    files.forEach((path, digest) -> text.append(kind).append(' ').append(digest).append(' ')
        .append(path).append('\n'));
  }

  /// Nobody knows who wrote a file.
  private static final class Reader {
    private final Path file;
    private Optional<String> stamp = Optional.empty();
    private final Map<String, List<String>> definitions = new LinkedHashMap<>();
    private int line = 1;

    Reader(Path file) {
      this.file = file;
    }

    BuildResult read(String[] lines) {
      if (lines.length < 3 || !lines[0].equals(FIRST)) {
        throw damaged("expected '" + FIRST + "'");
      }
      if (!lines[lines.length - 2].equals(LAST) || !lines[lines.length - 1].isEmpty()) {
        line = lines.length;
        throw damaged("expected '" + LAST + "', and nothing after it");
      }
      List<String> current = new ArrayList<>();
      for (String text : List.of(lines).subList(1, lines.length - 2)) {
        line++;
        if (text.startsWith("stamp ") && definitions.isEmpty() && stamp.isEmpty()) {
          stamp = Optional.of(text.substring("stamp ".length()));
        } else if (text.startsWith("definition ")) {
          current = new ArrayList<>();
          if (definitions.putIfAbsent(text.substring("definition ".length()), current) != null) {
            throw damaged("this definition again");
          }
        } else if (definitions.isEmpty()) {
          throw damaged("expected a definition, not '" + text + "'");
        } else {
          current.add(text);
        }
      }
      return result();
    }

    private BuildResult result() {
      SortedMap<String, Made> made = new TreeMap<>();
      SortedMap<String, String> errors = new TreeMap<>();
      line = stamp.isPresent() ? 2 : 1;
      definitions.forEach((name, lines) -> {
        line++;
        Fields fields = new Fields();
        for (String text : lines) {
          line++;
          take(text, fields);
        }
        if (fields.network.isEmpty() != fields.inputs.isEmpty()
            || fields.network.isEmpty() && fields.error.isEmpty()) {
          throw damaged("the definition " + name + " lacks its network or its inputs");
        }
        if (!fields.network.isEmpty()) {
          made.put(name, new Made(fields.network, fields.inputs, fields.classes, fields.sources));
        }
        if (!fields.error.isEmpty()) {
          errors.put(name, fields.error);
        }
      });
      return new BuildResult(stamp, made, errors);
    }

    private static final class Fields {
      String network = "";
      String inputs = "";
      String error = "";
      final SortedMap<String, String> classes = new TreeMap<>();
      final SortedMap<String, String> sources = new TreeMap<>();
    }

    private void take(String text, Fields fields) {
      Matcher of = FILE.matcher(text);
      if (of.matches()) {
        String path = path(of.group(3));
        (of.group(1).equals("classes") ? fields.classes : fields.sources).put(path, of.group(2));
      } else if (text.startsWith("network ") && fields.network.isEmpty()) {
        fields.network = text.substring("network ".length());
      } else if (text.matches("inputs [0-9a-f]{64}") && fields.inputs.isEmpty()) {
        fields.inputs = text.substring("inputs ".length());
      } else if (text.startsWith("error ") && fields.error.isEmpty()) {
        fields.error = text.substring("error ".length());
      } else {
        throw damaged("'" + text + "' does not belong there");
      }
    }

    /// Such as a network has: nothing else is ever deleted.
    private String path(String path) {
      boolean own = path.endsWith(".class") || path.endsWith(".safetensors")
          || path.endsWith(Provenance.SUFFIX) || path.endsWith(".java");
      if (!own || path.startsWith("/") || path.contains("//") || path.contains("\\")
          || path.contains(":") || ("/" + path + "/").contains("/../")
          || ("/" + path + "/").contains("/./")) {
        throw damaged("'" + path + "' is no path of a network's file");
      }
      return path;
    }

    private DataException damaged(String what) {
      return new DataException("text", Kind.SYNTAX, file.toString(), -1, "line " + line + ": "
          + what
          + "; it lists what the last build of networks made: delete it together with that (mvn clean)");
    }
  }
}
