package io.kotangent.plan;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.List;

/// What is cut: what kernels compute where it is read, what they read through, and what they store.
enum CutSource {
  INDEX_OF_FIRST, INDEX_OF_LAST, INDEX_OF_LAST_REPEATED, REPEATED_ALONG_FIRST, REPEATED_ALONG_LAST,
  REPEATED_SCALAR, REPEATED_CONSTANT, SIZE, INPUT, CONSTANT, ELEMENTWISE, PRODUCT, SUM_REPEATED,
  RESHAPED;

  Node make(CutSite site) {
    GraphBuilder builder = site.builder();
    Shape shape = site.shape();
    int last = shape.rank() - 1;
    return switch (this) {
      case INDEX_OF_FIRST -> builder.iota(shape, 0, site.dtype());
      case INDEX_OF_LAST -> builder.iota(shape, last, site.dtype());
      case INDEX_OF_LAST_REPEATED -> builder.broadcastTo(
          builder.iota(Shape.of(shape.dim(last)), 0, site.dtype()), List.of(last), shape);
      case REPEATED_ALONG_FIRST -> repeated(site, 0);
      case REPEATED_ALONG_LAST -> repeated(site, last);
      case REPEATED_SCALAR -> builder.broadcastTo(
          site.input(TensorType.scalar(site.dtype())), List.of(), shape);
      case REPEATED_CONSTANT -> builder.fill(site.type(), 3);
      case SIZE -> builder.broadcastTo(builder.cast(site.dtype(), builder.size(shape.dim(0))),
          List.of(), shape);
      case INPUT -> site.input(site.type());
      case CONSTANT -> constant(site);
      case ELEMENTWISE -> {
        Node x = site.input(site.type());
        yield builder.map(ScalarFn.MUL, x, x);
      }
      case PRODUCT -> product(site);
      case SUM_REPEATED -> builder.broadcastTo(
          builder.reduce(Op.Reduction.SUM, site.input(site.type()), List.of(last)),
          CutSite.axesBut(shape.rank(), last), shape);
      case RESHAPED -> builder.reshape(
          site.input(new TensorType(site.dtype(), Shape.of(shape.size()))), shape);
    };
  }

  private static Node repeated(CutSite site, int axis) {
    Shape shape = CutSite.without(site.shape(), axis);
    return site.builder().broadcastTo(site.input(new TensorType(site.dtype(), shape)),
        CutSite.axesBut(site.shape().rank(), axis), site.shape());
  }

  private static Node constant(CutSite site) {
    if (!site.shape().dims().stream().allMatch(Dim::isConstant)) {
      return site.builder().fill(site.type(), -2);
    }
    int size = (int) site.shape().size().constant();
    Object array = site.dtype().newArray(size);
    for (int i = 0; i < size; i++) {
      switch (array) {
        case double[] a -> a[i] = i % 11 - 5;
        case float[] a -> a[i] = i % 11 - 5;
        case int[] a -> a[i] = i % 11 - 5;
        default -> throw new AssertionError(site);
      }
    }
    return site.builder().constant(Literal.of(site.type(), array));
  }

  /// Of a matrix of two columns for each row.
  private static Node product(CutSite site) {
    int last = site.shape().rank() - 1;
    DType dtype = site.dtype();
    Node x = site.input(
        new TensorType(dtype, CutSite.with(site.shape(), last, Dim.of(2))));
    Node w = site.input(TensorType.of(dtype, Dim.of(2), site.shape().dim(last)));
    String free = "abcd".substring(0, last);
    return site.builder().contract(free + "k,kn->" + free + "n", x, w);
  }
}
