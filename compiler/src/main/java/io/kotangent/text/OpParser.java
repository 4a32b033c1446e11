package io.kotangent.text;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Literal;
import io.kotangent.ir.LiteralText;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.SumOrder;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import io.kotangent.type.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Makes an op of its mnemonic and attributes, as [io.kotangent.ir.OpPrinter] writes them.
final class OpParser {
  private final Attributes attributes;
  private final List<Node> operands;
  private final Type type;
  private final Map<String, Literal> constants;

  /// @param type the declared one: the ops without operands take theirs from it
  OpParser(Attributes attributes, List<Node> operands, Type type, Map<String, Literal> constants) {
    this.attributes = attributes;
    this.operands = operands;
    this.type = type;
    this.constants = constants;
  }

  Op parse(String mnemonic) {
    Optional<ScalarFn> fn = ScalarFn.find(mnemonic);
    Op op = fn.isPresent() ? new Op.Map(fn.get())
        : mnemonic.startsWith("reduce.") ? reduce(mnemonic.substring("reduce.".length()))
            : structural(mnemonic);
    attributes.checkAllUsed();
    return op;
  }

  private Op structural(String mnemonic) {
    return switch (mnemonic) {
      case "constant" -> new Op.Constant(constant());
      case "iota" -> new Op.Iota(tensor().shape(), attributes.integer("axis"), tensor().dtype());
      case "size" -> new Op.Size(attributes.dim("dim"));
      case "random" -> new Op.Random(attributes.string("stream"), tensor().shape(),
          attributes.flag("per_example"));
      case "cast" -> new Op.Cast(attributes.dtype("to", Optional.empty()));
      case "broadcast" ->
          new Op.Broadcast(attributes.integers("dims"), new Shape(attributes.dims("to")));
      case "reshape" -> new Op.Reshape(new Shape(attributes.dims("to")));
      case "transpose" -> new Op.Transpose(attributes.integers("permutation"));
      case "reverse" -> new Op.Reverse(attributes.integers("axes"));
      case "slice" -> {
        List<Dim> starts = attributes.dims("starts");
        yield new Op.Slice(starts, attributes.dims("limits"),
            attributes.integers("strides", starts.size(), 1));
      }
      case "pad" -> {
        List<Dim> low = attributes.dims("low");
        yield new Op.Pad(low, attributes.dims("high"),
            attributes.integers("interior", low.size(), 0));
      }
      case "concat" -> new Op.Concat(attributes.integer("axis"));
      case "windows" -> {
        List<Integer> axes = attributes.integers("axes");
        yield new Op.Windows(axes, attributes.integers("sizes"),
            attributes.integers("strides", axes.size(), 1),
            attributes.integers("dilations", axes.size(), 1));
      }
      case "overlap_add" -> {
        List<Integer> axes = attributes.integers("axes");
        List<Dim> lengths = attributes.dims("lengths");
        yield new Op.OverlapAdd(axes, attributes.integers("strides", axes.size(), 1),
            attributes.integers("dilations", axes.size(), 1), lengths);
      }
      case "gather" ->
          new Op.Gather(attributes.integer("axis"), attributes.integer("batch_dims", 0));
      case "scatter" ->
          new Op.Scatter(attributes.integer("axis"), attributes.integer("batch_dims", 0));
      case "sort" -> new Op.Sort(attributes.integer("axis"));
      case "contract" -> contract();
      case "convolve" -> convolve();
      case "call" -> new Op.Call(attributes.graph(0), attributes.graph("derivative"));
      case "loop" -> new Op.Loop(attributes.graph(0), attributes.dim("count"),
          attributes.integer("carried", 0),
          attributes.integer("sliced", 0), attributes.flag("reverse"));
      case "branch" -> new Op.Branch(attributes.graph(0), attributes.graph(1));
      case "item" -> new Op.Item(attributes.integer("index"));
      default -> throw attributes.error("an operation or a scalar function", "'" + mnemonic + "'");
    };
  }

  private TensorType tensor() {
    if (type instanceof TensorType tensor) {
      return tensor;
    }
    throw attributes.error("the type of a tensor", type.toString());
  }

  private Literal constant() {
    if (!attributes.has("digest")) {
      return attributes.literal("value", tensor());
    }
    String digest = attributes.raw("digest");
    Literal literal = constants.get(digest);
    if (literal == null) {
      throw attributes.error("a resource that holds the constant " + digest, "none");
    }
    if (!literal.type().equals(type) || !LiteralText.digest(literal).equals(digest)) {
      throw attributes.error("the constant " + digest + " of type " + type,
          "another one of type " + literal.type());
    }
    return literal;
  }

  private Op reduce(String name) {
    for (Op.Reduction kind : Op.Reduction.values()) {
      if (kind.toString().equals(name)) {
        List<Integer> axes = attributes.integers("axes");
        if (operands.size() != 1) {
          throw attributes.error("1 operand", String.valueOf(operands.size()));
        }
        SumOrder usual = SumOrder.ofReduction(axes, operands.getFirst().type().rank());
        return new Op.Reduce(kind, axes, order(usual), accumulator());
      }
    }
    throw attributes.error("a reduction: one of " + List.of(Op.Reduction.values()),
        "'" + name + "'");
  }

  private Op contract() {
    List<String> labels = attributes.labels();
    SumOrder usual = SumOrder.of(labels.subList(0, 2), labels.get(2));
    return new Op.Contract(labels.get(0), labels.get(1), labels.get(2), order(usual),
        accumulator());
  }

  private Op convolve() {
    List<String> labels = attributes.labels();
    int rank = Math.max(0, labels.get(1).length() - 2);
    List<Integer> strides = attributes.integers("strides", rank, 1);
    List<Dim> low = attributes.dims("low", rank);
    List<Dim> high = attributes.dims("high", rank);
    List<Integer> data = attributes.integers("data_dilation", rank, 1);
    List<Integer> kernel = attributes.integers("kernel_dilation", rank, 1);
    List<Op.Spatial> spatial = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      spatial
          .add(new Op.Spatial(strides.get(i), low.get(i), high.get(i), data.get(i), kernel.get(i)));
    }
    return new Op.Convolve(labels.get(0), labels.get(1), labels.get(2), spatial,
        attributes.integer("groups", 1),
        attributes.integer("batch_groups", 1), order(SumOrder.ofConvolution(labels.get(1))),
        accumulator());
  }

  private SumOrder order(SumOrder usual) {
    if (!attributes.has("order")) {
      return usual;
    }
    String text = attributes.raw("order");
    int colon = text.indexOf(':');
    String kind = colon < 0 ? text : text.substring(0, colon);
    String labels = colon < 0 ? usual.labels() : text.substring(colon + 1);
    for (SumOrder.Kind known : SumOrder.Kind.values()) {
      if (known.toString().equals(kind) && labels.length() == usual.labels().length()
          && labels.chars().sorted().boxed().toList()
              .equals(usual.labels().chars().sorted().boxed().toList())) {
        return new SumOrder(known, labels);
      }
    }
    throw attributes.error(
        "order=lanes or order=sequential:" + usual.labels() + " (labels in any order)",
        "order=" + text.toLowerCase(Locale.ROOT));
  }

  private DType accumulator() {
    return attributes.dtype("accumulator",
        operands.isEmpty() ? Optional.empty() : Optional.of(operands.getFirst().dtype()));
  }

  /// How a text's `@name` is found.
  interface References extends Function<String, Optional<Graph>> {
  }
}
