package io.kotangent.plan;

import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.Kernels;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.runtime.Signature;
import io.kotangent.runtime.StateLayout;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.List;
import java.util.Optional;

/// Plans made by hand, for tests of what runs them.
public final class Plans {
  private Plans() {
  }

  /// `x`, `y`: inputs of `rows·4` elements; `flag`: a bool; `r`: the result. r = 0; for each row t, from the last to the
  /// first: r[t] = max(2x[t] + y[t], 0) if the flag, else max(2y[t] + y[t], 0). Then r[0] /= an i32 result cast. Guarded by the flag.
  public static Plan rows() {
    Dim rows = Dim.symbol("rows");
    Dim four = Dim.of(4);
    List<ArraySlot> slots = List.of(
        new ArraySlot("x", DType.F32, rows.times(four), ArraySlot.Kind.INPUT),
        new ArraySlot("y", DType.F32, rows.times(four), ArraySlot.Kind.INPUT),
        new ArraySlot("flag", DType.BOOL, Dim.ONE, ArraySlot.Kind.INPUT),
        new ArraySlot("a/b c", DType.F32, rows.times(four), ArraySlot.Kind.RESULT));
    List<Buffer> buffers = List.of(new Buffer(0, slots.get(0)), new Buffer(1, slots.get(1)),
        new Buffer(2, slots.get(2)),
        new Buffer(3, slots.get(3)));
    Dim offset = Dim.symbol("t").times(four);
    Step.Argument flag = new Step.Argument(buffers.get(2), Dim.ZERO);
    List<Step> body = List.of(
        new Step.When(flag, List.of(row(buffers, 0, offset)), List.of(row(buffers, 1, offset))));
    Signature signature = new Signature("Rows of four", List.of("rows"), List.of(), List.of(),
        StateLayout.of(List.of()),
        slots, List.of(), List.of());
    return new Plan("rows", signature, buffers, List.of(new Step.Repeat("t", rows, true, body)),
        Optional.of(flag));
  }

  private static Step row(List<Buffer> buffers, int first, Dim offset) {
    return new Step.Run("mul_add_max", moved(),
        List.of(new Step.Argument(buffers.get(first), offset),
            new Step.Argument(buffers.get(1), offset), new Step.Argument(buffers.get(3), offset)),
        List.of(Dim.of(4)), List.of());
  }

  /// As [Kernels#elementwise], with offsets.
  private static Kernel moved() {
    ArrayParam a = Kernels.array("a0", DType.F32, ArrayParam.Access.READ);
    ArrayParam b = Kernels.array("a1", DType.F32, ArrayParam.Access.READ);
    ArrayParam out = Kernels.array("a2", DType.F32, ArrayParam.Access.WRITE);
    Local n = Kernels.i32Local("n0");
    Local i = Kernels.i32Local("i0");
    Value sum =
        Value.apply(Basic.ADD, Value.apply(Basic.MUL, Kernels.load(a, Value.ref(i)), Value.f32(2)),
            Kernels.load(b, Value.ref(i)));
    return new Kernel(List.of(a, b, out), List.of(n), List.of(),
        List.of(Kernels.loop(i, Value.ref(n),
            new Stmt.Store(out, Value.ref(i), Value.apply(Basic.MAX, sum, Value.f32(0))))));
  }

  /// r[i] = x[i] / y[i] in i32.
  public static Plan quotient() {
    Dim n = Dim.symbol("n");
    ArrayParam a = Kernels.array("a0", DType.I32, ArrayParam.Access.READ);
    ArrayParam b = Kernels.array("a1", DType.I32, ArrayParam.Access.READ);
    ArrayParam out = Kernels.array("a2", DType.I32, ArrayParam.Access.WRITE);
    Local count = Kernels.i32Local("n0");
    Local i = Kernels.i32Local("i0");
    Kernel kernel = new Kernel(List.of(a, b, out), List.of(count), List.of(),
        List.of(Kernels.loop(i, Value.ref(count),
            new Stmt.Store(out, Value.ref(i),
                Value.apply(Basic.DIV, Kernels.load(a, Value.ref(i)),
                    Kernels.load(b, Value.ref(i)))))));
    List<ArraySlot> slots = List.of(new ArraySlot("x", DType.I32, n, ArraySlot.Kind.INPUT),
        new ArraySlot("y", DType.I32, n, ArraySlot.Kind.INPUT),
        new ArraySlot("r", DType.I32, n, ArraySlot.Kind.RESULT));
    List<Buffer> buffers = List.of(new Buffer(0, slots.get(0)), new Buffer(1, slots.get(1)),
        new Buffer(2, slots.get(2)));
    List<Step.Argument> arguments =
        buffers.stream().map(buffer -> new Step.Argument(buffer, Dim.ZERO)).toList();
    Signature signature = new Signature("quotient", List.of("n"), List.of(), List.of(),
        StateLayout.of(List.of()), slots,
        List.of(), List.of());
    return new Plan("quotient", signature, buffers,
        List.of(new Step.Run("div", kernel, arguments, List.of(n), List.of())), Optional.empty());
  }
}
