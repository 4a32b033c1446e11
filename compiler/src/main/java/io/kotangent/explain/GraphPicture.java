package io.kotangent.explain;

import io.kotangent.explain.GraphLayout.Link;
import io.kotangent.explain.GraphLayout.Place;
import io.kotangent.explain.GraphLayout.Size;
import io.kotangent.ir.Graph;
import io.kotangent.ir.NameText;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.ArrayList;
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

  /// @param id what a click tells of
  private record Shape(String css, String id, String top, String bottom, String whole) {
    Size size() {
      double text = Math.max(Label.width(top), Label.width(bottom) * 10 / 12);
      return new Size(Math.ceil(Math.max(NARROW, Math.min(WIDE, text + 2 * PAD))), HIGH);
    }
  }

  private final GraphLines lines;
  private final Function<Node, String> marks;
  private final List<Shape> shapes = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();
  private final Map<Node, Integer> boxes = new IdentityHashMap<>();
  private final StringBuilder svg = new StringBuilder();

  private GraphPicture(Graph graph, GraphLines lines, Function<Node, String> marks) {
    this.lines = lines;
    this.marks = marks;
    graph.schedule().forEach(this::node);
    graph.results().forEach(result -> root("result", result.name(), result.node()));
    graph.updates().forEach(update -> root("update",
        NameText.print(Graph.port(update.port()).name()), update.value()));
    graph.guard().ifPresent(guard -> root("guard", "", guard));
  }

  /// @param kernels the number of the kernel of each node that is to be framed with others of it
  /// @param names of the kernels
  /// @param marks more CSS classes of each node
  static String of(Graph graph, GraphLines lines, Map<Node, Integer> kernels, List<String> names,
      Function<Node, String> marks) {
    GraphPicture picture = new GraphPicture(graph, lines, marks);
    int[] frames = new int[picture.shapes.size()];
    java.util.Arrays.fill(frames, -1);
    picture.boxes.forEach((node, box) -> frames[box] = kernels.getOrDefault(node, -1));
    picture.print(new GraphLayout(picture.shapes.stream().map(Shape::size).toList(),
        picture.links, frames), names);
    return picture.svg.toString();
  }

  private void node(Node node) {
    String name = lines.name(node);
    String line = lines.line(node);
    String top = node.op() instanceof Op.Input(var port) ? port.role() + " " + name
        : statement(line, name);
    boxes.put(node, shapes.size());
    String css = (node.op() instanceof Op.Input ? "in" : inGradient(node) ? "gr" : "fw")
        + marks.apply(node);
    for (int operand : operands(node)) {
      links.add(new Link(operand, shapes.size()));
    }
    shapes.add(new Shape(css, name, top, node.valueType().toString(), line));
  }

  /// Each once.
  private Set<Integer> operands(Node node) {
    Set<Integer> operands = new TreeSet<>();
    node.operands().forEach(operand -> operands.add(boxes.get(operand)));
    return operands;
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
    links.add(new Link(boxes.get(value), shapes.size()));
    String text = (kind + " " + name).strip();
    shapes.add(new Shape("out", lines.name(value), text, lines.name(value),
        text + " = " + lines.name(value)));
  }

  // ---- SVG

  private void print(GraphLayout layout, List<String> names) {
    long width = Math.round(layout.width()) + 2 * AROUND;
    long height = Math.round(layout.height()) + 2 * AROUND;
    svg.append("<svg xmlns='http://www.w3.org/2000/svg' viewBox='").append(-AROUND).append(' ')
        .append(-AROUND).append(' ').append(width).append(' ').append(height)
        .append("' width='").append(width).append("' height='").append(height).append("'>");
    layout.frames().forEach((kernel, place) -> frame(kernel, names.get(kernel), place));
    for (int edge = 0; edge < links.size(); edge++) {
      line(layout.line(edge), links.get(edge));
    }
    for (int box = 0; box < shapes.size(); box++) {
      box(shapes.get(box), layout.box(box));
    }
    svg.append("</svg>");
  }

  private void frame(int kernel, String name, Place at) {
    String whole = kernel + " " + name;
    String label = Label.fit(whole, at.width() - 2 * PAD);
    svg.append("<g class='k' data-k='").append(kernel).append("'><rect x='").append(round(at.x()))
        .append("' y='").append(round(at.y())).append("' width='").append(round(at.width()))
        .append("' height='").append(round(at.height())).append("' rx='8'/><text x='")
        .append(round(at.x()) + PAD).append("' y='").append(round(at.y()) + 15).append("'>")
        .append(Html.text(label)).append("</text><title>kernel ").append(Html.text(whole))
        .append("</title></g>");
  }

  /// Bent lightly where it bends.
  private void line(double[] points, Link link) {
    svg.append("<path class='e' data-e='").append(link.from()).append('-').append(link.to())
        .append("' d='M").append(round(points[0])).append(' ').append(round(points[1]));
    for (int i = 2; i < points.length; i += 2) {
      long x = round(points[i]);
      long y = round(points[i + 1]);
      if (points[i] == points[i - 2]) {
        svg.append('V').append(y);
      } else {
        svg.append('L').append(x).append(' ').append(y);
      }
    }
    svg.append("'/>");
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
