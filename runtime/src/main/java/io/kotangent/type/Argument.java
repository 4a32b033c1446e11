package io.kotangent.type;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Objects that callers give: one that is missing is an error that says what was expected. */
public final class Argument {
  private Argument() {
  }

  /**
   * The value, which must be there.
   *
   * @param expected what it is, for the message: {@code "the indices of examples"}
   * @throws KotangentException if it is {@code null}
   */
  public static <T> T given(@Nullable T value, String expected) {
    if (value == null) {
      throw new KotangentException("expected " + expected + ", got null");
    }
    return value;
  }

  /** What a message calls a value that is no array of the right type: {@code float[]}, {@code String} or {@code null}. */
  public static String kind(@Nullable Object value) {
    return value == null ? "null" : value.getClass().getSimpleName();
  }

  /** A copy of the list, all of whose elements must be there. */
  public static <T> List<T> all(@Nullable List<T> values, String expected) {
    List<T> all = new ArrayList<>();
    for (T value : given(values, expected)) {
      all.add(given(value, expected + ", each of them"));
    }
    return List.copyOf(all);
  }
}
