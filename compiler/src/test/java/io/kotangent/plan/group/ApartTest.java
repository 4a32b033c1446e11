package io.kotangent.plan.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPass;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Why a node is not in the kernel of its operand: each reason there is, with its numbers.
@Tag("fast")
class ApartTest {
  /// A graph whose last group stays apart.
  private record Case(Graph graph, PlanOptions options) {
    static Case of(String text) {
      return new Case(GraphParser.parse(text).getFirst(), PlanOptions.STANDARD);
    }

    Case without(PlanPass pass) {
      return new Case(graph, new PlanOptions(Optional.empty(), Set.of(pass)));
    }

    String apart() {
      List<Group> groups = Planner.planned(graph, options).groups();
      return groups.reversed().stream().flatMap(group -> group.apart().stream()).findFirst()
          .map(Apart::toString).orElse("together");
    }
  }

  private static final String EPILOGUE = """
      graph epilogue(x: input f64[b,9], w: param f64[9,40]) {
        %0 = contract[bk,kn->bn] x, w : f64[b,40]
        %1 = relu %0                  : f64[b,40]
        return y=%1
      }
      """;

  /// A sum of so many vectors, or a vector negated so often.
  private static Case many(int inputs, int length) {
    GraphBuilder builder = new GraphBuilder();
    TensorType vector = TensorType.of(DType.F64, Dim.symbol("b"));
    List<Node> ports = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      ports.add(builder.input(new Port("x" + i, Role.INPUT, vector, List.of())));
    }
    Node y = ports.getFirst();
    for (Node port : ports.subList(1, inputs)) {
      y = builder.map(ScalarFn.ADD, y, port);
    }
    for (int i = 0; i < length; i++) {
      y = builder.map(ScalarFn.NEG, y);
    }
    return new Case(builder.graph("many", ports, List.of(new Graph.Result("y", y))),
        PlanOptions.STANDARD);
  }

  private static Map<String, Case> cases() {
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("together", Case.of(EPILOGUE));
    cases.put("not with contract: the pass is skipped",
        Case.of(EPILOGUE).without(PlanPass.FUSE_EPILOGUE));
    cases.put("not with mul: one is an update", Case.of("""
        graph step(w: state f64[40], x: input f64[40]) {
          %0 = mul x, x  : f64[40]
          %1 = sub w, %0 : f64[40]
          return y=%0
          update w = %1
        }
        """));
    cases.put("not with transpose: that has loops of its own", Case.of("""
        graph turned(x: input f64[b,40]) {
          %0 = transpose[permutation=(1,0)] x : f64[40,b]
          %1 = neg %0                         : f64[40,b]
          return y=%1
        }
        """));
    cases.put("not with neg: too many primitives (252, at most 250)", many(1, 252));
    cases.put("not with add: too many arrays (71, at most 60)", many(70, 0));
    cases.put("not with exp: other axes", Case.of("""
        graph spread(v: input f64[40], x: input f64[b,40]) {
          %0 = exp v                              : f64[40]
          %1 = broadcast[dims=1, to=(b,40)] %0    : f64[b,40]
          %2 = mul %1, x                          : f64[b,40]
          return y=%2
        }
        """));
    cases.put("not with exp_reduce_sum: rows would have to be shorter (2, at most 1)", Case.of("""
        graph rows(x: input f64[b,4,5], v: input f64[4]) {
          %0 = exp x                              : f64[b,4,5]
          %1 = reduce.sum[axes=(1,2)] %0          : f64[b]
          %2 = broadcast[dims=1, to=(b,4,5)] v    : f64[b,4,5]
          %3 = mul %0, %2                         : f64[b,4,5]
          return s=%1, y=%3
        }
        """));
    cases.put("not with exp_reduce_sum: what is made is read at other places", Case.of("""
        graph columns(x: input f64[5,5]) {
          %0 = exp x                           : f64[5,5]
          %1 = reduce.sum[axes=1] %0           : f64[5]
          %2 = broadcast[dims=1, to=(5,5)] %1  : f64[5,5]
          %3 = mul %0, %2                      : f64[5,5]
          return y=%3
        }
        """));
    cases.put("not with contract: a slice or part in place", Case.of("""
        graph cut(x: input f64[b,9], w: param f64[9,40], z: input f64[b,80]) {
          %0 = contract[bk,kn->bn] x, w                                : f64[b,40]
          %1 = slice[starts=(0,40), limits=(b,80), strides=(1,1)] z    : f64[b,40]
          %2 = add %0, %1                                              : f64[b,40]
          return y=%2
        }
        """));
    cases.put("not with tanh: threads share it (42, at most 24)", Case.of("""
        graph mean(x: input f32[100000]) {
          %0 = tanh x                 : f32[100000]
          %1 = reduce.sum[axes=0] %0  : f32
          return y=%1
        }
        """));
    return cases;
  }

  @Test
  void eachIsNamedWithItsNumbers() {
    Map<String, String> expected = new LinkedHashMap<>();
    Map<String, String> found = new LinkedHashMap<>();
    cases().forEach((text, each) -> {
      expected.put(each.graph().name() + expected.size(), text);
      found.put(each.graph().name() + found.size(), each.apart());
    });
    assertEquals(expected, found);
  }

  @Test
  void allReasonsOccur() {
    Set<Apart.Reason> seen = EnumSet.noneOf(Apart.Reason.class);
    cases().values().forEach(each -> Planner.planned(each.graph(), each.options()).groups()
        .forEach(group -> group.apart().ifPresent(apart -> seen.add(apart.reason()))));
    assertEquals(EnumSet.allOf(Apart.Reason.class), seen);
  }

  /// A value in the body of a loop is grouped, too.
  @Test
  void groupsOfBodiesAreThere() {
    Graph graph = GraphParser.parse("""
        graph body(h: input f64[3]) {
          %0 = mul h, h : f64[3]
          return h=%0
        }
        graph twice(h: input f64[3]) {
          %0 = loop[@body, count=2, carried=1] h : (f64[3])
          %1 = item[index=0] %0 : f64[3]
          return y=%1
        }
        """).getLast();
    List<Group> groups = Planner.planned(graph, PlanOptions.STANDARD).groups();
    assertTrue(groups.stream().anyMatch(group -> group.stepName().equals("mul")),
        groups::toString);
  }
}
