package io.kotangent.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// Boxes in layers, such that edges go downwards and no two boxes meet. Layers are by longest paths, wide ones go on in the next;
/// what can go down to what it leads to without longer edges does. An edge over several layers is an edge over small boxes in those
/// between. The order in a layer is by medians of neighbors, the best of some sweeps; places are those nearest to the means of
/// neighbors in that order. The same boxes and edges always give the same places.
final class Layers {
  /// How much more a part of a long edge wants to go straight down than a box does.
  private static final int STRAIGHT = 8;
  /// Between two boxes of a layer.
  static final int ACROSS = 16;
  private static final int THIN = 6;
  private static final int SWEEPS = 12;

  /// Where a box may be.
  enum Rank {
    /// Above all others.
    FIRST,
    ANY,
    /// Below all others.
    LAST
  }

  /// @param from a box, and `exit` how far from its left side the edge leaves it, below
  /// @param to a box of which `entry` is how far from its left side the edge comes in, above
  record Edge(int from, int to, double exit, double entry) {
  }

  /// A box that is to be placed.
  record Box(double width, double height, Rank rank) {
  }

  private final List<Box> boxes;
  private final List<Edge> edges;
  private final List<List<Edge>> above = new ArrayList<>();
  private final List<List<Edge>> below = new ArrayList<>();
  private final int[] layerOf;
  /// For each given edge, the boxes on its way, thin ones between.
  private final List<int[]> chains = new ArrayList<>();
  private List<List<Integer>> layers = new ArrayList<>();
  private final int gap;
  private double[] x = {};
  private double[] y = {};
  private double[] bottoms = {};
  private double width;
  private double height;

  /// @param edges without circles
  /// @param gap between two layers, for edges
  Layers(List<Box> boxes, List<Edge> edges, int gap) {
    this.gap = gap;
    this.boxes = new ArrayList<>(boxes);
    this.edges = List.copyOf(edges);
    this.layerOf = new int[boxes.size()];
    boxes.forEach(_ -> {
      above.add(new ArrayList<>());
      below.add(new ArrayList<>());
    });
    for (Edge edge : edges) {
      above.get(edge.to).add(edge);
      below.get(edge.from).add(edge);
    }
    rank();
    thread();
    order();
    place();
  }

  double x(int box) {
    return x[box];
  }

  double y(int box) {
    return y[box];
  }

  double width() {
    return width;
  }

  double height() {
    return height;
  }

  /// The points of a given edge, from its upper end to its lower one, x and y in turn. It meets no box but those at its ends.
  double[] line(int edge) {
    int[] chain = chains.get(edge);
    List<Double> points = new ArrayList<>();
    double begin = x[chain[0]] + edges.get(edge).exit;
    double under = y[chain[0]] + boxes.get(chain[0]).height;
    add(points, begin, under);
    if (bottoms[layerOf[chain[0]]] > under) {
      add(points, begin, bottoms[layerOf[chain[0]]]); // past higher boxes beside it
    }
    for (int i = 1; i < chain.length - 1; i++) {
      double middle = x[chain[i]] + THIN / 2.0;
      add(points, middle, y[chain[i]]);
      add(points, middle, y[chain[i]] + boxes.get(chain[i]).height);
    }
    int last = chain[chain.length - 1];
    add(points, x[last] + edges.get(edge).entry, y[last]);
    return points.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void add(List<Double> points, double x, double y) {
    points.add(x);
    points.add(y);
  }

  // ---- layers

  private void rank() {
    List<Integer> order = topological();
    double room = room();
    List<Double> used = new ArrayList<>();
    int top = boxes.stream().anyMatch(box -> box.rank == Rank.FIRST) ? 1 : 0;
    for (int box : order) {
      layerOf[box] = boxes.get(box).rank == Rank.FIRST ? 0 : top;
      if (boxes.get(box).rank == Rank.ANY && !above.get(box).isEmpty()) {
        int layer = top;
        for (Edge edge : above.get(box)) {
          layer = Math.max(layer, layerOf[edge.from] + 1);
        }
        layerOf[box] = free(used, layer, boxes.get(box).width, room);
      }
    }
    for (int box : order.reversed()) {
      if (boxes.get(box).rank == Rank.ANY && !below.get(box).isEmpty()) {
        sink(box, used, room);
      }
    }
    int last = Arrays.stream(layerOf).max().orElse(0) + 1;
    for (int box = 0; box < boxes.size(); box++) {
      layerOf[box] = switch (boxes.get(box).rank) {
        case FIRST -> 0;
        case ANY -> layerOf[box];
        case LAST -> last;
      };
    }
  }

  /// How wide a layer may be: such that the whole is not much wider than high.
  private double room() {
    double area = 0;
    double widest = 0;
    for (Box box : boxes) {
      area += (box.width + ACROSS) * (box.height + gap);
      widest = Math.max(widest, box.width);
    }
    return Math.max(widest, Math.max(300, 1.3 * Math.sqrt(area)));
  }

  private static int free(List<Double> used, int from, double width, double room) {
    int layer = from;
    while (layer < used.size() && used.get(layer) > 0 && used.get(layer) + width > room) {
      layer++;
    }
    while (used.size() <= layer) {
      used.add(0.0);
    }
    used.set(layer, used.get(layer) + width + ACROSS);
    return layer;
  }

  /// Moves a box down to what it leads to, if that makes edges shorter: those from above that lead nowhere else follow it.
  private void sink(int box, List<Double> used, double room) {
    int lowest = below.get(box).stream().filter(edge -> boxes.get(edge.to).rank != Rank.LAST)
        .mapToInt(edge -> layerOf[edge.to]).min().orElse(0) - 1;
    long held = above.get(box).stream().filter(edge -> below.get(edge.from).size() > 1).count();
    if (held > 0 && held >= below.get(box).size()) {
      return;
    }
    boolean source = above.get(box).isEmpty();
    double width = boxes.get(box).width;
    int layer = lowest;
    while (layer > layerOf[box] && !source && used.get(layer) + width > room) {
      layer--;
    }
    if (layer > layerOf[box]) {
      used.set(layer, used.get(layer) + width + ACROSS);
      layerOf[box] = layer;
    }
  }

  private List<Integer> topological() {
    int[] open = new int[boxes.size()];
    edges.forEach(edge -> open[edge.to]++);
    List<Integer> order = new ArrayList<>();
    for (int box = 0; box < open.length; box++) {
      if (open[box] == 0) {
        order.add(box);
      }
    }
    for (int i = 0; i < order.size(); i++) {
      for (Edge edge : below.get(order.get(i))) {
        if (--open[edge.to] == 0) {
          order.add(edge.to);
        }
      }
    }
    if (order.size() < open.length) {
      throw new IllegalArgumentException("edges go in a circle");
    }
    return order;
  }

  // ---- long edges

  private void thread() {
    int depth = Arrays.stream(layerOf).max().orElse(-1) + 1;
    for (int i = 0; i < depth; i++) {
      layers.add(new ArrayList<>());
    }
    for (int box = 0; box < layerOf.length; box++) {
      layers.get(layerOf[box]).add(box);
      above.get(box).clear();
      below.get(box).clear();
    }
    for (Edge edge : edges) {
      int length = layerOf[edge.to] - layerOf[edge.from];
      int[] chain = new int[length + 1];
      chain[0] = edge.from;
      for (int i = 1; i <= length; i++) {
        chain[i] = i == length ? edge.to : thin(layerOf[edge.from] + i);
        Edge part = new Edge(chain[i - 1], chain[i], i == 1 ? edge.exit : THIN / 2.0,
            i == length ? edge.entry : THIN / 2.0);
        below.get(part.from).add(part);
        above.get(part.to).add(part);
      }
      chains.add(chain);
    }
  }

  private int thin(int layer) {
    int box = boxes.size();
    boxes.add(new Box(THIN, 0, Rank.ANY));
    above.add(new ArrayList<>());
    below.add(new ArrayList<>());
    layers.get(layer).add(box);
    return box;
  }

  // ---- order

  private void order() {
    List<List<Integer>> best = copy();
    long least = Crossings.of(layers, below, boxes.size());
    for (int sweep = 0; sweep < SWEEPS && least > 0; sweep++) {
      boolean down = sweep % 2 == 0;
      double[] at = positions();
      for (List<Integer> layer : down ? layers : layers.reversed()) {
        double[] median = new double[boxes.size()];
        layer.forEach(box -> median[box] = median(box, down, at));
        layer.sort((a, b) -> Double.compare(median[a], median[b])); // stable
        for (int i = 0; i < layer.size(); i++) {
          at[layer.get(i)] = i;
        }
      }
      long crossings = Crossings.of(layers, below, boxes.size());
      if (crossings < least) {
        least = crossings;
        best = copy();
      }
    }
    layers = best;
  }

  private List<List<Integer>> copy() {
    List<List<Integer>> copy = new ArrayList<>();
    layers.forEach(layer -> copy.add(new ArrayList<>(layer)));
    return copy;
  }

  private double[] positions() {
    double[] at = new double[boxes.size()];
    for (List<Integer> layer : layers) {
      for (int i = 0; i < layer.size(); i++) {
        at[layer.get(i)] = i;
      }
    }
    return at;
  }

  /// The median place of the neighbors above or below; its own if it has none.
  private double median(int box, boolean isAbove, double[] at) {
    double[] places = (isAbove ? above : below).get(box).stream()
        .mapToDouble(edge -> at[isAbove ? edge.from : edge.to]).sorted().toArray();
    int half = places.length / 2;
    return places.length == 0 ? at[box]
        : places.length % 2 == 1 ? places[half] : (places[half - 1] + places[half]) / 2;
  }

  // ---- places

  private void place() {
    x = new double[boxes.size()];
    y = new double[boxes.size()];
    layers.forEach(layer -> nearest(layer, new double[layer.size()]));
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (List<Integer> layer : sweep % 2 == 0 ? layers : layers.reversed()) {
        double[] wanted = new double[layer.size()];
        for (int i = 0; i < wanted.length; i++) {
          wanted[i] = wanted(layer.get(i), sweep);
        }
        nearest(layer, wanted);
      }
    }
    double left = Arrays.stream(x).min().orElse(0);
    for (int box = 0; box < x.length; box++) {
      x[box] = Math.round(x[box] - left);
      width = Math.max(width, x[box] + boxes.get(box).width);
    }
    bottoms = new double[layers.size()];
    for (int i = 0; i < bottoms.length; i++) {
      List<Integer> layer = layers.get(i);
      double tallest = layer.stream().mapToDouble(box -> boxes.get(box).height).max().orElse(0);
      for (int box : layer) {
        y[box] = height;
        if (box >= layerOf.length) {
          boxes.set(box, new Box(THIN, tallest, Rank.ANY));
        }
      }
      bottoms[i] = height + tallest;
      height += tallest + gap;
    }
    height = Math.max(0, height - gap);
  }

  /// Where the left side of a box should be: such that its edges go straight down, in the mean; the last sweeps ask both sides.
  private double wanted(int box, int sweep) {
    List<Double> places = new ArrayList<>();
    if (sweep % 2 == 0 || sweep > SWEEPS / 2) {
      above.get(box).forEach(edge -> places.add(x[edge.from] + edge.exit - edge.entry));
    }
    if (sweep % 2 == 1 || sweep > SWEEPS / 2) {
      below.get(box).forEach(edge -> places.add(x[edge.to] + edge.entry - edge.exit));
    }
    Collections.sort(places);
    int size = places.size();
    return size == 0 ? x[box] : (places.get((size - 1) / 2) + places.get(size / 2)) / 2;
  }

  /// Gives the boxes of a layer, in their order and apart, the places that are nearest to the wanted ones (least squares: those that
  /// would meet are moved as one).
  private void nearest(List<Integer> layer, double[] wanted) {
    double[] offset = new double[layer.size()];
    double[] sums = new double[layer.size()];
    double[] weights = new double[layer.size()];
    int[] counts = new int[layer.size()];
    int blocks = 0;
    double packed = 0;
    for (int i = 0; i < wanted.length; i++) {
      offset[i] = packed;
      packed += Math.ceil(boxes.get(layer.get(i)).width) + ACROSS;
      weights[blocks] = layer.get(i) < layerOf.length ? 1 : STRAIGHT;
      sums[blocks] = weights[blocks] * (wanted[i] - offset[i]);
      counts[blocks++] = 1;
      while (blocks > 1 && sums[blocks - 2] / weights[blocks - 2] > sums[blocks - 1]
          / weights[blocks - 1]) {
        sums[blocks - 2] += sums[blocks - 1];
        weights[blocks - 2] += weights[blocks - 1];
        counts[blocks - 2] += counts[blocks - 1];
        blocks--;
      }
    }
    int next = 0;
    for (int block = 0; block < blocks; block++) {
      for (int k = 0; k < counts[block]; k++, next++) {
        x[layer.get(next)] = sums[block] / weights[block] + offset[next];
      }
    }
  }
}
