package io.kotangent.autodiff;

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

/// What takes one of two vectors, place by place; here always the other one, so that nothing depends on the first.
enum Pick {
  SELECT_ELSE {
    @Override
    Node of(GraphBuilder b, Node v, Node other) {
      return b.map(ScalarFn.SELECT, b.map(ScalarFn.IS_NAN, other), v, other);
    }
  },
  SELECT_THEN {
    @Override
    Node of(GraphBuilder b, Node v, Node other) {
      return b.map(ScalarFn.SELECT, b.map(ScalarFn.EQ, other, other), other, v);
    }
  },
  MAX {
    @Override
    Node of(GraphBuilder b, Node v, Node other) {
      return b.map(ScalarFn.MAX, v, other);
    }

    @Override
    boolean takesOther(double v) {
      return v < Double.POSITIVE_INFINITY;
    }
  },
  MAX_SECOND {
    @Override
    Node of(GraphBuilder b, Node v, Node other) {
      return b.map(ScalarFn.MAX, other, v);
    }

    @Override
    boolean takesOther(double v) {
      return v < Double.POSITIVE_INFINITY;
    }
  },
  MIN {
    @Override
    Node of(GraphBuilder b, Node v, Node other) {
      return b.map(ScalarFn.NEG, b.map(ScalarFn.MIN, b.map(ScalarFn.NEG, v), b.map(ScalarFn.NEG,
          other)));
    }

    @Override
    boolean takesOther(double v) {
      return v < Double.POSITIVE_INFINITY;
    }
  },
  CLIP {
    @Override
    Node of(GraphBuilder b, Node v, Node other) {
      Node high = b.map(ScalarFn.ADD, other, b.fill(v.type(), 1));
      return b.map(ScalarFn.MIN, b.map(ScalarFn.MAX, v, other), high);
    }

    @Override
    boolean takesOther(double v) {
      return v < Double.POSITIVE_INFINITY;
    }
  },
  RELU {
    @Override
    Node of(GraphBuilder b, Node v, Node other) {
      return b.map(ScalarFn.RELU, v);
    }

    @Override
    boolean takesOther(double v) {
      return v <= 0;
    }
  },
  /// The kink of an absolute value, where its derivative is 0.
  ABS {
    @Override
    Node of(GraphBuilder b, Node v, Node other) {
      return b.map(ScalarFn.ABS, v);
    }

    @Override
    boolean takesOther(double v) {
      return v == 0;
    }
  },
  /// A mask of zeros.
  PRODUCT {
    @Override
    Node of(GraphBuilder b, Node v, Node other) {
      return b.map(ScalarFn.MUL, v, b.cast(v.dtype(), b.map(ScalarFn.IS_NAN, other)));
    }

    @Override
    boolean takesOther(double v) {
      return Double.isFinite(v) && Double.isFinite(other(v));
    }
  },
  GATHER {
    @Override
    Node of(GraphBuilder b, Node v, Node other) {
      Node second = b.fill(new TensorType(DType.I32, v.shape()), 1);
      return b.add(new Op.Gather(1, 1), pairs(b, v, other), second);
    }
  },
  SLICE {
    @Override
    Node of(GraphBuilder b, Node v, Node other) {
      return second(b, pairs(b, v, other));
    }
  },
  REDUCE_MAX {
    @Override
    Node of(GraphBuilder b, Node v, Node other) {
      return b.reduce(Op.Reduction.MAX, pairs(b, v, other), List.of(1));
    }

    @Override
    boolean takesOther(double v) {
      return v < Double.POSITIVE_INFINITY;
    }
  },
  REDUCE_MIN {
    @Override
    Node of(GraphBuilder b, Node v, Node other) {
      Node pairs = pairs(b, b.map(ScalarFn.NEG, v), b.map(ScalarFn.NEG, other));
      return b.reduce(Op.Reduction.MIN, pairs, List.of(1));
    }

    @Override
    boolean takesOther(double v) {
      return v < Double.POSITIVE_INFINITY;
    }
  },
  SORT {
    @Override
    Node of(GraphBuilder b, Node v, Node other) {
      return second(b, b.item(b.add(new Op.Sort(1), pairs(b, v, other)), 0));
    }

    @Override
    boolean takesOther(double v) {
      return v < Double.POSITIVE_INFINITY;
    }
  },
  ONE_HOT {
    @Override
    Node of(GraphBuilder b, Node v, Node other) {
      Object hot = v.dtype() == DType.F32 ? new float[] {0, 1} : new double[] {0, 1};
      return b.contract("nk,k->n", pairs(b, v, other),
          b.constant(Literal.vector(v.dtype(), hot)));
    }

    @Override
    boolean takesOther(double v) {
      return Double.isFinite(v) && Double.isFinite(other(v));
    }
  };

  /// @param v a vector
  /// @param other a vector of what [#other] says of the elements of v
  abstract Node of(GraphBuilder b, Node v, Node other);

  /// Whether derivatives in that mode are promised: a contraction is arithmetic, of tangents and of what its cotangents
  /// become in turn too, and `0·∞` is NaN there.
  boolean promises(String mode) {
    return this != ONE_HOT || mode.equals("reverse");
  }

  /// Whether the other one is taken where the first is v.
  boolean takesOther(double v) {
    return true;
  }

  /// What is clearly greater.
  static double other(double v) {
    return Double.isNaN(v) ? 1 : 2 * Math.abs(v) + 1;
  }

  private static Node pairs(GraphBuilder b, Node v, Node other) {
    Shape column = new Shape(List.of(v.type().dim(0), Dim.ONE));
    return b.add(new Op.Concat(1), b.reshape(v, column), b.reshape(other, column));
  }

  private static Node second(GraphBuilder b, Node pairs) {
    Dim rows = pairs.type().dim(0);
    Node cut = b.add(new Op.Slice(List.of(Dim.ZERO, Dim.ONE), List.of(rows, Dim.of(2)),
        List.of(1, 1)), pairs);
    return b.reshape(cut, new Shape(List.of(rows)));
  }
}
