package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import io.kotangent.type.KotangentException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Arrays in the npz format of numpy, a zip file whose members are {@link Npy} files: {@code numpy.savez(file, x=a, y=b)}.
 * Reads members that are stored or deflated, zip64 or not, and called by the names of the arrays with {@code .npy} or
 * without; a name is only a name, never a path. Members may not overlap or come twice, their checksums must fit, and
 * nothing may follow the end. Nothing is allocated for an array before all of it was unpacked once, and before it is
 * known that Java may have memory for all. What is written is stored, by name, and always of the same bytes; wholly or
 * not at all, as {@link SafeTensors} does.
 */
public final class Npz {
  static final String FORMAT = "npz";

  private final String source;
  private final Map<String, NamedTensor> tensors;
  private final Map<String, StoredType> stored;

  private Npz(String source, Map<String, NamedTensor> tensors, Map<String, StoredType> stored) {
    this.source = source;
    this.tensors = tensors;
    this.stored = stored;
  }

  /** All tensors, in the order of the file. */
  public List<NamedTensor> tensors() {
    return List.copyOf(tensors.values());
  }

  /** The tensor of that name; a {@link KotangentException} lists the known ones. */
  public NamedTensor tensor(String name) {
    NamedTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new KotangentException(
          "the file has no array '" + name + "': expected one of " + tensors.keySet());
    }
    return tensor;
  }

  /** How the file stores the tensor of that name; {@link StoredType#dtype} is what it was read as. */
  public StoredType stored(String name) {
    tensor(name);
    return Objects.requireNonNull(stored.get(name));
  }

  /** A data set whose columns are all arrays; see {@link #dataset(List)}. */
  public Dataset dataset() {
    return dataset(List.copyOf(tensors.keySet()));
  }

  /**
   * A data set whose columns are these arrays; the first axis of each is that of the examples.
   *
   * @throws DataException if one is a single number, or the lengths of the first axes differ
   * @throws KotangentException if there is no array of such a name
   */
  public Dataset dataset(List<String> names) {
    if (names.isEmpty()) {
      throw new DataException(FORMAT, Kind.EMPTY, source, -1,
          "no arrays for a data set: expected one or more");
    }
    Dataset dataset = Dataset.of(examples(tensor(names.get(0))));
    for (String name : names) {
      if (examples(tensor(name)) != dataset.size()) {
        throw new DataException(FORMAT, Kind.MISMATCH, source, -1, "array '" + name + "' has "
            + examples(tensor(name)) + " examples, but '" + names.get(0) + "' has "
            + dataset.size() + ": expected as many; name the arrays that belong together");
      }
      dataset = dataset.with(name, tensor(name).values());
    }
    return dataset;
  }

  private int examples(NamedTensor tensor) {
    if (tensor.type().isScalar()) {
      throw new DataException(FORMAT, Kind.MISMATCH, source, -1, "array '" + tensor.name()
          + "' is a single number: expected a first axis of examples; name the other arrays");
    }
    return (int) tensor.type().dim(0).constant();
  }

  /**
   * Reads a file.
   *
   * @throws DataException if it cannot be read or is malformed in any way
   */
  public static Npz read(Path file) {
    return TensorSource.read(FORMAT, file, Npz::read);
  }

  /**
   * Takes apart the bytes of a file; {@code source} is its name, for messages.
   *
   * @throws DataException if they are malformed in any way
   */
  public static Npz read(byte[] bytes, String source) {
    return TensorSource.read(FORMAT, bytes, source, Npz::read);
  }

  private static Npz read(TensorSource source) throws IOException {
    Map<String, ZipMember> members = new LinkedHashMap<>();
    for (ZipMember member : ZipDirectory.members(source)) {
      String name = Npy.withoutSuffix(member.name());
      if (!member.isFolder() && members.put(name, member) != null) {
        throw new DataException(FORMAT, Kind.HEADER, source.name(), member.offset(),
            "the array '" + name + "' comes twice; save each by a name of its own");
      }
    }
    List<NpyHeader> headers = new ArrayList<>();
    for (ZipMember member : members.values()) {
      headers.add(member.read(source, NpyHeader::read));
    }
    FileBytes.checkHeap(FORMAT, source.name(), -1,
        headers.stream().mapToLong(NpyHeader::memory).sum());
    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    Map<String, StoredType> stored = new HashMap<>();
    for (Map.Entry<String, ZipMember> entry : members.entrySet()) {
      String name = entry.getKey();
      ZipMember member = entry.getValue();
      NpyHeader header = headers.get(tensors.size());
      member.verify(source);
      tensors.put(name,
          member.read(source, content -> Npy.tensor(name, header, content)));
      stored.put(name, header.stored());
    }
    return new Npz(source.name(), tensors, stored);
  }

  /**
   * Writes a file, wholly or not at all. The same tensors give the same bytes, whatever their order.
   *
   * @throws DataException if it cannot be written; what was there before is untouched
   * @throws KotangentException if what was written could not be read again
   */
  public static void write(Path file, List<NamedTensor> tensors) {
    NpzWriter writer = new NpzWriter(tensors);
    AtomicFile.write(FORMAT, file, writer::writeTo);
  }

  /** The bytes of a file with that content. */
  public static byte[] bytes(List<NamedTensor> tensors) {
    return new NpzWriter(tensors).bytes();
  }
}
