package io.kotangent.aot;

import io.kotangent.type.KotangentException;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Objects;

/// The definitions of a module, as objects.
final class Definitions {
  private final DefinitionModule module;
  private final ClassLoader loader;

  Definitions(DefinitionModule module, ClassLoader loader) {
    this.module = module;
    this.loader = loader;
  }

  /// Their names, in order.
  List<String> find() {
    return module.definitions(loader);
  }

  /// What a definition defines.
  ///
  /// @throws KotangentException if it cannot be made, or fails
  Aot network(String name) {
    try {
      return Objects.requireNonNullElseGet(instance(name).network(), () -> {
        throw new KotangentException(name + " defines no network: network() returned null");
      });
    } catch (InvocationTargetException e) {
      throw failed(name, e.getCause() == null ? e : e.getCause());
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new KotangentException(name + " cannot be made: " + e
          + "; expected a public class with a public constructor without parameters,"
          + " or an object of Kotlin", e);
    } catch (IOException | RuntimeException | Error e) {
      throw failed(name, e);
    }
  }

  private NetworkDefinition instance(String name) throws ReflectiveOperationException {
    Class<?> type = Class.forName(name, true, loader);
    for (Field field : type.getFields()) {
      if (field.getName().equals("INSTANCE") && field.getType() == type
          && Modifier.isStatic(field.getModifiers())) {
        return (NetworkDefinition) field.get(null);
      }
    }
    return (NetworkDefinition) type.getConstructor().newInstance();
  }

  private KotangentException failed(String name, Throwable cause) {
    Throwable first = cause instanceof ExceptionInInitializerError && cause.getCause() != null
        ? cause.getCause() : cause;
    return new KotangentException(
        name + " failed: " + (first instanceof KotangentException ? first.getMessage() : first),
        first);
  }

  /// A message with the line of the module where it came from, unless it names that.
  String message(KotangentException failure) {
    String text = failure.getMessage();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      for (StackTraceElement frame : cause.getStackTrace()) {
        if (module.has(frame.getClassName()) && frame.getLineNumber() > 0) {
          String line = frame.getFileName() + ":" + frame.getLineNumber();
          return text.contains(line) ? text : line + ": " + text;
        }
      }
    }
    return text;
  }
}
