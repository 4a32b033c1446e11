package io.kotangent.aot;

import io.kotangent.type.KotangentException;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The program that builds run to compile networks ahead of time: the Maven plugin, a task of Gradle, or a script. It needs Java 25, and
/// on its class path the definitions with all that they use.
///
/// ```
/// java --add-modules jdk.incubator.vector -cp build/classes:…  io.kotangent.aot.BuildNetworks \
///     --from build/classes --classes build/networks --result build/networks.txt
/// ```
///
/// | option | what it says |
/// | --- | --- |
/// | `--from PATH` | a folder of classes or a jar, where each [NetworkDefinition] is a network to be made; at least one, and at least one that is there |
/// | `--definition NAME` | only definitions of that name, where `*` stands for anything; any number |
/// | `--classes FOLDER` | where classes and weights go; it may be the folder that the definitions are in |
/// | `--source FOLDER` | where the source of each network's class goes, with its documentation; optional |
/// | `--result FILE` | what was made: the next run reads it, makes only what has changed, and removes what is none any more |
/// | `--stamp TEXT` | a line to be kept in that file if all went well, for whoever reads it; optional |
///
/// The exit code is 0 if all networks are up to date, 1 if some failed (the others are made, and of those that failed nothing is changed),
/// and 2 if the options or files are not as they should be (nothing is changed). Messages go to the error stream, each in a line that begins with
/// `error: ` and, where there is one, the line of the module's source.
public final class BuildNetworks {
  private static final List<String> OPTIONS =
      List.of("--from", "--definition", "--classes", "--source", "--result", "--stamp");

  private BuildNetworks() {
  }

  /// Runs and exits.
  public static void main(String[] args) {
    List<String> classPath =
        List.of(System.getProperty("java.class.path").split(File.pathSeparator));
    System.exit(run(List.of(args), classPath, BuildNetworks.class.getClassLoader(), System.out,
        System.err));
  }

  /// @param classPath of the loader
  static int run(List<String> args, List<String> classPath, ClassLoader loader, PrintStream out,
      PrintStream err) {
    try {
      Map<String, String> errors = new NetworkBuild(request(args, classPath), loader, out).run();
      errors.values().forEach(error -> err.println("error: " + error));
      return errors.isEmpty() ? 0 : 1;
    } catch (KotangentException e) {
      err.println("error: " + e.getMessage());
      return 2;
    }
  }

  private static NetworkBuild.Request request(List<String> args, List<String> classPath) {
    Map<String, List<String>> options = new LinkedHashMap<>();
    OPTIONS.forEach(option -> options.put(option, new ArrayList<>()));
    for (int i = 0; i < args.size(); i += 2) {
      List<String> values = options.get(args.get(i));
      if (values == null || i + 1 == args.size() || args.get(i + 1).isBlank()
          || args.get(i + 1).lines().count() > 1) {
        throw new KotangentException("'" + args.get(i) + "': expected one of " + OPTIONS
            + ", each followed by its value");
      }
      values.add(args.get(i + 1));
    }
    List<Path> places =
        options.get("--from").stream().map(BuildNetworks::path).distinct().toList();
    if (places.isEmpty()) {
      throw new KotangentException("--from is missing: expected a folder of classes or a jar");
    }
    NetworkFiles files = new NetworkFiles(path(one(options, "--classes")),
        optional(options, "--source").map(BuildNetworks::path));
    return new NetworkBuild.Request(places, options.get("--definition"), files,
        path(one(options, "--result")), optional(options, "--stamp"),
        surroundings(places, classPath));
  }

  private static String one(Map<String, List<String>> options, String name) {
    return optional(options, name).orElseThrow(() -> new KotangentException(
        name + " is missing: expected a " + (name.equals("--result") ? "file" : "folder")));
  }

  private static Optional<String> optional(Map<String, List<String>> options, String name) {
    List<String> values = options.get(name);
    if (values.size() > 1) {
      throw new KotangentException(name + " is there twice: " + values);
    }
    return values.stream().findFirst();
  }

  private static Path path(String text) {
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new KotangentException("'" + text + "' is no path: " + e.getMessage(), e);
    }
  }

  /// The libraries with their contents, this JVM and its arguments.
  private static List<String> surroundings(List<Path> places, List<String> classPath) {
    List<String> lines = new ArrayList<>();
    lines.add("java " + Runtime.version());
    ManagementFactory.getRuntimeMXBean().getInputArguments()
        .forEach(argument -> lines.add("argument " + argument));
    for (String element : classPath) {
      Path library = path(element);
      if (!places.contains(library) && Files.exists(library)) {
        try {
          lines.add("library " + Contents.digest(library));
        } catch (IOException e) {
          throw new KotangentException("the library " + library + " cannot be read: " + e, e);
        }
      }
    }
    return lines;
  }
}
