package io.kotangent.bytecode;

import io.kotangent.bytecode.emit.Emission;
import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.bytecode.load.KernelClass;
import io.kotangent.bytecode.load.Machine;
import io.kotangent.ir.BasicEval;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import io.kotangent.loop.LoopInterpreter;
import io.kotangent.type.DType;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Runs kernels both ways and compares bits.
public final class KernelRuns {
  private KernelRuns() {
  }

  public static Method entry(Kernel kernel, int budget) {
    return entry(load(kernel, budget));
  }

  public static KernelClass load(Kernel kernel, int budget) {
    return new KernelCache(Emission.of(Machine.target()).withBudget(budget)).get(kernel,
        KernelListing.of(kernel));
  }

  public static Method entry(KernelClass loaded) {
    for (Method method : loaded.type().getDeclaredMethods()) {
      if (method.getName().equals("run")) {
        return method;
      }
    }
    throw new AssertionError("no entry");
  }

  /// Runs the entry; what the kernel threw comes out as it is.
  static void invoke(Method entry, Kernel kernel, Object[] arrays, int[] offsets, int[] ints) {
    List<Object> args = new ArrayList<>();
    for (int i = 0; i < arrays.length; i++) {
      args.add(arrays[i]);
      if (!kernel.arrays().get(i).whole()) {
        args.add(offsets[i]);
      }
    }
    for (int value : ints) {
      args.add(value);
    }
    try {
      entry.invoke(null, args.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      throw new AssertionError(e.getCause());
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  /// Runs interpreter and emitted code on equal arrays; empty when they agree, else what differs.
  public static String difference(Kernel kernel, Method entry, Object[] arrays, int[] offsets,
      int[] ints) {
    Object[] a = copies(arrays);
    Object[] b = copies(arrays);
    String thrownA = thrown(() -> new LoopInterpreter(kernel).run(a, offsets, ints));
    String thrownB = thrown(() -> invoke(entry, kernel, b, offsets, ints));
    if (!thrownA.equals(thrownB)) {
      return "interpreter threw '" + thrownA + "', emitted code '" + thrownB + "'";
    }
    for (int i = 0; i < a.length; i++) {
      ArrayParam param = kernel.arrays().get(i);
      for (int j = 0; j < Array.getLength(a[i]); j++) {
        long x = bits(param.dtype(), a[i], j);
        long y = bits(param.dtype(), b[i], j);
        if (x != y) {
          return param.name() + "[" + j + "]: interpreter 0x" + Long.toHexString(x) + ", emitted 0x"
              + Long.toHexString(y);
        }
      }
    }
    return "";
  }

  private static String thrown(Runnable runnable) {
    try {
      runnable.run();
      return "";
    } catch (ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return e.getClass().getSimpleName();
    }
  }

  private static Object[] copies(Object[] arrays) {
    Object[] copies = new Object[arrays.length];
    for (int i = 0; i < arrays.length; i++) {
      int length = Array.getLength(arrays[i]);
      copies[i] = Array.newInstance(arrays[i].getClass().getComponentType(), length);
      System.arraycopy(arrays[i], 0, copies[i], 0, length);
    }
    return copies;
  }

  /// Raw bits; all NaNs count as one.
  public static long bits(DType dtype, Object array, int index) {
    return switch (dtype) {
      case F32 -> {
        float value = ((float[]) array)[index];
        yield BasicEval.bits(Float.isNaN(value) ? Float.NaN : value);
      }
      case F64 -> {
        double value = ((double[]) array)[index];
        yield BasicEval.bits(Double.isNaN(value) ? Double.NaN : value);
      }
      case I32 -> ((int[]) array)[index];
      case I64 -> ((long[]) array)[index];
      case BOOL -> ((boolean[]) array)[index] ? 1 : 0;
    };
  }

  /// Raw bits of dtype: small numbers mostly, special values now and then.
  static long randomBits(DType dtype, Random random) {
    boolean special = random.nextInt(8) == 0;
    return switch (dtype) {
      case F32 -> {
        float[] specials = {0f, -0f, 1f, -1f, Float.NaN, Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY, Float.MIN_VALUE,
            -Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_NORMAL, 0.5f, -2.5f,
            3e9f, -3e9f};
        yield BasicEval.bits(special ? specials[random.nextInt(specials.length)]
            : (float) (random.nextGaussian() * 3));
      }
      case F64 -> {
        double[] specials =
            {0d, -0d, 1d, -1d, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
                Double.MIN_VALUE, -Double.MIN_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE, 0.5, -2.5,
                1e19, -1e19};
        yield BasicEval
            .bits(special ? specials[random.nextInt(specials.length)] : random.nextGaussian() * 3);
      }
      case I32 -> {
        int[] specials = {0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 31, 32, 33};
        yield special ? specials[random.nextInt(specials.length)] : random.nextInt(200) - 100;
      }
      case I64 -> {
        long[] specials = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 63, 64, 65, 1L << 40};
        yield special ? specials[random.nextInt(specials.length)] : random.nextInt(200) - 100;
      }
      case BOOL -> random.nextInt(2);
    };
  }

  public static Object randomArray(DType dtype, int length, Random random) {
    Object array = dtype.newArray(length);
    for (int i = 0; i < length; i++) {
      long bits = randomBits(dtype, random);
      switch (dtype) {
        case F32 -> ((float[]) array)[i] = BasicEval.f32(bits);
        case F64 -> ((double[]) array)[i] = BasicEval.f64(bits);
        case I32 -> ((int[]) array)[i] = (int) bits;
        case I64 -> ((long[]) array)[i] = bits;
        case BOOL -> ((boolean[]) array)[i] = bits != 0;
      }
    }
    return array;
  }
}
