package io.kotangent.explain;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Pages as they lie beside this class, with places such as `{title}` that are filled, and their styles.
final class Template {
  private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)\\}");

  private Template() {
  }

  /// A file, with parts in the places of their names: `{title}`.
  static String fill(String name, Map<String, String> parts) {
    return PLACE.matcher(resource(name)).replaceAll(place -> Matcher.quoteReplacement(
        Objects.requireNonNull(parts.get(place.group(1)))));
  }

  /// The colors, the pictures, and what a page has besides.
  static String css(String... more) {
    StringBuilder css = new StringBuilder(resource("colors.css")).append(resource("picture.css"));
    for (String name : more) {
      css.append(resource(name));
    }
    return css.toString();
  }

  /// The same for what stands in a page of others: it changes nothing but elements of the class `kotangent`.
  static String cssInside() {
    return css("inside.css").replace(":root", ".kotangent");
  }

  static String resource(String name) {
    try (InputStream in = Objects.requireNonNull(Template.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
