package io.kotangent.bytecode.load;

import io.kotangent.bytecode.emit.EntryCallEmitter;
import io.kotangent.type.KotangentException;
import java.lang.reflect.Method;
import java.util.function.Consumer;

/// Makes what calls the entry of a kernel with arguments that are in an array. It is emitted, since reflection makes several classes for
/// each signature, at some milliseconds each.
public final class EntryCall {
  private EntryCall() {
  }

  /// The parameters of a kernel's entry.
  public static Class<?>[] parameters(Class<?> kernel) {
    return entry(kernel).getParameterTypes();
  }

  private static Method entry(Class<?> kernel) {
    for (Method method : kernel.getMethods()) {
      if (method.getName().equals("run")) {
        return method;
      }
    }
    throw new KotangentException("no entry in " + kernel);
  }

  @SuppressWarnings("unchecked") // the class is made right here
  public static Consumer<Object[]> of(Class<?> kernel) {
    GeneratedLoader loader = new GeneratedLoader(kernel.getName());
    loader.know(kernel);
    try {
      return (Consumer<Object[]>) loader.define(EntryCallEmitter.emit(entry(kernel)))
          .getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the emitted call of a kernel cannot be made", e);
    }
  }
}
