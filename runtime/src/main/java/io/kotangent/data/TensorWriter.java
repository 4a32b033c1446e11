package io.kotangent.data;

import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The bytes of a safetensors file: metadata by key, tensors with wide elements first and then by name, the header
 * padded with blanks to a multiple of eight, so that every element is aligned.
 */
final class TensorWriter {
  private final List<NamedTensor> tensors;
  private final byte[] header;
  private final long size;

  TensorWriter(Map<String, String> metadata, List<NamedTensor> unsorted) {
    tensors = new ArrayList<>(unsorted);
    tensors.sort(Comparator.comparingInt((NamedTensor t) -> -t.type().dtype().bytes())
        .thenComparing(NamedTensor::name));
    StringBuilder json = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      json.append("\"__metadata__\":{");
      new TreeMap<>(metadata).forEach((key, value) -> {
        json.append(json.charAt(json.length() - 1) == '{' ? "" : ",");
        quote(json, key);
        json.append(':');
        quote(json, value);
      });
      json.append('}');
    }
    Set<String> names = new HashSet<>(Set.of("__metadata__"));
    long end = 0;
    for (NamedTensor tensor : tensors) {
      if (!names.add(tensor.name()) || tensor.name().chars().anyMatch(Character::isISOControl)
          || !StandardCharsets.UTF_8.newEncoder().canEncode(tensor.name())) {
        throw new KotangentException(
            "tensor '" + tensor.name() + "' cannot be written: expected names that differ, "
                + "of Unicode without control characters, and not __metadata__");
      }
      long begin = end;
      end += (long) Array.getLength(tensor.values()) * tensor.type().dtype().bytes();
      json.append(json.length() == 1 ? "" : ",");
      quote(json, tensor.name());
      json.append(":{\"dtype\":\"").append(code(tensor.type().dtype())).append("\",\"shape\":[")
          .append(tensor.type().shape().dims().stream().map(Dim::toString)
              .collect(Collectors.joining(",")))
          .append("],\"data_offsets\":[").append(begin).append(',').append(end).append("]}");
    }
    json.append('}');
    int length = json.toString().getBytes(StandardCharsets.UTF_8).length;
    header = json.append(" ".repeat(-length & 7)).toString().getBytes(StandardCharsets.UTF_8);
    size = 8 + header.length + end;
  }

  private static String code(DType dtype) {
    return switch (dtype) {
      case F32 -> "F32";
      case F64 -> "F64";
      case I32 -> "I32";
      case I64 -> "I64";
      case BOOL -> "BOOL";
    };
  }

  private static void quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }

  /** The bytes of the whole file. */
  long size() {
    return size;
  }

  void writeTo(FileChannel channel) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
    AtomicFile.writeFully(channel, start.putLong(header.length).put(header).flip());
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (NamedTensor tensor : tensors) {
      int length = Array.getLength(tensor.values());
      int some = buffer.capacity() / tensor.type().dtype().bytes();
      for (int from = 0; from < length; from += some) {
        buffer.clear();
        put(tensor.values(), from, Math.min(some, length - from), buffer);
        AtomicFile.writeFully(channel, buffer.flip());
      }
    }
  }

  void writeTo(ByteBuffer bytes) {
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header);
    for (NamedTensor tensor : tensors) {
      put(tensor.values(), 0, Array.getLength(tensor.values()), bytes);
    }
  }

  private static void put(Object values, int from, int count, ByteBuffer into) {
    for (int i = from; i < from + count; i++) {
      if (values instanceof float[] floats) {
        into.putInt(Float.floatToRawIntBits(floats[i]));
      } else if (values instanceof double[] doubles) {
        into.putLong(Double.doubleToRawLongBits(doubles[i]));
      } else if (values instanceof int[] ints) {
        into.putInt(ints[i]);
      } else if (values instanceof long[] longs) {
        into.putLong(longs[i]);
      } else if (values instanceof boolean[] booleans) {
        into.put((byte) (booleans[i] ? 1 : 0));
      }
    }
  }
}
