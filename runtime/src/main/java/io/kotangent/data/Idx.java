package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import io.kotangent.type.Argument;
import io.kotangent.type.KotangentException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * An array in the IDX format of MNIST, plain or gzipped (told by its first bytes, not by its name): two zero bytes, a
 * type code, the rank, the sizes as big-endian 32-bit integers, then the elements row-major and big-endian. The file
 * must be exactly as long as its header says.
 */
public final class Idx {
  private static final String FORMAT = "IDX";
  private static final int MOST_DIMENSIONS = 32;

  /** The element types of the format. */
  public enum Type {
    /** Bytes of 0 to 255. */
    UBYTE(0x08, 1),
    /** Bytes of -128 to 127. */
    BYTE(0x09, 1),
    /** 16-bit integers. */
    SHORT(0x0b, 2),
    /** 32-bit integers. */
    INT(0x0c, 4),
    /** Single precision. */
    FLOAT(0x0d, 4),
    /** Double precision. */
    DOUBLE(0x0e, 8);

    private final int code;
    private final int bytes;

    Type(int code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }
  }

  private final String source;
  private final Type type;
  private final int[] sizes;
  private final ByteBuffer elements;
  private final int count;

  private Idx(String source, Type type, int[] sizes, ByteBuffer elements) {
    this.source = source;
    this.type = type;
    this.sizes = sizes;
    this.elements = elements;
    this.count = elements.remaining() / type.bytes;
  }

  /**
   * Reads a file.
   *
   * @throws DataException if it cannot be read or is malformed in any way
   */
  public static Idx read(Path file) {
    Argument.given(file, "the path of a file");
    String source = file.toString();
    return FileBytes.inHeap(FORMAT, source,
        () -> parse(FileBytes.content(FORMAT, file, target(source)), source));
  }

  /**
   * Takes apart the bytes of a file, gzipped or not; {@code source} is its name, for messages.
   *
   * @throws DataException if they are malformed in any way
   */
  public static Idx read(byte[] bytes, String source) {
    Argument.given(bytes, "the bytes of a file");
    Argument.given(source, "a name for messages");
    return FileBytes.inHeap(FORMAT, source,
        () -> parse(FileBytes.content(bytes, source, target(source)), source));
  }

  /** The content is as long as its header says; of a little more the error is said as of a plain file. */
  private static Gzip.Target target(String source) {
    return (start, length) -> {
      long announced = Header.read(start, length, source).fileLength();
      FileBytes.checkHeap(FORMAT, source, 4, announced);
      return Math.min(announced + (1 << 16), FileBytes.MOST);
    };
  }

  private static Idx parse(byte[] bytes, String source) {
    Header header = Header.read(bytes, bytes.length, source);
    int start = header.length();
    long expected = header.fileLength();
    if (bytes.length != expected) {
      throw new DataException(FORMAT, bytes.length < expected ? Kind.TRUNCATED : Kind.TRAILING,
          source,
          Math.min(expected, bytes.length),
          "the header announces " + Arrays.toString(header.sizes()) + " elements of "
              + header.type().bytes + " bytes, " + expected
              + " bytes with the header, but the content has " + bytes.length);
    }
    return new Idx(source, header.type(), header.sizes(),
        ByteBuffer.wrap(bytes, start, bytes.length - start).slice().order(ByteOrder.BIG_ENDIAN));
  }

  /** What stands before the elements. */
  private record Header(Type type, int[] sizes, String source) {
    static Header read(byte[] bytes, int there, String source) {
      if (there == 0) {
        throw new DataException(FORMAT, Kind.EMPTY, source, 0, "the file is empty");
      }
      if (there < 4) {
        throw new DataException(FORMAT, Kind.TRUNCATED, source, there,
            "the file ends within its first four bytes");
      }
      if (bytes[0] != 0 || bytes[1] != 0) {
        throw new DataException(FORMAT, Kind.HEADER, source, 0, "expected two zero bytes, got "
            + (bytes[0] & 0xff) + " and " + (bytes[1] & 0xff) + "; this is not an IDX file");
      }
      Type type = Idx.type(bytes[2] & 0xff, source);
      int rank = bytes[3] & 0xff;
      if (rank == 0 || rank > MOST_DIMENSIONS) {
        throw new DataException(FORMAT, Kind.HEADER, source, 3,
            "rank " + rank + ": expected 1 to " + MOST_DIMENSIONS);
      }
      if (there < 4 + 4 * rank) {
        throw new DataException(FORMAT, Kind.TRUNCATED, source, there,
            "the file ends within its " + rank + " sizes");
      }
      return new Header(type, Idx.sizes(bytes, rank, source), source);
    }

    int length() {
      return 4 + 4 * sizes.length;
    }

    long fileLength() {
      return length() + product(sizes, type, source);
    }
  }

  private static Type type(int code, String source) {
    for (Type type : Type.values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw new DataException(FORMAT, Kind.TYPE, source, 2,
        "unknown type code " + code + ": expected 8, 9, 11, 12, 13 or 14");
  }

  private static int[] sizes(byte[] bytes, int rank, String source) {
    ByteBuffer header = ByteBuffer.wrap(bytes);
    int[] sizes = new int[rank];
    for (int i = 0; i < rank; i++) {
      sizes[i] = header.getInt(4 + 4 * i);
      if (sizes[i] < 0) {
        throw new DataException(FORMAT, Kind.SIZE, source, 4 + 4L * i,
            "size " + Integer.toUnsignedString(sizes[i])
                + ": expected 0 to " + Integer.MAX_VALUE);
      }
    }
    return sizes;
  }

  private static long product(int[] sizes, Type type, String source) {
    try {
      long product = type.bytes;
      for (int size : sizes) {
        if (size == 0) {
          return 0;
        }
      }
      for (int size : sizes) {
        product = Math.multiplyExact(product, size);
      }
      return Math.addExact(product, 1024) - 1024;
    } catch (ArithmeticException e) {
      throw new DataException(FORMAT, Kind.SIZE, source, 4,
          "the sizes " + Arrays.toString(sizes) + " overflow");
    }
  }

  /** The type of the elements. */
  public Type type() {
    return type;
  }

  /** The sizes, outermost first. */
  public int[] sizes() {
    return sizes.clone();
  }

  /** How many elements there are. */
  public int count() {
    return count;
  }

  /**
   * Element {@code index} in row-major order; unsigned bytes are 0 to 255.
   *
   * @throws KotangentException if there is none of that index
   */
  public double element(int index) {
    if (index < 0 || index >= count) {
      throw new KotangentException(
          "element " + index + " of " + source + ": expected one of " + count + ", from 0");
    }
    return switch (type) {
      case UBYTE -> elements.get(index) & 0xff;
      case BYTE -> elements.get(index);
      case SHORT -> elements.getShort(2 * index);
      case INT -> elements.getInt(4 * index);
      case FLOAT -> elements.getFloat(4 * index);
      case DOUBLE -> elements.getDouble(8 * index);
    };
  }

  /** All elements, each times {@code scale} (1.0 / 255 makes gray values of 0 to 1), computed in f64, then rounded. */
  public float[] floats(double scale) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = (float) (element(i) * scale);
    }
    return floats;
  }

  /**
   * The elements as labels.
   *
   * @throws DataException if this has not one dimension, or a label is not an integer from 0 to {@code classes - 1}
   */
  public int[] labels(int classes) {
    if (sizes.length != 1) {
      throw new DataException(FORMAT, Kind.MISMATCH, source, 3,
          "expected labels, one dimension, got "
              + Arrays.toString(sizes) + "; were images given for labels?");
    }
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      double element = element(i);
      if (!(element >= 0 && element < classes) || element != Math.rint(element)) {
        throw new DataException(FORMAT, Kind.VALUE, source, 8 + (long) i * type.bytes,
            "label " + i + " is " + element + ": expected an integer from 0 to " + (classes - 1));
      }
      labels[i] = (int) element;
    }
    return labels;
  }

  /**
   * A data set of images and their labels. Its columns are "image", {@code f32}, gray values divided by 255, and
   * "label", {@code i32}, 0 to {@code classes - 1}.
   *
   * @throws DataException if a file is malformed, is of the other sort, or their counts differ
   */
  public static Dataset images(Path images, Path labels, int classes) {
    Idx pictures = read(images);
    if (pictures.sizes.length != 3 || pictures.type != Type.UBYTE) {
      throw new DataException(FORMAT, Kind.MISMATCH, images.toString(), 2,
          "expected images, three dimensions of UBYTE, got " + Arrays.toString(pictures.sizes)
              + " of " + pictures.type
              + (pictures.sizes.length == 1 ? "; were labels given for images?" : ""));
    }
    int[] numbers = read(labels).labels(classes);
    if (numbers.length != pictures.sizes[0]) {
      throw new DataException(FORMAT, Kind.MISMATCH, labels.toString(), 4,
          numbers.length + " labels for the " + pictures.sizes[0] + " images of " + images);
    }
    if (numbers.length == 0 || pictures.count == 0) {
      throw new DataException(FORMAT, Kind.EMPTY, images.toString(), 4,
          "no images: the sizes are " + Arrays.toString(pictures.sizes));
    }
    return Dataset.of(numbers.length).with("image", pictures.floats(1.0 / 255)).with("label",
        numbers);
  }
}
