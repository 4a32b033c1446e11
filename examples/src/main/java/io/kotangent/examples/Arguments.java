package io.kotangent.examples;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Command-line options: names, each followed by a value.
record Arguments(Map<String, String> values) {
  /// Options that an example cannot take; the message is for who typed them.
  static final class Refused extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  static Arguments of(String[] args, String... known) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      if (!List.of(known).contains(args[i])) {
        throw new Refused("there is no option '" + args[i] + "': expected some of "
            + String.join(", ", known) + ", each with a value");
      }
      if (i + 1 == args.length) {
        throw new Refused("expected a value after " + args[i]);
      }
      values.put(args[i], args[i + 1]);
    }
    return new Arguments(values);
  }

  long number(String name, long usual) {
    if (!values.containsKey(name)) {
      return usual;
    }
    try {
      return Long.parseLong(values.get(name));
    } catch (NumberFormatException e) {
      throw new Refused(name + ": expected a whole number, got '" + values.get(name) + "'");
    }
  }

  /// A number of at least 0, such as of epochs.
  int count(String name, int usual) {
    long number = number(name, usual);
    if (number < 0 || number > Integer.MAX_VALUE) {
      throw new Refused(name + ": expected 0 to " + Integer.MAX_VALUE + ", got " + number);
    }
    return (int) number;
  }

  /// A file to be written, in a folder that is there: to be asked before much work is done.
  Path file(String name, Path usual) {
    Path file = Path.of(values.getOrDefault(name, usual.toString()));
    if (Files.isDirectory(file)) {
      throw new Refused(name + ": expected a file, but " + file + " is a folder");
    }
    Path parent = file.toAbsolutePath().getParent();
    checkFolder(name, parent == null ? file : parent);
    return file;
  }

  /// A folder that is there.
  Path folder(String name, Path usual) {
    Path folder = Path.of(values.getOrDefault(name, usual.toString()));
    checkFolder(name, folder);
    return folder;
  }

  private static void checkFolder(String name, Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new Refused(name + ": there is no folder " + folder + "; make it, or choose another");
    }
  }
}
