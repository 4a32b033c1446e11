package io.kotangent.text;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.NameText;
import io.kotangent.type.KotangentException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the texts that [GraphPrinter] writes. Every error is a [ParseException] that says where, what was
/// expected, and what came.
public final class GraphParser {
  /// How deep calls, loops and branches may be nested.

  private final Scanner scanner;
  private final Map<String, Literal> constants;
  private final Map<String, Graph> graphs = new HashMap<>();
  private final Map<Graph, Integer> depths = new HashMap<>();

  private GraphParser(String text, Map<String, Literal> constants) {
    this.scanner = new Scanner(text);
    this.constants = constants;
  }

  /// All graphs of a text, in its order.
  public static List<Graph> parse(String text) {
    return parse(text, Map.of());
  }

  /// All graphs of a text whose long constants are found by their digests.
  public static List<Graph> parse(String text, Map<String, Literal> constants) {
    return new GraphParser(text, constants).parse();
  }

  public static List<Graph> parse(GraphText text) {
    return parse(text.text(), text.constants());
  }

  /// The graph of a file that [GraphText#write] wrote: the last, with its bodies.
  public static Graph parseOne(Path file) {
    GraphText text = GraphText.read(file);
    return parseOne(text.text(), text.constants());
  }

  /// All graphs of a UTF-8 text.
  public static List<Graph> parse(byte[] utf8) {
    try {
      return parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
    } catch (CharacterCodingException e) {
      throw new ParseException(1, 1, "a text in UTF-8", "bytes that are none");
    }
  }

  /// The last graph of a text; the others must be bodies that it uses.
  public static Graph parseOne(String text) {
    return parseOne(text, Map.of());
  }

  public static Graph parseOne(String text, Map<String, Literal> constants) {
    List<Graph> all = parse(text, constants);
    Graph last = all.getLast();
    Set<Graph> within = new HashSet<>(last.withBodies());
    for (Graph graph : all) {
      if (!within.contains(graph)) {
        throw new KotangentException(
            "expected one graph and its bodies, but " + last.name() + " does not use "
                + graph.name() + "; read several with parse");
      }
    }
    return last;
  }

  /// A name and perhaps `#2`, as one string.
  static String reference(Scanner scanner) {
    String name = scanner.name("a graph's name");
    return scanner.take('#') ? NameText.print(name) + "#" + scanner.integer()
        : NameText.print(name);
  }

  private List<Graph> parse() {
    List<Graph> parsed = new ArrayList<>();
    scanner.lines();
    do {
      parsed.add(graph());
      scanner.lines();
    } while (!scanner.atEnd());
    return parsed;
  }

  private Graph graph() {
    int place = scanner.place();
    if (!scanner.word().equals("graph")) {
      throw scanner.error(place, "'graph'", scanner.from(place).got());
    }
    int namePlace = scanner.place();
    String name = scanner.from(namePlace).name("a graph's name");
    String reference = reference(scanner);
    Set<Graph> used = new HashSet<>();
    Graph graph = new BlockParser(scanner, name, new GraphBuilder(), constants, r -> {
      Optional<Graph> found = Optional.ofNullable(graphs.get(r));
      found.ifPresent(used::add);
      return found;
    }).parse();
    int depth = 1 + used.stream().mapToInt(depths::get).max().orElse(0);
    if (depth > Graph.DEEPEST) {
      throw scanner.error(namePlace, "graphs nested at most " + Graph.DEEPEST + " deep",
          String.valueOf(depth));
    }
    if (graphs.put(reference, graph) != null) {
      throw scanner.error(namePlace, "each graph once", "'" + reference + "' twice");
    }
    depths.put(graph, depth);
    return graph;
  }
}
