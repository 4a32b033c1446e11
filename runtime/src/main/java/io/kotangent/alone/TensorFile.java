package io.kotangent.alone;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** A safetensors file in memory: eight bytes with the length of a JSON header, the header, the elements. */
final class TensorFile {
  private static final String[] NONE = {};
  private static final String[] KEYS = {"dtype", "shape", "data_offsets"};
  /** Java's own streams copy a larger piece through memory of its length. */
  private static final int PIECE = 1 << 16;

  private final ByteBuffer bytes;
  private final String source;
  private final Map<String, String[]> tensors = new HashMap<>();
  private int at = Long.BYTES;
  private int end;

  private TensorFile(byte[] content, String source) throws IOException {
    this.bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    this.source = source;
    long length = content.length < at ? -1 : bytes.getLong(0);
    if (length < 2 || length > content.length - at) {
      throw wrong("it is no safetensors file, or cut off");
    }
    end = at + (int) length;
    try {
      header(content.length - end);
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw malformed();
    }
  }

  static TensorFile read(Path file) throws IOException {
    return new TensorFile(Files.readAllBytes(file), file.toString());
  }

  static TensorFile of(byte[] content) throws IOException {
    return new TensorFile(content, "the weights");
  }

  /** A resource beside a class, whose length and CRC-32C are known. */
  static TensorFile resource(Class<?> owner, String name, int length, int crc)
      throws IOException {
    try (InputStream in = owner.getResourceAsStream(name)) {
      byte[] content = new byte[length];
      int read = in == null ? 0 : 1;
      for (int n = 0; n < length && read > 0; n += read) {
        read = in.readNBytes(content, n, Math.min(PIECE, length - n));
      }
      CRC32C sum = new CRC32C();
      sum.update(content);
      if (in == null || (int) sum.getValue() != crc || in.read() >= 0) {
        throw new IOException("the weights " + name + " beside " + owner.getName()
            + (in == null ? " are missing" : " are damaged: their checksum is another")
            + "; compile the network again");
      }
      return new TensorFile(content, name);
    }
  }

  private IOException wrong(String what) {
    return new IOException(source + ": " + what);
  }

  // ---- reading

  private void header(int available) throws IOException {
    Map<Long, Long> parts = new TreeMap<>();
    expect("{");
    if (bytes.get(at) != '}') {
      do {
        String name = text();
        expect(":{");
        if (name.equals("__metadata__")) {
          metadata();
        } else {
          tensor(name, parts);
        }
      } while (accept(','));
    }
    expect("}");
    long covered = 0;
    for (Map.Entry<Long, Long> part : parts.entrySet()) {
      covered = part.getKey() == covered ? part.getValue() : -1;
    }
    if (at != end || covered != available) {
      throw wrong("its header does not say what is in its " + available + " bytes");
    }
  }

  private boolean accept(char c) throws IOException {
    boolean found = bytes.get(at) == c;
    if (found) {
      expect(String.valueOf(c));
    }
    return found;
  }

  private void metadata() throws IOException {
    if (bytes.get(at) == '"') {
      do {
        text();
        expect(":");
        text();
        expect("");
      } while (accept(','));
    }
    expect("}");
  }

  /** Its element type, shape and place. */
  private void tensor(String name, Map<Long, Long> parts) throws IOException {
    String[] words = new String[KEYS.length];
    for (int i = 0; i < KEYS.length; i++) {
      expect(i == 0 ? "" : ",");
      int key = Arrays.asList(KEYS).indexOf(text());
      expect(":");
      if (key < 0 || words[key] != null) {
        throw malformed();
      }
      words[key] = key == 0 ? text() : until('[', ']');
    }
    expect("}");
    String[] offsets = words[2].split(",", -1);
    long from = Long.parseLong(offsets[0]);
    long to = Long.parseLong(offsets[1]);
    if (from < 0 || to < from || to > from && parts.putIfAbsent(from, to) != null) {
      throw wrong("tensors of it overlap");
    }
    if (tensors.putIfAbsent(name, new String[] {words[0], words[1], offsets[0], offsets[1]})
        != null) {
      throw wrong("it has two tensors " + name);
    }
  }

  /** What is between a quote or bracket and the one that ends it, as it is written, but without spaces in a list. */
  private String until(char first, char last) throws IOException {
    if (bytes.get(at) != first) {
      throw malformed();
    }
    int from = ++at;
    while (bytes.get(at) != last) {
      at += bytes.get(at) == '\\' ? 2 : 1;
    }
    String found = new String(bytes.array(), from, at++ - from, StandardCharsets.UTF_8);
    return last == ']' ? found.replace(" ", "") : found;
  }

  private String text() throws IOException {
    return until('"', '"');
  }

  /** Spaces between the words are passed over. */
  private void expect(String words) throws IOException {
    for (int i = 0; i < words.length(); i++) {
      while (bytes.get(at) == ' ') {
        at++;
      }
      if (bytes.get(at++) != words.charAt(i)) {
        throw malformed();
      }
    }
    while (at < end && bytes.get(at) == ' ') {
      at++;
    }
  }

  private IOException malformed() {
    return wrong("its header is malformed at byte " + at);
  }

  boolean has(String name) {
    return tensors.containsKey(quoted(name));
  }

  /** Copies the elements of a tensor to their place. */
  void read(Layout.Place place, Object to) throws IOException {
    String[] found = tensors.getOrDefault(quoted(place.name), NONE);
    if (found.length == 0) {
      throw wrong("it lacks " + place.describe());
    }
    int from = Integer.parseInt(found[2]);
    if (!found[0].equals(Elements.name(place.type)) || !found[1].equals(place.shape)
        || Integer.parseInt(found[3]) - from != place.length * Elements.bytes(place.type)) {
      throw wrong("expected " + place.describe() + ", got " + found[0] + " of shape [" + found[1]
          + "]");
    }
    Elements.read(bytes.position(end + from), to, place.offset, place.length);
  }

  // ---- writing

  static void write(Path file, State state) throws IOException {
    writeWhole(file.toAbsolutePath(), ByteBuffer.wrap(bytes(state)));
  }

  static byte[] bytes(State state) {
    StringBuilder header = new StringBuilder("{");
    long length = 0;
    for (Layout.Place place : state.layout.places) {
      long next = length + (long) place.length * Elements.bytes(place.type);
      header.append(header.length() == 1 ? "" : ",").append('"').append(quoted(place.name))
          .append("\":{\"dtype\":\"").append(Elements.name(place.type)).append("\",\"shape\":[")
          .append(place.shape).append("],\"data_offsets\":[").append(length).append(',')
          .append(next).append("]}");
      length = next;
    }
    header.append('}');
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    int padding = -text.length & 7;
    int size = Math.toIntExact(Long.BYTES + text.length + padding + length);
    ByteBuffer all = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    all.putLong(text.length + padding).put(text).put(" ".repeat(padding).getBytes(
        StandardCharsets.US_ASCII));
    for (Layout.Place place : state.layout.places) {
      Elements.write(all, state.groups[place.group], place.offset, place.length);
    }
    return all.array();
  }

  private static String quoted(String name) {
    return name.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** Into a file beside it, forced to the disk, then renamed: whenever the process is killed, the old or the new one is there. */
  private static void writeWhole(Path file, ByteBuffer all) throws IOException {
    Path beside = file.resolveSibling("." + file.getFileName() + ".tmp");
    try {
      try (FileChannel out = FileChannel.open(beside, StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
        while (all.hasRemaining()) {
          out.write(all);
        }
        out.force(true);
      }
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(beside);
      throw e;
    }
  }
}
