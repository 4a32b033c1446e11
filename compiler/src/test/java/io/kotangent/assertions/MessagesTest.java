package io.kotangent.assertions;

import static io.kotangent.assertions.Assertions.assertThat;
import static io.kotangent.assertions.Assertions.assertThatClasses;
import static io.kotangent.assertions.Assertions.assertThatText;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.aot.Aot;
import io.kotangent.bytecode.Compiler;
import io.kotangent.ir.Graph;
import io.kotangent.text.GraphParser;
import io.kotangent.type.KotangentException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What assertions say when they do not hold: each message is kept as a text that was read.
class MessagesTest {
  private static final Graph LOSS = GraphParser.parseOne("""
      graph loss(x: input f32[batch,3], w: param f32[3,2], label: input i32[batch] in 0..1) {
        %0 = contract[bk,kn->bn] x, w : f32[batch,2]  ; dense1 Model.java:5
        %1 = exp %0 : f32[batch,2]  ; softmax Model.java:6
        %2 = reduce.sum[axes=1] %1 : f32[batch]  ; softmax Model.java:6
        %3 = log %2 : f32[batch]  ; softmax Model.java:6
        %4 = gather[axis=1, batch_dims=1] %0, label : f32[batch]  ; loss Model.java:7
        %5 = sub %3, %4 : f32[batch]  ; loss Model.java:7
        %6 = reduce.sum[axes=0] %5 : f32  ; loss Model.java:8
        return loss=%6
      }
      """);
  private static final Graph OTHER = GraphParser.parseOne("""
      graph loss(x: input f32[batch,3], w: param f32[3,2], label: input i32[batch] in 0..1) {
        %0 = contract[bk,kn->bn] x, w : f32[batch,2]
        %1 = exp %0 : f32[batch,2]
        %2 = reduce.sum[axes=1] %1 : f32[batch]
        %3 = log1p %2 : f32[batch]
        %4 = gather[axis=1, batch_dims=1] %0, label : f32[batch]
        %5 = sub %3, %4 : f32[batch]
        %6 = reduce.sum[axes=0] %5 : f32
        return loss=%6
      }
      """);
  private static final Graph CANCELS = GraphParser.parseOne("""
      graph cancels(x: input f32[n], z: input f32[n]) {
        %0 = add x, z  : f32[n]
        %1 = sub %0, z : f32[n]
        return y=%1
      }
      """);
  private static final Map<String, Long> EIGHT = Map.of("batch", 8L);

  private final Map<String, Runnable> failing = new LinkedHashMap<>();

  private static ClassesAssert classes() {
    return assertThatClasses(Aot.of("org.example.Loss").method("loss", CANCELS).files());
  }

  private void texts() {
    failing.put("printsAs", () -> assertThat(CANCELS).printsAs("graph cancels() {\n}\n"));
    failing.put("fits", () -> assertThat(LOSS).fits("[[logits]] = contract\nnext: log [[logits]]"));
    failing.put("fits, not", () -> assertThat(LOSS).fits("contract\nnot: exp\ngather"));
    failing.put("fits, count", () -> assertThat(LOSS).fits("count 2: exp"));
    failing.put("fits, no pattern", () -> assertThat(LOSS).fits("contract\nnext: {{(}}"));
    failing.put("is", () -> assertThatText("a\nb\nc\n").is("a\nx\nc\n"));
    failing.put("formula", () -> assertThat(LOSS).gradientOf("w").formula().is("∂loss/∂w = 0\n"));
  }

  private void graphs() {
    failing.put("isEqualUpToNamesTo", () -> assertThat(LOSS).isEqualUpToNamesTo(OTHER));
    failing.put("isEqualTo", () -> assertThat(LOSS).isEqualTo(CANCELS));
    failing.put("has", () -> assertThat(LOSS).has("log(1+exp(a))"));
    failing.put("hasNo", () -> assertThat(LOSS).hasNo("exp(a)"));
    failing.put("has, no formula", () -> assertThat(LOSS).has("log(a"));
    failing.put("hasNodes", () -> assertThat(LOSS).hasNodes(2, "exp"));
    failing.put("hasNoNode", () -> assertThat(LOSS).hasNoNode("gather"));
    failing.put("nodes, scope", () -> assertThat(LOSS).nodes().scope("sofmax").only());
    failing.put("nodes, line", () -> assertThat(LOSS).nodes().line("Model.java:9").only());
    failing.put("resultReads",
        () -> assertThat(LOSS).resultReads("loss", "loss = Σ(x)"));
    failing.put("resultReads, no result", () -> assertThat(LOSS).resultReads("los", "los = x"));
  }

  private void gradients() {
    failing.put("gradientOf, no input", () -> assertThat(LOSS).gradientOf("ww"));
    failing.put("gradientOf, no result", () -> assertThat(LOSS).gradientOf("lss", "w"));
    failing.put("reads", () -> assertThat(LOSS).gradientOf("w").reads("∂loss/∂w = xᵀ·p"));
    failing.put("agreesWithFiniteDifferences",
        () -> assertThat(CANCELS).gradientOf("y", "x").agreesWithFiniteDifferences());
  }

  private void costs() {
    failing.put("hasFlops", () -> assertThat(LOSS).work(EIGHT).hasFlops(1000));
    failing.put("hasAtMostFlops", () -> assertThat(LOSS).work(EIGHT).hasAtMostFlops(100));
    failing.put("movesAtMost, as written", () -> assertThat(LOSS).work(EIGHT).movesAtMost(100));
    failing.put("work, no size", () -> assertThat(LOSS).work(Map.of()).hasFlops(1));
    failing.put("movesAtMost, fused",
        () -> assertThat(LOSS).compiled().movesAtMost(100, EIGHT));
    failing.put("hasAtMostKernels", () -> assertThat(CANCELS).compiled().hasAtMostKernels(0));
    failing.put("hasAtMostSteps", () -> assertThat(CANCELS).compiled().hasAtMostSteps(0));
    failing.put("allocatesNothing, no graph",
        () -> assertThat(Compiler.compilation(CANCELS,
            io.kotangent.bytecode.CompileOptions.standard())).allocatesNothing());
    failing.put("plan", () -> assertThat(CANCELS).compiled().plan().fits("exp"));
  }

  private void files() {
    failing.put("no classes", () -> assertThatClasses(Map.of("a.txt", new byte[0])));
    failing.put("runOnJava", () -> classes().runOnJava(11));
    failing.put("haveAtMostBytes", () -> classes().haveAtMostBytes(10));
    failing.put("haveCall", () -> classes().haveCall("java.lang.Math.fma"));
    failing.put("haveNoCall", () -> classes().haveNoCall("java.util.Objects."));
  }

  private void meaning() {
    failing.put("stableFor", () -> assertThat(CANCELS).stableFor("x", 0, 1));
    failing.put("stableFor, no input", () -> assertThat(CANCELS).stableFor("xx", 0, 1));
    failing.put("stableFor, no range", () -> assertThat(CANCELS).stableFor("x", 1, 0));
    failing.put("compiledEqualsInterpreted", () -> assertThat(CANCELS)
        .with("x", new float[] {1e-9f, 2, 3}).with("z", new float[] {1, 1, 1})
        .compiledEqualsInterpreted(1e-12));
    failing.put("with, no input", () -> assertThat(CANCELS).with("q", new float[] {1})
        .compiledEqualsInterpreted());
    failing.put("with, another type", () -> assertThat(CANCELS).with("x", new int[] {1})
        .compiledEqualsInterpreted());
    failing.put("withSize, no size", () -> assertThat(CANCELS).withSize("m", 3)
        .compiledEqualsInterpreted());
  }

  @Test
  void areTheKeptTexts() {
    texts();
    graphs();
    gradients();
    costs();
    files();
    meaning();
    StringBuilder all = new StringBuilder();
    failing.forEach((name, assertion) -> all.append("== ").append(name).append('\n')
        .append(message(name, assertion).replace(Path.of("").toAbsolutePath().toString(), "."))
        .append("\n\n"));
    assertTrue(failing.size() >= 30);
    Path module = Path.of("src/test/resources");
    assertThatText(all.toString()).matchesGolden(
        (Files.exists(module) ? module : Path.of("compiler").resolve(module))
            .resolve("golden/assertion-messages.txt"));
  }

  /// Bad use of an assertion is a [KotangentException].
  private static String message(String name, Runnable assertion) {
    try {
      assertion.run();
    } catch (AssertionError | KotangentException e) {
      return e.getMessage();
    }
    throw new AssertionError(name + " holds");
  }

  @Test
  void whatHoldsSaysNothing() {
    assertThat(LOSS).work(EIGHT).hasFlops(152).hasAtMostFlops(152).movesAtMost(4000);
    assertThat(LOSS).compiled().movesAtMost(2000, EIGHT);
    assertThat(LOSS).gradientOf("w").formula().fits("∂loss/∂w = xᵀ");
    classes().needOnlyTheJdk().runOnJava(17).haveMethodsOfAtMost(8000).haveAtMostBytes(60_000)
        .haveNoCall("java.lang.reflect.").haveCall("java.util.Objects.requireNonNull");
  }
}
