package io.kotangent.examples;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// Command-line options: names, each followed by a value.
record Arguments(Map<String, String> values) {
  static Arguments of(String[] args, String... known) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      if (!Arrays.asList(known).contains(args[i]) || i + 1 == args.length) {
        throw new IllegalArgumentException(
            "expected options " + Arrays.toString(known) + ", each with a value, got '" + args[i]
                + "'");
      }
      values.put(args[i], args[i + 1]);
    }
    return new Arguments(values);
  }

  long number(String name, long usual) {
    return values.containsKey(name) ? Long.parseLong(values.get(name)) : usual;
  }

  Path path(String name, Path usual) {
    return values.containsKey(name) ? Path.of(values.get(name)) : usual;
  }
}
