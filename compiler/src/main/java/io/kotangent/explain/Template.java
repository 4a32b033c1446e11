package io.kotangent.explain;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The files that pages are made of.
final class Template {
  private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)\\}");

  private Template() {
  }

  /// A file, with parts in the places of their names: `{title}`.
  static String fill(String name, Map<String, String> parts) {
    return PLACE.matcher(resource(name)).replaceAll(place -> Matcher.quoteReplacement(
        Objects.requireNonNull(parts.get(place.group(1)))));
  }

  static String resource(String name) {
    try (InputStream in = Objects.requireNonNull(Template.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
