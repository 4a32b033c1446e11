package io.kotangent.bytecode.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.KernelRuns;
import io.kotangent.bytecode.OtherJvm;
import io.kotangent.bytecode.TierProbe;
import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelPrinter;
import io.kotangent.loop.KernelVerifier;
import io.kotangent.loop.Kernels;
import io.kotangent.loop.Local;
import io.kotangent.loop.LoopInterpreter;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SoftFmaTest {
  private static final int LENGTH = 4000;

  @Test
  void givesTheBitsOfMathFma() {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Kernel kernel = fma(dtype);
      Kernel soft = SoftFma.rewrite(kernel);
      KernelVerifier.verify(soft);
      assertTrue(dtype == DType.F64 || !KernelPrinter.print(soft).contains("fma("),
          KernelPrinter.print(soft));
      for (int seed = 0; seed < 25; seed++) {
        Object[] arrays = operands(dtype, new Random(seed));
        Object[] copies = {arrays[0], arrays[1], arrays[2], dtype.newArray(LENGTH)};
        new LoopInterpreter(kernel).run(arrays, new int[4], new int[0]);
        new LoopInterpreter(soft).run(copies, new int[4], new int[0]);
        for (int i = 0; i < LENGTH; i++) {
          long expected = KernelRuns.bits(dtype, arrays[3], i);
          int at = i;
          assertEquals(expected, KernelRuns.bits(dtype, copies[3], i), () -> dtype + " fma of 0x"
              + Long.toHexString(KernelRuns.bits(dtype, arrays[0], at)) + " 0x"
              + Long.toHexString(KernelRuns.bits(dtype, arrays[1], at)) + " 0x"
              + Long.toHexString(KernelRuns.bits(dtype, arrays[2], at)));
        }
      }
    }
  }

  /// out[i] = fma(a[i], b[i], c[i]), as a row.
  static Kernel fma(DType dtype) {
    ArrayParam a = Kernels.whole("a0", dtype, ArrayParam.Access.READ);
    ArrayParam b = Kernels.whole("a1", dtype, ArrayParam.Access.READ);
    ArrayParam c = Kernels.whole("a2", dtype, ArrayParam.Access.READ);
    ArrayParam out = Kernels.whole("a3", dtype, ArrayParam.Access.WRITE);
    Local i = Kernels.i32Local("i0");
    Value at = Value.ref(i);
    return new Kernel(List.of(a, b, c, out), List.of(), List.of(),
        List.of(new Stmt.For(i, Value.i32(0), Value.i32(LENGTH), 1,
            List.of(new Stmt.Store(out, at,
                Value.apply(Basic.FMA, Kernels.load(a, at), Kernels.load(b, at),
                    Kernels.load(c, at)))),
            true)));
  }

  /// Ordinary and special numbers; sums that cancel the product, lie half way between floats, or are tiny beside it.
  private static Object[] operands(DType dtype, Random random) {
    Object[] arrays = {KernelRuns.randomArray(dtype, LENGTH, random),
        KernelRuns.randomArray(dtype, LENGTH, random),
        KernelRuns.randomArray(dtype, LENGTH, random), dtype.newArray(LENGTH)};
    for (int i = 0; i < LENGTH; i++) {
      int exponent = random.nextInt(5) == 0 ? random.nextInt(240) - 120 : random.nextInt(61) - 30;
      switch (arrays[2]) {
        case float[] c -> {
          float[] a = (float[]) arrays[0];
          float[] b = (float[]) arrays[1];
          switch (random.nextInt(5)) {
            case 0 -> c[i] = -a[i] * b[i];
            case 1 -> c[i] = Math.scalb(c[i], exponent);
            case 2 -> {
              a[i] = Math.scalb(1 + random.nextInt(8) * 0x1p-23f, exponent / 2);
              b[i] = 1 + random.nextInt(8) * 0x1p-23f;
              c[i] = Math.scalb(random.nextBoolean() ? 0x1p-24f : -0x1p-25f, exponent / 2);
            }
            case 3 -> a[i] = Math.scalb(a[i], -exponent);
            default -> {
              // as drawn
            }
          }
        }
        case double[] c -> {
          double[] a = (double[]) arrays[0];
          double[] b = (double[]) arrays[1];
          switch (random.nextInt(6)) {
            case 0 -> c[i] = -a[i] * b[i];
            case 1 -> c[i] = Math.scalb(c[i], exponent * 7);
            case 2 -> {
              a[i] = Math.scalb(1 + random.nextInt(8) * 0x1p-52, exponent / 2);
              b[i] = 1 + random.nextInt(8) * 0x1p-52;
              c[i] = Math.scalb(random.nextBoolean() ? 0x1p-53 : -0x1p-54, exponent / 2);
            }
            case 3 -> a[i] = Math.scalb(a[i], -exponent * 7);
            case 4 -> c[i] = 0;
            default -> {
              // as drawn
            }
          }
        }
        default -> throw new AssertionError(dtype);
      }
    }
    return arrays;
  }

  @Test
  void isChosenByTimingAndChangesNoBit() throws IOException, InterruptedException {
    String hardware = OtherJvm.run(TierProbe.class);
    String software = OtherJvm.run(TierProbe.class, "-XX:-UseFMA");
    assertFalse(hardware.contains("soft fma"), hardware);
    assertTrue(software.contains("soft fma"), software);
    assertEquals(TierProbe.steps(hardware), TierProbe.steps(software));
  }
}
