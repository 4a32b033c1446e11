package io.kotangent.data;

import io.kotangent.type.KotangentException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The bytes of an npz file: npy files, stored, by name, of the first moment that a zip file knows. */
final class NpzWriter {
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);
  private static final int LONGEST_NAME = 60_000;

  private record Member(String name, byte[] header, NamedTensor tensor) {
    long length() {
      return Npy.length(header, tensor);
    }
  }

  private final List<Member> members = new ArrayList<>();

  NpzWriter(List<NamedTensor> tensors) {
    if (tensors.size() > TensorHeader.MOST_ENTRIES) {
      throw new KotangentException(tensors.size() + " tensors cannot be written: expected at most "
          + TensorHeader.MOST_ENTRIES);
    }
    Map<String, NamedTensor> sorted = new TreeMap<>();
    for (NamedTensor tensor : tensors) {
      String name = tensor.name();
      if (sorted.put(name, tensor) != null || !TensorHeader.isPlain(name)
          || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
        throw new KotangentException("tensor '" + name + "' cannot be written: expected names that "
            + "differ, of Unicode without control characters, and at most " + LONGEST_NAME
            + " bytes");
      }
    }
    sorted.forEach((name, tensor) -> members
        .add(new Member(name + Npy.SUFFIX, NpyHeader.bytes(tensor), tensor)));
  }

  void writeTo(OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
    zip.setMethod(ZipOutputStream.STORED);
    for (Member member : members) {
      CheckedOutputStream sum =
          new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
      Npy.writeTo(sum, member.header, member.tensor);
      ZipEntry entry = new ZipEntry(member.name);
      entry.setTimeLocal(TIME);
      entry.setSize(member.length());
      entry.setCompressedSize(member.length());
      entry.setCrc(sum.getChecksum().getValue());
      zip.putNextEntry(entry);
      Npy.writeTo(zip, member.header, member.tensor);
      zip.closeEntry();
    }
    zip.finish();
    zip.flush();
  }

  /** All bytes. */
  byte[] bytes() {
    long length = END;
    for (Member member : members) {
      length += member.length() + OVERHEAD
          + 2L * member.name.getBytes(StandardCharsets.UTF_8).length;
    }
    return Npy.bytes(length, this::writeTo);
  }

  /** What a zip file adds: for a member, and at its end; zip64 only where it has more than 65 534 members. */
  private static final int OVERHEAD = 30 + 46;
  private static final int END = 22 + 20 + 56;
}
