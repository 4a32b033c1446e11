package io.kotangent.cli;

import io.kotangent.data.NamedTensor;
import io.kotangent.data.Npy;
import io.kotangent.data.TextFile;
import io.kotangent.ir.Graph;
import java.io.PrintWriter;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Where results go.
final class Outputs {
  /// By result; empty for the standard output.
  private final Map<String, Optional<Path>> places;

  private Outputs(Map<String, Optional<Path>> places) {
    this.places = places;
  }

  static Outputs of(List<String> arguments, Graph graph) {
    List<String> results = graph.results().stream().map(Graph.Result::name).toList();
    Map<String, Optional<Path>> places = new LinkedHashMap<>();
    for (String argument : arguments) {
      int at = argument.indexOf('=');
      String name = at < 0 ? argument : argument.substring(0, at);
      if (!results.contains(name)) {
        throw BadInput.of("there is no result '" + name + "': expected one of " + results);
      }
      Optional<Path> place = at < 0 ? Optional.empty()
          : Optional.of(place(argument.substring(at + 1)));
      if (places.putIfAbsent(name, place) != null) {
        throw BadInput.of("--output " + name + " is given twice");
      }
    }
    if (arguments.isEmpty()) {
      if (results.size() != 1) {
        throw BadInput.of("the results are " + results + ": say which by --output NAME[=FILE]");
      }
      places.put(results.getFirst(), Optional.empty());
    }
    if (places.values().stream().filter(Optional::isEmpty).count() > 1) {
      throw BadInput.of("only one result can go to the standard output: --output NAME=FILE");
    }
    return new Outputs(places);
  }

  private static Path place(String text) {
    Path file = Path.of(text);
    String name = text.toLowerCase(Locale.ROOT);
    if (!name.endsWith(".csv") && !name.endsWith(".npy")) {
      throw BadInput.in(file, "cannot tell what to write by its name: expected .csv or .npy");
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw BadInput.in(file, "there is no folder " + folder);
    }
    if (Files.isDirectory(file)) {
      throw BadInput.in(file, "expected a file to write, got a folder");
    }
    return file;
  }

  boolean wants(String result) {
    return places.containsKey(result);
  }

  /// Writes each result, a file wholly or not at all.
  void write(Map<String, NamedTensor> tensors, PrintWriter out) {
    Map<String, String> texts = new LinkedHashMap<>();
    places.forEach((name, place) -> {
      if (place.isEmpty() || isCsv(place.get())) {
        texts.put(name, csv(tensors.get(name)));
      }
    });
    places.forEach((name, place) -> {
      if (place.isEmpty()) {
        out.print(texts.get(name));
      } else if (isCsv(place.get())) {
        TextFile.write(place.get(), texts.get(name));
      } else {
        Npy.write(place.get(), tensors.get(name));
      }
    });
  }

  private static boolean isCsv(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
  }

  /// A line for each place along the first axis, with what belongs to it; numbers as Java prints them, so that they read back exactly.
  private static String csv(NamedTensor tensor) {
    int count = Array.getLength(tensor.values());
    long rows = tensor.type().rank() == 0 ? 1 : tensor.type().dim(0).constant();
    long columns = rows == 0 ? 0 : count / rows;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(Array.get(tensor.values(), i)).append((i + 1) % columns == 0 ? '\n' : ',');
    }
    return text.toString();
  }
}
