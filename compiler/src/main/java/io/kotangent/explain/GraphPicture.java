package io.kotangent.explain;

import io.kotangent.explain.GraphLayout.Link;
import io.kotangent.explain.GraphLayout.Place;
import io.kotangent.explain.GraphLayout.Size;
import io.kotangent.ir.Graph;
import io.kotangent.ir.NameText;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// A graph as SVG: a box for each node, one for each result and update, frames around kernels. Boxes have `data-n`, frames
/// `data-k`, for who clicks on them.
final class GraphPicture {
  private static final int HIGH = 34;
  private static final int NARROW = 60;
  private static final int WIDE = 210;
  private static final int PAD = 8;
  private static final int AROUND = 12;

  /// What is drawn beside each that reads it, and once in a frame: edges from there would be long.
  private record Copy(Node node, int frame, int reader) {
  }

  /// @param id what a click tells of
  private record Shape(String css, String id, String top, String bottom, String whole) {
    Size size() {
      double text = Math.max(Label.width(top), Label.width(bottom) * 10 / 12);
      return new Size(Math.ceil(Math.max(NARROW, Math.min(WIDE, text + 2 * PAD))), HIGH);
    }
  }

  private final GraphLines lines;
  private final Function<Node, String> marks;
  private final Map<Node, Integer> kernels;
  private final Map<Node, Integer> frameOf;
  private final List<Shape> shapes = new ArrayList<>();
  private final List<Integer> frames = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();
  private final Map<Node, Integer> boxes = new IdentityHashMap<>();
  private final Map<Copy, Integer> copies = new HashMap<>();
  private final StringBuilder svg = new StringBuilder();

  private GraphPicture(Graph graph, GraphLines lines, Map<Node, Integer> kernels,
      Function<Node, String> marks) {
    this.lines = lines;
    this.marks = marks;
    this.kernels = kernels;
    this.frameOf = kernels.isEmpty() ? Map.of() : Frames.of(graph, kernels);
    graph.schedule().stream().filter(node -> !isLight(node))
        .forEach(node -> boxes.put(node, box(node, frameOf.getOrDefault(node, -1))));
    graph.results().forEach(result -> root("result", result.name(), result.node()));
    graph.updates().forEach(update -> root("update",
        NameText.print(Graph.port(update.port()).name()), update.value()));
    graph.guard().ifPresent(guard -> root("guard", "", guard));
    graph.schedule().stream()
        .filter(node -> isLight(node) && copies.keySet().stream().noneMatch(c -> c.node == node))
        .forEach(node -> copy(node, -1, -1));
  }

  /// @param kernels the number of the kernel that computes a node, whose nodes get a frame; none: no frames
  /// @param names of the kernels
  /// @param marks more CSS classes of each node
  static String of(Graph graph, GraphLines lines, Map<Node, Integer> kernels, List<String> names,
      Function<Node, String> marks) {
    GraphPicture picture = new GraphPicture(graph, lines, kernels, marks);
    picture.print(new GraphLayout(picture.shapes.stream().map(Shape::size).toList(), picture.links,
        picture.frames.stream().mapToInt(Integer::intValue).toArray()), names);
    return picture.svg.toString();
  }

  /// Whether it is there without being computed: given, a constant, or one everywhere.
  private boolean isLight(Node node) {
    return !kernels.containsKey(node) && switch (node.op()) {
      case Op.Input _, Op.Constant _, Op.Size _, Op.Iota _ -> true;
      case Op.Broadcast _ -> node.operand(0).op() instanceof Op.Constant;
      default -> false;
    };
  }

  /// The box of what is read by one in a frame, or by one that has none.
  private int copy(Node node, int frame, int reader) {
    Copy copy = new Copy(node, frame, frame < 0 ? reader : -1);
    Integer known = copies.get(copy);
    if (known != null) {
      return known;
    }
    int box = box(node, frame);
    copies.put(copy, box);
    return box;
  }

  private int box(Node node, int frame) {
    String name = lines.name(node);
    String line = lines.line(node);
    String top = node.op() instanceof Op.Input(var port) ? port.role() + " " + name
        : statement(line, name);
    String css = (node.op() instanceof Op.Input ? "in" : inGradient(node) ? "gr" : "fw")
        + marks.apply(node);
    return box(new Shape(css, name, top, node.valueType().toString(), line), frame,
        node.operands());
  }

  private int box(Shape shape, int frame, List<Node> operands) {
    int box = shapes.size();
    shapes.add(shape);
    frames.add(frame);
    Set<Integer> from = new TreeSet<>();
    for (Node operand : operands) {
      Integer made = boxes.get(operand);
      from.add(made != null ? made : copy(operand, frame, box));
    }
    from.forEach(each -> links.add(new Link(each, box)));
    return box;
  }

  /// `%3 exp` of `%3 = exp %2 : f32[n]`.
  private static String statement(String line, String name) {
    int begin = line.indexOf(" = ") + 3;
    int end = begin;
    int depth = 0;
    while (end < line.length() && (depth > 0 || line.charAt(end) != ' ')) {
      depth += line.charAt(end) == '[' ? 1 : line.charAt(end) == ']' ? -1 : 0;
      end++;
    }
    return name + " " + line.substring(begin, end);
  }

  /// What differentiation made has the scope `grad`.
  static boolean inGradient(Node node) {
    return ("/" + node.origin().scope() + "/").contains("/grad/");
  }

  private void root(String kind, String name, Node value) {
    String text = (kind + " " + name).strip();
    box(new Shape("out", lines.name(value), text, lines.name(value),
        text + " = " + lines.name(value)), -1, List.of(value));
  }

  // ---- SVG

  private void print(GraphLayout layout, List<String> names) {
    long width = Math.round(layout.width()) + 2 * AROUND;
    long height = Math.round(layout.height()) + 2 * AROUND;
    svg.append("<svg xmlns='http://www.w3.org/2000/svg' class='kotangent' viewBox='")
        .append(-AROUND).append(' ')
        .append(-AROUND).append(' ').append(width).append(' ').append(height)
        .append("' width='").append(width).append("' height='").append(height).append("'>");
    layout.frames().forEach(this::frame);
    for (int edge = 0; edge < links.size(); edge++) {
      line(layout.line(edge), links.get(edge));
    }
    layout.frames().forEach((kernel, place) -> label(kernel + " " + names.get(kernel), place));
    for (int box = 0; box < shapes.size(); box++) {
      box(shapes.get(box), layout.box(box));
    }
    svg.append("</svg>");
  }

  private void frame(int kernel, Place at) {
    svg.append("<g class='k' data-k='").append(kernel).append("'><rect x='").append(round(at.x()))
        .append("' y='").append(round(at.y())).append("' width='").append(round(at.width()))
        .append("' height='").append(round(at.height())).append("' rx='8'/><title>kernel ")
        .append(kernel).append("</title></g>");
  }

  /// Of a frame, over the lines.
  private void label(String whole, Place at) {
    svg.append("<text class='l' x='").append(round(at.x()) + PAD).append("' y='")
        .append(round(at.y()) + 15).append("'>")
        .append(Html.text(Label.fit(whole, at.width() - 2 * PAD))).append("<title>kernel ")
        .append(Html.text(whole)).append("</title></text>");
  }

  /// Bent lightly where it bends.
  private void line(double[] points, Link link) {
    svg.append("<path class='e' data-e='").append(link.from()).append('-').append(link.to())
        .append("' d='").append(path(points)).append("'/>");
  }

  /// Straight downwards where it can be.
  static String path(double[] points) {
    StringBuilder path =
        new StringBuilder("M").append(round(points[0])).append(' ').append(round(points[1]));
    for (int i = 2; i < points.length; i += 2) {
      long x = round(points[i]);
      long y = round(points[i + 1]);
      if (points[i] == points[i - 2]) {
        path.append('V').append(y);
      } else {
        path.append('L').append(x).append(' ').append(y);
      }
    }
    return path.toString();
  }

  private void box(Shape shape, Place at) {
    double room = at.width() - 2 * PAD + 2;
    svg.append("<g class='n ").append(shape.css).append("' data-n='").append(Html.text(shape.id))
        .append("' transform='translate(").append(round(at.x())).append(' ').append(round(at.y()))
        .append(")'><rect width='").append(round(at.width())).append("' height='").append(HIGH)
        .append("' rx='").append(shape.css.equals("out") ? HIGH / 2 : 4).append("'/><text x='")
        .append(PAD).append("' y='15'>").append(Html.text(Label.fit(shape.top, room)))
        .append("</text><text class='t' x='").append(PAD).append("' y='28'>")
        .append(Html.text(Label.fit(shape.bottom, room * 12 / 10))).append("</text><title>")
        .append(Html.text(shape.whole)).append("</title></g>");
  }

  private static long round(double pixels) {
    return Math.round(pixels);
  }
}
