package io.kotangent.ir;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Elements of constants as text, exactly: the shortest decimal that reads back, `nan` (with its bits unless
/// they are the usual ones), `inf`, `-0.0`.
public final class LiteralText {
  /// The most elements that texts and messages print themselves.
  public static final int LONGEST = 8;

  private LiteralText() {
  }

  public static String elements(Literal literal) {
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < literal.length(); i++) {
      elements.add(element(literal, i));
    }
    return literal.type().isScalar() ? elements.getFirst() : "(" + String.join(",", elements) + ")";
  }

  private static String element(Literal literal, int index) {
    long bits = literal.bits(index);
    return switch (literal.type().dtype()) {
      case F32 -> real(BasicEval.f32(bits), Float.toString(BasicEval.f32(bits)), bits, 0x7fc00000L);
      case F64 -> real(BasicEval.f64(bits), Double.toString(BasicEval.f64(bits)), bits,
          0x7ff8000000000000L);
      case I32, I64 -> Long.toString(bits);
      case BOOL -> bits != 0 ? "true" : "false";
    };
  }

  private static String real(double value, String decimal, long bits, long usualNan) {
    if (Double.isNaN(value)) {
      return bits == usualNan ? "nan" : "nan:" + Long.toHexString(bits);
    }
    return Double.isInfinite(value) ? value > 0 ? "inf" : "-inf" : decimal;
  }

  /// 128 bits of the SHA-256 of type and elements.
  public static String digest(Literal literal) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(literal.type().toString().getBytes(StandardCharsets.UTF_8));
      ByteBuffer buffer = ByteBuffer.allocate(8);
      for (int i = 0; i < literal.length(); i++) {
        sha.update(buffer.putLong(0, literal.bits(i)).array());
      }
      return HexFormat.of().formatHex(sha.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new io.kotangent.type.KotangentException("this Java has no SHA-256", e);
    }
  }
}
