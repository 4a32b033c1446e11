package io.kotangent.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.EveryOp;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The page about the text form: every example reads, is valid, and prints as it stands there.
class IrPageTest {
  private static final Pattern BLOCK = Pattern.compile("```graph\n(.*?)```", Pattern.DOTALL);

  private static String page() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.exists(here.resolve("docs/ir.md"))) {
      here = here.getParent();
    }
    return Files.readString(here.resolve("docs/ir.md"));
  }

  static List<String> blocks() throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(page());
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    return blocks;
  }

  @Test
  void everyExamplePrintsAsItStandsThere() throws IOException {
    List<String> blocks = blocks();
    assertEquals(8, blocks.size());
    for (String block : blocks) {
      List<Graph> graphs = GraphParser.parse(block);
      graphs.forEach(Verifier::verify);
      assertEquals(block, GraphPrinter.print(graphs));
    }
  }

  @Test
  void everyOperationHasAnExample() throws IOException {
    Set<String> shown = new TreeSet<>();
    for (String block : blocks()) {
      for (Graph graph : GraphParser.parse(block)) {
        for (Node node : graph.schedule()) {
          shown.add(node.op().getClass().getSimpleName());
        }
      }
    }
    Set<String> all = EveryOp.kinds().map(Class::getSimpleName)
        .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(all, shown);
  }

  @Test
  void everyScalarFunctionIsNamed() throws IOException {
    String page = page();
    for (ScalarFn fn : ScalarFn.values()) {
      assertTrue(page.contains("`" + fn + "`"), fn::toString);
    }
  }
}
