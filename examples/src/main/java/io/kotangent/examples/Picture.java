package io.kotangent.examples;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Draws a formula as an SVG picture: nodes in layers from inputs to result; on each edge the value that flows forward
/// (above, green) and the gradient that flows back (below, red).
final class Picture {
  private static final int COLUMN = 200;
  private static final int ROW = 104;
  private static final int RADIUS = 25;
  private static final int MARGIN = 60;
  private static final int HEAD = 74;

  private final List<Backprop.Step> steps;
  private final Map<Node, Integer> layers = new IdentityHashMap<>();
  private final Map<Node, double[]> centers = new IdentityHashMap<>();
  private double width;
  private double height;

  private Picture(List<Backprop.Step> steps) {
    this.steps = steps;
    place();
  }

  static String svg(String title, List<Backprop.Step> steps) {
    return new Picture(steps).draw(title);
  }

  /// A node's layer is one more than the greatest of its operands'; an input read once stands right before its reader.
  /// Inputs are stacked in order, every other node stands at the mean height of its operands.
  private void place() {
    int last = 0;
    for (Backprop.Step step : steps) {
      int layer = step.node().operands().stream().mapToInt(o -> layers.get(o) + 1).max().orElse(0);
      layers.put(step.node(), layer);
      last = Math.max(last, layer);
    }
    for (Backprop.Step step : steps) {
      for (Node operand : step.node().operands()) {
        long readers = steps.stream().filter(s -> s.node().operands().contains(operand)).count();
        if (operand.operands().isEmpty() && readers == 1) {
          layers.put(operand, layers.get(step.node()) - 1);
        }
      }
    }
    int row = 0;
    for (Backprop.Step step : steps) {
      List<Node> operands = step.node().operands();
      double y = operands.isEmpty() ? HEAD + ROW / 2.0 + ROW * row++
          : operands.stream().mapToDouble(o -> centers.get(o)[1]).average().orElseThrow();
      double x = MARGIN + layers.get(step.node()) * (double) COLUMN;
      centers.put(step.node(), new double[] {x, y});
    }
    width = 2 * MARGIN + (last + 1) * COLUMN;
    height = HEAD + row * ROW + MARGIN / 2.0;
  }

  private String draw(String title) {
    StringBuilder svg = new StringBuilder(String.format(Locale.ROOT, """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" \
        font-family="sans-serif" font-size="15">
          <defs>
            <marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" \
        orient="auto"><path d="M0 1 10 5 0 9z" fill="#777"/></marker>
          </defs>
          <rect width="100%%" height="100%%" fill="white"/>
          <text x="%d" y="36" font-size="20">%s</text>
          <text x="%d" y="60" font-size="13"><tspan fill="#18794e">value, forward</tspan>\
        <tspan dx="14" fill="#c62a2f">gradient of f, backward</tspan></text>
        """, width, height, width, height, MARGIN - RADIUS, title, MARGIN - RADIUS));
    for (Backprop.Step step : steps) {
      for (Node operand : step.node().operands()) {
        edge(svg, centers.get(operand), centers.get(step.node()), stepOf(operand));
      }
    }
    Backprop.Step result = steps.getLast();
    double[] from = centers.get(result.node());
    double[] to = {from[0] + COLUMN, from[1]};
    edge(svg, from, to, result);
    svg.append(
        text(to[0], to[1] + 5, "font-style=\"italic\"", Backprop.subscripted(result.name())));
    steps.forEach(step -> node(svg, step));
    return svg.append("</svg>\n").toString();
  }

  private Backprop.Step stepOf(Node node) {
    return steps.stream().filter(s -> s.node() == node).findFirst().orElseThrow();
  }

  private static void edge(StringBuilder svg, double[] from, double[] to, Backprop.Step step) {
    double length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    double ux = (to[0] - from[0]) / length;
    double uy = (to[1] - from[1]) / length;
    double startX = from[0] + ux * RADIUS;
    double startY = from[1] + uy * RADIUS;
    double endX = to[0] - ux * (RADIUS + 2);
    double endY = to[1] - uy * (RADIUS + 2);
    svg.append(String.format(Locale.ROOT, """
          <line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#777" stroke-width="1.5" \
        marker-end="url(#tip)"/>
          <g transform="translate(%.1f %.1f) rotate(%.1f)" text-anchor="middle">
            <text y="-7" fill="#18794e">%s</text>
            <text y="19" fill="#c62a2f">%s</text>
          </g>
        """, startX, startY, endX, endY, startX + 0.42 * (endX - startX),
        startY + 0.42 * (endY - startY),
        Math.toDegrees(Math.atan2(uy, ux)), number(step.value()), number(step.gradient())));
  }

  private void node(StringBuilder svg, Backprop.Step step) {
    double[] center = centers.get(step.node());
    boolean input = step.node().op() instanceof Op.Input;
    svg.append(String.format(Locale.ROOT, """
          <circle cx="%.1f" cy="%.1f" r="%d" fill="%s" stroke="#444"/>
        """, center[0], center[1], RADIUS, input ? "#e6f0ff" : "#fff7e0"));
    svg.append(text(center[0], center[1] + (input ? 5 : 7),
        input ? "font-style=\"italic\"" : "font-size=\"20\"", symbol(step)));
  }

  private static String text(double x, double y, String style, String text) {
    return String.format(Locale.ROOT,
        "  <text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" %s>%s</text>\n", x, y, style, text);
  }

  private static String symbol(Backprop.Step step) {
    return switch (step.node().op().mnemonic()) {
      case "add" -> "+";
      case "mul" -> "×";
      case "sigmoid" -> "σ";
      case String other ->
          step.node().op() instanceof Op.Input ? Backprop.subscripted(step.name()) : other;
    };
  }

  /// At most four decimals, with a true minus sign.
  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.4f", value).replaceAll("\\.?0+$", "");
    return text.replace('-', '−');
  }
}
