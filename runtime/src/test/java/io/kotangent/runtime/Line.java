package io.kotangent.runtime;

import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Fact;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * A model written by hand, for tests: {@code y = x·w + b} over two features, its guarded training step by gradient
 * descent on the mean of the squared error, and its prediction.
 */
public final class Line {
  private static final Dim BATCH = Dim.symbol("batch");
  public static final Port X =
      new Port("x", Role.INPUT, TensorType.of(DType.F32, BATCH, Dim.of(2)));
  public static final Port Y = new Port("y", Role.INPUT, TensorType.of(DType.F32, BATCH));
  public static final Port RATE = new Port("rate", Role.INPUT, TensorType.scalar(DType.F32));
  private static final List<Port> STATE = List.of(
      new Port("w", Role.STATE, TensorType.of(DType.F32, Dim.of(2))),
      new Port("b", Role.STATE, TensorType.scalar(DType.F32)),
      new Port("step", Role.STATE, TensorType.scalar(DType.I64)),
      new Port("w.v", Role.STATE, TensorType.of(DType.F32, Dim.of(2)),
          List.of(new Fact.Slot("v", "w"))),
      new Port("b.v", Role.STATE, TensorType.scalar(DType.F32), List.of(new Fact.Slot("v", "b"))));

  private Line() {
  }

  public static StateLayout layout() {
    return StateLayout.of(STATE);
  }

  /** Inputs x, y, rate; results loss and error f32[batch]; with momentum 0.5. */
  public static Program step() {
    List<ArraySlot> arrays = List.of(
        new ArraySlot("x", DType.F32, BATCH.times(2), ArraySlot.Kind.INPUT),
        new ArraySlot("y", DType.F32, BATCH, ArraySlot.Kind.INPUT),
        new ArraySlot("rate", DType.F32, Dim.ONE, ArraySlot.Kind.INPUT),
        new ArraySlot("f32", DType.F32, Dim.of(3), ArraySlot.Kind.STATE),
        new ArraySlot("f32.v", DType.F32, Dim.of(3), ArraySlot.Kind.STATE),
        new ArraySlot("i64", DType.I64, Dim.ONE, ArraySlot.Kind.STATE),
        new ArraySlot("gradient", DType.F32, Dim.of(3), ArraySlot.Kind.WORKSPACE),
        new ArraySlot("loss", DType.F32, Dim.ONE, ArraySlot.Kind.RESULT),
        new ArraySlot("error", DType.F32, BATCH, ArraySlot.Kind.RESULT));
    return Program.of(new Signature("line", List.of("batch"), List.of(X, Y, RATE),
        List.of(new Signature.Result("loss", TensorType.scalar(DType.F32)),
            new Signature.Result("error", TensorType.of(DType.F32, BATCH))),
        layout(), arrays, List.of(), List.of()), Line::runStep);
  }

  private static boolean runStep(Object[] arrays, int[] sizes, int thread,
      int threads, Runnable barrier) {
    float[] x = (float[]) arrays[0];
    float[] y = (float[]) arrays[1];
    float rate = ((float[]) arrays[2])[0];
    float[] w = (float[]) arrays[3];
    float[] v = (float[]) arrays[4];
    float[] g = (float[]) arrays[6];
    float[] error = (float[]) arrays[8];
    int batch = sizes[0];
    g[0] = 0;
    g[1] = 0;
    g[2] = 0;
    float loss = 0;
    for (int i = 0; i < batch; i++) {
      error[i] = x[2 * i] * w[0] + x[2 * i + 1] * w[1] + w[2] - y[i];
      loss += error[i] * error[i] / batch;
      g[0] += 2 * error[i] * x[2 * i] / batch;
      g[1] += 2 * error[i] * x[2 * i + 1] / batch;
      g[2] += 2 * error[i] / batch;
    }
    ((float[]) arrays[7])[0] = loss;
    if (!Float.isFinite(loss + g[0] + g[1] + g[2])) {
      return false;
    }
    for (int i = 0; i < 3; i++) {
      v[i] = 0.5f * v[i] + g[i];
      w[i] -= rate * v[i];
    }
    ((long[]) arrays[5])[0]++;
    return true;
  }

  /** Input x, result y f32[batch]; knows of w and b only. */
  public static Program predict() {
    List<ArraySlot> arrays = List.of(
        new ArraySlot("x", DType.F32, BATCH.times(2), ArraySlot.Kind.INPUT),
        new ArraySlot("f32", DType.F32, Dim.of(3), ArraySlot.Kind.STATE),
        new ArraySlot("y", DType.F32, BATCH, ArraySlot.Kind.RESULT));
    return Program.of(new Signature("predict", List.of("batch"), List.of(X),
        List.of(new Signature.Result("y", TensorType.of(DType.F32, BATCH))),
        StateLayout.of(STATE.subList(0, 2)), arrays,
        List.of(), List.of(), Dim.ZERO, false), (a, sizes, thread, threads, barrier) -> {
          float[] x = (float[]) a[0];
          float[] w = (float[]) a[1];
          float[] y = (float[]) a[2];
          for (int i = 0; i < sizes[0]; i++) {
            y[i] = x[2 * i] * w[0] + x[2 * i + 1] * w[1] + w[2];
          }
          return true;
        });
  }

  /** A program of any ports that only adds up its sizes (result "sum"): for what is checked at the door. */
  public static Program door(List<String> symbols, List<Requirement> requirements, Port... ports) {
    List<ArraySlot> arrays = new ArrayList<>();
    for (Port port : ports) {
      arrays.add(new ArraySlot(port.name(), port.type().dtype(), port.type().shape().size(),
          ArraySlot.Kind.INPUT));
    }
    arrays.add(new ArraySlot("sum", DType.F64, Dim.ONE, ArraySlot.Kind.RESULT));
    return Program.of(new Signature("door", symbols, List.of(ports),
        List.of(new Signature.Result("sum", TensorType.scalar(DType.F64))),
        StateLayout.of(List.of()), arrays,
        requirements, List.of()), (a, sizes, thread, threads, barrier) -> {
          double sum = 0;
          for (int size : sizes) {
            sum += size;
          }
          ((double[]) a[ports.length])[0] = sum;
          return true;
        });
  }
}
