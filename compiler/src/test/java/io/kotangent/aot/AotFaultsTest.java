package io.kotangent.aot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.NamedTensor;
import io.kotangent.data.SafeTensors;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.StateLayout;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What trying to break networks found: states that are guarded, files that are damaged, executors of every kind.
@Timeout(60)
class AotFaultsTest {
  private static final String STEP = """
      graph step(x: input f32, w: state f32 finite 2^100, n: state i64) {
        %0 = mul x, w              : f32
        %1 = is_finite x           : bool
        %2 = constant[value=1]     : i64
        %3 = add n, %2             : i64
        guard %1
        update w = %0
        update n = %3
        return loss=x
      }
      """;
  private static final String GROW = """
      graph grow(f: input f32, w: state f32) {
        %0 = mul w, f : f32
        update w = %0
        return y=%0
      }
      """;
  private static final String PEEK = """
      graph peek(x: input f32[n], w: param f32) {
        %0 = broadcast[dims=(), to=n] w : f32[n]
        %1 = mul x, %0                  : f32[n]
        return y=%1
      }
      """;

  private static final TensorType F32 = new TensorType(DType.F32, new Shape(List.of()));
  private static final TensorType I32 = new TensorType(DType.I32, new Shape(List.of()));

  @TempDir Path folder;

  /// A network that is loaded from its classes alone.
  static final class Loaded extends ClassLoader {
    private final Map<String, byte[]> files;

    Loaded(Map<String, byte[]> files) {
      super(ClassLoader.getPlatformClassLoader());
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
    public java.io.InputStream getResourceAsStream(String name) {
      return new java.io.ByteArrayInputStream(files.get(name));
    }
  }

  static Aot aot(Object w, String... graphs) {
    List<Port> ports = new ArrayList<>();
    Aot aot = Aot.of("p.Net");
    for (String text : graphs) {
      Graph graph = GraphParser.parseOne(text);
      ports.addAll(graph.ports());
      aot.method(graph.name(), graph);
    }
    ModelState state = ModelState.zeros(StateLayout.of(ports));
    return aot.weights(state.set("w", w));
  }

  static Object load(Aot aot) throws Exception {
    return new Loaded(aot.files()).loadClass("p.Net").getMethod("load").invoke(null);
  }

  private static boolean fits(Class<?>[] types, Object... arguments) {
    boolean fits = types.length == arguments.length;
    for (int i = 0; fits && i < types.length; i++) {
      fits = types[i].isPrimitive() || arguments[i] == null || types[i].isInstance(arguments[i]);
    }
    return fits;
  }

  static Object call(Object target, String name, Object... arguments) throws Exception {
    for (Method method : target.getClass().getMethods()) {
      if (method.getName().equals(name) && fits(method.getParameterTypes(), arguments)) {
        try {
          return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
          if (e.getCause() instanceof Exception cause) {
            throw cause;
          }
          throw e;
        }
      }
    }
    throw new AssertionError("no method " + name);
  }

  static float w(Object net) throws Exception {
    return ((float[]) call(call(net, "state"), "get", "w"))[0];
  }

  private static long n(Object net) throws Exception {
    return ((long[]) call(call(net, "state"), "get", "n"))[0];
  }

  @Test
  void whatOneMethodSaysOfAStateHoldsForAll() throws Exception {
    for (String[] order : List.of(new String[] {PEEK, STEP}, new String[] {STEP, PEEK})) {
      Object net = load(aot(new float[] {3e38f}, order));
      assertThrows(ArithmeticException.class, () -> call(net, "step", 10f));
      assertEquals(3e38f, w(net));
      assertEquals(0, n(net));
    }
  }

  @Test
  void anUnguardedUpdateIsNotTrusted() throws Exception {
    Object net = load(aot(new float[] {1}, STEP, GROW));
    call(net, "step", 1f);
    call(net, "grow", 3e38f);
    assertThrows(ArithmeticException.class, () -> call(net, "step", 10f));
    assertEquals(3e38f, w(net));
  }

  @Test
  void stepsOfTwoThreadsAreMadeOrRefused() throws Exception {
    Object net = load(aot(new float[] {3e38f}, STEP.replace("update w = %0", "update w = w")));
    List<Thread> threads = new ArrayList<>();
    java.util.concurrent.atomic.AtomicInteger made =
        new java.util.concurrent.atomic.AtomicInteger();
    for (int t = 0; t < 2; t++) {
      threads.add(new Thread(() -> {
        for (int i = 0; i < 20_000; i++) {
          try {
            call(net, "step", 1f);
            made.incrementAndGet();
          } catch (IllegalStateException e) {
            // refused
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        }
      }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(made.get(), n(net));
  }

  @Test
  void methodsWhoseNamesMeetAreTwo() throws Exception {
    Graph exp = GraphParser.parseOne(
        "graph b_C(x: input f32[n]) {\n  %0 = exp x : f32[n]\n  return y=%0\n}\n");
    Graph neg = GraphParser.parseOne(
        "graph c(x: input f32[n]) {\n  %0 = neg x : f32[n]\n  return y=%0\n}\n");
    Object net = load(Aot.of("p.Net").method("a", exp).method("a_B", neg));
    assertArrayEquals(new float[] {1}, (float[]) call(net, "a", (Object) new float[] {0}));
    assertArrayEquals(new float[] {-2}, (float[]) call(net, "a_B", (Object) new float[] {2}));
  }

  @Test
  void weightsKeepWhatTheyDoNotSay() throws Exception {
    Object net = load(aot(new float[] {1}, STEP));
    call(net, "step", 2f);
    Path file = folder.resolve("w.safetensors");
    SafeTensors.write(file, Map.of(), List.of(new NamedTensor("w",
        F32, new float[] {5})));
    call(call(net, "state"), "load", file);
    assertEquals(5, w(net));
    assertEquals(1, n(net));
    Object picks = load(Aot.of("p.Net").method("pick", GraphParser.parseOne("""
        graph pick(x: input f32[3], k: param i32, w: param f32) {
          %0 = gather[axis=0] x, k : f32
          %1 = add %0, w           : f32
          return y=%1
        }
        """)).weights(ModelState.zeros(StateLayout.of(List.of(
        new Port("k", Role.PARAM, I32,
            List.of()),
        new Port("w", Role.PARAM, F32,
            List.of()))))));
    Method with = picks.getClass().getMethod("withWeights", Path.class);
    assertInstanceOf(IOException.class,
        assertThrows(InvocationTargetException.class, () -> with.invoke(null, file)).getCause());
  }

  /// Every byte of the header and every cut of a file: refused, or it says the same.
  @Test
  void damagedFilesAreRefused() throws Exception {
    Object net = load(aot(new float[] {1}, STEP));
    Path file = folder.resolve("s.safetensors");
    call(call(net, "state"), "save", file);
    byte[] good = Files.readAllBytes(file);
    Method with = net.getClass().getMethod("withWeights", byte[].class);
    int header = good.length - 12;
    int refused = 0;
    int tried = 0;
    for (int at = 0; at < header; at++) {
      for (int change = 1; change < 256; change += at < 8 ? 1 : 5) {
        byte[] bad = good.clone();
        bad[at] ^= (byte) change;
        refused += isRefused(with, bad) ? 1 : 0;
        tried++;
      }
    }
    for (int length = 0; length < good.length; length++) {
      assertTrue(isRefused(with, java.util.Arrays.copyOf(good, length)), length + " bytes");
    }
    System.out.println(tried + " damaged headers, " + refused + " refused");
    assertTrue(refused > tried * 0.95);
  }

  /// Whether it is; if not, it says what it said.
  private static boolean isRefused(Method with, byte[] bytes) throws Exception {
    try {
      assertEquals(1f, w(with.invoke(null, (Object) bytes)));
      return false;
    } catch (InvocationTargetException e) {
      assertInstanceOf(IOException.class, e.getCause());
      return true;
    }
  }

  @Test
  void anyExecutorWillDo() throws Exception {
    Object net = load(aot(new float[] {1}, STEP, PEEK));
    int[] calls = {0};
    List<Executor> executors = List.of(Runnable::run, task -> {
    }, task -> {
      throw new OutOfMemoryError("unable to create native thread");
    }, task -> {
      if (calls[0]++ > 0) {
        throw new IllegalStateException("full");
      }
      new Thread(task).start();
    }, task -> new Thread(task).start());
    for (Executor executor : executors) {
      Object workspace = call(net, "newWorkspace");
      call(workspace, "sharing", executor, 3);
      assertEquals(true, call(net, "step", 1f, new float[1], workspace));
      float[] y = new float[2];
      call(net, "peek", 2, new float[] {1, 2}, y, workspace);
      assertArrayEquals(new float[] {1, 2}, y);
    }
    assertEquals(executors.size(), n(net));
    assertEquals(1, w(net));
  }

  @Test
  void aWorkspaceAllocatesNothing() throws Exception {
    Object net = load(aot(new float[] {1}, PEEK));
    Object workspace = call(net, "newWorkspace");
    Method peek = net.getClass().getMethod("peek", int.class, float[].class, float[].class,
        workspace.getClass());
    var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory
        .getThreadMXBean();
    Object[][] arguments = new Object[3][];
    for (int i = 0; i < 3; i++) {
      arguments[i] = new Object[] {i * 7, new float[14], new float[14], workspace};
    }
    for (int i = 0; i < 2000; i++) {
      peek.invoke(net, arguments[i % 3]);
    }
    long before = threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
    for (int i = 0; i < 3000; i++) {
      peek.invoke(net, arguments[i % 3]);
    }
    long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().threadId()) - before;
    assertTrue(bytes < 3000 * 16, bytes + " bytes");
  }

  @Test
  void aSmallArrayOfAHugeBatchIsRefusedFirst() throws Exception {
    Object net = load(aot(new float[] {1}, PEEK));
    Object workspace = call(net, "newWorkspace");
    assertThrows(IllegalArgumentException.class, () -> call(net, "peek", 2_000_000_000,
        new float[10], new float[10], workspace));
    assertEquals(3, ((float[]) call(net, "peek", (Object) new float[3])).length);
  }

  @Test
  void namesThatEveryNetworkHasAreRefused() {
    for (String method : List.of("load", "state", "newWorkspace", "notify", "toString")) {
      assertThrows(KotangentException.class,
          () -> Aot.of("A").method(method, GraphParser.parseOne(PEEK.replace("w: param f32",
              "w: input f32"))).files(),
          method);
    }
    for (String type : List.of("State", "String", "Workspace", "record", "java.util.Net",
        "io.kotangent.alone.Net")) {
      assertThrows(KotangentException.class, () -> Aot.of(type), type);
    }
    for (String input : List.of("frame", "workspace", "result0", "State")) {
      assertThrows(KotangentException.class, () -> Aot.of("A").method("m", GraphParser.parseOne(
          "graph g(" + input + ": input f32) {\n  %0 = exp " + input
              + " : f32\n  return y=%0\n}\n"))
          .files(), input);
    }
    Graph one = GraphParser.parseOne("graph a(w: param f32[3]) {\n  return y=w\n}\n");
    Graph other = GraphParser.parseOne("graph b(w: param f32[5]) {\n  return y=w\n}\n");
    assertThrows(KotangentException.class, () -> Aot.of("A").method("a", one).method("b", other)
        .weights(ModelState.zeros(StateLayout.of(one.ports()))).files());
  }
}
