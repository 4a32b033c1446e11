package io.kotangent.ir;

import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Requirement.Relation;
import io.kotangent.type.Shape;
import io.kotangent.type.ShapeException;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The type rule of [Op.Contract].
final class ContractType {
  private ContractType() {
  }

  static TensorType infer(Op.Contract c, TensorType x, TensorType y, ConvolveType.Sizes sizes,
      Function<String, ShapeException> fail) {
    if (x.dtype() != y.dtype() || x.dtype() == DType.BOOL) {
      throw fail.apply("two operands of one number type");
    }
    if (c.left().length() != x.rank() || c.right().length() != y.rank()) {
      throw fail.apply("a label for each axis");
    }
    if (!TypeRule.distinct(c.left()) || !TypeRule.distinct(c.right())
        || !TypeRule.distinct(c.result())) {
      throw fail.apply("no label twice");
    }
    for (char label : (c.left() + c.right()).toCharArray()) {
      boolean both = c.left().indexOf(label) >= 0 && c.right().indexOf(label) >= 0;
      if (!both && c.result().indexOf(label) < 0) {
        throw fail.apply("every summed label in both operands");
      }
      if (both) {
        sizes.require(x.dim(c.left().indexOf(label)), Relation.EQUAL,
            y.dim(c.right().indexOf(label)));
      }
    }
    List<Dim> dims = new ArrayList<>();
    for (char label : c.result().toCharArray()) {
      boolean left = c.left().indexOf(label) >= 0;
      if (!left && c.right().indexOf(label) < 0) {
        throw fail.apply("result labels from the operands");
      }
      dims.add(left ? x.dim(c.left().indexOf(label)) : y.dim(c.right().indexOf(label)));
    }
    return new TensorType(x.dtype(), new Shape(dims));
  }
}
