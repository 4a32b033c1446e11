package io.kotangent.data;

import io.kotangent.type.Argument;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;

/**
 * Random orders that are defined for ever. The generator is SplitMix64: its state starts as the seed; each draw adds
 * 0x9e3779b97f4a7c15 to it and scrambles a copy ({@code z ^= z >>> 30; z *= 0xbf58476d1ce4e5b9; z ^= z >>> 27;
 * z *= 0x94d049bb133111eb; z ^= z >>> 31}). A number below {@code n} is the draw's upper 32 bits times {@code n},
 * divided by 2<sup>32</sup>, rounded down. The order is Fisher and Yates's: for i from n-1 down to 1, element i is
 * swapped with the one at a random place below i+1.
 */
public final class Shuffle {
  private static final long STEP = 0x9e3779b97f4a7c15L;

  private long state;

  private Shuffle(long seed) {
    state = seed;
  }

  /**
   * The numbers 0 to {@code length - 1} in the order that {@code seed} stands for.
   *
   * @throws KotangentException if {@code length} is negative or more than an array has
   */
  public static int[] order(int length, long seed) {
    if (length < 0 || length > Dim.LARGEST) {
      throw new KotangentException(
          "an order of " + length + " numbers: expected 0 to " + Dim.LARGEST);
    }
    int[] order = new int[length];
    into(order, seed);
    return order;
  }

  /** Fills {@code order} with the numbers 0 to {@code order.length - 1} in the order that {@code seed} stands for. */
  public static void into(int[] order, long seed) {
    Argument.given(order, "an array for the order");
    Shuffle random = new Shuffle(seed);
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.below(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  /** The seed of the part numbered {@code part} (an epoch, say) of what {@code seed} stands for. */
  public static long seed(long seed, long part) {
    return scramble(scramble(seed + STEP) + STEP * (part + 1));
  }

  private int below(int bound) {
    state += STEP;
    return (int) ((scramble(state) >>> 32) * bound >>> 32);
  }

  private static long scramble(long value) {
    long z = value;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
