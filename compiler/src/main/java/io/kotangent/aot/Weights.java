package io.kotangent.aot;

import java.util.List;
import java.util.zip.CRC32C;

/// What the classes of a network know of its weights.
///
/// @param names those that every file of weights must have
/// @param resource the name of their file, beside the class
/// @param length its length
/// @param crc the CRC-32C of it
record Weights(List<String> names, String resource, int length, int crc) {
  static Weights of(List<String> names, String resource, byte[] file) {
    CRC32C sum = new CRC32C();
    sum.update(file);
    return new Weights(names, resource, file.length, (int) sum.getValue());
  }
}
