package io.kotangent.plan.form;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.ir.Graph;
import io.kotangent.plan.EveryWay;
import io.kotangent.plan.PlanLaw;
import io.kotangent.text.GraphParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Convolutions of nothing: no image, no feature or no output, known to be so, in layouts of data and results that differ. They are
/// planned, and yield zeros or nothing.
class EmptyConvolutionsTest {
  private static List<String> orders(String labels) {
    if (labels.isEmpty()) {
      return List.of("");
    }
    List<String> orders = new ArrayList<>();
    for (char first : labels.toCharArray()) {
      orders(labels.replace(String.valueOf(first), "")).forEach(rest -> orders.add(first + rest));
    }
    return orders;
  }

  private static String dims(String labels, Map<Character, Integer> sizes) {
    return labels.chars().mapToObj(label -> sizes.get((char) label).toString())
        .collect(Collectors.joining(","));
  }

  private static Graph graph(String data, String kernel, String result, char empty) {
    Map<Character, Integer> inData =
        new java.util.HashMap<>(Map.of('n', 2, 'h', 5, 'w', 4, 'c', 3));
    Map<Character, Integer> inKernel =
        new java.util.HashMap<>(Map.of('h', 2, 'w', 1, 'i', 3, 'o', 8));
    inData.replace(empty, 0);
    inKernel.replace(empty == 'c' ? 'i' : empty, 0);
    Map<Character, Integer> inResult =
        Map.of('n', inData.get('n'), 'h', 4, 'w', 4, 'c', inKernel.get('o'));
    return GraphParser.parse("graph g(x: input f64[" + dims(data, inData) + "], k: input f64["
        + dims(kernel, inKernel) + "]) {\n  %0 = convolve[" + data + "," + kernel + "->" + result
        + "] x, k : f64[" + dims(result, inResult) + "]\n  return y=%0\n}\n").getFirst();
  }

  @Test
  void areZerosOrNothing() {
    EveryWay ways = new EveryWay();
    List<String> faults = new ArrayList<>();
    for (String data : orders("nhwc")) {
      for (String result : orders("nhwc")) {
        for (String kernel : List.of("hwio", "hwoi", "oihw", "iwho")) {
          for (char empty : new char[] {'n', 'c', 'o'}) {
            Graph graph = graph(data, kernel, result, empty);
            try {
              ways.faults(graph, graph, PlanLaw.inputs(graph, Map.of()), Map.of()).forEach(
                  fault -> faults.add(data + "," + kernel + "->" + result + " " + empty + fault));
            } catch (RuntimeException e) {
              faults.add(data + "," + kernel + "->" + result + " without " + empty + ": " + e);
            }
          }
        }
      }
    }
    assertEquals(List.of(), faults);
  }
}
