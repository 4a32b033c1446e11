package io.kotangent.cli;

import io.kotangent.aot.Provenance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Reads the files of a network from its jar or folder: those that have its name.
final class NetworkFiles {
  /// Of one file; weights have at most as many bytes as an array.
  private static final int LARGEST = Integer.MAX_VALUE - 1024;
  private static final int MOST_FILES = 100_000;

  /// Where files come from.
  private interface Content {
    List<String> paths() throws IOException;

    byte[] read(String path) throws IOException;
  }

  private NetworkFiles() {
  }

  static Subject.OfNetwork read(Path file, Optional<String> className) {
    try {
      if (Files.isDirectory(file)) {
        return read(file, className, new FolderContent(file));
      }
      try (ZipFile zip = new ZipFile(file.toFile())) {
        return read(file, className, new ZipContent(zip));
      }
    } catch (IOException | IllegalArgumentException e) { // the latter of names that are none
      throw BadInput.in(file, "the network cannot be read: " + e.getMessage());
    }
  }

  private static Subject.OfNetwork read(Path file, Optional<String> className, Content content)
      throws IOException {
    List<String> paths = content.paths();
    String path = provenance(file, className, paths);
    String name = path.substring(0, path.length() - Provenance.SUFFIX.length());
    Provenance provenance = Provenance.read(content.read(path), file + ", " + path);
    if (!provenance.path().equals(path)) {
      throw BadInput.in(file, path + " is that of another network, " + provenance.className());
    }
    Map<String, byte[]> files = new TreeMap<>();
    for (String other : paths) {
      boolean own = other.startsWith(name + ".") || other.startsWith(name + "$")
          || other.startsWith(name + "_") || provenance.digests().containsKey(other);
      if (own) {
        files.put(other, content.read(other));
      }
    }
    return new Subject.OfNetwork(file, provenance, files);
  }

  private static String provenance(Path file, Optional<String> className, List<String> paths) {
    List<String> found = paths.stream().filter(path -> path.endsWith(Provenance.SUFFIX))
        .filter(path -> className.isEmpty()
            || path.equals(className.get().replace('.', '/') + Provenance.SUFFIX))
        .sorted().toList();
    if (found.isEmpty()) {
      throw BadInput.in(file, "there is no network" + className.map(n -> " " + n).orElse("")
          + " in it: expected a file NAME" + Provenance.SUFFIX
          + ", as Aot and kotangent compile write it");
    }
    if (found.size() > 1) {
      throw BadInput.in(file, "there are several networks, " + found
          + ": say which by --class NAME");
    }
    return found.getFirst();
  }

  /// The entries of a jar.
  private record ZipContent(ZipFile zip) implements Content {
    @Override
    public List<String> paths() throws IOException {
      if (zip.size() > MOST_FILES) {
        throw new IOException(zip.size() + " entries, expected at most " + MOST_FILES);
      }
      Enumeration<? extends ZipEntry> entries = zip.entries();
      Stream.Builder<String> paths = Stream.builder();
      while (entries.hasMoreElements()) {
        paths.add(entries.nextElement().getName());
      }
      return paths.build().toList();
    }

    @Override
    public byte[] read(String path) throws IOException {
      ZipEntry entry = zip.getEntry(path);
      try (InputStream in = zip.getInputStream(entry)) {
        byte[] bytes = in.readNBytes(LARGEST);
        if (in.read() >= 0) {
          throw new IOException(path + " is larger than " + LARGEST + " bytes");
        }
        return bytes;
      }
    }
  }

  /// The files below a folder.
  private record FolderContent(Path folder) implements Content {
    @Override
    public List<String> paths() throws IOException {
      try (Stream<Path> all = Files.walk(folder)) {
        List<String> paths = all.limit(MOST_FILES + 1).filter(Files::isRegularFile)
            .map(path -> folder.relativize(path).toString().replace('\\', '/')).toList();
        if (paths.size() > MOST_FILES) {
          throw new IOException("more than " + MOST_FILES + " files");
        }
        return paths;
      }
    }

    @Override
    public byte[] read(String path) throws IOException {
      return Files.readAllBytes(folder.resolve(path));
    }
  }
}
