package io.kotangent.cli;

import java.lang.reflect.InvocationTargetException;

/**
 * Where the command line starts. This class alone is for Java 17, so that an older Java than the one that everything else needs says
 * so, instead of failing.
 */
public final class Kotangent {
  /** The Java that the compiler needs. */
  static final int NEEDED = 25;
  private static final int WRONG_USE = 2;

  private Kotangent() {
  }

  /** Runs a command and exits with its code. */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    int found = Runtime.version().feature();
    if (found < NEEDED) {
      System.err.println("kotangent: error: needs Java " + NEEDED + " or later, but this is Java "
          + Runtime.version() + " in " + System.getProperty("java.home") + ".\n"
          + "Start it with another: /path/to/jdk-" + NEEDED + "/bin/java -jar kotangent.jar ...");
      System.exit(WRONG_USE);
    }
    try {
      Class<?> tool = Class.forName("io.kotangent.cli.Tool");
      System.exit((int) tool.getMethod("run", String[].class).invoke(null, (Object) arguments));
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("the command line failed", e.getCause());
    }
  }
}
