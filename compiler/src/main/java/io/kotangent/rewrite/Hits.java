package io.kotangent.rewrite;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// How often each rule and rewrite was applied, in order of the first time.
public final class Hits {
  private final Map<String, Integer> counts = new LinkedHashMap<>();
  private int total;

  public void add(String name) {
    counts.put(name, of(name) + 1);
    total++;
  }

  public int total() {
    return total;
  }

  public int of(String name) {
    return counts.getOrDefault(name, 0);
  }

  public Map<String, Integer> counts() {
    return Collections.unmodifiableMap(counts);
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
