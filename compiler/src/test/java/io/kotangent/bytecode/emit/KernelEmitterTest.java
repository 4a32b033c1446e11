package io.kotangent.bytecode.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.KernelRuns;
import io.kotangent.bytecode.RandomKernel;
import io.kotangent.bytecode.load.KernelClass;
import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelPrinter;
import io.kotangent.loop.KernelVerifier;
import io.kotangent.loop.Kernels;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KernelEmitterTest {
  private static final int[] INTS = {7, 3};

  @Test
  void everyPrimitiveOnEveryTypeGivesTheInterpretersBits() {
    Random random = new Random(1);
    int count = 0;
    for (Basic basic : Basic.values()) {
      for (DType type : DType.values()) {
        if (RandomKernel.exists(basic, type)) {
          table(basic, type, random);
          count++;
        }
      }
    }
    assertTrue(count > 100, count + " primitives on types");
  }

  private static void table(Basic basic, DType type, Random random) {
    List<DType> types = RandomKernel.operands(basic, type);
    DType result = basic.result(types);
    List<ArrayParam> arrays = new ArrayList<>();
    List<Value> loads = new ArrayList<>();
    Local i = Kernels.i32Local("i0");
    int length = 500;
    Object[] values = new Object[types.size() + 1];
    for (int k = 0; k < types.size(); k++) {
      arrays.add(Kernels.array("a" + k, types.get(k), ArrayParam.Access.READ));
      loads.add(new Value.Load(arrays.get(k), Value.ref(i)));
      values[k] = KernelRuns.randomArray(types.get(k), length, random);
    }
    if (type.isInteger() && (basic == Basic.DIV || basic == Basic.REM)) {
      nonZero(values[1]);
    }
    ArrayParam out = Kernels.array("a" + types.size(), result, ArrayParam.Access.WRITE);
    arrays.add(out);
    values[types.size()] = result.newArray(length);
    Kernel kernel =
        new Kernel(arrays, List.of(), List.of(), List.of(Kernels.loop(i, Value.i32(length),
            new Stmt.Store(out, Value.ref(i), new Value.Apply(basic, loads, result)))));
    KernelVerifier.verify(kernel);
    assertEquals("",
        KernelRuns.difference(kernel, KernelRuns.entry(kernel, Emission.BUDGET),
            values,
            new int[values.length], new int[0]),
        basic + " on " + type);
  }

  private static void nonZero(Object array) {
    if (array instanceof int[] a) {
      for (int i = 0; i < a.length; i++) {
        a[i] = a[i] == 0 ? 3 : a[i];
      }
    } else if (array instanceof long[] a) {
      for (int i = 0; i < a.length; i++) {
        a[i] = a[i] == 0 ? 3 : a[i];
      }
    }
  }

  @Test
  void randomKernelsGiveTheInterpretersBits() {
    random(150, 40, Emission.BUDGET);
  }

  @Test
  void aBudgetOf300BytesGivesTheSameBits() {
    random(150, 40, 300);
  }

  @Test
  void largeKernelsAreSplit() {
    int largest = random(3, 2500, Emission.BUDGET);
    assertTrue(largest > 4000 && largest <= KernelEmitter.HARD_LIMIT, "largest method " + largest);
  }

  @Test
  void fiftyThousandStatementsInARow() {
    ArrayParam a = Kernels.whole("a0", DType.F32, ArrayParam.Access.READ);
    ArrayParam out = Kernels.whole("a1", DType.F32, ArrayParam.Access.WRITE);
    Local i = Kernels.i32Local("i0");
    List<Stmt> body = new ArrayList<>();
    Value last = Kernels.load(a, Value.ref(i));
    for (int k = 0; k < 50_000; k++) {
      Local v = Kernels.f32Local("v" + k);
      body.add(new Stmt.Let(v,
          Value.apply(k % 2 == 0 ? Basic.ADD : Basic.MUL, last, Value.f32(k % 7 - 3))));
      last = Value.ref(v);
    }
    body.add(new Stmt.Store(out, Value.ref(i), last));
    Kernel kernel = new Kernel(List.of(a, out), List.of(), List.of(),
        List.of(new Stmt.For(i, Value.i32(0), Value.i32(5), 1, body, true)));
    KernelClass emitted = KernelRuns.load(kernel, Emission.BUDGET);
    assertTrue(emitted.emitted().largestMethod() <= KernelEmitter.HARD_LIMIT);
    assertEquals("", KernelRuns.difference(kernel, KernelRuns.entry(emitted),
        new Object[] {new float[] {1, 2, 3, 4, 5}, new float[5]}, new int[2], new int[0]));
  }

  private static int random(int kernels, int statements, int budget) {
    int largest = 0;
    for (int seed = 0; seed < kernels; seed++) {
      Random random = new Random(seed);
      Kernel kernel = RandomKernel.make(random, statements);
      KernelVerifier.verify(kernel);
      KernelClass emitted = KernelRuns.load(kernel, budget);
      largest = Math.max(largest, emitted.emitted().largestMethod());
      Method entry = KernelRuns.entry(emitted);
      for (int run = 0; run < 3; run++) {
        Object[] arrays = new Object[kernel.arrays().size()];
        int[] offsets = new int[arrays.length];
        for (int i = 0; i < arrays.length; i++) {
          offsets[i] = random.nextInt(3);
          arrays[i] = KernelRuns.randomArray(kernel.arrays().get(i).dtype(),
              RandomKernel.LENGTH + 3, random);
        }
        String difference = KernelRuns.difference(kernel, entry, arrays, offsets, INTS);
        int s = seed;
        assertEquals("", difference, () -> "seed " + s + "\n" + KernelPrinter.print(kernel));
      }
    }
    return largest;
  }
}
