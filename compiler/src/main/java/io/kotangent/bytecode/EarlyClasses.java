package io.kotangent.bytecode;

import io.kotangent.bytecode.load.Daemon;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Loads the compiler's classes while the first model is still being written: loading is a third of the first compilation in a
/// JVM. A thread of its own does it, once; on one processor nobody does, and each class is loaded when it is needed.
///
/// Classes are loaded and verified, not initialized: that stays with the thread that needs them, in its order.
public final class EarlyClasses {
  /// Names of the classes of passes, planner and emitter; made by the build (`LinkEarly`), absent in classes of an IDE.
  static final String LIST = "early-classes.txt";

  /// What emitting takes of ASM; most are not public.
  private static final List<String> ASM = List.of("ClassWriter", "SymbolTable", "ByteVector",
      "MethodWriter", "Label", "Type", "Handler", "Symbol", "FieldWriter", "Attribute");

  private static final AtomicBoolean BEGUN = new AtomicBoolean();

  private EarlyClasses() {
  }

  /// Begins to load; returns at once, and does nothing the second time.
  public static void begin() {
    if (Runtime.getRuntime().availableProcessors() > 1 && !BEGUN.getAndSet(true)) {
      var _ = Daemon.start(Daemon.of("kotangent-early-classes", () -> load(names())));
    }
  }

  /// In the order in which a compilation needs them.
  static List<String> names() {
    List<String> names = new ArrayList<>();
    try (@Nullable InputStream list = EarlyClasses.class.getResourceAsStream(LIST)) {
      if (list != null) {
        String text = new String(list.readAllBytes(), StandardCharsets.UTF_8);
        names.addAll(Arrays.asList(text.split("\n", 0)));
      }
    } catch (IOException e) {
      names.clear(); // then they are loaded when they are needed
    }
    for (String name : ASM) {
      names.add("org.objectweb.asm." + name);
    }
    return names;
  }

  /// Returns how many there are; a class that cannot be loaded will say why to whom needs it.
  static int load(List<String> names) {
    ClassLoader loader = EarlyClasses.class.getClassLoader();
    int loaded = 0;
    for (String name : names) {
      try {
        var _ = Class.forName(name, false, loader).getDeclaredConstructors(); // which verifies it
        loaded++;
      } catch (ClassNotFoundException | LinkageError _) {
        continue;
      }
    }
    return loaded;
  }
}
