package io.kotangent.cli;

import io.kotangent.ir.Graph;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Runs a method of a network by the network's own classes, which see nothing but Java.
final class NetworkRun {
  private final Subject.OfNetwork network;
  private final String method;
  private final Graph graph;

  NetworkRun(Subject.OfNetwork network, String method, Graph graph) {
    this.network = network;
    this.method = method;
    this.graph = graph;
  }

  /// Loads classes and resources out of memory.
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> files;

    Loader(Map<String, byte[]> files) {
      super("network", ClassLoader.getPlatformClassLoader());
      this.files = files;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] bytes = files.get(name.replace('.', '/') + ".class");
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }

    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
      byte[] bytes = files.get(name);
      return bytes == null ? null : new ByteArrayInputStream(bytes);
    }
  }

  /// Its results by name. What it learns is dropped.
  Map<String, Object> run(Optional<Path> weights, Map<String, Object> inputs, Bindings bindings) {
    List<String> problems = network.provenance().problems(network.files());
    if (!problems.isEmpty()) {
      throw BadInput.in(network.file(), "it is not run, since it is damaged: "
          + String.join("; ", problems));
    }
    try {
      Class<?> type =
          new Loader(network.files()).loadClass(network.provenance().className());
      Object instance = weights.isPresent()
          ? type.getMethod("withWeights", Path.class).invoke(null,
              GraphFile.existing(weights.get()))
          : type.getMethod("load").invoke(null);
      Method called = method(type);
      Object result = called.invoke(instance, arguments(called, inputs, bindings));
      return results(result);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw BadInput.in(network.file(), cause.getMessage() == null ? cause.toString()
            : cause.getMessage());
      }
      throw new IllegalStateException("the network " + network.file() + " fails", e.getCause());
    } catch (ReflectiveOperationException | LinkageError e) {
      throw BadInput.in(network.file(), "its classes are not as its provenance says: " + e);
    }
  }

  /// The form that returns its results.
  private Method method(Class<?> type) {
    String workspace = type.getName() + "$Workspace";
    for (Method candidate : type.getMethods()) {
      Class<?>[] parameters = candidate.getParameterTypes();
      boolean inWorkspace =
          parameters.length > 0 && parameters[parameters.length - 1].getName().equals(workspace);
      if (candidate.getName().equals(method) && !inWorkspace) {
        return candidate;
      }
    }
    throw BadInput.in(network.file(), "its class has no method " + method);
  }

  private Object[] arguments(Method called, Map<String, Object> inputs, Bindings bindings) {
    List<Object> arguments = new ArrayList<>();
    List<String> sizes = network.provenance().aot().listings().get(method).sizes();
    sizes.forEach(size -> arguments.add(bindings.size(size, "method " + method)));
    for (Port port : graph.ports()) {
      if (port.role() == Role.INPUT && port.name().indexOf('.') < 0) {
        Object array = inputs.get(port.name());
        arguments.add(port.type().rank() == 0 ? Array.get(array, 0) : array);
      }
    }
    if (called.getParameterCount() != arguments.size()) {
      throw BadInput.in(network.file(), "method " + method + " takes tensors of several names ("
          + String.join(", ", inputs.keySet().stream().filter(n -> n.indexOf('.') > 0).toList())
          + "), which only Java can give it; run its graph instead: inspect --text");
    }
    return arguments.toArray();
  }

  private Map<String, Object> results(@Nullable Object result)
      throws ReflectiveOperationException {
    List<String> names = graph.results().stream().map(Graph.Result::name).toList();
    boolean dotted = names.stream().anyMatch(name -> name.indexOf('.') >= 0);
    long plain = names.stream().filter(name -> name.indexOf('.') < 0).count();
    Map<String, Object> results = new LinkedHashMap<>();
    for (Graph.Result each : graph.results()) {
      String name = each.name();
      Object value = result;
      if (name.indexOf('.') >= 0) {
        Object tensors = plain > 0 ? field(result, "tensors") : given(result, name);
        value = tensors.getClass().getMethod("get", String.class).invoke(tensors, name);
      } else if (plain > 1 || dotted) {
        value = field(result, name);
      }
      results.put(name, array(value, each));
    }
    return results;
  }

  private static Object field(@Nullable Object of, String name)
      throws ReflectiveOperationException {
    Object object = given(of, name);
    return object.getClass().getField(name).get(object);
  }

  private static Object given(@Nullable Object object, String name) throws NoSuchFieldException {
    if (object == null) {
      throw new NoSuchFieldException(name);
    }
    return object;
  }

  private static Object array(@Nullable Object value, Graph.Result result) {
    if (result.node().type().rank() > 0 && value != null) {
      return value;
    }
    Object array = result.node().type().dtype().newArray(1);
    Array.set(array, 0, value);
    return array;
  }
}
