package io.kotangent.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.explain.GraphLayout.Link;
import io.kotangent.explain.GraphLayout.Place;
import io.kotangent.explain.GraphLayout.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Pictures in which nothing lies over anything else.
class GraphLayoutTest {
  private record Sample(List<Size> sizes, List<Link> edges, int[] frames) {
    /// Boxes lead to later ones, to near ones more often; frames are runs of boxes, some are alone.
    static Sample of(int boxes, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Size> sizes = new ArrayList<>();
      List<Link> edges = new ArrayList<>();
      int[] frames = new int[boxes];
      int frame = 0;
      for (int box = 0; box < boxes; box++) {
        sizes.add(new Size(40 + random.nextInt(160), 20 + random.nextInt(30)));
        frame += random.nextInt(3) == 0 ? 1 : 0;
        frames[box] = random.nextInt(4) == 0 ? -1 : frame;
        for (int k = random.nextInt(3); k > 0 && box > 0; k--) {
          int near = random.nextInt(5) == 0 ? box : Math.min(box, 12);
          edges.add(new Link(box - 1 - random.nextInt(near), box));
        }
      }
      return new Sample(sizes, edges, seed % 2 == 0 ? noFrames(boxes) : whole(frames));
    }

    private static int[] noFrames(int boxes) {
      int[] none = new int[boxes];
      java.util.Arrays.fill(none, -1);
      return none;
    }

    /// A box that is alone ends the run before it.
    private static int[] whole(int[] frames) {
      int[] whole = frames.clone();
      int runs = 0;
      for (int box = 0; box < frames.length; box++) {
        if (frames[box] >= 0) {
          runs += box == 0 || frames[box - 1] != frames[box] ? 1 : 0;
          whole[box] = runs;
        }
      }
      return whole;
    }

    GraphLayout layout() {
      return new GraphLayout(sizes, edges, frames);
    }
  }

  private static boolean meet(Place a, Place b) {
    return a.x() < b.right() && b.x() < a.right() && a.y() < b.bottom() && b.y() < a.bottom();
  }

  private static boolean isIn(Place a, Place b) {
    return a.x() >= b.x() && a.right() <= b.right() && a.y() >= b.y() && a.bottom() <= b.bottom();
  }

  @Test
  void nothingLiesOverAnythingElse() {
    for (int boxes : new int[] {1, 5, 20, 60, 150, 500}) {
      for (long seed = 0; seed < (boxes < 100 ? 30 : 6); seed++) {
        Sample sample = Sample.of(boxes, seed);
        GraphLayout layout = sample.layout();
        checkBoxes(sample, layout, boxes + " boxes, seed " + seed);
        checkLines(sample, layout, boxes + " boxes, seed " + seed);
      }
    }
  }

  private static void checkBoxes(Sample sample, GraphLayout layout, String what) {
    Map<Integer, Place> frames = layout.frames();
    Place whole = new Place(0, 0, layout.width(), layout.height());
    for (int a = 0; a < sample.sizes.size(); a++) {
      Place box = layout.box(a);
      assertEquals(sample.sizes.get(a), new Size(box.width(), box.height()));
      assertTrue(isIn(box, whole), what);
      for (int b = 0; b < a; b++) {
        assertFalse(meet(box, layout.box(b)), what);
      }
      for (Map.Entry<Integer, Place> frame : frames.entrySet()) {
        boolean own = frame.getKey() == sample.frames[a];
        assertTrue(own ? isIn(box, frame.getValue()) : !meet(box, frame.getValue()), what);
        assertTrue(!own || box.y() >= frame.getValue().y() + GraphLayout.LABEL, what);
      }
    }
    List<Place> all = List.copyOf(frames.values());
    for (int a = 0; a < all.size(); a++) {
      for (int b = 0; b < a; b++) {
        assertFalse(meet(all.get(a), all.get(b)), what);
      }
    }
  }

  private static void checkLines(Sample sample, GraphLayout layout, String what) {
    for (int i = 0; i < sample.edges.size(); i++) {
      Place from = layout.box(sample.edges.get(i).from());
      Place to = layout.box(sample.edges.get(i).to());
      double[] line = layout.line(i);
      assertTrue(line.length >= 4, what);
      assertEquals(from.bottom(), line[1], 1e-9, what);
      assertEquals(from.x() + from.width() / 2, line[0], 1e-9, what);
      assertEquals(to.y(), line[line.length - 1], 1e-9, what);
      for (int p = 2; p < line.length; p += 2) {
        assertTrue(line[p + 1] >= line[p - 1], () -> what + ": an edge goes up");
        for (int box = 0; box < sample.sizes.size(); box++) {
          Place other = layout.box(box);
          assertFalse(crosses(line[p - 2], line[p - 1], line[p], line[p + 1], other),
              () -> what + ": an edge goes through a box");
        }
      }
    }
  }

  /// Whether a part of a line is inside a box, not only at its rim.
  private static boolean crosses(double x1, double y1, double x2, double y2, Place box) {
    double top = Math.max(Math.min(y1, y2), box.y() + 0.01);
    double bottom = Math.min(Math.max(y1, y2), box.bottom() - 0.01);
    if (top >= bottom) {
      return false;
    }
    double atTop = x1 + (x2 - x1) * (top - y1) / (y2 - y1);
    double atBottom = x1 + (x2 - x1) * (bottom - y1) / (y2 - y1);
    return Math.max(atTop, atBottom) > box.x() && Math.min(atTop, atBottom) < box.right();
  }

  @Test
  void theSameGraphGivesTheSamePlaces() {
    Sample sample = Sample.of(300, 7);
    GraphLayout one = sample.layout();
    GraphLayout other = Sample.of(300, 7).layout();
    for (int box = 0; box < 300; box++) {
      assertEquals(one.box(box), other.box(box));
    }
    for (int edge = 0; edge < sample.edges.size(); edge++) {
      assertArrayEquals(one.line(edge), other.line(edge));
    }
  }

  @Test
  void aChainIsStraightAndATreeHasNoCrossings() {
    List<Size> sizes = new ArrayList<>();
    List<Link> chain = new ArrayList<>();
    List<Link> tree = new ArrayList<>();
    for (int i = 0; i < 31; i++) {
      sizes.add(new Size(60, 20));
      if (i > 0) {
        chain.add(new Link(i - 1, i));
        tree.add(new Link((i - 1) / 2, i));
      }
    }
    int[] none = Sample.noFrames(31);
    GraphLayout layout = new GraphLayout(sizes, chain, none);
    for (int i = 1; i < 31; i++) {
      assertEquals(layout.box(0).x(), layout.box(i).x(), 1);
    }
    GraphLayout levels = new GraphLayout(sizes, tree, none);
    for (int a = 0; a < tree.size(); a++) {
      for (int b = 0; b < a; b++) {
        double[] left = levels.line(a);
        double[] right = levels.line(b);
        if (left[1] == right[1] && left.length == 4 && right.length == 4) {
          assertTrue((left[0] - right[0]) * (left[2] - right[2]) >= 0, "a tree needs no crossing");
        }
      }
    }
  }

  @Test
  void circlesAreRefused() {
    List<Size> sizes = List.of(new Size(1, 1), new Size(1, 1));
    List<Link> circle = List.of(new Link(0, 1), new Link(1, 0));
    assertThrows(IllegalArgumentException.class,
        () -> new GraphLayout(sizes, circle, Sample.noFrames(2)));
  }
}
