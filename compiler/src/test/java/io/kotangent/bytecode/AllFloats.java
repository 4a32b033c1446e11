package io.kotangent.bytecode;

import io.kotangent.bytecode.CompiledScalar.Worst;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A scalar function on all 2³² floats. As a program (`AllFloats FILE [function…]`): one function after the other, on one
/// thread, each with a line in the file when it is done; functions that have a line already are left out.
final class AllFloats {
  private static final int CHUNK = 1 << 16;

  private AllFloats() {
  }

  /// The worst result on a range of the 2¹⁶ chunks of 2¹⁶ neighbors.
  static Worst worst(ScalarFn fn, IntStream chunks) {
    CompiledScalar compiled = new CompiledScalar(fn);
    AtomicReference<Worst> worst = new AtomicReference<>(Worst.NONE);
    chunks.forEach(chunk -> {
      Worst found = compiled.screen(neighbors(chunk), worst.get());
      worst.accumulateAndGet(found, Worst::or);
    });
    return worst.get();
  }

  /// The 2¹⁶ floats of a chunk.
  static float[] neighbors(int chunk) {
    float[] x = new float[CHUNK];
    for (int i = 0; i < CHUNK; i++) {
      x[i] = Float.intBitsToFloat(chunk * CHUNK + i);
    }
    return x;
  }

  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    List<String> wanted = List.of(args).subList(1, args.length);
    List<ScalarFn> functions = Stream.of(ScalarFn.values())
        .filter(f -> f.arity() == 1 && f.accepts(DType.F32))
        .filter(f -> wanted.isEmpty() || wanted.contains(f.toString())).toList();
    for (ScalarFn fn : functions) {
      List<String> done = Files.exists(file) ? Files.readAllLines(file) : List.of();
      if (done.stream().noneMatch(line -> line.startsWith(fn + " "))) {
        long start = System.nanoTime();
        Worst worst = worst(fn, IntStream.range(0, 1 << 16));
        String line = String.format(Locale.ROOT, "%-12s %.4f ulp at %s (%a), %.0f s%n", fn,
            worst.ulps(), worst.a(), worst.a(), (System.nanoTime() - start) / 1e9);
        Files.writeString(file, line, StandardCharsets.UTF_8, StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      }
    }
  }
}
