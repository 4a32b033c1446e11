package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The header of a safetensors file, read and checked in full.
 *
 * @param dataStart where the elements begin in the file
 * @param entries the tensors in the order of their elements
 */
record TensorHeader(Map<String, String> metadata, List<Entry> entries, long dataStart) {
  static final int LONGEST = 100_000_000;
  static final int MOST_ENTRIES = 100_000;
  static final int MOST_DIMENSIONS = 32;
  static final int MOST_ELEMENTS = Integer.MAX_VALUE - 2;
  static final String METADATA = "__metadata__";

  /** A tensor, as it is read; its bytes are from {@code begin} to {@code end} after the start of the data. */
  record Entry(String name, TensorType type, StoredType stored, long begin, long end) {
    int count() {
      return (int) ((end - begin) / stored.bytes());
    }

    @Override
    public String toString() {
      return name + ": " + type + (stored.isConverted() ? " stored as " + stored : "");
    }
  }

  /** Whether a tensor may be called so. */
  static boolean isName(String name) {
    return !name.equals(METADATA) && isPlain(name);
  }

  /** Whether that is text without control characters. */
  static boolean isPlain(String text) {
    return text.chars().noneMatch(Character::isISOControl) && isUnicode(text);
  }

  /** Whether there is no half of a surrogate pair, which UTF-8 cannot say. */
  static boolean isUnicode(String text) {
    return text.codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  /** How many bytes of memory the tensors take. */
  long memory() {
    return entries.stream().mapToLong(e -> (long) e.count() * e.type().dtype().bytes()).sum();
  }

  static TensorHeader read(TensorSource source) throws IOException {
    if (source.size() == 0) {
      throw wrong(source, Kind.EMPTY, 0, "the file is empty");
    }
    byte[] start = source.bytes(0, (int) Math.min(source.size(), 40));
    if (start.length < 8) {
      throw wrong(source, Kind.TRUNCATED, start.length,
          "the file ends within its first eight bytes");
    }
    long length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > source.size() - 8) {
      throw wrong(source, Kind.TRUNCATED, 0,
          (startsLikeOne(start) ? "" : "this is no safetensors file: ")
              + "the header is announced with " + Long.toUnsignedString(length)
              + " bytes, but " + (source.size() - 8) + " are there" + looksLike(start));
    }
    if (length > LONGEST) {
      throw wrong(source, Kind.LIMIT, 0,
          "a header of " + length + " bytes: expected at most " + LONGEST);
    }
    if (length < 2) {
      throw wrong(source, Kind.HEADER, 0, "a header of " + length + " bytes: expected 2 or more");
    }
    if (start[8] != '{') {
      throw wrong(source, Kind.HEADER, 8,
          "this is no safetensors file: the header must begin with '{'" + looksLike(start));
    }
    byte[] text = source.bytes(8, (int) length);
    int bad = FileBytes.firstNotUtf8(text, 0, text.length);
    if (bad >= 0) {
      throw wrong(source, Kind.ENCODING, 8L + bad, "the header is not UTF-8");
    }
    return new Reading(new JsonCursor(text, source.name(), 8), source.size() - 8 - length)
        .header(8 + length);
  }

  private static DataException wrong(TensorSource source, Kind kind, long offset, String detail) {
    return new DataException(SafeTensors.FORMAT, kind, source.name(), offset, detail);
  }

  /** Whether there is the brace of a header where it should be: then the file may be cut. */
  private static boolean startsLikeOne(byte[] start) {
    return start.length > 8 && start[8] == '{';
  }

  private static String looksLike(byte[] start) {
    return FileBytes.startsWith(start, new byte[] {'P', 'K'})
        ? "; this is a zip file (a PyTorch checkpoint?), convert it to safetensors"
        : FileBytes.looksLike(start);
  }

  /** The reading of one header. */
  private static final class Reading {
    private final JsonCursor json;
    private final long available;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    Reading(JsonCursor json, long available) {
      this.json = json;
      this.available = available;
    }

    TensorHeader header(long dataStart) {
      json.expect('{', "at the start of the header");
      if (!json.accept('}')) {
        do {
          member();
        } while (json.accept(','));
        json.expect('}', "or ',' after an entry");
      }
      json.expectEnd();
      entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
      long next = 0;
      for (Entry entry : entries) {
        if (entry.begin != next) {
          throw json.wrong(Kind.SIZE, "tensor '" + entry.name + "' begins at byte " + entry.begin
              + " of the data, expected " + next + ": "
              + (entry.begin < next ? "it overlaps another" : "a hole"));
        }
        next = entry.end;
      }
      if (next != available) {
        throw json.wrong(Kind.TRAILING, (available - next) + " bytes after the last tensor");
      }
      return new TensorHeader(metadata, entries, dataStart);
    }

    private void member() {
      String name = json.string("a name");
      if (!names.add(name)) {
        throw json.wrong(Kind.HEADER, "'" + name + "' comes twice");
      }
      if (!name.equals(METADATA) && !isName(name)) {
        throw json.wrong(Kind.HEADER, "the name '" + name + "' contains a control character");
      }
      json.expect(':', "after a name");
      json.expect('{', "after '" + name + "':");
      if (name.equals(METADATA)) {
        metadata();
      } else {
        if (entries.size() >= MOST_ENTRIES) {
          throw json.wrong(Kind.LIMIT, "more than " + MOST_ENTRIES + " tensors");
        }
        entries.add(entry(name));
      }
    }

    private void metadata() {
      if (json.accept('}')) {
        return;
      }
      do {
        String key = json.string("a key");
        json.expect(':', "after a key");
        String value = json.string("the value of '" + key + "'");
        if (metadata.containsKey(key)) {
          throw json.wrong(Kind.HEADER, "the key '" + key + "' comes twice in __metadata__");
        }
        metadata.put(key, value);
      } while (json.accept(','));
      json.expect('}', "or ',' in __metadata__");
    }

    private Entry entry(String name) {
      String type = "";
      List<Dim> shape = List.of();
      long[] offsets = new long[0];
      Set<String> seen = new HashSet<>();
      do {
        String field = json.string("a field of '" + name + "'");
        json.expect(':', "after \"" + field + "\"");
        if (!seen.add(field)) {
          throw json.wrong(Kind.HEADER, "'" + field + "' comes twice in '" + name + "'");
        }
        switch (field) {
          case "dtype" -> type = json.string("the dtype of '" + name + "'");
          case "shape" -> shape = shape(name);
          case "data_offsets" -> offsets = offsets(name);
          default ->
              throw json.wrong(Kind.HEADER, "unknown field '" + field + "' of '" + name + "'");
        }
      } while (json.accept(','));
      json.expect('}', "or ',' in '" + name + "'");
      if (seen.size() != 3) {
        throw json.wrong(Kind.HEADER,
            "'" + name + "' has only " + seen + ": expected dtype, shape and data_offsets");
      }
      return checked(name, stored(type, name), shape, offsets);
    }

    private Entry checked(String name, StoredType stored, List<Dim> shape, long[] offsets) {
      TensorType type = new TensorType(stored.dtype(), new Shape(shape));
      long bytes;
      try {
        bytes = NamedTensor.bytes(name, type, stored.bytes());
      } catch (KotangentException e) {
        throw json.wrong(Kind.SIZE, e.getMessage());
      }
      if (offsets[1] < offsets[0] || offsets[1] > available) {
        throw json.wrong(offsets[1] < offsets[0] ? Kind.SIZE : Kind.TRUNCATED,
            "'" + name + "' is said to lie from byte "
                + offsets[0] + " to " + offsets[1] + " of the data, of which " + available
                + " bytes are there");
      }
      if (offsets[1] - offsets[0] != bytes) {
        throw json.wrong(Kind.SIZE,
            "'" + name + "' has " + (offsets[1] - offsets[0]) + " bytes, but " + stored + shape
                + " takes " + bytes);
      }
      if (bytes / stored.bytes() > MOST_ELEMENTS) {
        throw json.wrong(Kind.LIMIT, "'" + name + "' has more elements than an array holds");
      }
      return new Entry(name, type, stored, offsets[0], offsets[1]);
    }

    private StoredType stored(String text, String name) {
      for (StoredType type : StoredType.values()) {
        if (type.name().equals(text)) {
          return type;
        }
      }
      throw json.wrong(Kind.TYPE, "the dtype '" + text + "' of '" + name
          + "' is unknown or not supported: expected one of "
          + Arrays.toString(StoredType.values()) + "; convert the file");
    }

    private List<Dim> shape(String name) {
      List<Dim> shape = new ArrayList<>();
      json.expect('[', "after the shape of '" + name + "'");
      if (json.accept(']')) {
        return shape;
      }
      do {
        long size = json.integer("a size of '" + name + "'");
        if (size > Integer.MAX_VALUE) {
          throw json.wrong(Kind.SIZE, "a size of '" + name + "' is " + size + ": expected at most "
              + Integer.MAX_VALUE);
        }
        if (shape.size() >= MOST_DIMENSIONS) {
          throw json.wrong(Kind.LIMIT,
              "'" + name + "' has more than " + MOST_DIMENSIONS + " dimensions");
        }
        shape.add(Dim.of(size));
      } while (json.accept(','));
      json.expect(']', "or ',' in the shape of '" + name + "'");
      return shape;
    }

    private long[] offsets(String name) {
      json.expect('[', "after the data_offsets of '" + name + "'");
      long begin = json.integer("the begin of '" + name + "'");
      json.expect(',', "between the data_offsets of '" + name + "'");
      long end = json.integer("the end of '" + name + "'");
      json.expect(']', "after two data_offsets of '" + name + "'");
      return new long[] {begin, end};
    }
  }
}
