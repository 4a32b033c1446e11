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

/// The type rule of [Op.Convolve].
final class ConvolveType {
  /// Proves, refuses or remembers a relation of sizes.
  interface Sizes {
    void require(Dim left, Relation relation, Dim right);
  }

  private ConvolveType() {
  }

  static TensorType infer(Op.Convolve c, TensorType data, TensorType kernel, Sizes sizes,
      Function<String, ShapeException> fail) {
    String spatial = c.spatialLabels();
    if (data.dtype() != kernel.dtype() || data.dtype() == DType.BOOL) {
      throw fail.apply("data and kernel of one number type");
    }
    boolean labeled = c.data().length() == data.rank() && c.kernel().length() == kernel.rank()
        && has(c.data(), "nc" + spatial) && has(c.kernel(), "io" + spatial)
        && has(c.result(), "nc" + spatial)
        && c.spatial().size() == spatial.length() && c.groups() > 0 && c.batchGroups() > 0;
    if (!labeled) {
      throw fail
          .apply("labels n, c, i, o and the same spatial labels everywhere (nhwc,hwio->nhwc)");
    }
    if (c.groups() > 1 && c.batchGroups() > 1) {
      throw fail.apply("groups or batch groups, not both");
    }
    Dim features = data.dim(c.data().indexOf('c'));
    Dim outputs = kernel.dim(c.kernel().indexOf('o'));
    Dim batch = data.dim(c.data().indexOf('n'));
    sizes.require(kernel.dim(c.kernel().indexOf('i')).times(c.groups()), Relation.EQUAL, features);
    sizes.require(outputs, Relation.MULTIPLE_OF, Dim.of((long) c.groups() * c.batchGroups()));
    sizes.require(batch, Relation.MULTIPLE_OF, Dim.of(c.batchGroups()));
    List<Dim> dims = new ArrayList<>();
    for (char label : c.result().toCharArray()) {
      dims.add(switch (label) {
        case 'n' -> batch.floorDiv(Dim.of(c.batchGroups()));
        case 'c' -> outputs;
        default ->
            length(c.spatial().get(spatial.indexOf(label)), data.dim(c.data().indexOf(label)),
                kernel.dim(c.kernel().indexOf(label)), sizes);
      });
    }
    return new TensorType(data.dtype(), new Shape(dims));
  }

  private static boolean has(String labels, String wanted) {
    return labels.length() == wanted.length() && TypeRule.distinct(labels)
        && wanted.chars().allMatch(l -> labels.indexOf(l) >= 0);
  }

  private static Dim length(Op.Spatial s, Dim data, Dim kernel, Sizes sizes) {
    Dim dilated = s.dataDilation() == 1 ? data : data.minus(1).times(s.dataDilation()).plus(1);
    Dim extent = kernel.minus(1).times(s.kernelDilation()).plus(1);
    Dim room = s.padLow().plus(dilated).plus(s.padHigh()).minus(extent);
    sizes.require(room, Relation.AT_LEAST, Dim.ZERO);
    return room.floorDiv(Dim.of(s.stride())).plus(1);
  }
}
