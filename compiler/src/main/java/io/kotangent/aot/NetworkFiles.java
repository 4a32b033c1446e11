package io.kotangent.aot;

import io.kotangent.aot.BuildResult.Made;
import io.kotangent.type.KotangentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The two folders that a build of networks writes into, which may hold files of others.
///
/// @param classes for classes and weights
/// @param source for the source of each network's own class, if it is wanted
record NetworkFiles(Path classes, Optional<Path> source) {

  /// A network's files before they are written, by their paths in the folders.
  record Content(SortedMap<String, byte[]> classes, SortedMap<String, byte[]> sources) {
    Made made(String network, String inputs) {
      return new Made(network, inputs, digests(classes), digests(sources));
    }

    private static SortedMap<String, String> digests(Map<String, byte[]> files) {
      SortedMap<String, String> digests = new TreeMap<>();
      files.forEach((path, bytes) -> digests.put(path, Contents.digest(bytes)));
      return digests;
    }
  }

  Content content(Aot aot) {
    SortedMap<String, byte[]> sources = new TreeMap<>();
    if (source.isPresent()) {
      String facade = aot.className().replace('.', '/') + ".java";
      sources.put(facade, aot.source().get(facade));
    }
    return new Content(new TreeMap<>(aot.files()), sources);
  }

  /// Whether all files of a network are as they were written.
  boolean hold(Made made) throws IOException {
    return hold(classes, made.classes())
        && (source.isPresent() ? hold(source.get(), made.sources()) : made.sources().isEmpty());
  }

  private static boolean hold(Path folder, Map<String, String> digests) throws IOException {
    for (Map.Entry<String, String> file : digests.entrySet()) {
      if (!isOf(folder.resolve(file.getKey()), file.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOf(Path file, String digest) throws IOException {
    return Files.isRegularFile(file) && Contents.fileDigest(file).equals(digest);
  }

  /// Refuses to write over files that no build of networks wrote.
  void checkFree(Made made, BuildResult before) throws IOException {
    checkFree(classes, made.classes(), before.classes());
    if (source.isPresent()) {
      checkFree(source.get(), made.sources(), before.sources());
    }
  }

  private static void checkFree(Path folder, Map<String, String> files, Set<String> own)
      throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path place = folder.resolve(file.getKey());
      if (!own.contains(file.getKey()) && Files.exists(place) && !isOf(place, file.getValue())) {
        throw new KotangentException("the network would overwrite " + place
            + ", which the last build of networks did not write: give the network another name, "
            + "or delete the file (mvn clean)");
      }
    }
  }

  /// Writes all, or nothing.
  void write(Content content) {
    Map<Path, byte[]> files = new TreeMap<>();
    content.classes.forEach((path, bytes) -> files.put(classes.resolve(path), bytes));
    source.ifPresent(folder -> content.sources
        .forEach((path, bytes) -> files.put(folder.resolve(path), bytes)));
    Output.writeFiles(files);
  }

  /// Deletes what the last build wrote and this one did not, and folders that are empty then.
  void deleteOthers(BuildResult before, BuildResult now) throws IOException {
    delete(classes, before.classes(), now.classes());
    if (source.isPresent()) {
      delete(source.get(), before.sources(), now.sources());
    }
  }

  private static void delete(Path folder, Set<String> before, Set<String> now)
      throws IOException {
    for (String path : before) {
      Path file = folder.resolve(path);
      if (!now.contains(path) && Files.exists(file) && !isAmong(now, file, folder)) {
        Files.delete(file);
        deleteEmpty(folder, file.getParent());
      }
    }
  }

  /// Where capital letters are as good as small ones, a network that was only called by others has the same files.
  private static boolean isAmong(Set<String> paths, Path file, Path folder) throws IOException {
    for (String path : paths) {
      Path other = folder.resolve(path);
      if (other.toString().equalsIgnoreCase(file.toString()) && Files.isSameFile(other, file)) {
        return true;
      }
    }
    return false;
  }

  private static void deleteEmpty(Path root, @Nullable Path folder) throws IOException {
    if (folder == null || folder.equals(root) || !Files.isDirectory(folder)) {
      return;
    }
    try (var inside = Files.list(folder)) {
      if (inside.findAny().isPresent()) {
        return;
      }
    }
    Files.delete(folder);
    deleteEmpty(root, folder.getParent());
  }
}
