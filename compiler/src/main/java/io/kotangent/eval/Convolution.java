package io.kotangent.eval;

import io.kotangent.ir.Op;

/// Evaluates one convolution: for each element of the result and each of the kernel's that belongs to its
/// feature, the element of the data under it. Padding is a zero that is multiplied; holes of a dilation are skipped.
final class Convolution {
  private static final int HOLE = -1;
  private static final int PADDING = -2;

  private final Op.Convolve op;
  private final TensorValue data;
  private final TensorValue kernel;
  private final int[] padLow;
  private final String spatial;

  Convolution(Op.Convolve op, TensorValue data, TensorValue kernel, int[] padLow) {
    this.op = op;
    this.data = data;
    this.kernel = kernel;
    this.padLow = padLow;
    this.spatial = op.spatialLabels();
  }

  TensorValue result(int[] dims) {
    TensorValue result = TensorValue.zeros(data.dtype(), dims);
    int[] to = new int[dims.length];
    for (int r = 0; r < result.size(); r++, Index.next(to, dims)) {
      int[] k = new int[kernel.rank()];
      for (int q = 0; q < kernel.size(); q++, Index.next(k, kernel.dims())) {
        if (k[op.kernel().indexOf('o')] != to[op.result().indexOf('c')]) {
          continue;
        }
        int place = dataPlace(to, k);
        if (place == PADDING && data.dtype().isFloat()) {
          result.put(r, result.real(r) + 0.0 * kernel.real(q));
        } else if (place >= 0) {
          Reductions.addProduct(result, r, data, place, kernel, q);
        }
      }
    }
    return result;
  }

  /// The place of the data under kernel index `k` for result index `to`.
  private int dataPlace(int[] to, int[] k) {
    int o = to[op.result().indexOf('c')];
    int inputs = kernel.dim(op.kernel().indexOf('i'));
    int outputs = kernel.dim(op.kernel().indexOf('o'));
    int batches = data.dim(op.data().indexOf('n')) / op.batchGroups();
    int[] from = new int[data.rank()];
    from[op.data().indexOf('n')] =
        to[op.result().indexOf('n')] + o / (outputs / op.batchGroups()) * batches;
    from[op.data().indexOf('c')] =
        o / (outputs / op.groups()) * inputs + k[op.kernel().indexOf('i')];
    boolean padded = false;
    for (int s = 0; s < spatial.length(); s++) {
      Op.Spatial axis = op.spatial().get(s);
      char label = spatial.charAt(s);
      int length = data.dim(op.data().indexOf(label));
      int at = to[op.result().indexOf(label)] * axis.stride()
          + k[op.kernel().indexOf(label)] * axis.kernelDilation()
          - padLow[s];
      if (at < 0 || at > (length - 1) * axis.dataDilation()) {
        padded = true;
      } else if (at % axis.dataDilation() != 0) {
        return HOLE;
      } else {
        from[op.data().indexOf(label)] = at / axis.dataDilation();
      }
    }
    return padded ? PADDING : Index.place(from, data.dims());
  }
}
