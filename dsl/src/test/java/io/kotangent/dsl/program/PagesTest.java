package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The tests of `docs/testing.md` and `docs/formulas.md` are compiled as they stand there, and their methods hold.
class PagesTest {
  @TempDir private Path folder;

  @ParameterizedTest @CsvSource({"testing, DigitsGraphTest, 5",
      "formulas, FormulasOfDigitsTest, 4"})
  void theTestOfThePageHolds(String name, String type, int least) throws Exception {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("README.md"))) {
      root = Objects.requireNonNull(root.getParent());
    }
    String page = Files.readString(root.resolve("docs/" + name + ".md"));
    int start = page.indexOf("```java\n") + "```java\n".length();
    Path source = Files.writeString(folder.resolve(type + ".java"),
        page.substring(start, page.indexOf("```", start)));
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, messages, messages, "-cp",
        System.getProperty("java.class.path"), "-d", folder.toString(), source.toString()),
        messages::toString);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()},
        PagesTest.class.getClassLoader())) {
      Class<?> test = loader.loadClass(type);
      Constructor<?> constructor = test.getDeclaredConstructor();
      constructor.setAccessible(true);
      int tests = 0;
      for (Method method : test.getDeclaredMethods()) {
        if (method.isAnnotationPresent(Test.class)) {
          method.setAccessible(true);
          method.invoke(constructor.newInstance());
          tests++;
        }
      }
      assertTrue(tests >= least);
    }
  }
}
