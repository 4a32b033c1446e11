package io.kotangent.eval;

import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Convolutions in one and two dimensions, with every attribute.
final class RandomConvolutions {
  private RandomConvolutions() {
  }

  static void add(RandomNodes nodes) {
    boolean plane = nodes.random.nextBoolean();
    int groups = 1 + nodes.random.nextInt(4) / 3;
    int batchGroups = groups == 1 ? 1 + nodes.random.nextInt(4) / 3 : 1;
    int inputs = 1 + nodes.random.nextInt(2);
    Dim outputs = Dim.of((1 + nodes.random.nextInt(2)) * groups * batchGroups);
    Dim batch =
        batchGroups > 1 ? Dim.of(2) : nodes.pick(List.of(RandomNodes.BATCH, Dim.ONE, Dim.of(2)));
    List<Dim> data = new ArrayList<>(List.of(batch));
    List<Dim> kernel = new ArrayList<>();
    List<Op.Spatial> spatial = new ArrayList<>();
    for (int i = 0; i < (plane ? 2 : 1); i++) {
      int length = length(nodes, i);
      int size = 1 + nodes.random.nextInt(2);
      data.add(Dim.of(length));
      kernel.add(Dim.of(size));
      spatial.add(new Op.Spatial(1 + nodes.random.nextInt(2), Dim.of(nodes.random.nextInt(-1, 2)),
          Dim.of(nodes.random.nextInt(2)), 1 + nodes.random.nextInt(3) / 2,
          length > 2 ? 1 + nodes.random.nextInt(2) : 1));
    }
    data.add(Dim.of((long) inputs * groups));
    kernel.add(Dim.of(inputs));
    kernel.add(outputs);
    if (!fit(spatial, data, kernel)) {
      return;
    }
    String labels = plane ? "hw" : "w";
    DType dtype = nodes.random.nextInt(6) == 0 ? DType.I32 : nodes.floats();
    List<Integer> order = order(nodes, data.size());
    nodes.add(
        new Op.Convolve(ordered("n" + labels + "c", order), labels + "io",
            ordered("n" + labels + "c", order(nodes, data.size())), spatial, groups, batchGroups,
            SumOrder.ofConvolution(labels + "io"), dtype),
        nodes.ofType(new TensorType(dtype, new Shape(order.stream().map(data::get).toList()))),
        nodes.ofType(new TensorType(dtype, new Shape(kernel))));
  }

  private static boolean fit(List<Op.Spatial> spatial, List<Dim> data, List<Dim> kernel) {
    for (int i = 0; i < spatial.size(); i++) {
      Op.Spatial s = spatial.get(i);
      long extent = (kernel.get(i).constant() - 1) * s.kernelDilation() + 1;
      long length = (data.get(i + 1).constant() - 1) * s.dataDilation() + 1;
      if (s.padLow().constant() + length + s.padHigh().constant() < extent) {
        return false;
      }
    }
    return true;
  }

  private static int length(RandomNodes nodes, int axis) {
    return isLong(nodes) && axis == 0 ? 32 + nodes.random.nextInt(9)
        : 2 + nodes.random.nextInt(3);
  }

  private static boolean isLong(RandomNodes nodes) {
    return nodes.sizes() == RandomSizes.LONG;
  }

  /// The order of axes: any, where axes are long; otherwise the batch first and the features last.
  private static List<Integer> order(RandomNodes nodes, int rank) {
    List<Integer> order = RandomStructures.range(rank);
    if (isLong(nodes)) {
      Collections.shuffle(order, new java.util.Random(nodes.random.nextLong()));
    }
    return order;
  }

  private static String ordered(String labels, List<Integer> order) {
    StringBuilder ordered = new StringBuilder();
    order.forEach(i -> ordered.append(labels.charAt(i)));
    return ordered.toString();
  }
}
