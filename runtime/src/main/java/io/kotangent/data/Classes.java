package io.kotangent.data;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which label a text stands for: a class by name, by number where names are numbers, by index where none is; without
 * classes, an integer from 0.
 */
final class Classes {
  private static final int MOST = 999_999_999;

  private final List<String> names;
  private final Map<String, Integer> byName = new HashMap<>();
  private final Map<BigDecimal, Integer> byNumber = new HashMap<>();

  Classes(List<String> names) {
    this.names = names;
    for (int i = 0; i < names.size(); i++) {
      int label = i;
      byName.put(names.get(i), label);
      Decimal.exact(names.get(i)).ifPresent(number -> byNumber.put(number, label));
    }
  }

  /** What is wrong if two names are the same text or the same number. */
  static Optional<String> twins(List<String> names) {
    Map<Object, String> known = new HashMap<>();
    for (String name : names) {
      Optional<BigDecimal> number = Decimal.exact(name);
      String twin = known.put(number.isPresent() ? number.get() : name, name);
      if (twin != null) {
        return Optional.of("two classes are called '" + twin + "' and '" + name + "'");
      }
    }
    return Optional.empty();
  }

  List<String> names() {
    return names;
  }

  /** The label that {@code text} stands for; -1 if it stands for none. */
  int label(String text) {
    Integer named = byName.get(text);
    if (named != null) {
      return named;
    }
    Optional<BigDecimal> number = Decimal.exact(text);
    if (number.isEmpty()) {
      return -1;
    }
    if (!byNumber.isEmpty()) {
      return byNumber.getOrDefault(number.get(), -1);
    }
    int index = wholeNumber(number.get());
    return names.isEmpty() || index < names.size() ? index : -1;
  }

  private static int wholeNumber(BigDecimal number) {
    try {
      int whole = number.intValueExact();
      return whole <= MOST ? Math.max(whole, -1) : -1;
    } catch (ArithmeticException e) {
      return -1;
    }
  }

  /** What labels may be, in words. */
  String expected() {
    String listed = CsvReading.shortened(names.toString(), 400);
    return names.isEmpty() ? "an integer from 0"
        : "one of " + listed + (byNumber.isEmpty() ? " or its index from 0" : "");
  }
}
