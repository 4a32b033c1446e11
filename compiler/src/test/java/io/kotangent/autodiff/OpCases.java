package io.kotangent.autodiff;

import static io.kotangent.autodiff.Subject.single;

import io.kotangent.autodiff.Subject.Case;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;

/// Every op that a derivative flows through, with its shapes and attributes (convolutions and control have their own
/// tables).
final class OpCases {
  private OpCases() {
  }

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    scalarFunctions(cases);
    layout(cases);
    windows(cases);
    indexing(cases);
    reductions(cases);
    contractions(cases);
    symbolic(cases);
    return cases;
  }

  private static void scalarFunctions(List<Case> cases) {
    for (ScalarFn fn : ScalarFn.values()) {
      if (fn.isDifferentiable() && fn != ScalarFn.SELECT) {
        cases.add(single(fn.toString(), s -> {
          Node[] operands = new Node[fn.arity()];
          for (int i = 0; i < operands.length; i++) {
            operands[i] = s.between(fn.low(), fn.high(), 4);
          }
          return s.b.map(fn, operands);
        }));
      }
    }
    cases.add(single("select",
        s -> s.b.map(ScalarFn.SELECT, s.bools(true, false, true, false), s.real(4), s.real(4))));
    cases.add(single("select by operands", s -> {
      Node x = s.real(4);
      Node y = s.real(4);
      return s.b.map(ScalarFn.SELECT, s.b.map(ScalarFn.LT, x, y), s.b.map(ScalarFn.MUL, x, y), y);
    }));
    cases.add(single("one operand twice", s -> {
      Node x = s.real(3);
      return s.b.map(ScalarFn.MUL, x, x);
    }));
    cases.add(single("cast", s -> s.b.cast(DType.F64, s.b.cast(DType.F32, s.real(3)))));
  }

  private static void layout(List<Case> cases) {
    cases.add(single("broadcast scalar", s -> s.b.broadcast(s.real(), List.of(), Shape.of(2, 3))));
    cases.add(single("broadcast last", s -> s.b.broadcast(s.real(3), List.of(1), Shape.of(2, 3))));
    cases.add(single("broadcast first", s -> s.b.broadcast(s.real(2), List.of(0), Shape.of(2, 3))));
    cases.add(single("broadcast middle",
        s -> s.b.broadcast(s.real(2, 3), List.of(0, 2), Shape.of(2, 4, 3))));
    cases.add(
        single("broadcast to nothing", s -> s.b.broadcast(s.real(3), List.of(1), Shape.of(0, 3))));
    cases.add(single("reshape", s -> s.b.reshape(s.real(2, 6), Shape.of(3, 2, 2))));
    cases.add(single("transpose", s -> s.b.transpose(s.real(2, 3), List.of(1, 0))));
    cases.add(single("transpose, a cycle", s -> s.b.transpose(s.real(2, 3, 4), List.of(2, 0, 1))));
    cases.add(single("reverse", s -> s.b.add(new Op.Reverse(List.of(0, 2)), s.real(2, 3, 2))));
    for (int stride = 1; stride <= 3; stride++) {
      for (int limit = 5; limit <= 7; limit++) {
        Op slice = new Op.Slice(List.of(Dim.of(1), Dim.of(0)), List.of(Dim.of(limit), Dim.of(2)),
            List.of(stride, 1));
        cases.add(single("slice 1:" + limit + ":" + stride, s -> s.b.add(slice, s.real(7, 2))));
      }
    }
    cases.add(single("slice of nothing",
        s -> s.b.add(new Op.Slice(List.of(Dim.of(1)), List.of(Dim.of(1)), List.of(2)), s.real(3))));
    for (int interior = 0; interior <= 2; interior++) {
      Op pad = new Op.Pad(List.of(Dim.of(1), Dim.of(0)), List.of(Dim.of(0), Dim.of(2)),
          List.of(interior, 0));
      cases.add(single("pad " + interior, s -> s.b.add(pad, s.real(3, 2), s.real())));
      cases.add(single("pad with a constant " + interior,
          s -> s.b.add(pad, s.real(3, 2), s.b.scalar(DType.F64, 2))));
    }
    cases.add(single("pad of a scalar",
        s -> s.b.add(new Op.Pad(List.of(), List.of(), List.of()), s.real(), s.real())));
    cases.add(single("concat first axis",
        s -> s.b.add(new Op.Concat(0), s.real(2, 2), s.real(1, 2), s.real(3, 2))));
    cases.add(single("concat last axis",
        s -> s.b.add(new Op.Concat(1), s.real(2, 2), s.real(2, 0), s.real(2, 3))));
    cases.add(single("concat with a constant",
        s -> s.b.add(new Op.Concat(0), s.b.fill(s.real(2).type(), 1), s.inputs.getFirst())));
    cases.add(single("concat of one twice", s -> {
      Node x = s.real(2);
      return s.b.add(new Op.Concat(0), x, x);
    }));
  }

  private static void windows(List<Case> cases) {
    for (int stride = 1; stride <= 3; stride++) {
      for (int dilation = 1; dilation <= 2; dilation++) {
        Op.Windows op = new Op.Windows(List.of(1), List.of(2), List.of(stride), List.of(dilation));
        cases.add(single("windows, stride " + stride + " dilation " + dilation,
            s -> s.b.add(op, s.real(2, 7))));
        int count = (7 - (dilation + 1)) / stride + 1;
        Op.OverlapAdd add =
            new Op.OverlapAdd(List.of(1), List.of(stride), List.of(dilation), List.of(Dim.of(7)));
        cases.add(single("overlap_add, stride " + stride + " dilation " + dilation,
            s -> s.b.add(add, s.real(2, count, 2))));
      }
    }
    Op.Windows two = new Op.Windows(List.of(0, 2), List.of(2, 3), List.of(1, 2), List.of(2, 1));
    cases.add(single("windows of two axes", s -> s.b.add(two, s.real(4, 2, 6))));
    Op.OverlapAdd addTwo =
        new Op.OverlapAdd(List.of(0, 2), List.of(1, 2), List.of(2, 1),
            List.of(Dim.of(4), Dim.of(6)));
    cases.add(single("overlap_add of two axes", s -> s.b.add(addTwo, s.real(2, 2, 2, 2, 3))));
  }

  private static void indexing(List<Case> cases) {
    cases.add(single("gather by a scalar",
        s -> s.b.add(new Op.Gather(0, 0), s.real(3, 2), s.ints(new long[0], 2))));
    cases.add(single("gather twice the same",
        s -> s.b.add(new Op.Gather(0, 0), s.real(3, 2), s.ints(new long[] {4}, 2, 0, 2, 2))));
    cases.add(single("gather of the last axis",
        s -> s.b.add(new Op.Gather(1, 0), s.real(2, 3), s.ints(new long[] {2, 2}, 0, 1, 1, 2))));
    cases.add(single("gather in batches",
        s -> s.b.add(new Op.Gather(1, 1), s.real(3, 4), s.ints(new long[] {3}, 1, 3, 0))));
    cases.add(single("gather of a middle axis in batches",
        s -> s.b.add(new Op.Gather(1, 1), s.real(2, 3, 2),
            s.ints(new long[] {2, 2}, 1, 1, 0, 2))));
    cases.add(
        single("gather a later axis in batches", s -> s.b.add(new Op.Gather(2, 1), s.real(2, 2, 3),
            s.ints(new long[] {2, 2}, 1, 1, 0, 2))));
    cases.add(single("scatter",
        s -> s.b.add(new Op.Scatter(0, 0), s.real(3, 2), s.ints(new long[] {4}, 2, 0, 2, 2),
            s.real(4, 2))));
    cases.add(single("scatter to a constant", s -> s.b.add(new Op.Scatter(1, 1),
        s.b.fill(TensorType.of(DType.F64, 3, 4), 1), s.ints(new long[] {3}, 1, 3, 0), s.real(3))));
    cases.add(single("scatter of constants", s -> s.b.add(new Op.Scatter(1, 1), s.real(3, 4),
        s.ints(new long[] {3}, 1, 3, 0), s.b.fill(TensorType.of(DType.F64, 3), 2))));
    for (int axis = 0; axis < 3; axis++) {
      int a = axis;
      cases.add(
          single("sort axis " + axis, s -> s.b.item(s.b.add(new Op.Sort(a), s.real(3, 2, 4)), 0)));
    }
  }

  private static void reductions(List<Case> cases) {
    List<List<Integer>> axes =
        List.of(List.of(0), List.of(1), List.of(2), List.of(0, 1), List.of(0, 2), List.of(1, 2),
            List.of(0, 1, 2), List.of());
    for (Op.Reduction kind : List.of(Op.Reduction.SUM, Op.Reduction.PRODUCT, Op.Reduction.MAX,
        Op.Reduction.MIN)) {
      for (List<Integer> some : axes) {
        cases.add(
            single("reduce." + kind + " " + some, s -> s.b.reduce(kind, s.real(2, 3, 2), some)));
      }
      cases.add(single("reduce." + kind + " of one", s -> s.b.reduce(kind, s.real(1), List.of(0))));
      cases.add(single("reduce." + kind + " of nothing", s -> {
        Node x = s.batched("n", 0, 2);
        Node y = s.real(2);
        ScalarFn joined = kind == Op.Reduction.MAX ? ScalarFn.MAX
            : kind == Op.Reduction.MIN ? ScalarFn.MIN : ScalarFn.MUL;
        return s.b.map(joined, y, s.b.reduce(kind, x, List.of(0)));
      }));
    }
    for (double[] values : List.of(new double[] {2, 0, 3}, new double[] {0, 0, 3},
        new double[] {0, 0, 0})) {
      cases.add(single("product with " + java.util.Arrays.toString(values),
          s -> s.b.reduce(Op.Reduction.PRODUCT, s.valued(new long[] {3}, values), List.of(0))));
    }
  }

  private static void contractions(List<Case> cases) {
    for (String labels : List.of("bk,kn->bn", "kb,kn->bn", "bk,nk->bn", "kb,nk->nb", "bk,k->b",
        "k,kn->n", "a,a->",
        "a,b->ab", "a,b->ba", "xbk,xkn->xbn", "bxk,kxn->nxb", "bk,bk->b", "bk,bk->k", "ab,ab->ba",
        "abc,cb->a", ",a->a",
        "a,->a", ",->", "abc,bcd->ad")) {
      cases.add(single("contract " + labels, s -> {
        String[] sides = labels.substring(0, labels.indexOf('-')).split(",", -1);
        return s.b.contract(labels, s.real(sizes(sides[0])), s.real(sizes(sides[1])));
      }));
    }
    cases.add(single("contract with itself", s -> {
      Node x = s.real(2, 3);
      return s.b.contract("ab,cb->ac", x, x);
    }));
    cases.add(single("contract over nothing",
        s -> s.b.contract("bk,kn->bn", s.real(2, 0), s.real(0, 3))));
  }

  private static long[] sizes(String labels) {
    return labels.chars().mapToLong(c -> 2 + c % 3).toArray();
  }

  private static void symbolic(List<Case> cases) {
    for (int size : List.of(0, 1, 3)) {
      cases.add(single("a layer and a mean, batch " + size, s -> {
        Node x = s.batched("batch", size, 2);
        Node h = s.b.map(ScalarFn.TANH, s.b.contract("bk,kn->bn", x, s.real(2, 3)));
        Node sum = s.b.sum(h, List.of(0));
        Node count = s.b.cast(DType.F64,
            s.b.map(ScalarFn.MAX, s.b.size(Dim.symbol("batch")), s.b.scalar(DType.I64, 1)));
        return s.b.map(ScalarFn.DIV, sum, s.b.broadcast(count, List.of(), sum.shape()));
      }));
    }
    Dim batch = Dim.symbol("batch");
    for (int stride = 1; stride <= 3; stride++) {
      Op slice = new Op.Slice(List.of(Dim.of(1)), List.of(batch), List.of(stride));
      cases.add(single("slice of a symbolic axis, stride " + stride,
          s -> s.b.add(slice, s.batched("batch", 6))));
      Op pad = new Op.Pad(List.of(Dim.of(1)), List.of(Dim.of(2)), List.of(stride - 1));
      cases.add(single("pad of a symbolic axis, interior " + (stride - 1),
          s -> s.b.add(pad, s.batched("batch", 3), s.real())));
      Op windows = new Op.Windows(List.of(0), List.of(2), List.of(stride), List.of(1));
      cases.add(single("windows of a symbolic axis, stride " + stride,
          s -> s.b.add(windows, s.batched("batch", 6))));
    }
    for (Op.Reduction kind : List.of(Op.Reduction.PRODUCT, Op.Reduction.MAX, Op.Reduction.MIN)) {
      cases.add(single("reduce." + kind + " over a symbolic axis",
          s -> s.b.reduce(kind, s.batched("batch", 3, 2), List.of(0))));
      cases.add(single("reduce." + kind + " over symbolic and constant axes",
          s -> s.b.reduce(kind, s.batched("batch", 3, 2), List.of(0, 1))));
    }
    for (ScalarFn fn : List.of(ScalarFn.ADD, ScalarFn.MUL, ScalarFn.POW)) {
      cases.add(single(fn + " of sizes that are equal by a requirement",
          s -> s.b.map(fn, s.batchedBetween("n", 3, 0.5, 2), s.batchedBetween("m", 3, 0.5, 2))));
      cases.add(single(fn + " of a constant and a size that is equal by a requirement",
          s -> s.b.map(fn, s.b.fill(s.batched("n", 3, 2).type(), 2),
              s.batchedBetween("m", 3, 0.5, 2, 2))));
    }
    cases.add(single("contract sizes that are equal by a requirement", s -> s.b.contract(
        "bk,kn->bn", s.batched("n", 3, 3), s.batched("m", 3, 2))));
    cases.add(single("concat along a symbolic axis",
        s -> s.b.add(new Op.Concat(0), s.batched("batch", 2), s.real(2), s.inputs.getFirst())));
  }
}
