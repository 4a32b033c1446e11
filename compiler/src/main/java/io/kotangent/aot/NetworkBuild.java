package io.kotangent.aot;

import io.kotangent.aot.BuildResult.Made;
import io.kotangent.type.KotangentException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Makes the networks of a module that are not up to date, each wholly or not at all, and removes what of the last build is
/// none any more.
final class NetworkBuild {
  /// What to build.
  ///
  /// @param places folders of classes and jars with definitions
  /// @param patterns names of definitions, with `*` for anything; all if there is none
  /// @param files where to write
  /// @param result the file that says what was made
  /// @param stamp a line to be kept there if nothing failed
  /// @param surroundings what all definitions depend on, a line each: libraries, the JVM
  record Request(List<Path> places, List<String> patterns, NetworkFiles files, Path result,
      Optional<String> stamp, List<String> surroundings) {
  }

  /// What is to be written, and how long it took to make.
  private record Pending(NetworkFiles.Content content, double seconds) {
  }

  /// No digest is that: what was being written when a build was killed is made again.
  private static final String UNFINISHED = "0".repeat(64);

  private final Request request;
  private final Definitions definitions;
  private final PrintStream log;
  private final BuildResult before;
  private final DefinitionModule module = new DefinitionModule();
  private final SortedMap<String, Made> made = new TreeMap<>();
  private final SortedMap<String, String> errors = new TreeMap<>();
  private final SortedMap<String, Pending> pending = new TreeMap<>();
  private final Map<String, String> owners = new HashMap<>();

  /// @throws io.kotangent.data.DataException if the result of the last build is damaged
  NetworkBuild(Request request, ClassLoader loader, PrintStream log) {
    this.request = request;
    this.log = log;
    this.before = BuildResult.read(request.result);
    this.definitions = new Definitions(module, loader);
  }

  /// Returns why definitions failed, by their names.
  ///
  /// @throws KotangentException if the definitions cannot be read, or none is what was asked for
  Map<String, String> run() {
    try {
      List<Path> there = request.places.stream().filter(Files::exists).toList();
      if (there.isEmpty()) {
        throw new KotangentException("there is none of " + request.places
            + ", where definitions were to be: compile the module first");
      }
      for (Path place : there) {
        module.read(place, isOutput(place) ? before.classes() : Set.of());
      }
      List<String> wanted = wanted();
      for (String name : wanted) {
        make(name);
      }
      write(wanted);
    } catch (IOException e) {
      throw new KotangentException("the networks cannot be made: " + e, e);
    }
    return errors;
  }

  private boolean isOutput(Path place) throws IOException {
    Path classes = request.files.classes();
    return Files.exists(classes) && Files.isSameFile(place, classes);
  }

  private List<String> wanted() {
    List<String> found = definitions.find();
    if (request.patterns.isEmpty()) {
      if (found.isEmpty()) {
        log.println("no public class in " + request.places + " implements "
            + NetworkDefinition.class.getName());
      }
      return found;
    }
    List<String> wanted = new ArrayList<>();
    for (String pattern : request.patterns) {
      Pattern regex = Pattern.compile(Stream.of(pattern.split("\\*", -1)).map(Pattern::quote)
          .collect(Collectors.joining(".*")));
      List<String> matching = found.stream().filter(regex.asMatchPredicate()).toList();
      if (matching.isEmpty()) {
        throw new KotangentException("no definition is called '" + pattern + "'; "
            + (module.has(pattern)
                ? "that class does not implement " + NetworkDefinition.class.getName()
                : "there are " + found + " in " + request.places));
      }
      wanted.addAll(matching);
    }
    return wanted.stream().distinct().sorted().toList();
  }

  // ---- one definition

  private void make(String name) throws IOException {
    List<String> lines = new ArrayList<>(request.surroundings);
    lines.add("source " + request.files.source().isPresent());
    lines.addAll(module.dependencies(name));
    String inputs = Contents.digest(lines);
    Made last = before.made().get(name);
    try {
      if (last != null && last.inputs().equals(inputs) && request.files.hold(last)) {
        own(last, name);
        made.put(name, last);
        log.println(last.network() + " is up to date");
        return;
      }
      long start = System.nanoTime();
      Aot aot = definitions.network(name);
      NetworkFiles.Content content = request.files.content(aot);
      Made now = content.made(aot.className(), inputs);
      own(now, name);
      request.files.checkFree(now, before);
      made.put(name, now);
      pending.put(name, new Pending(content, (System.nanoTime() - start) / 1e9));
    } catch (KotangentException e) {
      failed(name, definitions.message(e));
    }
  }

  /// Two networks cannot have one file, not even where capital letters are as good as small ones.
  private void own(Made network, String name) {
    Stream.concat(network.classes().keySet().stream(), network.sources().keySet().stream())
        .forEach(path -> {
          String other = owners.putIfAbsent(path.toLowerCase(Locale.ROOT), name);
          if (other != null) {
            throw new KotangentException(name + " makes " + network.network() + " with the file "
                + path + ", which " + other + " makes, too; give one of them another name");
          }
        });
  }

  private void failed(String name, String message) {
    errors.put(name, message);
    made.remove(name);
    pending.remove(name);
    Made last = before.made().get(name);
    if (last != null) {
      made.put(name, last); // its files are as they were
    }
  }

  // ---- all of them

  private void write(List<String> wanted) throws IOException {
    Files.createDirectories(request.result.getParent());
    if (!pending.isEmpty()) {
      begun().write(request.result);
    }
    for (String name : List.copyOf(pending.keySet())) {
      write(name, pending.get(name));
    }
    BuildResult now =
        new BuildResult(errors.isEmpty() ? request.stamp : Optional.empty(), made, errors);
    before.made().forEach((name, last) -> {
      if (!wanted.contains(name)) {
        log.println(last.network() + " is removed: its definition " + name + " is gone");
      }
    });
    request.files.deleteOthers(before, now);
    now.write(request.result);
  }

  private void write(String name, Pending network) {
    try {
      request.files.write(network.content);
      Collection<byte[]> files = network.content.classes().values();
      log.printf(Locale.ROOT, "%s is made from %s: %d files, %d kB, %.1f s%n",
          made.get(name).network(), name, files.size(),
          files.stream().mapToLong(file -> file.length).sum() / 1000, network.seconds);
    } catch (KotangentException e) {
      failed(name, e.getMessage());
    }
  }

  /// What a build that is killed while it writes leaves: all files that there may be.
  private BuildResult begun() {
    SortedMap<String, Made> all = new TreeMap<>(before.made());
    made.forEach((name, now) -> {
      Made last = before.made().get(name);
      if (pending.containsKey(name)) {
        SortedMap<String, String> classes = new TreeMap<>(now.classes());
        SortedMap<String, String> sources = new TreeMap<>(now.sources());
        if (last != null) {
          classes.putAll(last.classes());
          sources.putAll(last.sources());
        }
        all.put(name, new Made(now.network(), UNFINISHED, classes, sources));
      }
    });
    return new BuildResult(Optional.empty(), all, new TreeMap<>());
  }
}
