package io.kotangent.benchmarks;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Writes the messages of an ONNX model, as far as the workloads need them. The numbers are those of the fields in `onnx.proto`.
final class OnnxModel {
  private static final int FLOAT = 1;
  private static final int OPSET = 17;
  private static final int IR = 8;

  private final Message graph = new Message().text(2, "g");

  /// One message.
  private static final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    private interface Write {
      void to(CodedOutputStream out) throws IOException;
    }

    private Message write(Write write) {
      try {
        write.to(out);
        return this;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Message text(int field, String value) {
      return write(o -> o.writeString(field, value));
    }

    Message number(int field, long value) {
      return write(o -> o.writeInt64(field, value));
    }

    Message data(int field, byte[] value) {
      return write(o -> o.writeByteArray(field, value));
    }

    Message message(int field, Message inner) {
      return data(field, inner.bytes());
    }

    byte[] bytes() {
      write(CodedOutputStream::flush);
      return bytes.toByteArray();
    }
  }

  /// Declares an input.
  OnnxModel input(String name, long... sizes) {
    graph.message(11, value(name, sizes));
    return this;
  }

  /// Names a result.
  OnnxModel result(String name, long... sizes) {
    graph.message(12, value(name, sizes));
    return this;
  }

  private static Message value(String name, long... sizes) {
    Message shape = new Message();
    for (long size : sizes) {
      shape.message(1, new Message().number(1, size));
    }
    Message tensor = new Message().number(1, FLOAT).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  /// A constant.
  OnnxModel constant(String name, float[] values, long... sizes) {
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    Message tensor = new Message();
    for (long size : sizes) {
      tensor.number(1, size);
    }
    graph.message(5, tensor.number(2, FLOAT).text(8, name).data(9, raw.array()));
    return this;
  }

  /// An attribute of integers.
  record Integers(String name, long... values) {}

  /// A node with one result.
  OnnxModel node(String op, String result, List<String> inputs, Integers... attributes) {
    Message node = new Message();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, result).text(4, op);
    for (Integers attribute : attributes) {
      Message written = new Message().text(1, attribute.name());
      for (long value : attribute.values()) {
        written.number(8, value);
      }
      node.message(5, written.number(20, 7));
    }
    graph.message(1, node);
    return this;
  }

  /// The model's file.
  byte[] bytes() {
    Message opset = new Message().number(2, OPSET);
    return new Message().number(1, IR).message(8, opset).message(7, graph).bytes();
  }
}
