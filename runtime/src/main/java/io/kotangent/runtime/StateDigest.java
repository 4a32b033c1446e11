package io.kotangent.runtime;

import io.kotangent.type.KotangentException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The SHA-256 of a state, whose bytes {@link ModelState#sha256(List)} describes. */
final class StateDigest {
  /** Elements that are digested at once. */
  private static final int PIECE = 1 << 16;

  private StateDigest() {
  }

  static String of(ModelState state, List<String> ports) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String port : ports) {
        StateLayout.Place place = state.layout().place(port);
        digest.update((port + " " + place.port().type() + "\n").getBytes(StandardCharsets.UTF_8));
        Object array = state.array(port);
        int length = Array.getLength(array);
        for (int from = 0; from < length; from += PIECE) {
          digest.update(littleEndian(array, from, Math.min(PIECE, length - from)).flip());
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new KotangentException("this Java has no SHA-256", e);
    }
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
