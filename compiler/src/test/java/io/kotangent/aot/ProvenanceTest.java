package io.kotangent.aot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.data.DataException;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.StateLayout;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.text.GraphParser;
import io.kotangent.type.KotangentException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Where networks come from, as their files say.
class ProvenanceTest {
  private static final String GRAPH = """
      graph half(a: input f32[n]) {
        %0 = constant[value=0.5]        : f32
        %1 = broadcast[dims=(), to=n] %0 : f32[n]
        %2 = mul a, %1                  : f32[n]
        return y=%2
      }

      graph net(x: input f32[n], w: param f32[n]) {
        %0 = mul x, w    : f32[n]    ; layer /home/someone/Net.java:12
        %1 = call[@half] %0 : (f32[n])
        %2 = item[index=0] %1 : f32[n]  ; Net.java:13
        return y=%2
      }
      """.replace("w: param f32[n]", "w: param f32[3]").replace("f32[n]", "f32[3]")
      .replace("to=n", "to=3");

  private static Aot aot() {
    return Aot.of("p.Net").method("run", GraphParser.parseOne(GRAPH)).weights(state())
        .with(CompileOptions.standard().relaxed(true).without("FuseElementwise"))
        .note("data", "three numbers").note("seed", "1");
  }

  private static ModelState state() {
    return ModelState.zeros(StateLayout.of(GraphParser.parseOne(GRAPH).ports())).set("w",
        new float[] {1, 2, 3});
  }

  private static Provenance of(Map<String, byte[]> files) {
    return Provenance.read(files.get("p/Net.provenance"), "Net");
  }

  @Test
  void saysWhatTheNetworkWasMadeOf() {
    Map<String, byte[]> files = aot().files();
    Provenance provenance = of(files);
    String text = new String(files.get("p/Net.provenance"), StandardCharsets.UTF_8);
    assertEquals(text, provenance.text());
    assertTrue(text.startsWith("""
        kotangent network 1
        compiler %s
        class p.Net
        fma true
        simd 0
        stabilize true
        relaxed true
        without FuseElementwise
        note data three numbers
        note seed 1
        sha256 """.formatted(provenance.compiler())), text);
    assertTrue(text.endsWith("""
          }
         \s
          graph net(x: input f32[3], w: param f32[3]) {
            %0 = mul x, w         : f32[3]  ; layer Net.java:12
            %1 = call[@half] %0   : (f32[3])
            %2 = item[index=0] %1 : f32[3]  ; Net.java:13
            return y=%2
          }
        """), text);
    assertFalse(text.contains("home"), text);
    assertEquals(GraphParser.parseOne(GRAPH), provenance.graph("run"));
    assertTrue(assertThrows(KotangentException.class, () -> provenance.graph("walk")).getMessage()
        .contains("[run]"));
  }

  @Test
  void namesTheCompilerThatTheBuildMade() {
    String version = of(aot().files()).compiler();
    if ("maven".equals(System.getProperty("kotangent.built.by"))) {
      assertTrue(version.matches("[0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?"), version);
    } else {
      assertFalse(version.isEmpty());
    }
  }

  @Test
  void theSameIsMadeOfItAgain() {
    for (Aot aot : List.of(aot(), aot().withoutFma(), aot().simd(256),
        aot().with(CompileOptions.standard().stabilize(false)))) {
      Map<String, byte[]> files = aot.files();
      Map<String, byte[]> again = of(files).aot().weights(state()).files();
      assertEquals(files.keySet(), again.keySet());
      files.forEach((path, bytes) -> assertArrayEquals(bytes, again.get(path), path));
    }
  }

  @Test
  void randomGraphsAreReadBack() {
    for (int seed = 0; seed < 60; seed++) {
      Graph graph = RandomGraphs.generate(seed, RandomGraphs.Options.WILD).graph();
      Map<String, byte[]> files = Aot.of("p.Net").method("run", graph)
          .weights(ModelState.zeros(StateLayout.of(graph.ports()))).files();
      assertEquals(graph, of(files).graph("run"));
    }
  }

  @Test
  void whatChangedIsFound() {
    Map<String, byte[]> files = new TreeMap<>(aot().files());
    Provenance provenance = of(files);
    assertEquals(List.of(), provenance.problems(files));
    assertEquals(files.keySet().stream().filter(path -> !path.endsWith(".provenance")).toList(),
        List.copyOf(provenance.digests().keySet()));
    for (String path : provenance.digests().keySet()) {
      byte[] other = files.get(path).clone();
      other[other.length / 2] ^= 1;
      Map<String, byte[]> changed = new TreeMap<>(files);
      changed.put(path, other);
      List<String> problems = provenance.problems(changed);
      assertEquals(1, problems.size());
      assertTrue(problems.getFirst().startsWith(path + " is not as it was made"),
          problems.toString());
      changed.remove(path);
      assertEquals(List.of(path + " is missing"), provenance.problems(changed));
    }
    files.put("p/Net$More.class", new byte[1]);
    files.put("p/Other.class", new byte[1]);
    assertEquals(List.of("p/Net$More.class is not one of its files"), provenance.problems(files));
  }

  @Test
  void sourcesHaveItToo() {
    Map<String, byte[]> files = aot().source();
    Provenance provenance = of(files);
    assertEquals(List.of(), provenance.problems(files));
    assertTrue(provenance.digests().containsKey("p/Net.java"), provenance.digests().toString());
  }

  @Test
  void notesAreOneWordAndOneLine() {
    for (String[] note : new String[][] {{"", "x"}, {"a b", "x"}, {"ü", "x"}, {"a", ""},
        {"a", "x\ny"}, {"a", "x\ry"}, {"a", "\u2028"}, {"a", " x"}, {"a", "\ud800"},
        {"a", "x\u0085y"}}) {
      assertTrue(assertThrows(KotangentException.class,
          () -> Aot.of("A").note(note[0], note[1])).getMessage().startsWith("the note '"));
    }
    assertEquals(Map.of("a", "ü 𝄞"),
        Provenance.read(aot("a", "ü 𝄞"), "Net").notes());
  }

  private static byte[] aot(String key, String value) {
    return Aot.of("p.Net").method("run", GraphParser.parseOne(GRAPH)).weights(state())
        .note(key, "other").note(key, value).files().get("p/Net.provenance");
  }

  // ---- texts that are none

  private static void refused(String part, String text) {
    DataException e = assertThrows(DataException.class,
        () -> Provenance.read(text.getBytes(StandardCharsets.UTF_8), "Net"));
    assertTrue(String.valueOf(e.getMessage()).startsWith("provenance file Net: "), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
  }

  @Test
  void otherTextsAreRefusedWithTheirLine() {
    String text = of(aot().files()).text();
    refused("lines that end with a line feed", "");
    refused("line 1: expected 'kotangent network 1', got 'kotangent network 2'",
        text.replace("network 1", "network 2"));
    refused("line 2: expected 'compiler …', got 'class p.Net'",
        text.replaceFirst("compiler.*\n", ""));
    refused("line 3: expected the name of a class, got 'class p/Net'",
        text.replace("class p.Net", "class p/Net"));
    for (String bits : List.of("64", "-128", "256 ", "x", "99999999999")) {
      refused("line 5: expected 'simd' and one of [0, 128, 256, 512], got 'simd " + bits.strip(),
          text.replace("simd 0", "simd " + bits));
    }
    refused("line 2 has control characters", text.replaceFirst("compiler ", "compiler \u001b[31m"));
    refused("expected 64 digits from 0 to f", text.replaceFirst("sha256 [0-9a-f]", "sha256 x"));
    refused("expected the name of a method, got 'method ../run'",
        text.replace("method run", "method ../run"));
    refused("line 4: expected 'fma true' or 'fma false', got 'fma yes'",
        text.replace("fma true", "fma yes"));
    refused("line 9: expected each name once",
        text.replaceFirst("(without.*\n)", "$1$1"));
    refused("line 10: expected 'note … …', each once, got 'note data three numbers'",
        text.replaceFirst("(note data.*\n)", "$1$1"));
    refused("expected 'without', 'note', 'sha256' and 'method', in this order", text + "x\n");
    refused("expected a line of the graph of method run, got the end of the text",
        text.substring(0, text.indexOf("\n", text.indexOf("method")) + 1));
    refused("each method once", text + text.substring(text.indexOf("method")));
    refused("lines that end with a line feed", text.replace("\n", "\r\n"));
    assertThrows(DataException.class, () -> Provenance.read(new byte[] {(byte) 0xff}, "Net"));
  }

  @Test
  void damagedTextsAreReadOrRefused() {
    byte[] text = of(aot().files()).bytes();
    Random random = new Random(5);
    List<String> read = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      byte[] damaged = text.clone();
      for (int k = random.nextInt(3); k >= 0; k--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        Provenance provenance = Provenance.read(damaged, "Net");
        read.add(provenance.className());
        assertArrayEquals(damaged, provenance.bytes());
        for (String method : provenance.methods().keySet()) {
          provenance.graph(method);
        }
      } catch (KotangentException e) {
        assertFalse(String.valueOf(e.getMessage()).isEmpty());
      }
    }
    assertTrue(read.size() > 100, read.size() + " read");
  }

  @Test
  void plansAreListedWithoutWeights() {
    Map<String, Aot.Listing> listings =
        Aot.of("p.Net").method("run", GraphParser.parseOne(GRAPH)).listings();
    Aot.Listing run = listings.get("run");
    assertTrue(run.plan().startsWith("program net("), run.plan());
    assertFalse(run.kernels().isEmpty());
    run.kernels().forEach((name, text) -> {
      assertTrue(run.plan().contains(name), run.plan());
      assertTrue(text.contains("{"), text);
    });
  }
}
