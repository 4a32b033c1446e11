package io.kotangent.explain;

import io.kotangent.bytecode.StepWay;
import io.kotangent.explain.Changes.Mark;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/// An explanation as one HTML file: pictures of the graph after each pass that changed it, and at last with its kernels; the rest as data
/// for the script of the page.
final class Page {
  private static final int LARGEST = 2_900_000;
  /// Of the room, what pictures of passes leave for all else.
  private static final double FOR_THE_REST = 0.6;
  private static final String NO_PICTURE = "<svg viewBox='0 0 420 40' width='420' height='40'>"
      + "<text x='10' y='24'>This picture was left out; its text is there.</text></svg>";

  private final Explanation explanation;
  private final Room room = new Room(LARGEST);
  private final Map<Node, Integer> kernels = new IdentityHashMap<>();
  private final List<String> names = new ArrayList<>();
  private final List<Object> stages = new ArrayList<>();
  private final StringBuilder pictures = new StringBuilder();

  private Page(Explanation explanation) {
    this.explanation = explanation;
    for (ExplainedKernel kernel : explanation.kernels()) {
      names.add(kernel.name());
      kernel.nodes().forEach(node -> kernels.put(node, kernel.number()));
    }
  }

  static String of(Explanation explanation) {
    Page page = new Page(explanation);
    page.stages();
    String data = Html.json(page.data());
    Map<String, String> parts = Map.of(
        "title", Html.text(explanation.graph().name() + " explained"),
        "name", Html.text(explanation.graph().name()),
        "summary", Html.text(
            (ReportText.summary(explanation).replaceFirst(".*?: ", "") + ". " + page.room.note())
                .strip()),
        "css", Template.css("page.css"), "js", Template.resource("page.js"),
        "pictures", page.pictures.toString(), "data", data);
    return Template.fill("page.html", parts);
  }

  // ---- the graph, step by step

  private void stages() {
    GraphLines before = new GraphLines(explanation.graph());
    List<String> idle = new ArrayList<>();
    for (ExplainedPass pass : explanation.passes()) {
      if (!pass.changed()) {
        idle.add(pass.name());
      }
    }
    stage("as written", "The graph as it was written."
        + (idle.isEmpty() ? "" : " These passes change nothing in it: "
            + String.join(", ", idle) + "."),
        before, before, false);
    for (ExplainedPass pass : explanation.passes()) {
      if (pass.changed()) {
        GraphLines after = new GraphLines(pass.after());
        stage(pass.name(), pass.toString(), before, after, false);
        before = after;
      }
    }
    GraphLines planned = new GraphLines(explanation.prepared());
    stage("kernels",
        "Each frame is a kernel: what is in it is computed together, in one pass over its elements as far as that goes.",
        before, planned, true);
  }

  private void stage(String title, String note, GraphLines before, GraphLines after,
      boolean withKernels) {
    Changes changes = Changes.between(before, after);
    Map<String, Object> stage = new LinkedHashMap<>();
    stage.put("title", title);
    stage.put("note", note);
    stage.put("kernels", withKernels);
    stage.put("lines", after.lines());
    stage.put("marks", marks(after, node -> css(changes.ofAfter(node), "add")));
    stage.put("went", marks(before, node -> css(changes.ofBefore(node), "del")));
    List<Object> gone = new ArrayList<>();
    for (Graph block : before.blocks().reversed()) {
      Map<String, Object> names = new TreeMap<>();
      block.schedule().forEach(node -> {
        if (changes.ofBefore(node) == Mark.ONE) {
          names.put(before.name(node), "gone");
        }
      });
      gone.add(names);
    }
    stage.put("gone", gone);
    List<Object> blocks = new ArrayList<>();
    for (Graph block : after.blocks().reversed()) {
      String picture = GraphPicture.of(block, after, withKernels ? kernels : Map.of(), names,
          node -> switch (changes.ofAfter(node)) {
            case SAME -> "";
            case OPERANDS -> " moved";
            case ONE -> " new";
          });
      boolean first = stages.isEmpty() || withKernels;
      pictures.append("<template id='p").append(stages.size()).append('-').append(blocks.size())
          .append("'>").append(room.has(first ? "pictures" : "pictures of passes", picture,
              first ? 0 : FOR_THE_REST) ? picture : NO_PICTURE)
          .append("</template>\n");
      blocks.add(block(block, after, withKernels));
    }
    stage.put("blocks", blocks);
    stages.add(stage);
  }

  private static String css(Mark mark, String one) {
    return switch (mark) {
      case SAME -> "";
      case OPERANDS -> "op";
      case ONE -> one;
    };
  }

  /// The CSS class of each line that has one.
  private static Map<String, Object> marks(GraphLines lines,
      Function<Node, String> css) {
    Map<String, Object> marks = new LinkedHashMap<>();
    for (Graph block : lines.blocks()) {
      for (Node node : block.schedule()) {
        String mark = node.op() instanceof Op.Input ? "" : css.apply(node);
        if (!mark.isEmpty()) {
          marks.put(String.valueOf(lines.place(node)), mark);
        }
      }
    }
    return marks;
  }

  private Map<String, Object> block(Graph graph, GraphLines lines, boolean withKernels) {
    Map<Node, Integer> uses = NodeFormula.uses(graph);
    List<Object> nodes = new ArrayList<>();
    for (Node node : graph.schedule()) {
      Map<String, Object> about = new LinkedHashMap<>();
      about.put("name", lines.name(node));
      about.put("at", lines.place(node));
      about.put("line", lines.line(node));
      put(about, "scope", node.origin().scope());
      put(about, "place", node.origin().place());
      NodeFormula.of(node, lines, uses).ifPresent(formula -> about.put("formula", formula));
      Integer kernel = kernels.get(node);
      if (withKernels && kernel != null) {
        about.put("kernel", kernel);
      } else if (withKernels) {
        about.put("why", switch (node.op()) {
          case Op.Input _ -> "It is given: no kernel computes it.";
          case Op.Constant _ -> "A constant: no kernel computes it.";
          default -> "No kernel computes it: what reads it reads its elements in place.";
        });
      }
      nodes.add(about);
    }
    return Map.of("name", graph.name(), "nodes", nodes);
  }

  private static void put(Map<String, Object> about, String key, String text) {
    if (!text.isEmpty()) {
      about.put(key, text);
    }
  }

  // ---- kernels, steps, arrays

  private Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("stages", stages);
    GraphLines lines = new GraphLines(explanation.prepared());
    data.put("kernels", explanation.kernels().stream().map(k -> kernel(k, lines)).toList());
    List<Optional<StepWay.Way>> ways = explanation.ways();
    List<Object> steps = new ArrayList<>();
    for (ExplainedStep step : explanation.steps()) {
      Optional<StepWay.Way> way = ways.get(step.number());
      steps.add(Map.of("title", "step " + step.number() + " " + step.name(), "kernel",
          step.kernel(), "way", ReportText.way(way), "within", String.join(", ", step.within()),
          "threads", step.threads(), "arguments", String.join(", ", step.arguments()),
          "methods", ReportText.methods(step), "open", way.isPresent()));
    }
    data.put("steps", steps);
    data.put("arrays", explanation.arrays().stream().map(ExplainedArray::toString).toList());
    explanation.measurement().ifPresent(measured -> data.put("measured", measured(measured)));
    data.put("listing", explanation.compilation().code().listing());
    room.take(Html.json(data));
    data.put("listings", texts("loop code", ways, ExplainedStep::listing));
    data.put("java", texts("Java sources", ways, ExplainedStep::java));
    return data;
  }

  /// Those of kernels, as far as there is room: first of steps that are taken now.
  private Map<String, Object> texts(String what, List<Optional<StepWay.Way>> ways,
      Function<ExplainedStep, String> text) {
    List<ExplainedStep> steps = new ArrayList<>(explanation.steps());
    steps.sort(Comparator.comparing(step -> ways.get(step.number()).isEmpty()));
    Set<String> seen = new HashSet<>();
    Map<String, Object> texts = new TreeMap<>();
    for (ExplainedStep step : steps) {
      String printed = text.apply(step);
      if (seen.add(step.kernel()) && room.has(what, Html.json(printed), 0)) {
        texts.put(step.kernel(), printed);
      }
    }
    return texts;
  }

  /// The plot is a template beside the pictures.
  private Map<String, Object> measured(Measurement measured) {
    pictures.append("<template id='roofline'>").append(RooflinePlot.of(measured))
        .append("</template>\n");
    MeasurementTable table = new MeasurementTable(measured);
    return Map.of("head", table.head(), "heads", MeasurementTable.HEADS, "rows", table.rows(),
        "kernels", measured.kernels().stream()
            .map(row -> row.kernels().stream().map(ExplainedKernel::number).toList()).toList());
  }

  private Map<String, Object> kernel(ExplainedKernel kernel, GraphLines lines) {
    return Map.of("title", kernel.toString(), "apart",
        kernel.apart().map(KeptApart::toString).orElse(""),
        "work", ReportText.work(explanation, kernel),
        "nodes", String.join(", ", kernel.nodes().stream()
            .map(node -> (lines.has(node) ? lines.name(node) + " " : "") + node.op().mnemonic())
            .toList()),
        "steps", kernel.steps().stream().map(ExplainedStep::number).toList());
  }
}
