package io.kotangent.browser;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.aot.Aot;
import io.kotangent.text.GraphParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What can go into a browser, and what is refused.
class BrowserTest {
  private static final String DOT = """
      graph dot(x: input %1$s[n,3], y: input %1$s[3,5]) {
        %%0 = contract[bk,kn->bn] x, y : %1$s[n,5]
        return z=%%0
      }
      """;

  @TempDir Path folder;

  private static Aot aot(String graph) {
    return Aot.of("org.example.Net").method("run", GraphParser.parseOne(graph));
  }

  private static String refused(Map<String, byte[]> files) {
    return assertThrows(BrowserException.class, () -> Browser.compile(files)).getMessage();
  }

  @Test
  void aNetworkWithFmaIsRefusedByName() {
    for (String type : List.of("f32", "f64")) {
      assertEquals("the network Net uses Math.fma, which browsers do not have: make it by"
          + " withoutFma()", refused(aot(DOT.formatted(type)).files()));
    }
  }

  @Test
  void functionsThatBrowsersComputeOtherwiseAreRefusedByName() {
    String graph = "graph f(x: input f64[n]) {\n  %0 = exp x : f64[n]\n  return y=%0\n}\n";
    String message = refused(aot(graph).withoutFma().files());
    assertTrue(message.startsWith("the network Net uses StrictMath.exp, in "), message);
  }

  @Test
  void tensorsByNamesWithDotsAreRefusedByName() {
    String graph = "graph f(x: input f32[n]) {\n  %0 = neg x : f32[n]\n  return y.z=%0\n}\n";
    String message = refused(aot(graph).withoutFma().files());
    assertTrue(message.startsWith("method 'run' takes or gives tensors"), message);
  }

  @Test
  void whatIsNoNetworkIsRefused() {
    String message = refused(Map.of("a.txt", new byte[3]));
    assertTrue(message.startsWith("expected the files of a network"), message);
  }

  @Test
  void aPageHasOnePlaceForTheNetwork() throws Exception {
    String graph = "graph f(x: input f32[n]) {\n  %0 = neg x : f32[n]\n  return y=%0\n}\n";
    BrowserNetwork network = Browser.compile(aot(graph).withoutFma());
    assertArrayEquals(network.wasm(), Browser.compile(aot(graph).withoutFma()).wasm(),
        "the same network gives the same bytes");
    for (String html : List.of("", BrowserNetwork.MARK + BrowserNetwork.MARK)) {
      assertThrows(BrowserException.class, () -> network.to(folder.resolve("p.html"), html));
    }
    try (var files = Files.list(folder)) {
      assertEquals(0, files.count());
    }
    assertEquals("[NetworkMethod[name=run, takes=[Value[name=, kind=F32, isNumber=false]],"
        + " gives=[Value[name=, kind=F32, isNumber=false]]]]", network.methods().toString());
  }
}
