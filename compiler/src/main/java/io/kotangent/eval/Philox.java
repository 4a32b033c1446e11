package io.kotangent.eval;

import io.kotangent.type.KotangentException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Philox4x32-10, the counter-based random number generator, and how draws use it.
final class Philox {
  private Philox() {
  }

  /// Four words of a counter of four words under a key of two.
  static int[] words(int[] counter, int key0, int key1) {
    int a = counter[0];
    int b = counter[1];
    int c = counter[2];
    int d = counter[3];
    for (int round = 0; round < 10; round++) {
      long first = (a & 0xFFFFFFFFL) * 0xD2511F53L;
      long second = (c & 0xFFFFFFFFL) * 0xCD9E8D57L;
      a = (int) (second >>> 32) ^ b ^ key0;
      b = (int) second;
      c = (int) (first >>> 32) ^ d ^ key1;
      d = (int) first;
      key0 += 0x9E3779B9;
      key1 += 0xBB67AE85;
    }
    return new int[] {a, b, c, d};
  }

  /// The key of a draw: the first two words of Philox(counter = (stream, step), key = seed).
  static int[] drawKey(String scopePath, long seed, long step) {
    long stream = stream(scopePath);
    int[] counter = {(int) stream, (int) (stream >>> 32), (int) step, (int) (step >>> 32)};
    return words(counter, (int) seed, (int) (seed >>> 32));
  }

  /// The first 8 bytes, little-endian, of the SHA-256 of a scope path.
  static long stream(String scopePath) {
    try {
      byte[] sha =
          MessageDigest.getInstance("SHA-256").digest(scopePath.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(sha).order(ByteOrder.LITTLE_ENDIAN).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new KotangentException("this Java has no SHA-256", e);
    }
  }

  /// Element `place` of an example.
  static int bits(int[] drawKey, int place, long iteration, long example) {
    int[] counter = {place / 4, (int) iteration, (int) example, (int) (example >>> 32)};
    return words(counter, drawKey[0], drawKey[1])[place % 4];
  }
}
