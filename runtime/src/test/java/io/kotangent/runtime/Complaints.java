package io.kotangent.runtime;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.type.KotangentException;
import org.junit.jupiter.api.function.Executable;

/** That something is refused, by which exception, and in which words. */
public final class Complaints {
  private Complaints() {
  }

  /** Runs {@code action}, which must throw {@code type}, whose message must hold all of {@code words}. */
  public static <E extends KotangentException> E assertRefused(Class<E> type, Executable action,
      String... words) {
    E refusal = assertThrows(type, action);
    for (String word : words) {
      assertTrue(String.valueOf(refusal.getMessage()).contains(word),
          () -> "expected '" + word + "' in: " + refusal.getMessage());
    }
    return refusal;
  }
}
