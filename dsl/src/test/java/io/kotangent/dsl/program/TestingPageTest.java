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

/// The test of `docs/testing.md` is compiled as it stands there, and its methods hold.
class TestingPageTest {
  @TempDir private Path folder;

  @Test
  void theTestOfThePageHolds() throws Exception {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("README.md"))) {
      root = Objects.requireNonNull(root.getParent());
    }
    String page = Files.readString(root.resolve("docs/testing.md"));
    int start = page.indexOf("```java\n") + "```java\n".length();
    Path source = Files.writeString(folder.resolve("DigitsGraphTest.java"),
        page.substring(start, page.indexOf("```", start)));
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, messages, messages, "-cp",
        System.getProperty("java.class.path"), "-d", folder.toString(), source.toString()),
        messages::toString);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()},
        TestingPageTest.class.getClassLoader())) {
      Class<?> test = loader.loadClass("DigitsGraphTest");
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
      assertTrue(tests >= 5);
    }
  }
}
