package io.kotangent.aot;

import io.kotangent.type.KotangentException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Writes files, wholly or not at all, and the same bytes each time.
final class Output {
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);
  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  private Output() {
  }

  static void write(Path path, Map<String, byte[]> files) {
    checkNamed(path);
    Path name = path.getFileName();
    if (name == null || !name.toString().toLowerCase(Locale.ROOT).endsWith(".jar")) {
      writeFolder(path, files);
      return;
    }
    try {
      writeAll(Map.of(path.toAbsolutePath(), jar(files)));
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /// An empty path is more likely a variable that was not set than the current folder.
  private static void checkNamed(Path path) {
    if (path.toString().isEmpty()) {
      throw new KotangentException(
          "an empty path: expected a jar or a folder to write to; the current folder is '.'");
    }
  }

  static void writeFolder(Path folder, Map<String, byte[]> files) {
    checkNamed(folder);
    Map<Path, byte[]> places = new LinkedHashMap<>();
    files.forEach((name, bytes) -> places.put(folder.toAbsolutePath().resolve(name), bytes));
    try {
      writeAll(places);
    } catch (IOException e) {
      throw failed(folder, e);
    }
  }

  /// Writes files in several folders.
  static void writeFiles(Map<Path, byte[]> files) {
    try {
      writeAll(files);
    } catch (IOException e) {
      throw new KotangentException(
          "the network cannot be written: " + e + "; nothing was changed", e);
    }
  }

  private static KotangentException failed(Path path, IOException e) {
    return new KotangentException("the network cannot be written to " + path + ": " + e
        + "; nothing was changed", e);
  }

  /// First all beside their places, then all renamed. What a symbolic link leads to is replaced, not the link.
  private static void writeAll(Map<Path, byte[]> given) throws IOException {
    Map<Path, byte[]> files = new LinkedHashMap<>();
    for (Map.Entry<Path, byte[]> file : given.entrySet()) {
      files.put(Files.isSymbolicLink(file.getKey()) ? file.getKey().toRealPath() : file.getKey(),
          file.getValue());
    }
    List<Path> begun = new ArrayList<>();
    try {
      for (Map.Entry<Path, byte[]> file : files.entrySet()) {
        Files.createDirectories(file.getKey().getParent());
        Path beside = beside(file.getKey());
        begun.add(beside);
        Files.write(beside, file.getValue());
      }
      for (Path file : files.keySet()) {
        if (Files.isDirectory(file)) {
          throw new IOException(file + " is a directory");
        }
      }
      for (Path file : files.keySet()) {
        Files.move(beside(file), file, StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.ATOMIC_MOVE);
      }
    } finally {
      for (Path beside : begun) {
        Files.deleteIfExists(beside);
      }
    }
  }

  private static Path beside(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".tmp");
  }

  /// Stored entries in the order of the map, without dates.
  static byte[] jar(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      entry(zip, MANIFEST, "Manifest-Version: 1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        entry(zip, file.getKey(), file.getValue());
      }
    }
    return bytes.toByteArray();
  }

  private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    entry.setTimeLocal(NO_TIME);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
