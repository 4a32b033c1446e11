package io.kotangent.bytecode.source;

import io.kotangent.runtime.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Java files that javac compiled for Java 17, in memory, without a warning.
final class CompiledSource {
  private static final List<String> OPTIONS =
      List.of("--release", "17", "-proc:none", "-Xlint:all,-options,-divzero", "-Werror");

  private final Map<String, byte[]> classes = new TreeMap<>();
  private final ClassLoader loader =
      new ClassLoader("source", ClassLoader.getPlatformClassLoader()) {
        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
          byte[] bytes = classes.get(name);
          if (bytes == null) {
            throw new ClassNotFoundException(name);
          }
          return defineClass(name, bytes, 0, bytes.length);
        }
      };

  private CompiledSource() {
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(SourceFile file) {
      super(URI.create("memory:///" + file.path()), Kind.SOURCE);
      this.text = file.text();
    }

    @Override
    public CharSequence getCharContent(boolean ignoreErrors) {
      return text;
    }
  }

  static CompiledSource of(List<SourceFile> files) {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    CompiledSource compiled = new CompiledSource();
    try (StandardJavaFileManager standard = javac.getStandardFileManager(found, null, null);
        JavaFileManager memory = compiled.memory(standard)) {
      List<Text> texts = files.stream().map(Text::new).toList();
      boolean done = javac.getTask(null, memory, found, OPTIONS, null, texts).call();
      if (!done || !found.getDiagnostics().isEmpty()) {
        throw new AssertionError(describe(found.getDiagnostics()));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return compiled;
  }

  private static String describe(List<Diagnostic<? extends JavaFileObject>> found) {
    List<String> lines = new ArrayList<>();
    for (var each : found.subList(0, Math.min(10, found.size()))) {
      lines.add(each.toString());
    }
    return String.join("\n", lines);
  }

  private JavaFileManager memory(JavaFileManager standard) {
    return new ForwardingJavaFileManager<>(standard) {
      @Override
      public JavaFileObject getJavaFileForOutput(Location location, String className,
          JavaFileObject.Kind kind, FileObject sibling) {
        return new SimpleJavaFileObject(URI.create("memory:///" + className + ".class"), kind) {
          @Override
          public OutputStream openOutputStream() {
            return new ByteArrayOutputStream() {
              @Override
              public void close() {
                classes.put(className, toByteArray());
              }
            };
          }
        };
      }
    };
  }

  /// The bytes of each class.
  Map<String, byte[]> classes() {
    return classes;
  }

  Class<?> load(String name) {
    try {
      return loader.loadClass(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /// The method `run` of a class.
  Method entry(String name) {
    for (Method method : load(name).getDeclaredMethods()) {
      if (method.getName().equals("run")) {
        method.setAccessible(true);
        return method;
      }
    }
    throw new AssertionError("no entry in " + name);
  }

  /// A program's class.
  Code program(String name) {
    Method run = entry(name);
    return (arrays, sizes, thread, threads, barrier) -> {
      try {
        return (boolean) run.invoke(null, arrays, sizes, thread, threads, barrier);
      } catch (InvocationTargetException e) {
        if (e.getCause() instanceof RuntimeException thrown) {
          throw thrown;
        }
        throw new AssertionError(e.getCause());
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    };
  }
}
