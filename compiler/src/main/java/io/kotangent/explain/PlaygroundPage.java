package io.kotangent.explain;

import io.kotangent.autodiff.Gradient;
import io.kotangent.explain.GraphLayout.Link;
import io.kotangent.explain.GraphLayout.Place;
import io.kotangent.explain.GraphLayout.Size;
import io.kotangent.formula.Formula;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// A playground as one HTML file.
final class PlaygroundPage {
  private static final int HIGH = 52;
  private static final int NARROW = 128;
  private static final int WIDE = 260;
  private static final int PAD = 8;
  private static final int AROUND = 12;

  private final Graph graph;
  private final Playground playground;
  private final Map<Node, String> names = new IdentityHashMap<>();
  /// What has a box: all but constants.
  private final List<Node> boxes;

  private PlaygroundPage(Playground playground) {
    this.playground = playground;
    this.graph = playground.graph();
    this.boxes = graph.schedule().stream()
        .filter(node -> !(node.op() instanceof Op.Constant) || isResult(node)).toList();
    Set<String> taken = new HashSet<>(playground.start().keySet());
    taken.add(graph.results().getFirst().name());
    int next = 1;
    for (Node node : boxes) {
      if (node.op() instanceof Op.Input(var port)) {
        names.put(node, port.name());
      } else if (isResult(node)) {
        names.put(node, graph.results().getFirst().name());
      } else {
        while (!taken.add("v" + next)) {
          next++;
        }
        names.put(node, "v" + next);
      }
    }
  }

  private boolean isResult(Node node) {
    return graph.results().getFirst().node() == node;
  }

  static String of(Playground playground) {
    PlaygroundPage page = new PlaygroundPage(playground);
    String formula = page.formula();
    return Template.fill("playground.html", Map.of("title", Html.text(formula),
        "formula", Html.text(formula),
        "css", Template.css("page.css", "playground.css"),
        "js", page.script() + Template.resource("playground.js"), "picture", page.picture(),
        "data", Html.json(page.data())));
  }

  private String formula() {
    return Formula.of(graph, graph.results().getFirst().name(), List.of()).unicode();
  }

  private String gradient(String input) {
    String result = graph.results().getFirst().name();
    try {
      Graph gradients = Gradient.gradients(graph, result, List.of(input));
      return Formula.derivative(gradients, Gradient.name(result, input), result, input,
          isInput() ? List.of() : List.of(result)).unicode();
    } catch (KotangentException e) {
      return ""; // nothing leads from it to the result, or it is too long
    }
  }

  private boolean isInput() {
    return graph.results().getFirst().node().op() instanceof Op.Input;
  }

  // ---- what the page computes

  /// `compute(x)`: the values and gradients of all boxes, for the values of all inputs.
  private String script() {
    Playground.WithGradients all = playground.withGradients();
    ScalarScript script = new ScalarScript(all.graph());
    List<String> values = new ArrayList<>();
    List<String> gradients = new ArrayList<>();
    List<Node> schedule = graph.schedule();
    for (Node box : boxes) {
      int at = schedule.indexOf(box);
      values.add(script.of(all.values().get(at)));
      gradients.add(all.gradients().get(at).map(script::of).orElse("null"));
    }
    return "const rint=x=>{const r=Math.round(x);return Object.is(x,-0)||x!==x||!isFinite(x)?x:"
        + "r-x===0.5&&r%2!==0?r-1:r===0&&x<0?-0:r};\n"
        + "const compute=x=>{" + script.statements() + "return{values:["
        + String.join(",", values) + "],gradients:[" + String.join(",", gradients) + "]}};\n";
  }

  private Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("result", names.get(graph.results().getFirst().node()));
    data.put("at", boxes.indexOf(graph.results().getFirst().node()));
    List<Object> inputs = new ArrayList<>();
    for (Node input : graph.inputs()) {
      String name = names.get(input);
      inputs.add(Map.of("name", name, "start",
          Double.toString(Objects.requireNonNull(playground.start().get(name))),
          "gradient", gradient(name)));
    }
    data.put("inputs", inputs);
    data.put("boxes", boxes.stream().map(names::get).toList());
    return data;
  }

  // ---- the picture

  /// What a box computes of those around it: `v1 = w0·x0`.
  private String label(Node node) {
    if (node.op() instanceof Op.Input) {
      return name(node);
    }
    GraphBuilder b = new GraphBuilder();
    Map<Node, Node> copies = new LinkedHashMap<>();
    List<Node> inputs = new ArrayList<>();
    List<Node> operands = new ArrayList<>();
    for (Node operand : node.operands()) {
      Node copy = copies.computeIfAbsent(operand, o -> o.op() instanceof Op.Constant
          ? b.add(o.op(), List.of())
          : b.input(new Port(name(o), Role.INPUT, o.type())));
      if (copy.op() instanceof Op.Input && !inputs.contains(copy)) {
        inputs.add(copy);
      }
      operands.add(copy);
    }
    return Formula.of(b.graph("box", inputs,
        List.of(new Graph.Result(name(node), b.add(node.op(), operands)))), name(node), List.of())
        .unicode();
  }

  private String name(Node node) {
    return Objects.requireNonNull(names.get(node));
  }

  private String picture() {
    List<String> labels = boxes.stream().map(this::label).toList();
    List<Size> sizes = labels.stream().map(label -> new Size(
        Math.ceil(Math.max(NARROW, Math.min(WIDE, Label.width(label) + 2 * PAD))), HIGH)).toList();
    List<Link> links = new ArrayList<>();
    for (int to = 0; to < boxes.size(); to++) {
      int reader = to;
      boxes.get(to).operands().stream().distinct().map(boxes::indexOf).filter(from -> from >= 0)
          .sorted().forEach(from -> links.add(new Link(from, reader)));
    }
    int[] frames = new int[boxes.size()];
    Arrays.fill(frames, -1);
    GraphLayout layout = new GraphLayout(sizes, links, frames);
    long width = Math.round(layout.width()) + 2 * AROUND;
    long height = Math.round(layout.height()) + 2 * AROUND;
    StringBuilder svg =
        new StringBuilder("<svg xmlns='http://www.w3.org/2000/svg' class='kotangent' viewBox='")
            .append(-AROUND).append(' ').append(-AROUND).append(' ').append(width).append(' ')
            .append(height).append("' width='").append(width).append("' height='").append(height)
            .append("'>");
    for (int edge = 0; edge < links.size(); edge++) {
      svg.append("<path class='e' d='").append(GraphPicture.path(layout.line(edge)))
          .append("'/>");
    }
    for (int box = 0; box < boxes.size(); box++) {
      box(svg, box, labels.get(box), layout.box(box));
    }
    return svg.append("</svg>").toString();
  }

  private void box(StringBuilder svg, int box, String label, Place at) {
    Node node = boxes.get(box);
    String css = isResult(node) ? "out" : node.op() instanceof Op.Input ? "in" : "fw";
    double room = at.width() - 2 * PAD + 2;
    svg.append("<g class='n ").append(css).append("' data-n='").append(box)
        .append("' transform='translate(").append(Math.round(at.x())).append(' ')
        .append(Math.round(at.y())).append(")'><rect width='").append(Math.round(at.width()))
        .append("' height='").append(HIGH).append("' rx='4'/>");
    text(svg, "", 15, Label.fit(label, room));
    text(svg, "value", 30, "");
    text(svg, "gradient", 45, "");
    svg.append("<title>").append(Html.text(label)).append(Optional.of(node.origin().place())
        .filter(place -> !place.isEmpty()).map(place -> ", " + Html.text(place)).orElse(""))
        .append("</title></g>");
  }

  private static void text(StringBuilder svg, String css, int y, String text) {
    svg.append("<text class='").append(css).append("' x='").append(PAD).append("' y='").append(y)
        .append("'>").append(Html.text(text)).append("</text>");
  }
}
