package io.kotangent.plan;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.ShapeException;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Convolutions of two spatial axes: every layout of data, kernel and result × what is special about it × which axis is
/// long × every epilogue × every set of axes that its operand has × types.
public final class EnumeratedConvolutions implements Enumeration {
  private static final int ORDERS = 24;

  private enum Form {
    PLAIN, POINTWISE, ONE_OUTPUT, ONE_OUTPUT_POINTWISE, ONE_INPUT, ONE_COLUMN, GROUPS, DEPTHWISE,
    BATCH_GROUPS, STRIDE, KERNEL_DILATION, DATA_DILATION, PADDED, CROPPED
  }

  private enum Longest {
    OUTPUTS, WIDTH, BATCH, HEIGHT, INPUTS, HEIGHT_AND_WIDTH
  }

  private static final List<Integer> LENGTHS = List.of(32, 33, 40);

  @Override
  public long size() {
    Digits digits = new Digits(0);
    choose(digits);
    return digits.size();
  }

  private record Choice(String data, String kernel, String result, Form form, Longest longest,
      int length, boolean symbolic, Epilogues epilogue, int axes, DType dtype) {
  }

  private static Choice choose(Digits digits) {
    return new Choice(Enumeration.permutation("nchw", digits.below(ORDERS)),
        Enumeration.permutation("hwio", digits.below(ORDERS)),
        Enumeration.permutation("nchw", digits.below(ORDERS)), digits.of(List.of(Form.values())),
        digits.of(List.of(Longest.values())), digits.of(LENGTHS), digits.below(2) == 1,
        digits.of(List.of(Epilogues.values())), digits.below(Epilogues.SUBSETS),
        digits.of(List.of(DType.F64, DType.F32)));
  }

  @Override
  public Optional<Member> member(long number) {
    Choice c = choose(new Digits(number));
    Sizes sizes = sizes(c);
    GraphBuilder builder = new GraphBuilder();
    try {
      Node x = input(builder, "x", c.dtype(), c.data(), sizes.data());
      Node k = input(builder, "k", c.dtype(), c.kernel(), sizes.kernel());
      List<Op.Spatial> spatial = new ArrayList<>();
      for (char label : c.kernel().replaceAll("[io]", "").toCharArray()) {
        spatial.add(spatial(c.form(), label));
      }
      Node sum = builder.add(new Op.Convolve(c.data(), c.kernel(), c.result(), spatial,
          sizes.groups(), c.form() == Form.BATCH_GROUPS ? 2 : 1,
          SumOrder.ofConvolution(c.kernel()), c.dtype()), x, k);
      List<Node> inputs = new ArrayList<>(List.of(x, k));
      List<Graph.Result> results = c.epilogue().of(builder, sum, c.axes(), inputs);
      Graph graph = builder.graph("convolution", inputs, results);
      return Optional.of(new Member(number,
          c.form().name().toLowerCase(Locale.ROOT) + " " + c.epilogue(), graph, graph,
          Map.of("b", sizes.batch())));
    } catch (ShapeException e) {
      return Optional.empty();
    }
  }

  /// @param batch what the symbol `b` is
  private record Sizes(Map<Character, Dim> data, Map<Character, Dim> kernel, int groups,
      long batch) {
  }

  private static Sizes sizes(Choice c) {
    Form form = c.form();
    boolean point = form == Form.POINTWISE || form == Form.ONE_OUTPUT_POINTWISE;
    boolean one = form == Form.ONE_OUTPUT || form == Form.ONE_OUTPUT_POINTWISE;
    int batch = c.longest() == Longest.BATCH ? c.length() : 2;
    int inputs = form == Form.ONE_INPUT || form == Form.DEPTHWISE ? 1
        : c.longest() == Longest.INPUTS ? c.length() : 2;
    int parts = form == Form.GROUPS ? 2 : form == Form.DEPTHWISE ? 3 : 1;
    int outputs = one ? 1
        : (c.longest() == Longest.OUTPUTS ? c.length() : 2)
            * (form == Form.BATCH_GROUPS ? 2 : parts);
    boolean plane = c.longest() == Longest.HEIGHT_AND_WIDTH;
    int height = c.longest() == Longest.HEIGHT ? c.length() : plane ? 18 : 3;
    int width = c.longest() == Longest.WIDTH || plane ? c.length() : 4;
    Dim n = c.symbolic() && form != Form.BATCH_GROUPS ? Dim.symbol("b") : Dim.of(batch);
    int columns = point ? 1 : form == Form.ONE_COLUMN ? Math.min(width, 4) : 2;
    return new Sizes(
        Map.of('n', n, 'c', Dim.of((long) inputs * parts), 'h', Dim.of(height), 'w',
            Dim.of(form == Form.ONE_COLUMN ? Math.min(width, 4) : width)),
        Map.of('h', Dim.of(point ? 1 : 2), 'w', Dim.of(columns), 'i', Dim.of(inputs), 'o',
            Dim.of(outputs)),
        parts, batch);
  }

  private static Op.Spatial spatial(Form form, char label) {
    boolean width = label == 'w';
    return switch (form) {
      case PLAIN, POINTWISE, ONE_OUTPUT, ONE_OUTPUT_POINTWISE, ONE_INPUT, ONE_COLUMN, GROUPS,
          DEPTHWISE, BATCH_GROUPS ->
          spatial(1, 0, 0, 1, 1);
      case STRIDE -> spatial(width ? 2 : 1, 0, 0, 1, 1);
      case KERNEL_DILATION -> spatial(1, 0, 0, 1, 2);
      case DATA_DILATION -> spatial(1, 1, 0, 2, 1);
      case PADDED -> spatial(1, 1, width ? 0 : 1, 1, 1);
      case CROPPED -> spatial(1, width ? -1 : 0, width ? -1 : 0, 1, 1);
    };
  }

  private static Op.Spatial spatial(int stride, int low, int high, int data, int kernel) {
    return new Op.Spatial(stride, Dim.of(low), Dim.of(high), data, kernel);
  }

  private static Node input(GraphBuilder builder, String name, DType dtype, String labels,
      Map<Character, Dim> sizes) {
    List<Dim> dims = labels.chars().mapToObj(label -> sizes.get((char) label)).toList();
    return builder.input(new Port(name, Role.INPUT, new TensorType(dtype, new Shape(dims))));
  }
}
