package io.kotangent.aot;

import io.kotangent.autodiff.Gradient;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.StateLayout;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// Compiles networks again and again, each time into another folder, and prints the SHA-256 of all files of each time.
public final class RepeatProbe {
  private RepeatProbe() {
  }

  /// A folder, how many times, and of how many graphs.
  public static void main(String[] args) throws Exception {
    for (int time = 0; time < Integer.parseInt(args[1]); time++) {
      Path folder = Path.of(args[0], "time " + time % 2);
      for (int seed = 0; seed < Integer.parseInt(args[2]); seed++) {
        compile(seed, folder);
      }
      System.out.print("SHA-256 " + hash(folder) + "\n");
    }
  }

  private static void compile(int seed, Path folder) {
    boolean learns = seed % 2 == 1;
    RandomGraph sample = RandomGraphs.generate(seed,
        learns ? RandomGraphs.Options.LOSS : RandomGraphs.Options.WILD.inWide().withNodes(20));
    Graph graph = learns ? Gradient.gradients(sample.graph(), "loss", sample.parameters())
        : sample.graph();
    ModelState state = ModelState.zeros(StateLayout.of(graph.ports()));
    for (Port port : graph.ports()) {
      if (port.role() != Role.INPUT) {
        state.set(port.name(), sample.inputs().get(port.name()).toArray());
      }
    }
    Aot aot = Aot.of("graphs.G" + seed).method("run", graph).weights(state);
    aot.to(folder);
    aot.to(folder.resolve(seed + ".jar"));
    aot.sourceTo(folder.resolve("source"));
  }

  private static String hash(Path folder) throws Exception {
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      hash.update(folder.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
      hash.update(Files.readAllBytes(file));
    }
    return files.size() + " files " + HexFormat.of().formatHex(hash.digest());
  }
}
