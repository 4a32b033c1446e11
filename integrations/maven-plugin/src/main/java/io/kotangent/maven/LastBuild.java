package io.kotangent.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code io.kotangent.aot.BuildNetworks} wrote when it last ran. This only decides whether it has to run again; a file that is not as it should be is
 * for it to refuse.
 *
 * @param stamp of the build; empty if something failed
 * @param classes digests of what it wrote, by paths in the folder of classes
 * @param sources the same in the folder of sources
 */
record LastBuild(String stamp, Map<String, String> classes, Map<String, String> sources) {
  private static final String FIRST = "kotangent-networks 1";
  private static final long LARGEST = 1 << 24;
  private static final Pattern FILE = Pattern.compile("(classes|source) ([0-9a-f]{64}) (.+)");
  private static final LastBuild NONE = new LastBuild("", Map.of(), Map.of());

  static LastBuild read(Path file) {
    List<String> lines;
    try {
      lines = Files.isRegularFile(file) && Files.size(file) <= LARGEST ? Files.readAllLines(file)
          : List.of();
    } catch (IOException e) {
      return NONE;
    }
    if (lines.size() < 2 || !lines.get(0).equals(FIRST)
        || !lines.get(lines.size() - 1).equals("end")) {
      return NONE;
    }
    LastBuild found = new LastBuild(
        lines.get(1).startsWith("stamp ") ? lines.get(1).substring("stamp ".length()) : "",
        new TreeMap<>(), new TreeMap<>());
    for (String line : lines) {
      Matcher of = FILE.matcher(line);
      if (of.matches()) {
        (of.group(1).equals("classes") ? found.classes : found.sources).put(of.group(3),
            of.group(2));
      }
    }
    return found;
  }

  /** The networks, by their classes. */
  static List<String> networks(Path file) throws IOException {
    List<String> networks = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("network ")) {
        networks.add(line.substring("network ".length()));
      }
    }
    return networks;
  }

  /** Whether files are as they were written. */
  static boolean hold(Path folder, Map<String, String> digests) throws IOException {
    for (Map.Entry<String, String> file : digests.entrySet()) {
      Path place;
      try {
        place = folder.resolve(file.getKey());
      } catch (InvalidPathException e) {
        return false;
      }
      if (!Files.isRegularFile(place) || !Digest.of(place).equals(file.getValue())) {
        return false;
      }
    }
    return true;
  }
}
