package io.kotangent.plan.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Graph;
import io.kotangent.plan.EveryWay;
import io.kotangent.plan.PlanLaw;
import io.kotangent.text.GraphParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// States beside each other, each updated in another way: what one update is made of never meets what another is, and is where the
/// interpreter has it. Enumerated: all pairs of kinds and all triples of neighbors, in both orders of the states.
class StateUpdatesTest {
  /// How a state becomes another; `%h` is a product with the batch in it, `%p` a matrix.
  private enum Kind {
    SUM_OF_SQUARES("f64") {
      @Override
      String next(Text text, String now) {
        return text.add("reduce.sum[axes=(0,1)] " + text.add("mul %0, %0", "f64[n,30]"), "f64");
      }
    },
    RUNNING_MEAN("f64") {
      @Override
      String next(Text text, String now) {
        String sum =
            text.add("reduce.sum[axes=(0,1)] " + text.add("abs %0", "f64[n,30]"), "f64");
        return text.add("sub " + now + ", " + sum, "f64");
      }
    },
    DOT("f64") {
      @Override
      String next(Text text, String now) {
        return text.add("contract[a,a->] %1, %2", "f64");
      }
    },
    MOST("f64[40]") {
      @Override
      String next(Text text, String now) {
        return "%2";
      }
    },
    DECAYED("f64[40]") {
      @Override
      String next(Text text, String now) {
        return text.add("sub " + now + ", %2", "f64[40]");
      }
    },
    ROWS("f64[50]") {
      @Override
      String next(Text text, String now) {
        String squares = text.add("mul p, p", "f64[50,40]");
        return text.add("reduce.sum[axes=1] " + squares, "f64[50]");
      }
    },
    COLUMNS("f64[30]") {
      @Override
      String next(Text text, String now) {
        return text.add("sub " + text.add("reduce.sum[axes=0] %0", "f64[30]") + ", " + now,
            "f64[30]");
      }
    },
    MATRIX("f64[50,40]") {
      @Override
      String next(Text text, String now) {
        return text.add("sub " + now + ", %3", "f64[50,40]");
      }
    },
    SPREAD("f64[50,40]") {
      @Override
      String next(Text text, String now) {
        String spread = text.add("broadcast[dims=1, to=(50,40)] %2", "f64[50,40]");
        return text.add("mul " + text.add("add " + now + ", " + spread, "f64[50,40]") + ", %3",
            "f64[50,40]");
      }
    },
    TURNED("f64[40]") {
      @Override
      String next(Text text, String now) {
        return text.add("reverse[axes=0] " + now, "f64[40]");
      }
    },
    PART("f64[20]") {
      @Override
      String next(Text text, String now) {
        String part = text.add("slice[starts=10, limits=30, strides=1] %2", "f64[20]");
        return text.add("add " + now + ", " + part, "f64[20]");
      }
    };

    private final String type;

    Kind(String type) {
      this.type = type;
    }

    abstract String next(Text text, String now);
  }

  private static final class Text {
    private final StringBuilder lines = new StringBuilder();
    private int next;

    String add(String op, String type) {
      lines.append("  %").append(next).append(" = ").append(op).append(" : ").append(type)
          .append('\n');
      return "%" + next++;
    }
  }

  private static Graph graph(List<Kind> kinds) {
    Text text = new Text();
    text.add("contract[ab,bc->ac] x, k", "f64[n,30]");
    text.add("reduce.max[axes=0] q", "f64[40]");
    text.add("reduce.max[axes=0] p", "f64[40]");
    text.add("mul p, q", "f64[50,40]");
    StringBuilder head = new StringBuilder("graph g(x: input f64[n,8], k: input f64[8,30], "
        + "p: input f64[50,40], q: input f64[50,40]");
    StringBuilder updates = new StringBuilder();
    for (int i = 0; i < kinds.size(); i++) {
      head.append(", s").append(i).append(": state ").append(kinds.get(i).type);
      updates.append("  update s").append(i).append(" = ")
          .append(kinds.get(i).next(text, "s" + i)).append('\n');
    }
    String most = text.add("reduce.max[axes=0] %0", "f64[30]");
    String top = text.add("reverse[axes=0] %2", "f64[40]");
    String whole = text.add("reduce.min[axes=(0,1)] %3", "f64");
    return GraphParser.parse(head + ") {\n" + text.lines + updates + "  return h=" + most + ", top="
        + top + ", whole=" + whole + "\n}\n").getFirst();
  }

  @Test
  void eachIsWhatTheInterpreterSays() {
    EveryWay ways = new EveryWay();
    List<List<Kind>> all = new ArrayList<>();
    Kind[] kinds = Kind.values();
    for (int i = 0; i < kinds.length; i++) {
      for (int j = 0; j < kinds.length; j++) {
        all.add(List.of(kinds[i], kinds[j]));
      }
      all.add(List.of(kinds[i]));
      all.add(List.of(kinds[i], kinds[(i + 1) % kinds.length], kinds[(i + 5) % kinds.length]));
    }
    List<String> faults = new ArrayList<>();
    for (List<Kind> each : all) {
      Graph graph = graph(each);
      for (long n : new long[] {0, 1, 4, 33}) {
        Map<String, Long> symbols = Map.of("n", n);
        ways.faults(graph, graph, PlanLaw.inputs(graph, symbols), symbols)
            .forEach(fault -> faults.add(each + ", n = " + n + ": " + fault));
      }
    }
    assertEquals(List.of(), faults);
    assertTrue(ways.total() > 8 * all.size(), ways.runs() + " of " + all.size());
  }
}
