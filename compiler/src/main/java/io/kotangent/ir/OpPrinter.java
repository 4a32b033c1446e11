package io.kotangent.ir;

import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;

/// An op's mnemonic and attributes, as texts of graphs have them. Attributes that have their usual value are left out.
public final class OpPrinter {
  private final Function<Graph, String> reference;
  private final int longest;
  private final Map<String, Literal> constants;

  /// @param reference how a body is referred to
  /// @param longest the most elements of constants that are printed themselves
  /// @param constants gets the literals that are printed as digests
  public OpPrinter(Function<Graph, String> reference, int longest,
      Map<String, Literal> constants) {
    this.reference = reference;
    this.longest = longest;
    this.constants = constants;
  }

  public String print(Node node) {
    StringJoiner attributes = new StringJoiner(", ", "[", "]").setEmptyValue("");
    attributes(node, attributes);
    return node.op().mnemonic() + attributes;
  }

  private void attributes(Node node, StringJoiner to) {
    switch (node.op()) {
      case Op.Input _, Op.Map _ -> {
      }
      case Op.Constant(var value) -> to.add(constant(value));
      case Op.Iota(_, var axis, _) -> to.add("axis=" + axis);
      case Op.Size(var dim) -> to.add("dim=" + dim);
      case Op.Random(var stream, _, var perExample) -> {
        to.add("stream=" + NameText.quote(stream));
        unless(!perExample, "per_example=true", to);
      }
      case Op.Cast(var dtype) -> to.add("to=" + dtype);
      case Op.Broadcast(var axes, var shape) ->
          to.add("dims=" + list(axes)).add("to=" + dims(shape));
      case Op.Reshape(var shape) -> to.add("to=" + dims(shape));
      case Op.Transpose(var permutation) -> to.add("permutation=" + list(permutation));
      case Op.Reverse(var axes) -> to.add("axes=" + list(axes));
      case Op.Slice(var starts, var limits, var strides) -> {
        to.add("starts=" + list(starts)).add("limits=" + list(limits));
        unless(allAre(strides, 1), "strides=" + list(strides), to);
      }
      case Op.Pad(var low, var high, var interior) -> {
        to.add("low=" + list(low)).add("high=" + list(high));
        unless(allAre(interior, 0), "interior=" + list(interior), to);
      }
      case Op.Concat(var axis) -> to.add("axis=" + axis);
      case Op.Windows(var axes, var sizes, var strides, var dilations) -> {
        to.add("axes=" + list(axes)).add("sizes=" + list(sizes));
        unless(allAre(strides, 1), "strides=" + list(strides), to);
        unless(allAre(dilations, 1), "dilations=" + list(dilations), to);
      }
      case Op.OverlapAdd(var axes, var strides, var dilations, var lengths) -> {
        to.add("axes=" + list(axes)).add("lengths=" + list(lengths));
        unless(allAre(strides, 1), "strides=" + list(strides), to);
        unless(allAre(dilations, 1), "dilations=" + list(dilations), to);
      }
      case Op.Gather(var axis, var batchDims) -> indexing(axis, batchDims, to);
      case Op.Scatter(var axis, var batchDims) -> indexing(axis, batchDims, to);
      case Op.Sort(var axis) -> to.add("axis=" + axis);
      case Op.Reduce reduce -> {
        to.add("axes=" + list(reduce.axes()));
        SumOrder usual = SumOrder.ofReduction(reduce.axes(), node.operand(0).type().rank());
        sum(reduce.order(), usual, reduce.accumulator(), node, to);
      }
      case Op.Contract contract -> {
        to.add(contract.labels());
        sum(contract.order(), usualOrder(contract), contract.accumulator(), node, to);
      }
      case Op.Convolve convolve -> convolve(convolve, node, to);
      case Op.Call(var callee, var derivative) -> {
        to.add(reference.apply(callee));
        derivative.ifPresent(d -> to.add("derivative=" + reference.apply(d)));
      }
      case Op.Loop(var body, var count, var carried, var sliced, var reverse) -> {
        to.add(reference.apply(body)).add("count=" + count);
        unless(carried == 0, "carried=" + carried, to);
        unless(sliced == 0, "sliced=" + sliced, to);
        unless(!reverse, "reverse=true", to);
      }
      case Op.Branch(var then, var otherwise) ->
          to.add(reference.apply(then)).add(reference.apply(otherwise));
      case Op.Item(var index) -> to.add("index=" + index);
    }
  }

  private static void indexing(int axis, int batchDims, StringJoiner to) {
    to.add("axis=" + axis);
    unless(batchDims == 0, "batch_dims=" + batchDims, to);
  }

  private String constant(Literal value) {
    if (value.length() <= longest) {
      return "value=" + LiteralText.elements(value);
    }
    String digest = LiteralText.digest(value);
    constants.put(digest, value);
    return "digest=" + digest;
  }

  private static void convolve(Op.Convolve convolve, Node node, StringJoiner to) {
    to.add(convolve.labels());
    List<Op.Spatial> spatial = convolve.spatial();
    List<Integer> strides = spatial.stream().map(Op.Spatial::stride).toList();
    List<Dim> low = spatial.stream().map(Op.Spatial::padLow).toList();
    List<Dim> high = spatial.stream().map(Op.Spatial::padHigh).toList();
    List<Integer> data = spatial.stream().map(Op.Spatial::dataDilation).toList();
    List<Integer> kernel = spatial.stream().map(Op.Spatial::kernelDilation).toList();
    unless(allAre(strides, 1), "strides=" + list(strides), to);
    unless(allAre(low, Dim.ZERO), "low=" + list(low), to);
    unless(allAre(high, Dim.ZERO), "high=" + list(high), to);
    unless(allAre(data, 1), "data_dilation=" + list(data), to);
    unless(allAre(kernel, 1), "kernel_dilation=" + list(kernel), to);
    unless(convolve.groups() == 1, "groups=" + convolve.groups(), to);
    unless(convolve.batchGroups() == 1, "batch_groups=" + convolve.batchGroups(), to);
    sum(convolve.order(), SumOrder.ofConvolution(convolve.kernel()), convolve.accumulator(), node,
        to);
  }

  private static SumOrder usualOrder(Op.Contract contract) {
    return SumOrder.of(List.of(contract.left(), contract.right()), contract.result());
  }

  private static void sum(SumOrder order, SumOrder usual, DType accumulator, Node node,
      StringJoiner to) {
    boolean usualLabels = order.labels().equals(usual.labels());
    boolean lanes = order.kind() == SumOrder.Kind.LANES;
    unless(order.equals(usual),
        "order=" + order.kind() + (lanes && usualLabels ? "" : ":" + order.labels()), to);
    unless(accumulator == node.operand(0).dtype(), "accumulator=" + accumulator, to);
  }

  private static void unless(boolean usual, String attribute, StringJoiner to) {
    if (!usual) {
      to.add(attribute);
    }
  }

  private static <T> boolean allAre(List<T> list, T value) {
    return list.stream().allMatch(value::equals);
  }

  private static String dims(Shape shape) {
    return list(shape.dims());
  }

  /// `(1,2)`; of one element, the element.
  private static String list(List<?> list) {
    if (list.size() == 1) {
      return list.getFirst().toString();
    }
    StringJoiner text = new StringJoiner(",", "(", ")");
    list.forEach(e -> text.add(e.toString()));
    return text.toString();
  }
}
