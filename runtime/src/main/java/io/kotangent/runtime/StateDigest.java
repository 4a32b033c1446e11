package io.kotangent.runtime;

import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of named arrays; {@link ModelState#sha256(java.util.List)} says of which bytes. */
final class StateDigest {
  /** Elements that are digested at once. */
  private static final int PIECE = 1 << 16;

  private final MessageDigest digest;

  StateDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new KotangentException("this Java has no SHA-256", e);
    }
  }

  void add(Port port, Object array) {
    digest.update((port.name() + " " + port.type() + "\n").getBytes(StandardCharsets.UTF_8));
    int length = Array.getLength(array);
    for (int from = 0; from < length; from += PIECE) {
      digest.update(littleEndian(array, from, Math.min(PIECE, length - from)).flip());
    }
  }

  /** Of all that was added, in lower-case hexadecimal. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static ByteBuffer littleEndian(Object array, int from, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = from; i < from + count; i++) {
      if (array instanceof float[] floats) {
        bytes.putInt(Float.floatToRawIntBits(floats[i]));
      } else if (array instanceof double[] doubles) {
        bytes.putLong(Double.doubleToRawLongBits(doubles[i]));
      } else if (array instanceof int[] ints) {
        bytes.putInt(ints[i]);
      } else if (array instanceof long[] longs) {
        bytes.putLong(longs[i]);
      } else if (array instanceof boolean[] booleans) {
        bytes.put((byte) (booleans[i] ? 1 : 0));
      }
    }
    return bytes;
  }
}
