package io.kotangent.aot;

import static io.kotangent.aot.AotFaultsTest.aot;
import static io.kotangent.aot.AotFaultsTest.call;
import static io.kotangent.aot.AotFaultsTest.load;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.text.GraphParser;
import io.kotangent.type.KotangentException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What runs of networks say when they fail, which states they look at, and which files they take.
class AotRunsTest {
  private static final String DIVIDE = """
      graph share(a: input i32[n], b: input i32[n]) {
        %0 = add a, b : i32[n] ; Model.java:7
        %1 = div %0, b : i32[n] ; Model.java:8
        return y=%1
      }
      """;
  private static final String STEP = """
      graph step(x: input f32, w: state f32 finite 2^100) {
        %0 = mul x, w  : f32
        %1 = is_finite x : bool
        guard %1
        update w = %0
        return loss=x
      }
      """;
  private static final String OTHER = """
      graph other(x: input f32, v: state f32 finite 2^100) {
        %0 = mul x, v  : f32
        %1 = is_finite x : bool
        guard %1
        update v = %0
        return loss=x
      }
      """;
  private static final String PEEK = """
      graph peek(x: input f32[n], w: param f32) {
        %0 = broadcast[dims=(), to=n] w : f32[n]
        %1 = mul x, %0                  : f32[n]
        return y=%1
      }
      """;
  private static final String GRADIENTS = """
      graph gradients(x: input f32[n], w: param f32) {
        %0 = reduce.sum[axes=0] x : f32
        %1 = mul %0, w            : f32
        return loss=%1, grad.w=%0
      }
      """;
  private static final String APPLY = """
      graph apply(grad.w: input f32, w: state f32) {
        %0 = add w, grad.w : f32
        update w = %0
        return sum=%0
      }
      """;

  @TempDir Path folder;

  private static void says(Throwable e, String... parts) {
    for (String part : parts) {
      assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
    }
  }

  // ---- what a run throws

  @ParameterizedTest @ValueSource(ints = {1, 2})
  void aDivisionByZeroNamesMethodAndLine(int threads) throws Exception {
    Object net = load(Aot.of("p.Net").method("share", GraphParser.parseOne(DIVIDE)));
    Object workspace = call(net, "newWorkspace");
    Executor executor = task -> new Thread(task).start();
    call(workspace, "sharing", executor, threads);
    int[] zero = {1, 0};
    Exception e = assertThrows(ArithmeticException.class,
        () -> call(net, "share", 2, new int[2], zero, new int[2], workspace));
    says(e, "share: / by zero", "Model.java:8");
    assertEquals("/ by zero", e.getCause().getMessage());
    call(net, "share", 2, new int[2], new int[] {1, 1}, new int[2], workspace);
    says(assertThrows(ArithmeticException.class, () -> call(net, "share", new int[2], zero)),
        "share: / by zero");
  }

  @Test
  void tasksThatAnExecutorNeverStartedHoldNoArrays() throws Exception {
    Object net = load(Aot.of("p.Net").method("share", GraphParser.parseOne(DIVIDE)));
    Object workspace = call(net, "newWorkspace");
    List<Runnable> waiting = new ArrayList<>();
    Executor busy = waiting::add;
    call(workspace, "sharing", busy, 3);
    WeakReference<int[]> input = shareOnce(net, workspace);
    for (int i = 0; i < 100 && input.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertEquals(2, waiting.size());
    assertNull(input.get());
    Thread late = new Thread(() -> waiting.forEach(Runnable::run));
    late.start();
    late.join();
  }

  private static WeakReference<int[]> shareOnce(Object net, Object workspace) throws Exception {
    int[] input = {4, 6};
    int[] result = new int[2];
    call(net, "share", 2, input, new int[] {1, 2}, result, workspace);
    assertArrayEquals(new int[] {5, 4}, result);
    return new WeakReference<>(input);
  }

  @Test
  void stepsWithoutALineNameTheMethod() throws Exception {
    Object net = load(Aot.of("p.Net").method("share",
        GraphParser.parseOne(DIVIDE.replaceAll(" ; Model.*", ""))));
    Exception e = assertThrows(ArithmeticException.class,
        () -> call(net, "share", new int[1], new int[1]));
    assertEquals("share: / by zero", e.getMessage());
  }

  // ---- what must be finite

  @Test
  void aStepLooksAtItsOwnStatesOnly() throws Exception {
    Object net = load(aot(new float[] {2}, STEP, OTHER));
    call(call(net, "state"), "set", "v", new float[] {Float.POSITIVE_INFINITY});
    call(net, "step", 3f);
    assertEquals(6, AotFaultsTest.w(net));
    assertThrows(ArithmeticException.class, () -> {
      call(call(net, "state"), "set", "v", new float[] {3e38f});
      call(net, "other", 10f);
    });
  }

  // ---- null

  @Test
  void nullIsNamed() throws Exception {
    Object net = load(aot(new float[] {2}, PEEK, GRADIENTS, APPLY));
    says(refusal(() -> call(net, "peek", (Object) null)), "peek, input x", "null");
    Object workspace = call(net, "newWorkspace");
    says(refusal(() -> call(net, "peek", 1, null, new float[1], workspace)), "peek, input x",
        "null");
    says(refusal(() -> call(net, "peek", 1, new float[1], null, workspace)), "peek, result y",
        "null");
    says(refusal(() -> call(net, "peek", 1, new float[1], new float[1], null)), "peek",
        "workspace");
    says(refusal(() -> call(net, "apply", (Object) null)), "apply", "tensors");
    says(refusal(() -> call(workspace, "sharing", null, 2)), "sharing", "executor");
    Object state = call(net, "state");
    says(refusal(() -> call(state, "load", (Object) null)), "load: ", " null"); // of a path or bytes
    says(refusal(() -> call(state, "save", (Object) null)), "save", "file");
    says(refusal(() -> call(state, "get", (Object) null)), "null");
    says(refusal(() -> call(state, "set", "w", null)), "'w'", "null");
    for (Class<?> type : List.of(Path.class, byte[].class)) {
      var with = net.getClass().getMethod("withWeights", type);
      Throwable cause = assertThrows(InvocationTargetException.class,
          () -> with.invoke(null, (Object) null)).getCause();
      says(cause, "withWeights");
    }
    Object gradients = call(net, "gradients", (Object) new float[] {1});
    Object tensors = gradients.getClass().getField("tensors").get(gradients);
    says(refusal(() -> call(tensors, "add", (Object) null)), "add");
    call(net, "peek", 1, new float[1], new float[1], workspace);
    call(net, "apply", tensors);
    assertEquals(3, AotFaultsTest.w(net));
  }

  private interface Call {
    void run() throws Exception;
  }

  /// An `IllegalArgumentException`, or a `NullPointerException` whose text is not the JVM's.
  private static Exception refusal(Call call) {
    Exception e = assertThrows(RuntimeException.class, call::run);
    assertTrue(e instanceof IllegalArgumentException || e instanceof NullPointerException,
        e.toString());
    assertTrue(!String.valueOf(e.getMessage()).startsWith("Cannot"), e.getMessage());
    return e;
  }

  // ---- files

  private static byte[] safetensors(String header, float... values) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + 4 * values.length)
        .order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  @ParameterizedTest @ValueSource(strings = {
      "{\"w\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}",
      "{\"w\":{\"shape\":[],\"dtype\":\"F32\",\"data_offsets\":[0,4]}}",
      "{\"w\":{\"data_offsets\":[0,4],\"shape\":[],\"dtype\":\"F32\"}}",
      "{ \"w\" : { \"shape\" : [ ], \"data_offsets\" : [ 0, 4 ], \"dtype\" : \"F32\" } } "})
  void keysMayComeInAnyOrder(String header) throws Exception {
    Object net = load(aot(new float[] {1}, PEEK));
    var with = net.getClass().getMethod("withWeights", byte[].class);
    Object other = with.invoke(null, (Object) safetensors(header, 5));
    assertEquals(10, ((float[]) call(other, "peek", (Object) new float[] {2}))[0]);
  }

  @ParameterizedTest @ValueSource(strings = {
      "{\"w\":{\"dtype\":\"F32\",\"shape\":[]}}",
      "{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}",
      "{\"w\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4],\"more\":1}}",
      "{\"w\":{\"type\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}"})
  void otherKeysAreRefused(String header) throws Exception {
    Object net = load(aot(new float[] {1}, PEEK));
    var with = net.getClass().getMethod("withWeights", byte[].class);
    Throwable e = assertThrows(InvocationTargetException.class,
        () -> with.invoke(null, (Object) safetensors(header, 5))).getCause();
    assertTrue(e instanceof IOException, e.toString());
    says(e, "malformed at byte");
  }

  @Test
  void damagedWeightsBesideTheClassAreRefused() throws Exception {
    Map<String, byte[]> files = new TreeMap<>(aot(new float[] {1}, PEEK).files());
    byte[] good = files.get("p/Net.safetensors");
    byte[] flipped = good.clone();
    flipped[good.length - 1] ^= 1;
    for (byte[] bad : List.of(flipped, Arrays.copyOf(good, good.length - 1),
        Arrays.copyOf(good, good.length + 1), new byte[0])) {
      files.put("p/Net.safetensors", bad);
      var load = new AotFaultsTest.Loaded(files).loadClass("p.Net").getMethod("load");
      Throwable e =
          assertThrows(InvocationTargetException.class, () -> load.invoke(null)).getCause();
      assertTrue(e instanceof UncheckedIOException, e.toString());
      says(e, "are damaged");
    }
  }

  @Test
  void aLinkedJarIsWrittenThrough() throws IOException {
    Path real = folder.resolve("real/net.jar");
    Files.createDirectories(real.getParent());
    Files.writeString(real, "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.jar"), real);
    aot(new float[] {1}, PEEK).to(link);
    assertTrue(Files.isSymbolicLink(link));
    assertTrue(Files.size(real) > 1000);
    Path dangling =
        Files.createSymbolicLink(folder.resolve("no.jar"), folder.resolve("none/net.jar"));
    KotangentException e =
        assertThrows(KotangentException.class, () -> aot(new float[] {1}, PEEK).to(dangling));
    says(e, "nothing was changed");
    assertTrue(Files.isSymbolicLink(dangling));
  }

  @ParameterizedTest @ValueSource(strings = {"Net_kernels", "a.Net_peek_Peek", "Net$State",
      "net_v2"})
  void namesOfOtherNetworksClassesAreRefused(String name) {
    says(assertThrows(KotangentException.class, () -> Aot.of(name)), "_ and $");
  }
}
