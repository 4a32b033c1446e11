package io.kotangent.ir;

import io.kotangent.type.Dim;
import io.kotangent.type.Requirement;
import io.kotangent.type.Requirement.Relation;
import io.kotangent.type.Shape;
import io.kotangent.type.ShapeException;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// What a type rule demands of sizes: each relation is proved, refused, or becomes a requirement.
///
/// @param requirements takes what cannot be proved
/// @param fail makes the error that says what was expected
record SizeRule(List<Node> operands, Origin origin, List<Requirement> requirements,
    Function<String, ShapeException> fail) {
  void requireSame(Shape left, Shape right) {
    if (left.rank() != right.rank()) {
      throw fail.apply("operands of one shape");
    }
    for (int i = 0; i < left.rank(); i++) {
      require(left.dim(i), Relation.EQUAL, right.dim(i));
    }
  }

  /// A size that no operand has: it is not negative.
  Dim made(Dim size) {
    boolean given = operands.stream().anyMatch(o -> o.valueType() instanceof TensorType x
        && x.shape().dims().contains(size));
    if (!given && !size.isAtLeast(0)) {
      // as other requirements are written: `n >= m`, not `n-m >= 0`
      List<Dim> added = new ArrayList<>();
      List<Dim> taken = new ArrayList<>();
      for (Dim.Product p : size.products()) {
        (p.coefficient() < 0 ? taken : added).add(Dim.of(p));
      }
      (size.constantTerm() < 0 ? taken : added).add(Dim.of(size.constantTerm()));
      requireAtLeast(Dim.sum(added), Dim.sum(taken).times(-1));
    }
    return size;
  }

  Shape made(Shape shape) {
    shape.dims().forEach(this::made);
    return shape;
  }

  void requireAtLeast(Dim left, Dim right) {
    require(left, Relation.AT_LEAST, right);
  }

  /// Proves, refuses, or remembers a relation of two sizes.
  void require(Dim left, Relation relation, Dim right) {
    if (relation == Relation.MULTIPLE_OF ? right.is(1) : left.equals(right)) {
      return;
    }
    Dim difference = left.minus(right);
    switch (relation) {
      case EQUAL -> {
        if (difference.isConstant() && !difference.is(0)) {
          throw fail.apply("the size " + left + " instead of " + right);
        }
        if (!difference.is(0)) {
          requirements.add(new Requirement(left, relation, right, origin.toString()));
        }
      }
      case AT_LEAST -> {
        if (difference.isConstant() && !difference.isAtLeast(0)) {
          throw fail.apply("a size " + left + " of at least " + right);
        }
        if (!difference.isAtLeast(0)) {
          requirements.add(new Requirement(left, relation, right, origin.toString()));
        }
      }
      case MULTIPLE_OF -> {
        boolean constant = left.isConstant() && right.isConstant();
        if (constant && left.constant() % right.constant() != 0) {
          throw fail.apply("a size " + left + " that is a multiple of " + right);
        }
        if (!constant) {
          requirements.add(new Requirement(left, relation, right, origin.toString()));
        }
      }
    }
  }
}
