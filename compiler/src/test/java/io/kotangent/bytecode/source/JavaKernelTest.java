package io.kotangent.bytecode.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.KernelRuns;
import io.kotangent.bytecode.RandomKernel;
import io.kotangent.ir.Basic;
import io.kotangent.ir.BasicEval;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelPrinter;
import io.kotangent.loop.Kernels;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Kernels as Java source yield the bits that the loop interpreter yields, and throw what it throws.
class JavaKernelTest {
  private static final int[] INTS = {7, 3};
  private static final int ALL = 5000;
  private static final int RANDOM = 150;

  /// Kernels, by the names of their classes, as one compilation.
  private static final class Sources {
    private final Home home = new Home("org.example", "kernels", Set.of());
    private final ArrayNames names;
    private final Map<String, Kernel> kernels = new LinkedHashMap<>();
    private final List<SourceFile> files = new ArrayList<>();

    Sources() {
      Plan plan = Planner.plan(
          GraphParser.parseOne("graph none(x: input f32) {\n  return y=x\n}\n"),
          PlanOptions.STANDARD);
      names = new ArrayNames(plan, new PlanNames(plan), home);
    }

    void add(Kernel kernel, int budget) {
      String name = "K" + kernels.size();
      kernels.put(name, kernel);
      files.add(new JavaKernel(kernel, List.of(), names, home).print(name, budget));
    }

    Map<Kernel, Method> entries() {
      CompiledSource compiled = CompiledSource.of(files);
      Map<Kernel, Method> entries = new LinkedHashMap<>();
      kernels.forEach((name, kernel) -> entries.put(kernel, compiled.entry("org.example." + name)));
      return entries;
    }
  }

  /// Numbers at which an operation could go wrong.
  static Object special(DType dtype) {
    return switch (dtype) {
      case F32 -> new float[] {0f, -0f, 1f, -1f, Float.NaN, Float.intBitsToFloat(0xffc00123),
          Float.intBitsToFloat(0x7f800001), Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY,
          Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, -Float.MAX_VALUE,
          0.5f, -1.5f, 2.5f, 88.7f, -104f, 0x1p31f, -0x1p31f, 0x1p63f, 3e9f, 1e-3f};
      case F64 -> new double[] {0d, -0d, 1d, -1d, Double.NaN,
          Double.longBitsToDouble(0xfff8000000000123L), Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY, Double.MIN_VALUE, -Double.MIN_VALUE, Double.MIN_NORMAL,
          Double.MAX_VALUE, -Double.MAX_VALUE, 0.5, -1.5, 2.5, 709.8, -745.2, 0x1p31, 0x1p63,
          -0x1p63, 1e19, 1e-300, 0.1};
      case I32 -> new int[] {0, 1, -1, 2, 31, 32, 33, -31, 63, 64, Integer.MAX_VALUE,
          Integer.MIN_VALUE, 1 << 24, (1 << 24) + 1, -77, 1000003, 7, 10, 11, 12, 13, 14, 15, 16};
      case I64 -> new long[] {0, 1, -1, 2, 31, 32, 33, 63, 64, 65, Long.MAX_VALUE, Long.MIN_VALUE,
          1L << 53, (1L << 53) + 1, 1L << 32, -(1L << 32), Integer.MAX_VALUE, Integer.MIN_VALUE,
          1L << 24, -77, 1000003, 7, 8, 9};
      case BOOL -> new boolean[] {false, true, true, false, true, false, false, true, false, true,
          true, true, false, false, true, true, false, true, false, true, true, false, true, false};
    };
  }

  private static final int SPECIALS = 24;

  /// All pairs of special numbers, as first or second operand; a third one is mixed.
  private static Object operand(DType dtype, int which, boolean divisor) {
    Object special = special(dtype);
    Object array = dtype.newArray(SPECIALS * SPECIALS);
    for (int i = 0; i < SPECIALS * SPECIALS; i++) {
      int at = which == 0 ? i / SPECIALS : which == 1 ? i % SPECIALS : i * 7 % SPECIALS;
      System.arraycopy(special, at, array, i, 1);
      if (divisor && array instanceof int[] a && a[i] == 0) {
        a[i] = 3;
      } else if (divisor && array instanceof long[] a && a[i] == 0) {
        a[i] = 3;
      }
    }
    return array;
  }

  @Test
  void everyPrimitiveOnEveryTypeAtSpecialNumbers() {
    Sources sources = new Sources();
    List<Basic> basics = new ArrayList<>();
    List<DType> types = new ArrayList<>();
    for (Basic basic : Basic.values()) {
      for (DType type : DType.values()) {
        if (RandomKernel.exists(basic, type)) {
          sources.add(table(basic, type), ALL);
          basics.add(basic);
          types.add(type);
        }
      }
    }
    int index = 0;
    for (Map.Entry<Kernel, Method> each : sources.entries().entrySet()) {
      Basic basic = basics.get(index);
      Kernel kernel = each.getKey();
      Object[] values = new Object[kernel.arrays().size()];
      for (int i = 0; i < values.length - 1; i++) {
        values[i] = operand(kernel.arrays().get(i).dtype(), i,
            i == 1 && (basic == Basic.DIV || basic == Basic.REM));
      }
      values[values.length - 1] =
          kernel.arrays().getLast().dtype().newArray(SPECIALS * SPECIALS);
      assertEquals("", KernelRuns.difference(kernel, each.getValue(), values,
          new int[values.length], new int[0]), basic + " on " + types.get(index));
      index++;
    }
    assertTrue(index > 100, index + " primitives on types");
  }

  private static Kernel table(Basic basic, DType type) {
    List<DType> types = RandomKernel.operands(basic, type);
    List<ArrayParam> arrays = new ArrayList<>();
    List<Value> loads = new ArrayList<>();
    Local i = Kernels.i32Local("i0");
    for (int k = 0; k < types.size(); k++) {
      arrays.add(Kernels.array("a" + k, types.get(k), ArrayParam.Access.READ));
      loads.add(new Value.Load(arrays.get(k), Value.ref(i)));
    }
    DType result = basic.result(types);
    ArrayParam out = Kernels.array("r0", result, ArrayParam.Access.WRITE);
    arrays.add(out);
    return new Kernel(arrays, List.of(), List.of(),
        List.of(Kernels.loop(i, Value.i32(SPECIALS * SPECIALS),
            new Stmt.Store(out, Value.ref(i), new Value.Apply(basic, loads, result)))));
  }

  /// Constants read back bit for bit, NaNs included.
  @Test
  void specialConstants() throws ReflectiveOperationException {
    Sources sources = new Sources();
    for (DType dtype : DType.values()) {
      ArrayParam out = Kernels.whole("r0", dtype, ArrayParam.Access.WRITE);
      List<Stmt> body = new ArrayList<>();
      for (int i = 0; i < SPECIALS; i++) {
        body.add(new Stmt.Store(out, Value.i32(i),
            new Value.Const(dtype, rawBits(special(dtype), i))));
      }
      sources.add(new Kernel(List.of(out), List.of(), List.of(), body), ALL);
    }
    for (Map.Entry<Kernel, Method> each : sources.entries().entrySet()) {
      DType dtype = each.getKey().arrays().getFirst().dtype();
      Object out = dtype.newArray(SPECIALS);
      each.getValue().invoke(null, out);
      for (int i = 0; i < SPECIALS; i++) {
        assertEquals(rawBits(special(dtype), i), rawBits(out, i), dtype + " " + i);
      }
    }
  }

  private static long rawBits(Object array, int i) {
    return switch (array) {
      case float[] a -> BasicEval.bits(a[i]);
      case double[] a -> BasicEval.bits(a[i]);
      case int[] a -> a[i];
      case long[] a -> a[i];
      case boolean[] a -> a[i] ? 1 : 0;
      default -> throw new AssertionError(array);
    };
  }

  @Test
  void randomKernels() {
    random(ALL, 40);
  }

  @Test
  void randomKernelsInMethodsOf300Bytes() {
    random(300, 40);
  }

  @Test
  void largeKernelsAreSplit() {
    Sources sources = new Sources();
    for (int seed = 0; seed < 3; seed++) {
      sources.add(RandomKernel.make(new Random(seed), 2500), ALL);
    }
    CompiledSource compiled = CompiledSource.of(sources.files);
    long largest = JavaSourceTest.largest(compiled.classes());
    assertTrue(largest > 2000 && largest <= 8000, largest + " bytes");
    run(sources.entries());
  }

  private static void random(int budget, int statements) {
    Sources sources = new Sources();
    for (int seed = 0; seed < RANDOM; seed++) {
      sources.add(RandomKernel.make(new Random(seed), statements), budget);
    }
    run(sources.entries());
  }

  private static void run(Map<Kernel, Method> entries) {
    Random random = new Random(1);
    entries.forEach((kernel, entry) -> {
      for (int run = 0; run < 3; run++) {
        Object[] arrays = new Object[kernel.arrays().size()];
        int[] offsets = new int[arrays.length];
        for (int i = 0; i < arrays.length; i++) {
          offsets[i] = random.nextInt(3);
          arrays[i] = KernelRuns.randomArray(kernel.arrays().get(i).dtype(),
              RandomKernel.LENGTH + 3, random);
        }
        assertEquals("", KernelRuns.difference(kernel, entry, arrays, offsets, INTS),
            () -> KernelPrinter.print(kernel));
      }
    });
  }

  /// The loop that SIMD code takes the place of, and moves of blocks.
  @Test
  void lanesAndTranspositionsArePlainLoops() {
    ArrayParam in = Kernels.whole("a0", DType.F32, ArrayParam.Access.READ);
    ArrayParam out = Kernels.whole("r0", DType.F32, ArrayParam.Access.WRITE);
    ArrayParam sum = Kernels.whole("r1", DType.F32, ArrayParam.Access.WRITE);
    Local i = Kernels.i32Local("i0");
    Local k = Kernels.i32Local("k1");
    Local m = Kernels.f32Local("m2");
    Stmt lanes = new Stmt.Lanes(i, Value.i32(0), Value.i32(6), 2, false, List.of(
        new Stmt.Let(m, Value.f32(0)),
        Kernels.loop(k, Value.i32(4), new Stmt.Assign(m, Value.apply(Basic.ADD, Value.ref(m),
            Kernels.load(out, Value.apply(Basic.ADD, Value.ref(i),
                Value.apply(Basic.MUL, Value.ref(k), Value.i32(6))))))),
        new Stmt.Store(sum, Value.ref(i), Value.ref(m))));
    Sources sources = new Sources();
    sources.add(new Kernel(List.of(in, out, sum), List.of(), List.of(),
        List.of(new Stmt.Transpose(in, out, Value.i32(0), Value.i32(4), 4, 6, 4), lanes)), ALL);
    float[] values = new float[24];
    for (int j = 0; j < values.length; j++) {
      values[j] = j * j;
    }
    sources.entries().forEach((kernel, entry) -> assertEquals("", KernelRuns.difference(kernel,
        entry, new Object[] {values, new float[24], new float[6]}, new int[3], new int[0])));
  }
}
