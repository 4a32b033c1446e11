package io.kotangent.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.aot.Aot;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.bytecode.SimdUse;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every scalar function, of every type, at special numbers, gives the bits of the program in process; those that cannot are refused by
/// name.
class ScalarFunctionsTest {
  private static final CompileOptions OPTIONS = CompileOptions.standard().with(SimdUse.NEVER);
  private static final double[] REALS = {0.0, -0.0, 1, -1, 0.5, -0.5, 1.5, -2.5, 3, 1e-3, -7.25,
      88.5, -103.9, 1e10, -3e9, 5e18, -1e19, 0x1p-140, -0x1p-1070, 0x1p-126, Float.MAX_VALUE,
      Double.MAX_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN};
  private static final long[] WHOLES = {1, 0, -1, 2, -2, 3, 31, 32, 33, 63, 64, 1000, -12345,
      1L << 31, -(1L << 31), Integer.MAX_VALUE, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE};

  @TempDir Path folder;

  @Test
  void everyFunctionAtSpecialNumbersHasTheBitsOfThePrograms() throws Exception {
    try (Chromium browser = Chromium.start()) {
      everyFunction(browser);
      assertEquals(List.of(), browser.errors());
    }
  }

  private void everyFunction(Chromium browser) throws Exception {
    Map<String, Graph> graphs = new LinkedHashMap<>();
    List<String> refused = new ArrayList<>();
    for (ScalarFn fn : ScalarFn.values()) {
      for (DType dtype : DType.values()) {
        if (fn.accepts(dtype)) {
          String name = "f" + graphs.size() + "_" + fn + "_" + dtype;
          Graph graph = function(name, fn, dtype);
          if (usesStrictMath(name, graph)) {
            refused.add(fn + " " + dtype);
          } else {
            graphs.put(name, graph);
          }
        }
      }
    }
    Aot aot = Aot.of("p.Functions").with(OPTIONS).withoutFma();
    graphs.forEach(aot::method);
    BrowserNetwork network = Browser.compile(aot);
    Path page = folder.resolve("functions.html");
    network.to(page, "<!doctype html><meta charset=utf-8><script>" + Bits.SCRIPT + "</script>"
        + BrowserNetwork.MARK + "<script>const ready = Functions.load()</script>");
    browser.open(page);
    for (NetworkMethod method : network.methods()) {
      check(browser, method, graphs.get(method.name()));
    }
    System.out.println(graphs.size() + " functions in Chromium have the bits of the JVM; refused: "
        + refused);
    assertTrue(graphs.size() > 120, graphs.size() + " functions");
    assertTrue(refused.stream().allMatch(name -> name.endsWith(" f64")), refused::toString);
  }

  private static boolean usesStrictMath(String name, Graph graph) {
    Aot aot = Aot.of("p.Functions").method(name, graph).with(OPTIONS).withoutFma();
    boolean uses = aot.files().values().stream().anyMatch(bytes -> new String(bytes,
        StandardCharsets.ISO_8859_1).contains("java/lang/StrictMath"));
    if (uses) {
      String message =
          assertThrows(BrowserException.class, () -> Browser.compile(aot)).getMessage();
      assertTrue(message.startsWith("the network Functions uses StrictMath."), message);
    }
    return uses;
  }

  private static Graph function(String name, ScalarFn fn, DType dtype) {
    GraphBuilder builder = new GraphBuilder();
    List<Node> inputs = new ArrayList<>();
    for (int i = 0; i < fn.arity(); i++) {
      DType type = fn == ScalarFn.SELECT && i == 0 ? DType.BOOL : dtype;
      inputs.add(builder.input(
          new Port("x" + i, Role.INPUT, TensorType.of(type, Dim.symbol("n")))));
    }
    Node y = builder.map(fn, inputs.toArray(Node[]::new));
    return builder.graph(name, inputs, List.of(new Graph.Result("y", y)));
  }

  private static void check(Chromium browser, NetworkMethod method, Graph graph) throws Exception {
    Program program = Compiler.compile(graph, OPTIONS);
    Workspace workspace = program.newWorkspace();
    List<Object> given = new ArrayList<>();
    for (Port port : graph.ports()) {
      given.add(specials(port.type().dtype(), given.size()));
      workspace.feedArray(port.name(), given.getLast());
    }
    workspace.size("n", Array.getLength(given.getFirst()));
    program.run(workspace, program.newState());
    String arguments = IntStream.range(0, given.size())
        .mapToObj(i -> Bits.expression(method.takes().get(i), given.get(i)))
        .collect(Collectors.joining(", "));
    NetworkMethod.Value gives = method.gives().getFirst();
    String got = (String) browser.evaluate("ready.then(network => Bits.text(\"" + gives.kind()
        + "\", network." + method.name() + "(" + arguments + ")))");
    Object expected = workspace.array("y");
    Object array = Bits.array(gives.kind(), got);
    for (int i = 0; i < Array.getLength(expected); i++) {
      int at = i;
      assertEquals(Array.get(expected, i), Array.get(array, i), () -> method.name() + " of "
          + given.stream().map(of -> String.valueOf(Array.get(of, at))).toList());
    }
  }

  /// All pairs as first and second operand; no integer divides by zero.
  private static Object specials(DType dtype, int which) {
    int side = REALS.length;
    Object array = dtype.newArray(side * side);
    for (int i = 0; i < side * side; i++) {
      int at = which == 0 ? i / side : which == 1 ? i % side : i * 7 % side;
      long whole = WHOLES[at % WHOLES.length];
      switch (array) {
        case float[] a -> a[i] = (float) REALS[at];
        case double[] a -> a[i] = REALS[at];
        case int[] a -> a[i] = which == 1 && (int) whole == 0 ? 5 : (int) whole;
        case long[] a -> a[i] = which == 1 && whole == 0 ? 5 : whole;
        case boolean[] a -> a[i] = at % 2 == 1;
        default -> throw new IllegalArgumentException(dtype.toString());
      }
    }
    return array;
  }
}
