package io.kotangent.explain;

import io.kotangent.explain.Layers.Box;
import io.kotangent.explain.Layers.Edge;
import io.kotangent.explain.Layers.Rank;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Places the boxes of a graph, and frames around those that belong together: in layers, inside each frame and around them. No two
/// boxes meet, nor two frames, nor a box and a frame that it is not in; edges go downwards and meet no box but those at their
/// ends. The same graph always gives the same places.
final class GraphLayout {
  /// Around what is in a frame; above it there is a label besides.
  static final int INSIDE = 10;
  static final int LABEL = 18;
  /// Between layers, in frames and around them.
  private static final int CLOSE = 22;
  private static final int APART = 34;
  private static final double WIDTH_OF_A_PORT = 4;

  /// Of a box.
  record Size(double width, double height) {
  }

  /// From one box down to another.
  record Link(int from, int to) {
  }

  /// A box or a frame as it is placed.
  record Place(double x, double y, double width, double height) {
    double right() {
      return x + width;
    }

    double bottom() {
      return y + height;
    }
  }

  private final List<Size> sizes;
  private final List<Link> edges;
  private final int[] frameOf;
  private final List<Frame> frames = new ArrayList<>();
  private final Place[] boxes;
  private final List<double[]> lines = new ArrayList<>();
  private final Layers outer;

  /// @param frames for each box the number of its frame, from 0, or -1 if it is in none; edges between frames go in no circle
  GraphLayout(List<Size> sizes, List<Link> edges, int[] frames) {
    this.sizes = List.copyOf(sizes);
    this.edges = List.copyOf(edges);
    this.frameOf = new int[frames.length];
    this.boxes = new Place[frames.length];
    Map<Integer, Frame> known = new LinkedHashMap<>();
    for (int box = 0; box < frames.length; box++) {
      int key = frames[box] < 0 ? -1 - box : frames[box];
      Frame frame = known.computeIfAbsent(key, k -> new Frame(k, this.frames.size()));
      if (frame.members.isEmpty()) {
        this.frames.add(frame);
      }
      frame.members.add(box);
      frameOf[box] = frame.index;
    }
    this.frames.forEach(Frame::layOut);
    List<Edge> between = new ArrayList<>();
    for (Link edge : this.edges) {
      if (frameOf[edge.from] != frameOf[edge.to]) {
        Frame from = this.frames.get(frameOf[edge.from]);
        Frame to = this.frames.get(frameOf[edge.to]);
        between.add(new Edge(from.index, to.index, from.exit(edge.from), to.entry(edge.from)));
      }
    }
    this.outer =
        new Layers(this.frames.stream().map(Frame::box).toList(), between, APART);
    this.frames.forEach(Frame::place);
    drawLines();
  }

  /// The boxes in one frame, and how they lie in it.
  private final class Frame {
    private final int key;
    private final int index;
    private final List<Integer> members = new ArrayList<>();
    /// What comes in, by the box that it is from, and what goes out: places in the layers inside.
    private final Map<Integer, Integer> entries = new LinkedHashMap<>();
    private final Map<Integer, Integer> exits = new LinkedHashMap<>();
    private final Map<Link, Integer> inner = new LinkedHashMap<>();
    private Layers layers = new Layers(List.of(), List.of(), CLOSE);

    Frame(int key, int index) {
      this.key = key;
      this.index = index;
    }

    boolean isFramed() {
      return key >= 0;
    }

    void layOut() {
      List<Box> inside = new ArrayList<>();
      Map<Integer, Integer> local = new LinkedHashMap<>();
      for (int member : members) {
        local.put(member, inside.size());
        inside.add(new Box(sizes.get(member).width, sizes.get(member).height, Rank.ANY));
      }
      List<Edge> links = new ArrayList<>();
      for (Link edge : isFramed() ? edges : List.<Link>of()) {
        boolean from = frameOf(edge.from) == this;
        boolean to = frameOf(edge.to) == this;
        if (to && !from && !entries.containsKey(edge.from)) {
          entries.put(edge.from, port(inside, Rank.FIRST));
        }
        if (from && !to && !exits.containsKey(edge.from)) {
          exits.put(edge.from, port(inside, Rank.LAST));
          link(edge.from, -1 - edge.from, local.get(edge.from), exits.get(edge.from), links);
        }
        if (to) {
          link(edge.from, edge.to, from ? local.get(edge.from) : entries.get(edge.from),
              local.get(edge.to), links);
        }
      }
      List<Edge> centered = new ArrayList<>();
      for (Edge link : links) {
        centered.add(new Edge(link.from(), link.to(), inside.get(link.from()).width() / 2,
            inside.get(link.to()).width() / 2));
      }
      layers = new Layers(inside, centered, CLOSE);
    }

    private int port(List<Box> inside, Rank rank) {
      inside.add(new Box(WIDTH_OF_A_PORT, 0, rank));
      return inside.size() - 1;
    }

    private void link(int from, int to, int localFrom, int localTo, List<Edge> links) {
      if (inner.putIfAbsent(new Link(from, to), links.size()) == null) {
        links.add(new Edge(localFrom, localTo, 0, 0));
      }
    }

    Box box() {
      return isFramed()
          ? new Box(Math.max(layers.width(), 60) + 2 * INSIDE,
              layers.height() + 2 * INSIDE + LABEL, Rank.ANY)
          : new Box(layers.width(), layers.height(), Rank.ANY);
    }

    /// How far from the left side what is from a box goes out.
    double exit(int from) {
      return isFramed() ? INSIDE + layers.x(exits.get(from)) + WIDTH_OF_A_PORT / 2
          : box().width() / 2;
    }

    double entry(int from) {
      return isFramed() ? INSIDE + layers.x(entries.get(from)) + WIDTH_OF_A_PORT / 2
          : box().width() / 2;
    }

    double left() {
      return outer.x(index) + (isFramed() ? INSIDE : 0);
    }

    double top() {
      return outer.y(index) + (isFramed() ? INSIDE + LABEL : 0);
    }

    void place() {
      for (int i = 0; i < members.size(); i++) {
        Size size = sizes.get(members.get(i));
        boxes[members.get(i)] =
            new Place(left() + layers.x(i), top() + layers.y(i), size.width, size.height);
      }
    }

    /// The part of an edge inside; nothing where there is no frame.
    List<Double> line(int from, int to) {
      List<Double> points = new ArrayList<>();
      Integer link = inner.get(new Link(from, to));
      if (link != null) {
        double[] line = layers.line(link);
        for (int i = 0; i < line.length; i += 2) {
          points.add(left() + line[i]);
          points.add(top() + line[i + 1]);
        }
      }
      return points;
    }
  }

  private Frame frameOf(int box) {
    return frames.get(frameOf[box]);
  }

  private void drawLines() {
    int between = 0;
    for (Link edge : edges) {
      Frame from = frameOf(edge.from);
      Frame to = frameOf(edge.to);
      List<Double> points = new ArrayList<>();
      if (from != to) {
        points.addAll(from.line(edge.from, -1 - edge.from));
        Arrays.stream(outer.line(between++)).forEach(points::add);
      }
      points.addAll(to.line(edge.from, edge.to));
      lines.add(points.stream().mapToDouble(Double::doubleValue).toArray());
    }
  }

  Place box(int box) {
    return Objects.requireNonNull(boxes[box]);
  }

  /// The frames by their numbers.
  Map<Integer, Place> frames() {
    Map<Integer, Place> places = new LinkedHashMap<>();
    for (Frame frame : frames) {
      if (frame.isFramed()) {
        places.put(frame.key, new Place(outer.x(frame.index), outer.y(frame.index),
            frame.box().width(), frame.box().height()));
      }
    }
    return places;
  }

  /// The points of an edge, downwards, x and y in turn.
  double[] line(int edge) {
    return lines.get(edge);
  }

  double width() {
    return outer.width();
  }

  double height() {
    return outer.height();
  }
}
