package io.kotangent.cli;

import io.kotangent.aot.Aot;
import io.kotangent.aot.Provenance;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.StateLayout;
import io.kotangent.text.ParseException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a command is about: a graph, or a network that was compiled ahead of time.
sealed interface Subject {
  /// The graph of a text file.
  record OfGraph(Path file, Graph graph) implements Subject {
    @Override
    public Map<String, Graph> graphs() {
      return Map.of(graph.name(), graph);
    }

    /// As a network of a class `Network`, without values.
    @Override
    public Aot aot() {
      return Aot.of("Network").method(graph.name(), graph)
          .weights(ModelState.zeros(StateLayout.of(graph.ports())));
    }

    @Override
    public Map<String, byte[]> files() {
      return aot().files();
    }
  }

  /// The files of a network.
  ///
  /// @param files by their paths in a jar
  record OfNetwork(Path file, Provenance provenance, Map<String, byte[]> files)
      implements Subject {
    @Override
    public Map<String, Graph> graphs() {
      Map<String, Graph> graphs = new LinkedHashMap<>();
      provenance.methods().forEach((method, text) -> {
        try {
          graphs.put(method, provenance.graph(method));
        } catch (ParseException e) {
          throw BadInput.in(Path.of(file + ", graph of method " + method), text, e);
        }
      });
      return graphs;
    }

    @Override
    public Aot aot() {
      return provenance.aot();
    }
  }

  /// Its graphs, by the names of methods.
  Map<String, Graph> graphs();

  /// It as something that can be compiled ahead of time.
  Aot aot();

  /// Its files, as they are or would be.
  Map<String, byte[]> files();

  Path file();

  /// One of its graphs, or all.
  default Map<String, Graph> selected(Optional<String> method) {
    Map<String, Graph> all = graphs();
    if (method.isEmpty()) {
      return all;
    }
    Graph graph = all.get(method.get());
    if (graph == null) {
      throw BadInput.in(file(), "there is no method '" + method.get() + "': expected one of "
          + all.keySet());
    }
    return Map.of(method.get(), graph);
  }

  /// The only graph, or that of a method.
  default Map.Entry<String, Graph> one(Optional<String> method) {
    Map<String, Graph> some = selected(method);
    if (some.size() != 1) {
      throw BadInput.in(file(), "there are several methods " + some.keySet()
          + ": say which by --method NAME");
    }
    return some.entrySet().iterator().next();
  }

  /// Reads what a path holds: a folder or jar is a network's, all else a graph's text.
  ///
  /// @param className of the network that is meant, if there are several
  static Subject read(Path file, Optional<String> className) {
    if (!Files.exists(file)) {
      throw BadInput.in(file, "there is no such file");
    }
    if (!Files.isDirectory(file) && !isZip(file)) {
      return new OfGraph(file, GraphFile.read(file));
    }
    return NetworkFiles.read(file, className);
  }

  private static boolean isZip(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.read() == 'P' && in.read() == 'K' || file.toString().endsWith(".jar");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
