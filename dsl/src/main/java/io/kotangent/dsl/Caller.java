package io.kotangent.dsl;

import java.lang.StackWalker.StackFrame;
import java.util.Optional;
import java.util.stream.Stream;

/// The user's source line: the first frame that is neither this package, nor Java's, nor Kotlin's.
final class Caller {
  private static final StackWalker WALKER = StackWalker.getInstance();
  private static final String HERE = Caller.class.getPackageName() + ".";

  private Caller() {
  }

  /// `Model.java:42`, or empty when there is no such frame.
  static String place() {
    return WALKER.walk(Caller::firstOfUser).map(f -> f.getFileName() + ":" + f.getLineNumber())
        .orElse("");
  }

  private static Optional<StackFrame> firstOfUser(Stream<StackFrame> frames) {
    return frames.filter(f -> isUser(f.getClassName())).findFirst();
  }

  private static boolean isUser(String className) {
    boolean ours = className.startsWith(HERE) && className.indexOf('.', HERE.length()) < 0;
    return !ours && !className.startsWith("java.") && !className.startsWith("kotlin.");
  }
}
