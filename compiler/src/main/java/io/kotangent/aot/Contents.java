package io.kotangent.aot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/// The files in a folder of classes or in a jar, and digests of them.
final class Contents {
  /// Takes a file with its name, as jars have it.
  interface Visitor {
    void visit(String name, InputStream content) throws IOException;
  }

  private Contents() {
  }

  /// Visits all files, by their names.
  static void visit(Path place, Visitor visitor) throws IOException {
    if (Files.isDirectory(place)) {
      visitFolder(place, visitor);
    } else {
      visitJar(place, visitor);
    }
  }

  private static void visitFolder(Path folder, Visitor visitor) throws IOException {
    List<Path> files;
    try (var all = Files.walk(folder)) {
      files =
          all.filter(Files::isRegularFile).sorted(Comparator.comparing(Path::toString)).toList();
    }
    for (Path file : files) {
      try (InputStream content = Files.newInputStream(file)) {
        visitor.visit(folder.relativize(file).toString().replace('\\', '/'), content);
      }
    }
  }

  private static void visitJar(Path jar, Visitor visitor) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      List<? extends ZipEntry> entries = zip.stream().filter(entry -> !entry.isDirectory())
          .sorted(Comparator.comparing(ZipEntry::getName)).toList();
      for (ZipEntry entry : entries) {
        try (InputStream content = zip.getInputStream(entry)) {
          visitor.visit(entry.getName(), content);
        }
      }
    }
  }

  /// Of the names and contents of what is in a folder or a jar, whenever that was packed.
  static String digest(Path place) throws IOException {
    MessageDigest all = sha256();
    try {
      visit(place, (name, content) -> add(all, digest(content) + " " + name));
    } catch (ZipException e) {
      add(all, fileDigest(place)); // Java takes nothing from it
    }
    return text(all);
  }

  static String fileDigest(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      return digest(content);
    }
  }

  static String digest(InputStream content) throws IOException {
    DigestInputStream through = new DigestInputStream(content, sha256());
    through.transferTo(OutputStream.nullOutputStream());
    return text(through.getMessageDigest());
  }

  static String digest(byte[] content) {
    return HexFormat.of().formatHex(sha256().digest(content));
  }

  /// Of lines.
  static String digest(List<String> lines) {
    MessageDigest all = sha256();
    lines.forEach(line -> add(all, line));
    return text(all);
  }

  private static void add(MessageDigest all, String line) {
    all.update(line.getBytes(StandardCharsets.UTF_8));
    all.update((byte) '\n');
  }

  private static String text(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
