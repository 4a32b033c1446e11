package io.kotangent.maven;

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
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** The SHA-256 of texts, files and folders. */
final class Digest {
  private final MessageDigest sha256 = sha256();

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  void add(String text) {
    sha256.update((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Adds all in a folder, or in a jar, whenever it was packed.
   *
   * @param without paths in the folder that do not count
   */
  void add(Path place, Set<String> without) throws IOException {
    if (!Files.isDirectory(place)) {
      add(Files.exists(place) ? ofJar(place) : "missing");
      return;
    }
    List<Path> files;
    try (var all = Files.walk(place)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      String name = place.relativize(file).toString().replace('\\', '/');
      if (!without.contains(name)) {
        add(of(file) + " " + name);
      }
    }
  }

  /** Of all that was added. */
  String text() {
    return hex(sha256.digest());
  }

  static String of(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      return of(content);
    }
  }

  private static String ofJar(Path jar) throws IOException {
    Digest all = new Digest();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : zip.stream().filter(one -> !one.isDirectory())
          .sorted(Comparator.comparing(ZipEntry::getName)).toList()) {
        try (InputStream content = zip.getInputStream(entry)) {
          all.add(of(content) + " " + entry.getName());
        }
      }
    } catch (ZipException e) {
      return of(jar); // Java takes nothing from it
    }
    return all.text();
  }

  private static String of(InputStream content) throws IOException {
    DigestInputStream through = new DigestInputStream(content, sha256());
    through.transferTo(OutputStream.nullOutputStream());
    return hex(through.getMessageDigest().digest());
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
