package io.kotangent.data;

import io.kotangent.type.KotangentException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * One array in the npy format of numpy: a magic number, a version, a header in the notation of Python, the elements.
 * Reads versions 1.0, 2.0 and 3.0, elements of either byte order, in row-major or Fortran order (which become
 * row-major), of the types {@code bool}, {@code int8} to {@code int64}, {@code uint8} to {@code uint32},
 * {@code float16}, {@code float32} and {@code float64}, read as {@link StoredType} says; rank up to 32. All else is
 * refused, and what to do instead is said; nothing is evaluated or unpickled. The file must be exactly as long as its
 * header says; nothing is allocated for elements that are not there. Writes version 1.0, little-endian and row-major,
 * the bytes that numpy writes; wholly or not at all, as {@link SafeTensors} does.
 */
public final class Npy {
  static final String FORMAT = "npy";
  static final String SUFFIX = ".npy";

  private Npy() {
  }

  /**
   * Reads a file; the tensor is named by the file, without {@code .npy}.
   *
   * @throws DataException if it cannot be read or is malformed in any way
   */
  public static NamedTensor read(Path file) {
    return TensorSource.read(FORMAT, file, source -> tensor(fileName(source.name()), source));
  }

  /**
   * Takes apart the bytes of a file; {@code source} is its name, for messages and that of the tensor.
   *
   * @throws DataException if they are malformed in any way
   */
  public static NamedTensor read(byte[] bytes, String source) {
    return TensorSource.read(FORMAT, bytes, source, all -> tensor(fileName(source), all));
  }

  /**
   * How a file stores its elements; {@link StoredType#dtype} is what they are read as. Reads the header only.
   *
   * @throws DataException if it cannot be read or is malformed
   */
  public static StoredType stored(Path file) {
    return TensorSource.read(FORMAT, file, source -> NpyHeader.read(source).stored());
  }

  private static String fileName(String path) {
    String name = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    return withoutSuffix(name);
  }

  static String withoutSuffix(String name) {
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }

  private static NamedTensor tensor(String name, TensorSource source) throws IOException {
    NpyHeader header = NpyHeader.read(source);
    FileBytes.checkHeap(FORMAT, source.name(), -1, header.memory());
    return tensor(name, header, source);
  }

  /** Reads the elements of a header that was checked. */
  static NamedTensor tensor(String name, NpyHeader header, TensorSource source)
      throws IOException {
    StoredType stored = header.stored();
    int count = header.count();
    Object values = header.type().dtype().newArray(count);
    TensorSource.Pieces pieces = (piece, at, some) -> stored.read(piece, values, at, some);
    if (header.isFortran() && header.type().rank() > 1) {
      int most = Math.min(count, TensorSource.PIECE / stored.bytes());
      ColumnMajor order = new ColumnMajor(header.type(), most);
      Object next = header.type().dtype().newArray(most);
      pieces = (piece, at, some) -> {
        stored.read(piece, next, 0, some);
        order.put(next, some, values);
      };
    }
    source.elements(stored, header.order(), header.length(), count, pieces);
    return new NamedTensor(name, header.type(), values);
  }

  /**
   * Writes a file, wholly or not at all. The name of the tensor is not in it.
   *
   * @throws DataException if it cannot be written; what was there before is untouched
   * @throws KotangentException if what was written could not be read again
   */
  public static void write(Path file, NamedTensor tensor) {
    byte[] header = NpyHeader.bytes(tensor);
    AtomicFile.write(FORMAT, file, out -> writeTo(out, header, tensor));
  }

  static void writeTo(OutputStream out, byte[] header, NamedTensor tensor) throws IOException {
    out.write(header);
    TensorWriter.writeElements(tensor, out);
  }

  /** How long the file is. */
  static long length(byte[] header, NamedTensor tensor) {
    return header.length
        + NamedTensor.bytes(tensor.name(), tensor.type(), tensor.type().dtype().bytes());
  }

  /** The bytes of a file with that content. */
  public static byte[] bytes(NamedTensor tensor) {
    byte[] header = NpyHeader.bytes(tensor);
    return bytes(length(header, tensor), out -> writeTo(out, header, tensor));
  }

  /** So many bytes. */
  static byte[] bytes(long length, AtomicFile.Content content) {
    if (length > FileBytes.MOST) {
      throw new KotangentException(
          length + " bytes are more than an array holds; write them to a file");
    }
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream((int) length);
      content.writeTo(out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new AssertionError("an array refuses nothing", e);
    }
  }
}
