package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.StateLayout;
import io.kotangent.type.Argument;
import io.kotangent.type.KotangentException;
import io.kotangent.type.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tensors in the safetensors format: eight bytes, little-endian, with the length of a JSON header; the header; the
 * elements, little-endian, row-major. Reads strictly: the header begins with its brace and says nothing twice and
 * nothing unknown; the tensors fill the rest of the file without overlap or hole. Element types are those of
 * {@link StoredType}, read as what it says; rank up to 32; up to 100 000 tensors; names without control characters. A
 * name is only a name, never a path. Nothing is allocated for a tensor that is not there in full, or before it is known
 * that Java may have memory for all. What is written can be read: the same limits hold.
 *
 * <p>A file is written wholly or not at all, whenever the process is killed: into the file {@code .name.tmp} beside it,
 * forced to the disk, then renamed; the next save replaces what a kill left of that. Its place must be a regular file or
 * nothing (no device, pipe or directory). A symbolic link stays, and the file that it leads to is replaced; permissions
 * stay, owner and group where the system allows it; other hard links keep the old content. Several savers of one file,
 * in one process or in several, take turns. An interrupt does not disturb a save and stays pending. That a folder
 * cannot be forced to the disk (not supported, not allowed) is no failure.
 */
public final class SafeTensors {
  static final String FORMAT = "safetensors";

  private final Map<String, String> metadata;
  private final Map<String, NamedTensor> tensors;
  private final Map<String, StoredType> stored;

  private SafeTensors(Map<String, String> metadata, Map<String, NamedTensor> tensors,
      Map<String, StoredType> stored) {
    this.metadata = metadata;
    this.tensors = tensors;
    this.stored = stored;
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

  /** How the file stores the tensor of that name; {@link StoredType#dtype} is what it was read as. */
  public StoredType stored(String name) {
    tensor(name);
    return Objects.requireNonNull(stored.get(name));
  }

  /**
   * Reads a file.
   *
   * @throws DataException if it cannot be read or is malformed in any way
   */
  public static SafeTensors read(Path file) {
    return read(file, header -> {
    });
  }

  /** Reads a file whose header passes a check. */
  private static SafeTensors read(Path file, Consumer<TensorHeader> check) {
    return TensorSource.read(FORMAT, Argument.given(file, "the path of a file"),
        source -> read(source, check));
  }

  /**
   * Takes apart the bytes of a file; {@code source} is its name, for messages.
   *
   * @throws DataException if they are malformed in any way
   */
  public static SafeTensors read(byte[] bytes, String source) {
    Argument.given(bytes, "the bytes of a file");
    Argument.given(source, "a name for messages");
    return TensorSource.read(FORMAT, bytes, source, all -> read(all, header -> {
    }));
  }

  private static SafeTensors read(TensorSource source, Consumer<TensorHeader> check)
      throws IOException {
    TensorHeader header = TensorHeader.read(source);
    check.accept(header);
    FileBytes.checkHeap(FORMAT, source.name(), -1, header.memory());
    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    Map<String, StoredType> stored = new HashMap<>();
    for (TensorHeader.Entry entry : header.entries()) {
      tensors.put(entry.name(),
          new NamedTensor(entry.name(), entry.type(), source.elements(header, entry)));
      stored.put(entry.name(), entry.stored());
    }
    return new SafeTensors(header.metadata(), tensors, stored);
  }

  /**
   * Writes a file, wholly or not at all. The same tensors and metadata give the same bytes, whatever their order.
   *
   * @throws DataException if it cannot be written; what was there before is untouched
   * @throws KotangentException if what was written could not be read again
   */
  public static void write(Path file, Map<String, String> metadata, List<NamedTensor> tensors) {
    Argument.given(file, "the path of a file");
    TensorWriter writer = new TensorWriter(metadata, tensors);
    AtomicFile.write(FORMAT, file, writer::writeTo);
  }

  /** The bytes of a file with that content. */
  public static byte[] bytes(Map<String, String> metadata, List<NamedTensor> tensors) {
    return new TensorWriter(metadata, tensors).bytes();
  }

  /**
   * Writes parameters and state by port name; all of {@code ports}, see {@link ModelState#weights()} for what prediction
   * needs. The state may be trained meanwhile: what is written is as it was between two steps ({@link ModelState#arrays}).
   *
   * @throws DataException if the file cannot be written
   * @throws KotangentException if there is no port of such a name, or one has no values yet ({@link ModelState#missing})
   */
  public static void save(Path file, ModelState state, List<String> ports) {
    Argument.given(file, "the path of a file");
    Map<String, Object> arrays = Argument.given(state, "a state").arrays(ports);
    List<NamedTensor> tensors = new ArrayList<>();
    for (String missing : state.missing()) {
      if (ports.contains(missing)) {
        throw new KotangentException(
            "'" + missing + "' has no values yet, so there is nothing to save to "
                + file + "; call initialize(seed), load weights, or set(name, values)");
      }
    }
    for (String port : ports) {
      tensors.add(new NamedTensor(port, state.layout().place(port).port().type(),
          Objects.requireNonNull(arrays.get(port))));
    }
    write(file, Map.of(), tensors);
  }

  /** Writes all parameters and state by port name. */
  public static void save(Path file, ModelState state) {
    save(file, state, names(state));
  }

  /**
   * Reads parameters and state by port name. The file must hold exactly {@code ports}, each of the right type as it is
   * read ({@link StoredType}); otherwise the state is left as it was, and no tensor is read. All of them are replaced in one
   * change ({@link ModelState#setAll}).
   *
   * @throws io.kotangent.runtime.ConcurrentUseException if another thread changes the state; it is left as it was
   * @throws DataException if the file cannot be read, is malformed, or does not fit
   */
  public static void load(Path file, ModelState state, List<String> ports) {
    Argument.given(state, "a state");
    Argument.given(ports, "the names of parameters and states");
    SafeTensors content = read(file, header -> checkFits(file, header, state, ports));
    Map<String, Object> values = new LinkedHashMap<>();
    content.tensors.values().forEach(tensor -> values.put(tensor.name(), tensor.values()));
    state.setAll(values);
  }

  private static void checkFits(Path file, TensorHeader header, ModelState state,
      List<String> ports) {
    Map<String, TensorHeader.Entry> entries = new LinkedHashMap<>();
    header.entries().forEach(entry -> entries.put(entry.name(), entry));
    for (String port : ports) {
      TensorType expected = state.layout().place(port).port().type();
      TensorHeader.Entry entry = entries.remove(port);
      if (entry == null) {
        throw mismatch(file, "there is no tensor '" + port + "', expected " + expected + "; it has "
            + header.entries() + onlyWeights(header, state));
      }
      if (!entry.type().equals(expected)) {
        throw mismatch(file, "tensor '" + port + "' is " + entry.type()
            + (entry.stored().isConverted() ? " (stored as " + entry.stored() + ")" : "")
            + ", expected " + expected);
      }
    }
    for (String name : entries.keySet()) {
      throw mismatch(file, "tensor '" + name + "' is not expected: the model has " + ports);
    }
  }

  private static String onlyWeights(TensorHeader header, ModelState state) {
    Set<String> there = new HashSet<>();
    header.entries().forEach(entry -> there.add(entry.name()));
    return there.equals(Set.copyOf(state.weights()))
        ? ": these are the weights, load them by load(file, state, state.weights())" : "";
  }

  /** Reads all parameters and state by port name; see {@link #load(Path, ModelState, List)}. */
  public static void load(Path file, ModelState state) {
    load(file, state, names(state));
  }

  private static DataException mismatch(Path file, String detail) {
    return new DataException(FORMAT, Kind.MISMATCH, file.toString(), -1, detail);
  }

  private static List<String> names(ModelState state) {
    return Argument.given(state, "a state").layout().places().stream().map(StateLayout.Place::port)
        .map(p -> p.name())
        .toList();
  }
}
