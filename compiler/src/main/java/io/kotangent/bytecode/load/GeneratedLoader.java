package io.kotangent.bytecode.load;

import io.kotangent.bytecode.emit.EmittedClass;
import java.util.HashMap;
import java.util.Map;

/// Defines generated classes. Unloaded, with its classes, when nothing refers to any of them. Its parent is the platform
/// loader: generated code sees `java.base` and what is named here, nothing else of this process.
public final class GeneratedLoader extends ClassLoader {
  private final Map<String, Class<?>> known = new HashMap<>();
  private final Map<String, LateKernel> late = new HashMap<>();

  public GeneratedLoader(String name) {
    super(name, ClassLoader.getPlatformClassLoader());
  }

  /// Makes a class known by its name, and keeps it loaded as long as this loader is.
  public void know(Class<?> type) {
    known.put(type.getName(), type);
  }

  /// Makes a kernel known by its name, to be loaded when generated code calls it.
  public void know(String name, LateKernel kernel) {
    late.put(name, kernel);
  }

  public Class<?> define(EmittedClass emitted) {
    for (ClassInspector inspector : ClassInspector.active()) {
      inspector.inspect(emitted);
    }
    Class<?> type = defineClass(emitted.binaryName(), emitted.bytes(), 0, emitted.bytes().length);
    know(type);
    return type;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    Class<?> type = known.get(name);
    if (type != null) {
      return type;
    }
    LateKernel kernel = late.get(name);
    return kernel != null ? kernel.get().type() : super.loadClass(name, resolve);
  }
}
