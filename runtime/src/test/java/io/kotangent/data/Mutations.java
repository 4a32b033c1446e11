package io.kotangent.data;

import static org.junit.jupiter.api.Assertions.fail;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Reads damaged copies of a good file: each must load, or be refused by a {@link DataException}, in bounded memory. */
final class Mutations {
  private static final long FREE = 16 << 20;

  private Mutations() {
  }

  /** {@code count} copies by {@code seed}: bits flipped, bytes replaced, cut short, pieces moved; returns the refusals. */
  static int run(byte[] good, long seed, int count, int timesItsSize, Consumer<byte[]> reader) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    SplittableRandom random = new SplittableRandom(seed);
    int refused = 0;
    for (int i = 0; i < count; i++) {
      byte[] bad = mutated(good, random);
      long before = threads.getCurrentThreadAllocatedBytes();
      try {
        reader.accept(bad);
      } catch (DataException e) {
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError(
            "seed " + seed + ", copy " + i + ": " + HexFormat.of().formatHex(bad), e);
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      if (allocated > FREE + (long) timesItsSize * bad.length) {
        fail("seed " + seed + ", copy " + i + " took " + allocated + " bytes: "
            + HexFormat.of().formatHex(bad));
      }
    }
    return refused;
  }

  private static byte[] mutated(byte[] good, SplittableRandom random) {
    byte[] bad = good.clone();
    int changes = 1 + random.nextInt(3);
    for (int c = 0; c < changes && bad.length > 0; c++) {
      int at = random.nextInt(random.nextBoolean() ? bad.length : Math.min(bad.length, 32));
      switch (random.nextInt(5)) {
        case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bad[at] = (byte) random.nextInt(256);
        case 2 -> bad = Arrays.copyOf(bad, at);
        case 3 ->
            System.arraycopy(good, 0, bad, at, Math.min(bad.length - at, 1 + random.nextInt(16)));
        default -> Arrays.fill(bad, at, Math.min(bad.length, at + 8),
            (byte) (random.nextBoolean() ? 0xff : 0));
      }
    }
    return bad;
  }
}
