package io.kotangent.text;

import io.kotangent.ir.Literal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Graphs as text, and beside it the constants that are too long for the text, by their digests.
public record GraphText(String text, Map<String, Literal> constants) {
  public GraphText {
    constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
  }
}
