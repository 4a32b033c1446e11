package io.kotangent.pass;

import io.kotangent.ir.Graph;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.KotangentException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/// The one switch that shows everything: `-Dkotangent.dump=graph,passes,plan,bytecode` (or `all`), written below
/// `-Dkotangent.dump.dir` (`dump`) for graphs whose name fits `-Dkotangent.dump.only` (`loss*`).
///
/// @param only a name in which `*` stands for anything
public record Dump(Set<Stage> stages, Path directory, String only) {
  /// What can be dumped.
  public enum Stage {
    /// Graphs before the first pass and after the last.
    GRAPH,
    /// What each pass of graphs or plans made, if it changed anything.
    PASSES,
    /// Plans and listings.
    PLAN,
    /// Classes and their disassembly.
    BYTECODE
  }

  private static final Dump NOTHING = new Dump(Set.of(), Path.of(""), "*");

  public Dump {
    stages = Set.copyOf(stages);
  }

  /// As the system properties say.
  public static Dump ofProperties() {
    String wanted = System.getProperty("kotangent.dump", "");
    return wanted.isBlank() ? NOTHING : new Dump(parse(wanted),
        Path.of(System.getProperty("kotangent.dump.dir", "dump")),
        System.getProperty("kotangent.dump.only", "*"));
  }

  /// The files of a graph for which nothing is dumped.
  public static Files none() {
    return NOTHING.of("");
  }

  /// The stages of a list such as `graph,plan`; a [KotangentException] names the known ones.
  public static Set<Stage> parse(String list) {
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    for (String part : list.split(",", -1)) {
      String name = part.strip();
      if (name.equals("all")) {
        stages.addAll(EnumSet.allOf(Stage.class));
        continue;
      }
      boolean known = false;
      for (Stage stage : Stage.values()) {
        if (stage.name().toLowerCase(Locale.ROOT).equals(name)) {
          known = stages.add(stage) || stages.contains(stage);
        }
      }
      if (!known) {
        throw new KotangentException(
            "kotangent.dump: expected a list of graph, passes, plan, bytecode, or all, got '" + list
                + "'");
      }
    }
    return stages;
  }

  /// The numbered files of one program.
  public Files of(String graphName) {
    return new Files(fits(only, graphName) ? stages : Set.of(), directory.resolve(graphName));
  }

  /// Whether a text fits a pattern in which `*` stands for anything.
  static boolean fits(String pattern, String text) {
    int star = pattern.indexOf('*');
    if (star < 0) {
      return pattern.equals(text);
    }
    if (!text.startsWith(pattern.substring(0, star))) {
      return false;
    }
    String rest = pattern.substring(star + 1);
    for (int i = star; i <= text.length(); i++) {
      if (fits(rest, text.substring(i))) {
        return true;
      }
    }
    return false;
  }

  /// What is written for one program; numbers count the steps of its compilation, so a step that changed nothing leaves a
  /// gap. Used by one thread.
  public static final class Files {
    private final Set<Stage> stages;
    private final Path directory;
    private int next;

    private Files(Set<Stage> stages, Path directory) {
      this.stages = stages;
      this.directory = directory;
    }

    public boolean wants(Stage stage) {
      return stages.contains(stage);
    }

    public Path directory() {
      return directory;
    }

    /// A graph at a milestone: `00-traced.ir`.
    public void graph(String name, Graph graph) {
      numbered(Stage.GRAPH, name, graph);
    }

    /// A graph after a pass, if it changed.
    public void pass(String name, Graph before, Graph after) {
      if (before == after || !wants(Stage.PASSES)) {
        next++;
      } else {
        numbered(Stage.PASSES, name, after);
      }
    }

    /// Long constants are in files beside the text.
    private void numbered(Stage stage, String name, Graph graph) {
      String number = number();
      if (wants(stage)) {
        Path file = directory.resolve(number + "-" + name + ".ir");
        try {
          java.nio.file.Files.createDirectories(directory);
          GraphPrinter.text(List.of(graph)).write(file);
        } catch (IOException | KotangentException e) {
          throw unwritable(file, e);
        }
      }
    }

    private String number() {
      return (next < 10 ? "0" : "") + next++;
    }

    /// A text with the next number: `05-fuse-elementwise.plan`.
    public void numbered(Stage stage, String name, Supplier<String> text) {
      file(stage, number() + "-" + name, text);
    }

    /// A text under its own name: `loss.ir`, `Loss.javap.txt`.
    public void file(Stage stage, String name, Supplier<String> text) {
      if (wants(stage)) {
        write(name, text.get().getBytes(StandardCharsets.UTF_8));
      }
    }

    /// Bytes under their own name: `Loss.class`.
    public void bytes(Stage stage, String name, byte[] bytes) {
      if (wants(stage)) {
        write(name, bytes);
      }
    }

    private void write(String name, byte[] bytes) {
      Path file = directory.resolve(name);
      try {
        java.nio.file.Files.createDirectories(directory);
        java.nio.file.Files.write(file, bytes);
      } catch (IOException e) {
        throw unwritable(file, e);
      }
    }

    private static KotangentException unwritable(Path file, Exception e) {
      return new KotangentException("cannot write the dump " + file + ": " + e
          + "; set -Dkotangent.dump.dir to a directory that can be written", e);
    }
  }
}
