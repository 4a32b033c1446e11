package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.StateLayout;
import io.kotangent.type.KotangentException;
import io.kotangent.type.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tensors in the safetensors format: eight bytes, little-endian, with the length of a JSON header; the header; the
 * elements, little-endian, row-major. Reads strictly: the header begins with its brace and says nothing twice and
 * nothing unknown; the tensors fill the rest of the file without overlap or hole. Element types {@code F32 F64 I32 I64
 * BOOL}; rank up to 32; up to 100 000 tensors; names without control characters. A name is only a name, never a path.
 * Nothing is allocated for a tensor that is not there in full.
 */
public final class SafeTensors {
  static final String FORMAT = "safetensors";

  private final Map<String, String> metadata;
  private final Map<String, NamedTensor> tensors;

  private SafeTensors(Map<String, String> metadata, Map<String, NamedTensor> tensors) {
    this.metadata = metadata;
    this.tensors = tensors;
  }

  /** What the file says about itself, in its order. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  /** All tensors, in the order of their elements in the file. */
  public List<NamedTensor> tensors() {
    return List.copyOf(tensors.values());
  }

  /** The tensor of that name; a {@link KotangentException} lists the known ones. */
  public NamedTensor tensor(String name) {
    NamedTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new KotangentException(
          "the file has no tensor '" + name + "': expected one of " + tensors.keySet());
    }
    return tensor;
  }

  /**
   * Reads a file.
   *
   * @throws DataException if it cannot be read or is malformed in any way
   */
  public static SafeTensors read(Path file) {
    long size = FileBytes.size(FORMAT, file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(new TensorSource.OfFile(channel, file.toString(), size));
    } catch (IOException e) {
      throw FileBytes.unreadable(FORMAT, file, e);
    }
  }

  /**
   * Takes apart the bytes of a file; {@code source} is its name, for messages.
   *
   * @throws DataException if they are malformed in any way
   */
  public static SafeTensors read(byte[] bytes, String source) {
    try {
      return read(new TensorSource.OfBytes(bytes, source));
    } catch (IOException e) {
      throw new DataException(FORMAT, Kind.UNREADABLE, source, String.valueOf(e), e);
    }
  }

  private static SafeTensors read(TensorSource source) throws IOException {
    TensorHeader header = TensorHeader.read(source);
    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    for (TensorHeader.Entry entry : header.entries()) {
      tensors.put(entry.name(),
          new NamedTensor(entry.name(), entry.type(), source.elements(header, entry)));
    }
    return new SafeTensors(header.metadata(), tensors);
  }

  /**
   * Writes a file, wholly or not at all: into a temporary file beside it, forced to the disk and then renamed. The same
   * tensors and metadata give the same bytes, whatever their order.
   *
   * @throws DataException if it cannot be written; what was there before is untouched
   */
  public static void write(Path file, Map<String, String> metadata, List<NamedTensor> tensors) {
    TensorWriter writer = new TensorWriter(metadata, tensors);
    AtomicFile.write(FORMAT, file, writer::writeTo);
  }

  /** The bytes of a file with that content. */
  public static byte[] bytes(Map<String, String> metadata, List<NamedTensor> tensors) {
    TensorWriter writer = new TensorWriter(metadata, tensors);
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(writer.size()));
    writer.writeTo(bytes);
    return bytes.array();
  }

  /**
   * Writes parameters and state by port name; all of {@code ports}, see {@link ModelState#weights()} for what prediction
   * needs.
   *
   * @throws DataException if the file cannot be written
   * @throws KotangentException if there is no port of such a name
   */
  public static void save(Path file, ModelState state, List<String> ports) {
    List<NamedTensor> tensors = new ArrayList<>();
    for (String port : ports) {
      tensors
          .add(new NamedTensor(port, state.layout().place(port).port().type(), state.array(port)));
    }
    write(file, Map.of(), tensors);
  }

  /** Writes all parameters and state by port name. */
  public static void save(Path file, ModelState state) {
    save(file, state, names(state));
  }

  /**
   * Reads parameters and state by port name. The file must hold exactly {@code ports}, each of the right type; otherwise
   * the state is left as it was.
   *
   * @throws DataException if the file cannot be read, is malformed, or does not fit
   */
  public static void load(Path file, ModelState state, List<String> ports) {
    SafeTensors content = read(file);
    List<NamedTensor> fitting = new ArrayList<>();
    for (String port : ports) {
      TensorType expected = state.layout().place(port).port().type();
      NamedTensor tensor = content.tensors.get(port);
      if (tensor == null) {
        throw mismatch(file, "there is no tensor '" + port + "', expected " + expected + "; it has "
            + content.tensors.values());
      }
      if (!tensor.type().equals(expected)) {
        throw mismatch(file,
            "tensor '" + port + "' is " + tensor.type() + ", expected " + expected);
      }
      fitting.add(tensor);
    }
    for (String name : content.tensors.keySet()) {
      if (!ports.contains(name)) {
        throw mismatch(file, "tensor '" + name + "' is not expected: the model has " + ports);
      }
    }
    fitting.forEach(tensor -> state.set(tensor.name(), tensor.values()));
  }

  /** Reads all parameters and state by port name; see {@link #load(Path, ModelState, List)}. */
  public static void load(Path file, ModelState state) {
    load(file, state, names(state));
  }

  private static DataException mismatch(Path file, String detail) {
    return new DataException(FORMAT, Kind.MISMATCH, file.toString(), -1, detail);
  }

  private static List<String> names(ModelState state) {
    return state.layout().places().stream().map(StateLayout.Place::port).map(p -> p.name())
        .toList();
  }
}
