package io.kotangent.loop;

import static io.kotangent.loop.Value.apply;
import static io.kotangent.loop.Value.f32;
import static io.kotangent.loop.Value.i32;
import static io.kotangent.loop.Value.ref;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam.Access;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class KernelTest {
  @Test
  void printsAsPseudoJava() {
    KernelVerifier.verify(Kernels.elementwise());
    assertEquals("""
        kernel (read float[] a0, read float[] a1, write float[] a2, int n0) {
          for (int i0 = 0; i0 < n0; i0++) { // row
            float v0 = a0[i0] * 2.0f + a1[i0];
            a2[i0] = max(v0, 0.0f);
          }
        }
        """, KernelPrinter.print(Kernels.elementwise()));
  }

  @Test
  void countsTheLinesItPrints() {
    Kernel kernel = Kernels.rowContraction(2, 12, 8);
    long printed = KernelPrinter.print(kernel).lines().count();
    assertEquals(printed, 2 + KernelPrinter.lines(kernel.body()));
  }

  @Test
  void parenthesesKeepTheTree() {
    Value a = ref(Kernels.i32Local("a"));
    Value b = ref(Kernels.i32Local("b"));
    assertEquals("a - (b - a)", KernelPrinter.print(apply(Basic.SUB, a, apply(Basic.SUB, b, a))));
    assertEquals("a - b - a", KernelPrinter.print(apply(Basic.SUB, apply(Basic.SUB, a, b), a)));
    assertEquals("(a + b) * a", KernelPrinter.print(apply(Basic.MUL, apply(Basic.ADD, a, b), a)));
    assertEquals("(float) (a + b)",
        KernelPrinter.print(apply(Basic.TO_F32, apply(Basic.ADD, a, b))));
    assertEquals("(a < b ? a : b) + 1",
        KernelPrinter
            .print(apply(Basic.ADD, apply(Basic.SELECT, apply(Basic.LT, a, b), a, b), i32(1))));
    assertEquals("~a & b", KernelPrinter.print(apply(Basic.AND, apply(Basic.NOT, a), b)));
  }

  @Test
  void interpretsAContraction() {
    int n = 12;
    int k = 8;
    Kernel kernel = Kernels.rowContraction(2, n, k);
    KernelVerifier.verify(kernel);
    Random random = new Random(7);
    float[] a = floats(random, 3 + 4 * k);
    float[] b = floats(random, 5 + k * n);
    float[] c = new float[1 + 4 * n];
    Object[] arrays = {a, b, c, new float[n], new float[n], new float[n], new float[n],
        new float[n], new float[n]};
    new LoopInterpreter(kernel).run(arrays, new int[] {3, 5, 1, 0, 0, 0, 0, 0, 0}, new int[] {4});
    float[] expected = new float[1 + 4 * n];
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < n; j++) {
        float sum = 0;
        for (int p = 0; p < k; p++) {
          sum = Math.fma(a[3 + i * k + p], b[5 + p * n + j], sum);
        }
        expected[1 + i * n + j] = sum;
      }
    }
    assertArrayEquals(expected, c, 0);
  }

  private static float[] floats(Random random, int length) {
    float[] array = new float[length];
    for (int i = 0; i < length; i++) {
      array[i] = random.nextFloat() - 0.5f;
    }
    return array;
  }

  @Test
  void refusesMalformedKernels() {
    ArrayParam in = Kernels.array("a0", DType.F32, Access.READ);
    ArrayParam out = Kernels.array("a1", DType.F32, Access.WRITE);
    Local i = Kernels.i32Local("i0");
    Local v = Kernels.f32Local("v0");
    refused("which is only read", in, out, new Stmt.Store(in, i32(0), f32(1)));
    refused("'v0' is used before it is declared", in, out, new Stmt.Store(out, i32(0), ref(v)));
    refused("expected f32, got i32: 1", in, out, new Stmt.Store(out, i32(0), i32(1)));
    refused("'v0' is declared twice", in, out, new Stmt.Let(v, f32(1)), new Stmt.Let(v, f32(2)));
    refused("a row loop uses its arrays at several indices: [i0, i0 + 1]", in, out,
        new Stmt.For(i, i32(0), i32(4), 1,
            List.of(
                new Stmt.Store(out, ref(i), Kernels.load(in, apply(Basic.ADD, ref(i), i32(1))))),
            true));
    refused("a row loop assigns 'v0' of the code around it", in, out, new Stmt.Let(v, f32(1)),
        new Stmt.For(i, i32(0), i32(4), 1, List.of(new Stmt.Assign(v, Kernels.load(in, ref(i)))),
            true));
    refused("'i0' is assigned", in, out, Kernels.loop(i, i32(4), new Stmt.Assign(i, i32(3))));
    refused("line 3 (a1[0] = v0)", in, out, new Stmt.Let(Kernels.f32Local("v1"), f32(1)),
        new Stmt.Store(out, i32(0), ref(v)));
  }

  @Test
  void rowLoopsReadWholeRowsFurtherOn() {
    ArrayParam in = Kernels.array("a0", DType.F32, Access.READ);
    ArrayParam out = Kernels.array("a1", DType.F32, Access.WRITE);
    Local i = Kernels.i32Local("i0");
    Stmt loop = new Stmt.For(i, i32(0), i32(4), 1, List.of(new Stmt.Store(out, ref(i),
        Kernels.load(in, apply(Basic.ADD, ref(i), i32(8))))), true);
    KernelVerifier.verify(new Kernel(List.of(in, out), List.of(), List.of(), List.of(loop)));
  }

  private static void refused(String message, ArrayParam in, ArrayParam out, Stmt... body) {
    Kernel kernel = new Kernel(List.of(in, out), List.of(), List.of(), List.of(body));
    KotangentException e =
        assertThrows(KotangentException.class, () -> KernelVerifier.verify(kernel));
    assertTrue(e.getMessage().replace(";)", ")").contains(message), e.getMessage());
  }
}
