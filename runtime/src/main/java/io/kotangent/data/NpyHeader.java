package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What stands before the elements of an npy file, read and checked in full, also against the file's length.
 *
 * @param isFortran whether the first index changes fastest from element to element, instead of the last one
 * @param length where the elements begin
 */
record NpyHeader(TensorType type, StoredType stored, ByteOrder order, boolean isFortran,
    int length) {
  static final int MOST_DIMENSIONS = 32;
  private static final int LONGEST = 1 << 20;
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Set<String> FIELDS = Set.of("descr", "fortran_order", "shape");
  /** Header and elements begin at multiples of that. */
  private static final int ALIGNMENT = 64;
  /** The room that numpy leaves for the size of an axis to grow. */
  private static final int DIGITS = 21;

  int count() {
    return (int) NamedTensor.bytes("", type, 1);
  }

  /** How many bytes of memory the array takes. */
  long memory() {
    return NamedTensor.bytes("", type, type.dtype().bytes());
  }

  static NpyHeader read(TensorSource source) throws IOException {
    if (source.size() == 0) {
      throw wrong(source, Kind.EMPTY, 0, "it is empty: expected an npy array; save it again");
    }
    byte[] start = source.bytes(0, (int) Math.min(source.size(), 40));
    int begin = begin(source, start);
    ByteBuffer numbers = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    long length = begin == 10 ? numbers.getShort(8) & 0xffff : numbers.getInt(8) & 0xffff_ffffL;
    if (length > source.size() - begin) {
      throw wrong(source, Kind.TRUNCATED, 8, "the header is announced with " + length
          + " bytes, but " + (source.size() - begin) + " are there; save or copy it again");
    }
    if (length > LONGEST) {
      throw wrong(source, Kind.LIMIT, 8, "a header of " + length + " bytes: expected at most "
          + LONGEST + "; save a plain array of numbers");
    }
    byte[] text = source.bytes(begin, (int) length);
    NpyCursor cursor =
        new NpyCursor(new String(text, StandardCharsets.ISO_8859_1), source, begin);
    return header(cursor, begin + (int) length).checked(source);
  }

  /** Checks magic and version; returns where the text begins. */
  private static int begin(TensorSource source, byte[] start) {
    for (int i = 0; i < MAGIC.length && i < start.length; i++) {
      if (start[i] != MAGIC[i]) {
        throw wrong(source, Kind.HEADER, i, "expected an npy array, which begins with the bytes "
            + "93 'NUMPY'" + looksLike(start) + "; save it by numpy.save");
      }
    }
    if (start.length < 8 || start.length < (start[6] == 1 ? 10 : 12)) {
      throw wrong(source, Kind.TRUNCATED, start.length,
          "it ends within what stands before the header; save or copy it again");
    }
    if (start[6] < 1 || start[6] > 3 || start[7] != 0) {
      throw wrong(source, Kind.HEADER, 6, "format version " + (start[6] & 0xff) + "."
          + (start[7] & 0xff) + ": expected 1.0, 2.0 or 3.0; save it again by numpy.save");
    }
    return start[6] == 1 ? 10 : 12;
  }

  private static String looksLike(byte[] start) {
    if (FileBytes.startsWith(start, new byte[] {'P', 'K'})) {
      return "; this is a zip file, read several arrays by Npz";
    }
    if (Gzip.isGzip(start)) {
      return "; this is a gzip file, unpack it (gunzip)";
    }
    return start[0] == (byte) 0x80 ? "; this may be a pickle, which is never loaded"
        : FileBytes.looksLike(start);
  }

  private static DataException wrong(TensorSource source, Kind kind, long offset, String detail) {
    return new DataException(source.format(), kind, source.name(), offset, detail);
  }

  private static NpyHeader header(NpyCursor cursor, int length) {
    String element = "";
    boolean isFortran = false;
    List<Long> sizes = List.of();
    Set<String> seen = new HashSet<>();
    cursor.expect('{', "at the start");
    while (!cursor.accept('}')) {
      String field = cursor.string("a key");
      if (!FIELDS.contains(field) || !seen.add(field)) {
        throw cursor.wrong(Kind.HEADER, "the header has the key '" + field
            + (seen.contains(field) ? "' twice" : "'")
            + ": expected descr, fortran_order and shape, once each; save it again");
      }
      cursor.expect(':', "after a key");
      switch (field) {
        case "descr" -> element = element(cursor);
        case "shape" -> sizes = cursor.sizes(MOST_DIMENSIONS);
        default -> isFortran = cursor.truth(field);
      }
      if (!cursor.accept(',')) {
        cursor.expect('}', "or ',' after a value");
        break;
      }
    }
    cursor.expectEnd();
    if (seen.size() != FIELDS.size()) {
      throw cursor.wrong(Kind.HEADER, "the header has only " + seen.stream().sorted().toList()
          + ": expected descr, fortran_order and shape; save it again");
    }
    return new NpyHeader(type(cursor, element, sizes), stored(cursor, element),
        NpyType.order(element), isFortran, length);
  }

  private static String element(NpyCursor cursor) {
    if (cursor.peek() == '[' || cursor.peek() == '(') {
      throw cursor.wrong(Kind.TYPE, "the elements are records: expected numbers; "
          + "save each field as an array, array['field']");
    }
    return cursor.string("the element type");
  }

  private static StoredType stored(NpyCursor cursor, String element) {
    return NpyType.stored(element).orElseThrow(() -> cursor.wrong(Kind.TYPE,
        "the element type '" + element + "': " + NpyType.advice(element)));
  }

  private static TensorType type(NpyCursor cursor, String element, List<Long> sizes) {
    StoredType stored = stored(cursor, element);
    for (long size : sizes) {
      if (size > Integer.MAX_VALUE) {
        throw cursor.wrong(Kind.SIZE, "a size of " + size + ": expected 0 to "
            + Integer.MAX_VALUE + "; save smaller arrays");
      }
    }
    TensorType type =
        new TensorType(stored.dtype(), new Shape(sizes.stream().map(Dim::of).toList()));
    try {
      NamedTensor.bytes("", type, stored.bytes());
      if (NamedTensor.bytes("", type, 1) > Dim.LARGEST) {
        throw cursor.wrong(Kind.LIMIT, type + " has more than " + Dim.LARGEST
            + " elements; save smaller arrays");
      }
    } catch (DataException e) {
      throw e;
    } catch (KotangentException e) {
      throw cursor.wrong(Kind.SIZE, "the sizes " + sizes + " overflow; save it again");
    }
    return type;
  }

  private NpyHeader checked(TensorSource source) {
    long elements = NamedTensor.bytes("", type, stored.bytes());
    long more = source.size() - length - elements;
    if (more != 0) {
      throw wrong(source, more < 0 ? Kind.TRUNCATED : Kind.TRAILING,
          more < 0 ? source.size() : length + elements,
          "the header announces " + this + ", " + elements + " bytes, but "
              + (source.size() - length) + " follow it; " + (more < 0
                  ? "it was cut short, save or copy it again"
                  : "save one array to a file, or several by numpy.savez"));
    }
    return this;
  }

  /** The bytes before the elements of a tensor as they are written, those that numpy writes. */
  static byte[] bytes(NamedTensor tensor) {
    TensorType type = tensor.type();
    if (type.rank() > MOST_DIMENSIONS) {
      throw new KotangentException("tensor '" + tensor.name() + "' has " + type.rank()
          + " axes and cannot be written: expected at most " + MOST_DIMENSIONS);
    }
    List<String> sizes = type.shape().dims().stream().map(Dim::toString).toList();
    String shape =
        sizes.stream().collect(Collectors.joining(", ", "(", type.rank() == 1 ? ",)" : ")"));
    String text = "{'descr': '" + NpyType.text(StoredType.of(type.dtype()))
        + "', 'fortran_order': False, 'shape': " + shape + ", }"
        + (sizes.isEmpty() ? "" : " ".repeat(DIGITS - sizes.get(0).length()));
    int length = text.length() + 1;
    int padded = length + ALIGNMENT - (10 + length) % ALIGNMENT;
    return ByteBuffer.allocate(10 + padded).order(ByteOrder.LITTLE_ENDIAN).put(MAGIC)
        .put((byte) 1).put((byte) 0).putShort((short) padded)
        .put((text + " ".repeat(padded - length) + "\n").getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  @Override
  public String toString() {
    return type + (stored.isConverted() ? " stored as " + stored : "");
  }
}
