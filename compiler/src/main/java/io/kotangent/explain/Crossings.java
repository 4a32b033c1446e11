package io.kotangent.explain;

import java.util.List;

/// How often edges between neighboring layers cross each other.
final class Crossings {
  private Crossings() {
  }

  /// @param below the edges that leave each box
  static long of(List<List<Integer>> layers, List<List<Layers.Edge>> below, int boxes) {
    int[] place = new int[boxes];
    long crossings = 0;
    for (int layer = 0; layer + 1 < layers.size(); layer++) {
      List<Integer> lower = layers.get(layer + 1);
      for (int i = 0; i < lower.size(); i++) {
        place[lower.get(i)] = i;
      }
      int[] counts = new int[lower.size() + 1];
      int seen = 0;
      for (int box : layers.get(layer)) {
        List<Layers.Edge> edges = below.get(box);
        for (Layers.Edge edge : edges) {
          crossings += seen - upTo(counts, place[edge.to()]);
        }
        edges.forEach(edge -> count(counts, place[edge.to()]));
        seen += edges.size();
      }
    }
    return crossings;
  }

  /// How many edges so far end at most so far right (a tree of sums).
  private static int upTo(int[] counts, int place) {
    int sum = 0;
    for (int i = place + 1; i > 0; i -= i & -i) {
      sum += counts[i];
    }
    return sum;
  }

  private static void count(int[] counts, int place) {
    for (int i = place + 1; i < counts.length; i += i & -i) {
      counts[i]++;
    }
  }
}
