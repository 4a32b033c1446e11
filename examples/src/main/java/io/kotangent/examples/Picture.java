package io.kotangent.examples;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Draws a formula as an SVG picture: nodes in layers from inputs to result; on each edge the value that flows forward
/// (above, green) and the gradient that flows back (below, red).
final class Picture {
  private static final int COLUMN = 190;
  private static final int ROW = 96;
  private static final int RADIUS = 24;
  private static final int MARGIN = 60;

  private final List<Backprop.Step> steps;
  private final Map<Node, Integer> layers = new IdentityHashMap<>();
  private final Map<Node, double[]> centres = new IdentityHashMap<>();
  private double width;
  private double height;

  private Picture(List<Backprop.Step> steps) {
    this.steps = steps;
    place();
  }

  static String svg(String title, List<Backprop.Step> steps) {
    return new Picture(steps).draw(title);
  }

  /// A node's layer is one less than the least of its readers'; the result is in the last. Inputs are stacked in order, every
  /// other node stands at the mean height of its operands.
  private void place() {
    int last = 0;
    for (Backprop.Step step : steps) {
      int layer = step.node().operands().stream().mapToInt(o -> layers.get(o) + 1).max().orElse(0);
      layers.put(step.node(), layer);
      last = Math.max(last, layer);
    }
    for (Backprop.Step step : steps.reversed()) {
      for (Node operand : step.node().operands()) {
        long readers = steps.stream().filter(s -> s.node().operands().contains(operand)).count();
        if (operand.operands().isEmpty() && readers == 1) {
          layers.put(operand, layers.get(step.node()) - 1);
        }
      }
    }
    List<Backprop.Step> inputs =
        new ArrayList<>(steps.stream().filter(s -> s.node().operands().isEmpty()).toList());
    for (int i = 0; i < inputs.size(); i++) {
      centres.put(inputs.get(i).node(),
          new double[] {x(inputs.get(i).node()), MARGIN + 40 + i * ROW});
    }
    for (Backprop.Step step : steps) {
      if (!step.node().operands().isEmpty()) {
        double y = step.node().operands().stream().mapToDouble(o -> centres.get(o)[1]).average()
            .orElseThrow();
        centres.put(step.node(), new double[] {x(step.node()), y});
      }
    }
    width = 2 * MARGIN + (last + 1) * COLUMN;
    height = 2 * MARGIN + inputs.size() * ROW;
  }

  private double x(Node node) {
    return MARGIN + layers.get(node) * (double) COLUMN;
  }

  private String draw(String title) {
    StringBuilder svg = new StringBuilder(String.format(Locale.ROOT, """
        <svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" font-family="sans-serif" font-size="14">
          <rect width="100%%" height="100%%" fill="white"/>
          <text x="%d" y="34" font-size="18">%s</text>
        """, width, height, MARGIN - RADIUS, title));
    for (Backprop.Step step : steps) {
      for (Node operand : step.node().operands()) {
        edge(svg, centres.get(operand), centres.get(step.node()), stepOf(operand));
      }
    }
    Backprop.Step result = steps.getLast();
    double[] from = centres.get(result.node());
    edge(svg, from, new double[] {from[0] + COLUMN, from[1]}, result);
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
    double endX = to[0] - ux * RADIUS;
    double endY = to[1] - uy * RADIUS;
    double angle = Math.toDegrees(Math.atan2(uy, ux));
    svg.append(String.format(Locale.ROOT, """
          <line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#888" stroke-width="1.5"/>
          <g transform="translate(%.1f %.1f) rotate(%.1f)" text-anchor="middle">
            <text y="-6" fill="#18794e">%s</text>
            <text y="17" fill="#c62a2f">%s</text>
          </g>
        """, startX, startY, endX, endY, (startX + endX) / 2, (startY + endY) / 2, angle,
        number(step.value()),
        number(step.gradient())));
  }

  private void node(StringBuilder svg, Backprop.Step step) {
    double[] centre = centres.get(step.node());
    boolean input = step.node().operands().isEmpty();
    svg.append(String.format(Locale.ROOT, """
          <circle cx="%.1f" cy="%.1f" r="%d" fill="%s" stroke="#444"/>
          <text x="%.1f" y="%.1f" text-anchor="middle">%s</text>
        """, centre[0], centre[1], RADIUS, input ? "#e6f0ff" : "#fff7e0", centre[0], centre[1] + 5,
        symbol(step)));
  }

  private static String symbol(Backprop.Step step) {
    return switch (step.node().op().mnemonic()) {
      case "add" -> "+";
      case "mul" -> "×";
      case "sigmoid" -> "σ";
      default -> step.node().op() instanceof Op.Input ? step.name() : step.node().op().mnemonic();
    };
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.4f", value);
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }
}
