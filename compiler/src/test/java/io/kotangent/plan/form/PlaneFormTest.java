package io.kotangent.plan.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanLaw;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.PlanRun;
import io.kotangent.plan.SharedRun;
import io.kotangent.plan.lower.Planner;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which convolutions are turned, how, and that turned ones have the bits of one result after the other.
@Tag("fast")
class PlaneFormTest {
  private static final Op.Spatial STEP = new Op.Spatial(1, Dim.ZERO, Dim.ZERO, 1, 1);

  /// Sizes of an image and a kernel, by their labels; the batch is a symbol.
  private static Node convolution(String labels, Map<Character, Integer> sizes, Op.Spatial axis) {
    String[] parts = labels.split(",|->");
    GraphBuilder builder = new GraphBuilder();
    List<Dim> data = new ArrayList<>();
    for (char label : parts[0].toCharArray()) {
      data.add(label == 'n' ? Dim.symbol("b") : Dim.of(sizes.get(label)));
    }
    List<Dim> kernel = new ArrayList<>();
    for (char label : parts[1].toCharArray()) {
      char size = Character.isLetter(label) && "io".indexOf(label) < 0
          ? Character.toUpperCase(label)
          : label == 'i' ? 'c' : label;
      kernel.add(Dim.of(sizes.get(size)));
    }
    List<Op.Spatial> spatial =
        parts[1].replace("i", "").replace("o", "").chars().mapToObj(_ -> axis).toList();
    Op.Convolve op = new Op.Convolve(parts[0], parts[1], parts[2], spatial, 1, 1,
        SumOrder.ofConvolution(parts[1]), DType.F32);
    return builder.add(op, input(builder, "x", data), input(builder, "k", kernel));
  }

  private static Node input(GraphBuilder builder, String name, List<Dim> dims) {
    return builder.input(new Port(name, Role.INPUT, new TensorType(DType.F32, new Shape(dims))));
  }

  /// Image of `size`² (or of `size` lines of `width`), square kernels.
  private static Node square(int size, int width, int kernel, int inputs, int outputs) {
    return convolution("nhwc,hwio->nhwc",
        Map.of('h', size, 'w', width, 'c', inputs, 'o', outputs, 'H', kernel, 'W', kernel), STEP);
  }

  private static String describe(Node node) {
    return RowForm.of(node).flatMap(PlaneForm::of).map(form -> {
      StringBuilder text = new StringBuilder();
      text.append(form.outside()).append(' ').append(form.height()).append(form.width())
          .append(" lines ").append(form.lines()).append(" pixels ").append(form.pixels());
      RowForm turned = form.turned();
      text.append(", ").append(turned.outer()).append(turned.row()).append(" of ")
          .append(turned.summed()).append(':');
      for (char label : (turned.outer() + turned.row() + turned.summed()).toCharArray()) {
        text.append(' ').append(label).append(turned.size(label)).append('*')
            .append(turned.rowsStride(label)).append('/').append(turned.factorStride(label));
      }
      return text.toString();
    }).orElse("straight");
  }

  @ParameterizedTest @CsvSource(delimiter = '|', value = {
      "12 | 12 | 3 | 12 | 5 | [n] hw lines 10 pixels 144, =c# of ABi: =1*120/0 c5*0/1 #118*1/0 A3*12/180 B3*1/60 i12*144/5",
      "20 | 20 | 3 | 12 | 5 | [n] hw lines 9 pixels 400, =c# of ABi: =2*180/0 c5*0/1 #178*1/0 A3*20/180 B3*1/60 i12*400/5",
      "28 | 40 | 5 | 4 | 5 | [n] hw lines 8 pixels 1120, =c# of ABi: =3*320/0 c5*0/1 #316*1/0 A5*40/100 B5*1/20 i4*1120/5",
      "12 | 400 | 3 | 12 | 5 | [n] hw lines 1 pixels 4800, =c# of ABi: =10*400/0 c5*0/1 #398*1/0 A3*400/180 B3*1/60 i12*4800/5",
      "3 | 120 | 3 | 12 | 5 | [n] hw lines 1 pixels 360, =c# of ABi: =1*120/0 c5*0/1 #118*1/0 A3*120/180 B3*1/60 i12*360/5",
  })
  void aRowIsSomeLinesOfAnImage(int size, int width, int kernel, int inputs, int outputs,
      String expected) {
    assertEquals(expected, describe(square(size, width, kernel, inputs, outputs)));
  }

  @ParameterizedTest @CsvSource({
      "12, 12, 3, 11, 5", // 99 products
      "11, 11, 3, 12, 5", // rows of 97: below
      "9, 14, 3, 12, 5", // rows of 96
      "12, 12, 3, 12, 117", // rows along features are as long
      "12, 12, 3, 12, 118",
      "40, 40, 3, 12, 192",
      "40, 40, 3, 12, 193",
      "24, 12, 8, 3, 5", // of a row, 5 of 12 are results
      "24, 2056, 8, 3, 5",
      "24, 2055, 8, 3, 5",
  })
  void atTheBorders(int size, int width, int kernel, int inputs, int outputs) {
    boolean expected = switch (size + " " + width + " " + outputs) {
      case "12 12 117", "40 40 192", "11 11 5", "9 14 5", "24 2055 5" -> true;
      case "12 12 5", "12 12 118", "40 40 193", "24 12 5", "24 2056 5" -> false;
      default -> throw new AssertionError("no such case");
    };
    Node node = square(size, width, kernel, inputs, outputs);
    assertEquals(expected, !describe(node).equals("straight"), () -> describe(node));
  }

  @Test
  void onlyWhatGoesOnWhereTheNextLineBegins() {
    Map<Character, Integer> sizes = Map.of('h', 12, 'w', 12, 'c', 12, 'o', 5, 'H', 3, 'W', 3);
    Op.Spatial two = new Op.Spatial(2, Dim.ZERO, Dim.ZERO, 1, 1);
    Op.Spatial holes = new Op.Spatial(1, Dim.ZERO, Dim.ZERO, 1, 2);
    assertEquals("straight", describe(convolution("nhwc,hwio->nhwc", sizes, two)));
    assertTrue(describe(convolution("nhwc,hwio->nhwc",
        Map.of('h', 14, 'w', 14, 'c', 12, 'o', 5, 'H', 3, 'W', 3), holes))
        .contains("A3*28/180 B3*2/60"));
    assertEquals("straight", describe(convolution("nchw,hwio->nhwc", sizes, STEP)));
    assertEquals("straight", describe(convolution("hwnc,hwio->nhwc", sizes, STEP)));
    assertEquals("straight", describe(convolution("nhwc,hwio->nchw", sizes, STEP)));
    assertEquals(
        "[n] =w lines 1 pixels 200, =c# of Ai: =1*0/0 c5*0/1 #190*1/0 A11*1/60 i12*200/5",
        describe(convolution("nwc,wio->nwc", Map.of('w', 200, 'c', 12, 'o', 5, 'W', 11), STEP)));
  }

  @ParameterizedTest @CsvSource({"12, 12, 3, 12, 9", "12, 12, 3, 12, 8", "5, 120, 3, 12, 10"})
  void turnedOnesHaveTheSameBits(int size, int width, int kernel, int inputs, int outputs) {
    hasTheSameBits(square(size, width, kernel, inputs, outputs));
  }

  @Test
  void soHaveThoseOfOneAndThreeAxes() {
    hasTheSameBits(
        convolution("nwc,wio->nwc", Map.of('w', 200, 'c', 12, 'o', 9, 'W', 11), STEP));
    hasTheSameBits(convolution("ndhwc,dhwio->ndhwc",
        Map.of('d', 3, 'h', 12, 'w', 12, 'c', 6, 'o', 8, 'D', 2, 'H', 3, 'W', 3), STEP));
  }

  private static void hasTheSameBits(Node node) {
    assertTrue(!describe(node).equals("straight"));
    Graph graph = new GraphBuilder().graph("f", node.operands(),
        List.of(new Graph.Result("y", node)));
    Plan plain = Planner.plan(graph, PlanOptions.plain());
    Plan plan = Planner.plan(graph, PlanOptions.STANDARD);
    PlaneForm form = PlaneForm.of(RowForm.of(node).orElseThrow()).orElseThrow();
    Dim planes = form.straight().size('i').times(Dim.of(form.pixels()));
    assertTrue(plan.signature().arrays().stream().anyMatch(a -> a.length().equals(planes)),
        () -> PlanPrinter.print(plan));
    Plan shared = Planner.plan(graph, PlanOptions.STANDARD.everywhere().withLeastPart(1));
    for (int size : new int[] {0, 2}) {
      Map<String, Long> symbols = Map.of("b", (long) size);
      var inputs = PlanLaw.inputs(graph, symbols);
      PlanRun expected = PlanRun.interpreted(plain, graph, inputs, symbols);
      assertEquals(expected, PlanRun.interpreted(plan, graph, inputs, symbols));
      assertEquals(expected,
          PlanRun.run(shared, p -> new SharedRun(p, 2, true), graph, inputs, symbols));
    }
  }
}
