package io.kotangent.explain;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanPrinter;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Graphs, plans and pages as parts of pages of others, such as notebooks: they bring their own style and change nothing around them.
public final class Pictures {
  private Pictures() {
  }

  /// A graph as a picture: a box for each node, forward blue, gradient orange; bodies of loops and branches are not drawn.
  public static String svg(Graph graph) {
    return inside(GraphPicture.of(graph, new GraphLines(graph), Map.of(), List.of(), _ -> ""));
  }

  /// The graph that is compiled, with a frame around the nodes of each kernel.
  public static String svg(Explanation explanation) {
    Map<Node, Integer> kernels = new IdentityHashMap<>();
    List<String> names = new ArrayList<>();
    for (ExplainedKernel kernel : explanation.kernels()) {
      names.add(kernel.name());
      kernel.nodes().forEach(node -> kernels.put(node, kernel.number()));
    }
    Graph graph = explanation.prepared();
    return inside(GraphPicture.of(graph, new GraphLines(graph), kernels, names, _ -> ""));
  }

  /// A graph as its picture and, below, its text.
  public static String html(Graph graph) {
    return "<div class='kotangent'>" + style() + "<div style='overflow-x:auto'>"
        + GraphPicture.of(graph, new GraphLines(graph), Map.of(), List.of(), _ -> "")
        + "</div><details><summary class='head'>" + Html.text("text of " + graph.name())
        + "</summary><pre>" + Html.text(graph.toString()) + "</pre></details></div>";
  }

  /// A plan as its listing.
  public static String html(Plan plan) {
    return "<div class='kotangent'>" + style() + "<div class='head'>"
        + Html.text("plan of " + plan.name()) + "</div><pre>" + Html.text(PlanPrinter.print(plan))
        + "</pre></div>";
  }

  /// A whole page, such as [Playground#html] or [Explanation#html], in a frame of its own.
  ///
  /// @param height in pixels
  public static String frame(String page, int height) {
    return "<iframe sandbox='allow-scripts' style='width:100%;height:" + height
        + "px;border:0;border-radius:8px' srcdoc='" + Html.text(page) + "'></iframe>";
  }

  /// An SVG with its style in it.
  private static String inside(String svg) {
    int open = svg.indexOf('>') + 1;
    return svg.substring(0, open) + style() + svg.substring(open);
  }

  private static String style() {
    return "<style>" + Template.cssInside() + "</style>";
  }
}
