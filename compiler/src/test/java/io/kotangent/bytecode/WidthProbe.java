package io.kotangent.bytecode;

import io.kotangent.bytecode.load.Machine;

/// Runs the cases of [TilesTest] with vectors of the width that this JVM has, and prints it.
final class WidthProbe {
  private static final int CASES = 24;

  private WidthProbe() {
  }

  public static void main(String[] args) {
    TilesTest tiles = new TilesTest();
    tiles.products(CASES);
    tiles.convolutions(CASES / 3);
    tiles.functions();
    tiles.limits();
    tiles.transposes();
    tiles.fewRowsOfLargeMatrices();
    System.out.println(
        "vectors of " + Machine.target().vectorBits() + " bits: " + tiles.choices() + " in SIMD");
  }
}
