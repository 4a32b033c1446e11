package io.kotangent.data;

import io.kotangent.type.Argument;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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
    tensors = new ArrayList<>(Argument.all(unsorted, "tensors"));
    tensors.sort(Comparator.comparingInt((NamedTensor t) -> -t.type().dtype().bytes())
        .thenComparing(NamedTensor::name));
    StringBuilder json = new StringBuilder("{");
    metadata(json, Argument.given(metadata, "metadata"));
    if (tensors.size() > TensorHeader.MOST_ENTRIES) {
      throw new KotangentException(tensors.size() + " tensors cannot be written: expected at most "
          + TensorHeader.MOST_ENTRIES);
    }
    Set<String> names = new HashSet<>();
    long end = 0;
    for (NamedTensor tensor : tensors) {
      check(tensor, names.add(tensor.name()));
      long begin = end;
      end += NamedTensor.bytes(tensor.name(), tensor.type(), tensor.type().dtype().bytes());
      json.append(json.length() == 1 ? "" : ",");
      quote(json, tensor.name());
      json.append(":{\"dtype\":\"").append(StoredType.of(tensor.type().dtype()))
          .append("\",\"shape\":[")
          .append(tensor.type().shape().dims().stream().map(Dim::toString)
              .collect(Collectors.joining(",")))
          .append("],\"data_offsets\":[").append(begin).append(',').append(end).append("]}");
    }
    json.append('}');
    header = json.length() > TensorHeader.LONGEST ? new byte[0] : padded(json.toString());
    if (header.length < 2 || header.length > TensorHeader.LONGEST) {
      throw new KotangentException("names and metadata of " + Math.max(header.length, json.length())
          + " bytes cannot be written: expected at most " + TensorHeader.LONGEST);
    }
    size = 8 + header.length + end;
  }

  private static byte[] padded(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(bytes, bytes.length + (-bytes.length & 7));
    Arrays.fill(padded, bytes.length, padded.length, (byte) ' ');
    return padded;
  }

  private static void metadata(StringBuilder json, Map<String, String> metadata) {
    if (metadata.isEmpty()) {
      return;
    }
    json.append('"').append(TensorHeader.METADATA).append("\":{");
    metadata.keySet().forEach(key -> Argument.given(key, "keys of metadata"));
    new TreeMap<>(metadata).forEach((key, value) -> {
      Argument.given(value, "values of metadata");
      if (!TensorHeader.isUnicode(key) || !TensorHeader.isUnicode(value)) {
        throw new KotangentException("the metadata '" + key + "' = '" + value
            + "' cannot be written: expected Unicode, got half a surrogate pair");
      }
      json.append(json.charAt(json.length() - 1) == '{' ? "" : ",");
      quote(json, key);
      json.append(':');
      quote(json, value);
    });
    json.append('}');
  }

  private static void check(NamedTensor tensor, boolean isNew) {
    if (!isNew || !TensorHeader.isName(tensor.name())) {
      throw new KotangentException(
          "tensor '" + tensor.name() + "' cannot be written: expected names that differ, "
              + "of Unicode without control characters, and not " + TensorHeader.METADATA);
    }
    if (tensor.type().rank() > TensorHeader.MOST_DIMENSIONS) {
      throw new KotangentException("tensor '" + tensor.name() + "' has " + tensor.type().rank()
          + " axes and cannot be written: expected at most " + TensorHeader.MOST_DIMENSIONS);
    }
    if (Array.getLength(tensor.values()) > TensorHeader.MOST_ELEMENTS) {
      throw new KotangentException("tensor '" + tensor.name() + "' cannot be written: it has "
          + Array.getLength(tensor.values()) + " elements, expected at most "
          + TensorHeader.MOST_ELEMENTS);
    }
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

  void writeTo(OutputStream out) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
    out.write(start.putLong(header.length).put(header).array());
    for (NamedTensor tensor : tensors) {
      writeElements(tensor, out);
    }
  }

  /** Writes elements, little-endian and row-major. */
  static void writeElements(NamedTensor tensor, OutputStream out) throws IOException {
    int length = Array.getLength(tensor.values());
    int width = tensor.type().dtype().bytes();
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(1 << 16, (long) length * width))
        .order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < length;) {
      int some = Math.min(length - from, buffer.capacity() / width);
      buffer.clear();
      put(tensor.values(), from, some, buffer);
      out.write(buffer.array(), 0, buffer.position());
      from += some;
    }
  }

  /** All bytes. */
  byte[] bytes() {
    if (size > FileBytes.MOST) {
      throw new KotangentException(
          size + " bytes are more than an array holds; write them to a file");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length).put(header);
    for (NamedTensor tensor : tensors) {
      put(tensor.values(), 0, Array.getLength(tensor.values()), bytes);
    }
    return bytes.array();
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
