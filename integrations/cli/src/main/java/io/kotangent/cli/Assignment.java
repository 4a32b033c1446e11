package io.kotangent.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Arguments such as `batch=64`.
final class Assignment {
  private Assignment() {
  }

  /// All of an option, each name once.
  ///
  /// @param form such as `--size NAME=NUMBER`, for messages
  static Map<String, String> all(String form, List<String> arguments) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String argument : arguments) {
      int at = argument.indexOf('=');
      if (at <= 0 || at == argument.length() - 1) {
        throw BadInput.of("expected " + form + ", got '" + argument + "'");
      }
      if (values.putIfAbsent(argument.substring(0, at), argument.substring(at + 1)) != null) {
        throw BadInput.of(form + ": '" + argument.substring(0, at) + "' is given twice");
      }
    }
    return values;
  }

  /// Sizes by their symbols.
  static Map<String, Long> sizes(List<String> arguments) {
    Map<String, Long> sizes = new LinkedHashMap<>();
    all("--size NAME=NUMBER", arguments).forEach((name, value) -> {
      if (!value.matches("[0-9]{1,10}") || Long.parseLong(value) > Integer.MAX_VALUE) {
        throw BadInput.of("--size " + name + "=" + value + ": expected a number from 0 to "
            + Integer.MAX_VALUE);
      }
      sizes.put(name, Long.parseLong(value));
    });
    return sizes;
  }
}
