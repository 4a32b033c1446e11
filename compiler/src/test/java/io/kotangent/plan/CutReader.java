package io.kotangent.plan;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Fact;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Who reads what was cut.
enum CutReader {
  ALONE, ADD, MASK, ONE_HOT, SUM_ROWS, SUM_COLUMNS, SUM_ALL, MAX_ROWS, MAX_COLUMNS, ARGMAX_ROWS,
  ARGMAX_COLUMNS, PICK, PICK_OF_ELEMENTWISE, TAKE, CENTER_ROWS, CONCAT, TRANSPOSE, PRODUCT,
  REPEAT, UPDATE, WITH_WHOLE, FLAT, SORT, WINDOWS;

  /// Adds results.
  ///
  /// @param x what is read
  /// @param whole what it was cut of
  void read(CutSite site, Node x, Node whole) {
    GraphBuilder b = site.builder();
    int last = CutSite.last(x);
    switch (this) {
      case ALONE -> site.result(x);
      case ADD -> site.result(added(site, x));
      case MASK -> site.result(b.map(ScalarFn.SELECT,
          b.map(ScalarFn.GE, x, b.fill(x.type(), 2)), site.input(x.type()), x));
      case ONE_HOT -> oneHot(site, x);
      case SUM_ROWS -> site.result(b.sum(scaled(site, x), List.of(last)));
      case SUM_COLUMNS -> site.result(b.sum(scaled(site, x), List.of(0)));
      case SUM_ALL -> site.result(b.sum(scaled(site, x), CutSite.axesBut(last + 1, -1)));
      case MAX_ROWS -> site.result(b.reduce(Op.Reduction.MAX, x, List.of(last)));
      case MAX_COLUMNS -> site.result(b.reduce(Op.Reduction.MAX, x, List.of(0)));
      case ARGMAX_ROWS -> site.result(b.reduce(Op.Reduction.ARGMAX, x, List.of(last)));
      case ARGMAX_COLUMNS -> site.result(b.reduce(Op.Reduction.ARGMAX, x, List.of(0)));
      case PICK -> pick(site, x);
      case PICK_OF_ELEMENTWISE -> pick(site, scaled(site, x));
      case TAKE -> site.result(b.add(new Op.Gather(0, 0), x,
          site.input(TensorType.of(DType.I32, 5), range(x, 0))));
      case CENTER_ROWS -> center(site, x);
      case CONCAT -> site.result(scaled(site, b.add(new Op.Concat(last), x,
          site.input(new TensorType(x.dtype(), CutSite.with(x.shape(), last, Dim.of(3)))))));
      case TRANSPOSE -> transpose(site, x);
      case PRODUCT -> product(site, x);
      case REPEAT -> repeat(site, x);
      case UPDATE -> update(site, x);
      case WITH_WHOLE -> {
        site.result(added(site, x));
        site.result(added(site, whole));
      }
      case SORT -> site.result(b.item(b.add(new Op.Sort(last), x), 0));
      case WINDOWS -> site.result(b.sum(b.add(
          new Op.Windows(List.of(last), List.of(2), List.of(1), List.of(1)), x),
          List.of(last + 1)));
      case FLAT -> site.result(added(site, b.reshape(x, Shape.of(x.shape().size()))));
    }
  }

  /// Times an input, so that a sum is of something that a kernel makes.
  private static Node scaled(CutSite site, Node x) {
    return site.builder().map(ScalarFn.MUL, x, site.input(x.type()));
  }

  private static Node added(CutSite site, Node x) {
    return site.builder().map(ScalarFn.ADD, x, site.input(x.type()));
  }

  private static void product(CutSite site, Node x) {
    int last = CutSite.last(x);
    String free = "abcd".substring(0, last);
    site.result(site.builder().contract(free + "k,kn->" + free + "n", x,
        site.input(TensorType.of(x.dtype(), x.shape().dim(last), Dim.of(9)))));
  }

  private static Fact.Range range(Node x, int axis) {
    return new Fact.Range(0,
        x.shape().dim(axis).isConstant() ? x.shape().dim(axis).constant() - 1 : 0);
  }

  /// Where it is what an index of each row says, as in the gradient of a cross-entropy.
  private static void oneHot(CutSite site, Node x) {
    GraphBuilder b = site.builder();
    int last = CutSite.last(x);
    Node index = site.input(
        new TensorType(DType.I32, CutSite.without(x.shape(), last)), range(x, last));
    Node same = b.map(ScalarFn.EQ, x, b.broadcastTo(b.cast(x.dtype(), index),
        CutSite.axesBut(last + 1, last), x.shape()));
    site.result(b.map(ScalarFn.SELECT, same, site.input(x.type()), b.fill(x.type(), 0)));
  }

  private static void pick(CutSite site, Node x) {
    int last = CutSite.last(x);
    site.result(site.builder().add(new Op.Gather(last, last), x, site.input(
        new TensorType(DType.I32, CutSite.without(x.shape(), last)), range(x, last))));
  }

  private static void center(CutSite site, Node x) {
    GraphBuilder b = site.builder();
    int last = CutSite.last(x);
    Node most = b.reduce(Op.Reduction.MAX, x, List.of(last));
    Node less = b.map(ScalarFn.SUB, x,
        b.broadcastTo(most, CutSite.axesBut(last + 1, last), x.shape()));
    site.result(less);
    site.result(b.sum(less, List.of(last)));
  }

  private static void transpose(CutSite site, Node x) {
    List<Integer> backwards = new ArrayList<>(CutSite.axesBut(x.shape().rank(), -1));
    Collections.reverse(backwards);
    Node turned = site.builder().transpose(x, backwards);
    site.result(added(site, turned));
  }

  private static void repeat(CutSite site, Node x) {
    List<Dim> dims = new ArrayList<>(x.shape().dims());
    dims.addFirst(Dim.of(2));
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < x.shape().rank(); i++) {
      axes.add(i + 1);
    }
    Node repeated = site.builder().broadcast(x, axes, new Shape(dims));
    site.result(added(site, repeated));
  }

  /// Of a state that another result reads a part of.
  private static void update(CutSite site, Node x) {
    GraphBuilder b = site.builder();
    Node state = site.input(Role.STATE, x.type());
    site.updates().add(new Graph.Update(state, b.map(ScalarFn.SUB, state, x)));
    site.result(b.map(ScalarFn.NEG, Cut.END.of(b, state, state, 0)));
  }
}
