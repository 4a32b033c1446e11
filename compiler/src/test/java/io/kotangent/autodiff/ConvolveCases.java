package io.kotangent.autodiff;

import static io.kotangent.autodiff.Subject.single;

import io.kotangent.autodiff.Subject.Case;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Convolutions: every stride, padding, dilation and grouping on one spatial axis, and layouts of more.
final class ConvolveCases {
  private ConvolveCases() {
  }

  static Op.Spatial spatial(int stride, long low, long high, int dataDilation, int kernelDilation) {
    return new Op.Spatial(stride, Dim.of(low), Dim.of(high), dataDilation, kernelDilation);
  }

  static Op.Convolve convolve(String data, String kernel, String result, int groups,
      int batchGroups,
      Op.Spatial... spatial) {
    String order = kernel.replace("o", "").replace("i", "") + "i";
    return new Op.Convolve(data, kernel, result, List.of(spatial), groups, batchGroups,
        new SumOrder(SumOrder.Kind.SEQUENTIAL, order), DType.F64);
  }

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    oneAxis(cases);
    layouts(cases);
    symbolic(cases);
    return cases;
  }

  private static void oneAxis(List<Case> cases) {
    long[][] paddings = {{0, 0}, {1, 1}, {0, 2}, {-1, 0}, {1, -2}, {3, 3}};
    int[][] groupings = {{1, 1}, {2, 1}, {1, 2}};
    for (int stride = 1; stride <= 3; stride++) {
      for (long[] padding : paddings) {
        for (int dataDilation = 1; dataDilation <= 2; dataDilation++) {
          for (int kernelDilation = 1; kernelDilation <= 2; kernelDilation++) {
            for (int[] groups : groupings) {
              Op op = convolve("nwc", "wio", "nwc", groups[0], groups[1],
                  spatial(stride, padding[0], padding[1], dataDilation, kernelDilation));
              String name = "convolve stride " + stride + " padding " + padding[0] + ","
                  + padding[1] + " dilations "
                  + dataDilation + "," + kernelDilation + " groups " + groups[0] + "," + groups[1];
              cases.add(
                  single(name, s -> s.b.add(op, s.real(2, 7, 2), s.real(3, 2 / groups[0], 2))));
            }
          }
        }
      }
    }
  }

  private static void layouts(List<Case> cases) {
    Map<Character, Long> data = Map.of('n', 2L, 'c', 4L, 'h', 4L, 'w', 5L);
    Map<Character, Long> kernel = Map.of('o', 4L, 'h', 2L, 'w', 3L);
    for (String labels : List.of("nhwc,hwio->nhwc", "nchw,oihw->nchw", "hwnc,whoi->cwhn",
        "wcnh,iohw->nhcw")) {
      for (int[] groups : new int[][] {{1, 1}, {4, 1}, {2, 1}, {1, 2}}) {
        String[] parts = labels.split(",|->");
        Op op = convolve(parts[0], parts[1], parts[2], groups[0], groups[1], spatial(2, 1, 0, 1, 1),
            spatial(1, 0, 1, 1, 2));
        long[] dataSizes = parts[0].chars().mapToLong(c -> data.get((char) c)).toArray();
        long[] kernelSizes =
            parts[1].chars().mapToLong(c -> c == 'i' ? 4 / groups[0] : kernel.get((char) c))
                .toArray();
        cases.add(single("convolve " + labels + " groups " + groups[0] + "," + groups[1],
            s -> s.b.add(op, s.real(dataSizes), s.real(kernelSizes))));
      }
    }
    cases.add(single("convolve without spatial axes",
        s -> s.b.add(convolve("nc", "io", "nc", 1, 1), s.real(2, 3), s.real(3, 2))));
    cases.add(single("convolve with itself", s -> {
      var x = s.real(2, 3, 2);
      return s.b.add(convolve("nwc", "iwo", "nwc", 1, 1, spatial(1, 2, 2, 1, 1)), x, x);
    }));
  }

  private static void symbolic(List<Case> cases) {
    Op op = convolve("nwc", "wio", "nwc", 1, 1, spatial(2, 1, 1, 1, 1));
    for (int size : List.of(0, 1, 3)) {
      cases.add(single("convolve a batch of " + size,
          s -> s.b.add(op, s.batched("batch", size, 5, 2), s.real(3, 2, 2))));
    }
    Op along = convolve("wnc", "wio", "wnc", 1, 1, spatial(2, 1, 0, 1, 2));
    for (int size : List.of(5, 6)) {
      cases.add(single("convolve along a symbolic axis of " + size,
          s -> s.b.add(along, s.batched("width", size, 2, 2), s.real(3, 2, 2))));
    }
  }
}
