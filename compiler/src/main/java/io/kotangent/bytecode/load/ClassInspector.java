package io.kotangent.bytecode.load;

import io.kotangent.bytecode.emit.EmittedClass;
import java.util.List;
import java.util.ServiceLoader;

/// Looks at every class that is emitted, before it is loaded. With `-Dkotangent.checks=true` all providers of this service
/// are asked; the tests bring one that verifies the bytecode and what it refers to.
public interface ClassInspector {
  /// Throws if the class is not as it should be.
  void inspect(EmittedClass emitted);

  /// The providers, if checks are on.
  static List<ClassInspector> active() {
    return Active.INSPECTORS;
  }

  /// Found once.
  final class Active {
    private static final List<ClassInspector> INSPECTORS = Boolean.getBoolean("kotangent.checks")
        ? ServiceLoader.load(ClassInspector.class, ClassInspector.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get).toList()
        : List.of();

    private Active() {
    }
  }
}
