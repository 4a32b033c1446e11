package io.kotangent.autodiff;

import static io.kotangent.autodiff.ConvolveCases.convolve;
import static io.kotangent.autodiff.ConvolveCases.spatial;
import static io.kotangent.autodiff.Subject.single;

import io.kotangent.autodiff.Subject.Case;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/// Operations of tensors with an axis of size 0: each once with a constant 0 and once with a symbol that is 0.
final class EmptyCases {
  /// A subject whose empty axes are constants or the symbol `z`.
  private record Sizes(Subject s, boolean symbolic) {
    Dim zero() {
      s.symbols.put("z", 0L);
      return symbolic ? Dim.symbol("z") : Dim.ZERO;
    }

    /// An input; sizes of 0 are the empty axis.
    Node real(long... sizes) {
      List<Dim> dims = new ArrayList<>();
      int[] numbers = new int[sizes.length];
      for (int i = 0; i < sizes.length; i++) {
        dims.add(sizes[i] == 0 ? zero() : Dim.of(sizes[i]));
        numbers[i] = (int) sizes[i];
      }
      return s.valued(new Shape(dims), s.sample(numbers, -2, 2));
    }

    Node ints(long... sizes) {
      return s.b.fill(new TensorType(DType.I32, shape(sizes)), 1);
    }

    Shape shape(long... sizes) {
      List<Dim> dims = new ArrayList<>();
      for (long size : sizes) {
        dims.add(size == 0 ? zero() : Dim.of(size));
      }
      return new Shape(dims);
    }
  }

  private final List<Case> cases = new ArrayList<>();

  private EmptyCases() {
  }

  static List<Case> all() {
    EmptyCases all = new EmptyCases();
    all.slices();
    all.layout();
    all.windows();
    all.indexing();
    all.reductions();
    all.contractions();
    all.convolutions();
    all.loops();
    return all.cases;
  }

  private void add(String name, BiFunction<Sizes, GraphBuilder, Node> body) {
    for (boolean symbolic : new boolean[] {false, true}) {
      cases.add(single(name + (symbolic ? ", symbolic" : ", constant"),
          s -> body.apply(new Sizes(s, symbolic), s.b)));
    }
  }

  private static List<Dim> dims(Object... sizes) {
    return java.util.Arrays.stream(sizes).map(d -> d instanceof Dim dim ? dim : Dim.of((int) d))
        .toList();
  }

  private void slices() {
    for (int stride = 1; stride <= 3; stride++) {
      int by = stride;
      add("slice of an empty axis by " + by, (z, b) -> b.add(
          new Op.Slice(dims(0, 1), dims(z.zero(), 4), List.of(by, 1)), z.real(0, 4)));
      add("slice beside an empty axis by " + by, (z, b) -> b.add(
          new Op.Slice(dims(0, 1), dims(z.zero(), 6), List.of(1, by)), z.real(0, 7)));
      for (int start = 0; start <= 5; start += 5) {
        int from = start;
        add("slice of nothing from " + from + " by " + by, (z, b) -> b.add(
            new Op.Slice(dims(from), dims(z.zero().plus(from)), List.of(by)), z.real(5)));
      }
      add("slice of two axes, of nothing of one, by " + by, (z, b) -> b.add(new Op.Slice(
          dims(1, 0), dims(z.zero().plus(1), 5), List.of(by, by)), z.real(3, 5)));
    }
  }

  private void layout() {
    add("broadcast", (z, b) -> b.broadcast(z.real(0), List.of(1), z.shape(3, 0)));
    add("broadcast to nothing", (z, b) -> b.broadcast(z.real(3), List.of(1), z.shape(0, 3)));
    add("reshape", (z, b) -> b.reshape(z.real(0, 4), z.shape(2, 0, 2)));
    add("transpose", (z, b) -> b.transpose(z.real(0, 2, 3), List.of(2, 0, 1)));
    add("reverse", (z, b) -> b.add(new Op.Reverse(List.of(0, 1)), z.real(0, 3)));
    for (int interior = 0; interior <= 2; interior++) {
      int between = interior;
      add("pad of an empty axis, interior " + between, (z, b) -> b.add(
          new Op.Pad(dims(2, 0), dims(1, 1), List.of(between, 0)), z.real(0, 2), z.real()));
      add("pad that is all after, interior " + between, (z, b) -> b.add(
          new Op.Pad(dims(0), dims(3), List.of(between)), z.real(0), z.real()));
      add("pad that is all before, interior " + between, (z, b) -> b.add(
          new Op.Pad(dims(3), dims(0), List.of(between)), z.real(0), z.real()));
      add("pad beside an empty axis, interior " + between, (z, b) -> b.add(
          new Op.Pad(dims(0, 1), dims(0, 2), List.of(0, between)), z.real(0, 2), z.real()));
    }
    add("concat of nothing", (z, b) -> b.add(new Op.Concat(0), z.real(0, 2), z.real(0, 2)));
    add("concat with nothing", (z, b) -> b.add(new Op.Concat(0), z.real(0, 2), z.real(3, 2)));
    add("concat beside nothing", (z, b) -> b.add(new Op.Concat(1), z.real(0, 2), z.real(0, 3)));
    add("product", (z, b) -> b.map(ScalarFn.MUL, z.real(0, 2), z.real(0, 2)));
  }

  private void windows() {
    for (int stride = 1; stride <= 2; stride++) {
      int by = stride;
      add("windows beside an empty axis by " + by, (z, b) -> b.add(
          new Op.Windows(List.of(1), List.of(2), List.of(by), List.of(2)), z.real(0, 7)));
      add("pool of windows of an empty batch by " + by, (z, b) -> b.reduce(Op.Reduction.MAX, b.add(
          new Op.Windows(List.of(1), List.of(2), List.of(by), List.of(1)), z.real(0, 6)),
          List.of(2)));
      add("pool of slices of an empty batch by " + by, (z, b) -> {
        Node x = z.real(0, 6);
        Node even = b.add(new Op.Slice(dims(0, 0), dims(z.zero(), 5), List.of(1, by)), x);
        Node odd = b.add(new Op.Slice(dims(0, 1), dims(z.zero(), 6), List.of(1, by)), x);
        return b.map(ScalarFn.MAX, even, odd);
      });
      add("pool of slices of an empty axis by " + by, (z, b) -> {
        Node x = b.add(new Op.Pad(dims(1), dims(1), List.of(0)), z.real(0),
            b.scalar(DType.F64, -9));
        Dim size = z.zero().plus(2);
        Node even = b.add(new Op.Slice(dims(0), dims(size.minus(1)), List.of(by)), x);
        Node odd = b.add(new Op.Slice(dims(1), dims(size), List.of(by)), x);
        return b.map(ScalarFn.MAX, even, odd);
      });
    }
    add("overlap_add beside an empty axis", (z, b) -> b.add(
        new Op.OverlapAdd(List.of(1), List.of(2), List.of(1), dims(7)), z.real(0, 3, 2)));
  }

  private void indexing() {
    add("gather of nothing", (z, b) -> b.add(new Op.Gather(0, 0), z.real(3, 2), z.ints(0)));
    add("gather from nothing", (z, b) -> b.add(new Op.Gather(0, 0), z.real(0, 2), z.ints(0)));
    add("gather beside nothing", (z, b) -> b.add(new Op.Gather(0, 0), z.real(3, 0), z.ints(2)));
    add("gather in no batches",
        (z, b) -> b.add(new Op.Gather(1, 1), z.real(0, 3), z.ints(0, 2)));
    add("scatter of nothing",
        (z, b) -> b.add(new Op.Scatter(0, 0), z.real(3, 2), z.ints(0), z.real(0, 2)));
    add("scatter into nothing",
        (z, b) -> b.add(new Op.Scatter(0, 0), z.real(0, 2), z.ints(0), z.real(0, 2)));
    add("scatter in no batches",
        (z, b) -> b.add(new Op.Scatter(1, 1), z.real(0, 3), z.ints(0, 2), z.real(0, 2)));
    add("sort of nothing", (z, b) -> b.item(b.add(new Op.Sort(0), z.real(0, 2)), 0));
    add("sort beside nothing", (z, b) -> b.item(b.add(new Op.Sort(1), z.real(0, 2)), 0));
  }

  private void reductions() {
    for (Op.Reduction kind : List.of(Op.Reduction.SUM, Op.Reduction.PRODUCT, Op.Reduction.MAX,
        Op.Reduction.MIN)) {
      ScalarFn joined = switch (kind) {
        case MAX -> ScalarFn.MAX;
        case MIN -> ScalarFn.MIN;
        default -> ScalarFn.ADD;
      };
      add("reduce." + kind + " of nothing", (z, b) -> b.map(joined, z.real(2),
          b.reduce(kind, z.real(0, 2), List.of(0))));
      add("reduce." + kind + " of nothing inside", (z, b) -> b.map(joined, z.real(2),
          b.reduce(kind, z.real(2, 0), List.of(1))));
      add("reduce." + kind + " of nothing by two axes", (z, b) -> b.map(joined, z.real(2),
          b.reduce(kind, z.real(0, 2, 3), List.of(0, 2))));
      add("reduce." + kind + " beside nothing",
          (z, b) -> b.reduce(kind, z.real(0, 2), List.of(1)));
    }
    add("log of a sum beside nothing", (z, b) -> b.map(ScalarFn.LOG,
        b.sum(b.map(ScalarFn.EXP, z.real(0, 3)), List.of(1))));
  }

  private void contractions() {
    for (String labels : List.of("bk,kn->bn", "kb,kn->bn", "bk,nk->nb", "xbk,xkn->xbn", "bk,bk->b",
        "b,n->bn", "k,k->")) {
      String[] sides = labels.substring(0, labels.indexOf('-')).split(",");
      for (char empty : labels.replaceAll("[^a-z]", "").chars().distinct().mapToObj(c -> (char) c)
          .toList()) {
        add("contract " + labels + " without " + empty,
            (z, b) -> b.contract(labels, z.real(sizes(sides[0], empty)),
                z.real(sizes(sides[1], empty))));
      }
    }
  }

  private static long[] sizes(String labels, char empty) {
    return labels.chars().mapToLong(c -> c == empty ? 0 : 2 + c % 3).toArray();
  }

  private void convolutions() {
    for (String empty : List.of("n", "i", "o", "w", "k", "wk")) {
      for (int stride = 1; stride <= 3; stride++) {
        for (int dilation = 1; dilation <= 2; dilation++) {
          for (int kernelDilation = 1; kernelDilation <= 2; kernelDilation++) {
            for (int[] groups : new int[][] {{1, 1}, {2, 1}, {1, 2}}) {
              Op op = convolve("nwc", "wio", "nwc", groups[0], groups[1],
                  spatial(stride, 3, 3, dilation, kernelDilation));
              add("convolve without " + empty + " stride " + stride + " dilations " + dilation + ","
                  + kernelDilation + " groups " + groups[0] + "," + groups[1],
                  (z, b) -> b.add(op,
                      z.real(has(empty, "n", 2), has(empty, "w", 5), has(empty, "i", 2)),
                      z.real(has(empty, "k", 3), has(empty, "i", 2 / groups[0]),
                          has(empty, "o", 2))));
            }
          }
        }
      }
    }
    for (String labels : List.of("nhwc,hwio->nhwc", "nchw,oihw->nchw", "hwcn,hwio->hwcn")) {
      String[] parts = labels.split(",|->");
      for (char empty : "nciohw".toCharArray()) {
        Op op = convolve(parts[0], parts[1], parts[2], 1, 1, spatial(2, 2, 2, 1, 1),
            spatial(1, 2, 2, 1, 1));
        add("convolve " + labels + " without " + empty,
            (z, b) -> b.add(op, z.real(image(parts[0], empty)), z.real(image(parts[1], empty,
                'h', 'w'))));
      }
    }
  }

  private static long has(String empty, String label, long size) {
    return empty.contains(label) ? 0 : size;
  }

  private static long[] image(String labels, char empty, char... kept) {
    return labels.chars().mapToLong(c -> {
      boolean keeps = new String(kept).indexOf(c) >= 0;
      boolean features = "ci".indexOf(c) >= 0 && "ci".indexOf(empty) >= 0;
      return !keeps && (c == empty || features) ? 0 : c == 'h' || c == 'w' ? 3 : 2;
    }).toArray();
  }

  private void loops() {
    add("a loop of no turns", (z, b) -> {
      GraphBuilder body = new GraphBuilder();
      TensorType row = TensorType.of(DType.F64, 2);
      Node sum = body.input(new Port("sum", Role.INPUT, row));
      Node x = body.input(new Port("x", Role.INPUT, row));
      Node next = body.map(ScalarFn.ADD, sum, body.map(ScalarFn.SIN, x));
      Graph step = body.graph("step", List.of(sum, x), List.of(new Graph.Result("next", next),
          new Graph.Result("all", next)));
      Node loop =
          b.add(new Op.Loop(step, z.zero(), 1, 1, false), z.real(2), z.real(0, 2));
      return b.add(new Op.Concat(0), b.reshape(b.item(loop, 0), Shape.of(1, 2)), b.item(loop, 1));
    });
  }
}
