package io.kotangent.assertions;

import static io.kotangent.assertions.Assertions.assertThat;
import static io.kotangent.assertions.Assertions.assertThatText;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Graph;
import io.kotangent.text.GraphParser;
import io.kotangent.type.KotangentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the library finds and how it says so.
class AssertionsTest {
  private static final Graph LOSS = GraphParser.parseOne("""
      graph loss(x: input f32[batch,3], y: input f32[batch,2], w: param f32[3,2]) {
        %0 = contract[ab,bc->ac] x, w     : f32[batch,2]
        %1 = sub %0, y                    : f32[batch,2]
        %2 = mul %1, %1                   : f32[batch,2]
        %3 = reduce.sum[axes=(0,1)] %2    : f32
        return loss=%3, out=%0
      }
      """);
  private static final Graph NAIVE = GraphParser.parseOne("""
      graph naive(x: input f32[n]) {
        %0 = exp x                   : f32[n]
        %1 = constant[value=1]       : f32
        %2 = broadcast[dims=(), to=n] %1 : f32[n]
        %3 = add %2, %0              : f32[n]
        %4 = log %3                  : f32[n]
        return y=%4
      }
      """);

  @TempDir Path folder;

  private static String fails(Runnable assertion) {
    return String.valueOf(assertThrows(AssertionError.class, assertion::run).getMessage());
  }

  private static void failsWith(Runnable assertion, String... parts) {
    String message = fails(assertion);
    for (String part : parts) {
      assertTrue(message.contains(part), "expected '" + part + "' in:\n" + message);
    }
  }

  private static void refuses(Runnable assertion, String part) {
    String message = String.valueOf(
        assertThrows(KotangentException.class, assertion::run).getMessage());
    assertTrue(message.contains(part), message);
  }

  // ---- nodes

  @Test
  void nodesAreFoundByMnemonicScopeAndLine() {
    Graph graph = GraphParser.parseOne("""
        graph g(x: input f32[n]) {
          %0 = exp x        : f32[n]  ; block1/dense Model.java:7
          %1 = exp %0       : f32[n]  ; block1 Model.java:8
          %2 = reduce.max[axes=0] %1 : f32  ; block10 Model.java:8
          return y=%2
        }
        """);
    assertEquals(2, Nodes.of(graph).mnemonic("exp").size());
    assertEquals(1, Nodes.of(graph).mnemonic("reduce").size());
    assertEquals(1, Nodes.of(graph).mnemonic("reduce.max").size());
    refuses(() -> Nodes.of(graph).mnemonic("red"), "no operation 'red': expected");
    refuses(() -> assertThat(graph).hasNoNode("tahn"), "'tanh'");
    refuses(() -> assertThat(graph).hasNodes(1, "contarct"), "'contract'");
    assertEquals(1, Nodes.of(graph).mnemonic("input").size());
    assertEquals(2, Nodes.of(graph).scope("block1").size());
    assertEquals(1, Nodes.of(graph).scope("dense").size());
    assertEquals(2, Nodes.of(graph).line("Model.java:8").size());
    assertEquals("block1", Nodes.of(graph).mnemonic("exp").line("Model.java:8").only().origin()
        .scope());
    failsWith(() -> Nodes.of(graph).mnemonic("exp").only(), "expected one node, got 2 (nodes, exp)",
        "= exp x");
    assertThat(graph).hasNodes(2, "exp").hasNoNode("log");
    failsWith(() -> assertThat(graph).hasNodes(1, "exp"), "graph g: expected 1 × exp, got 2");
  }

  // ---- text

  @Test
  void textsAreComparedLineByLine() {
    String text = io.kotangent.text.GraphPrinter.printWithoutOrigins(LOSS);
    assertThat(LOSS).printsAs(text).printsAs(text.replace("\n", "\r\n"));
    failsWith(() -> assertThat(LOSS).printsAs(text.replace("sub", "add")),
        "graph loss is another (- expected, + is)", "\n- ", "= add", "\n+ ", "= sub");
  }

  @Test
  void goldenFilesAreComparedAndSayHowToWriteThem() throws IOException {
    Path file = folder.resolve("golden/loss.txt");
    failsWith(() -> assertThat(LOSS).matchesGolden(file), "there is no golden file",
        "-Dkotangent.golden=update");
    Files.createDirectories(file.getParent());
    Files.writeString(file, io.kotangent.text.GraphPrinter.printWithoutOrigins(LOSS));
    assertThat(LOSS).matchesGolden(file);
    failsWith(() -> assertThat(NAIVE).matchesGolden(file), "graph naive is not as in",
        "-Dkotangent.golden=update");
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    failsWith(() -> assertThat(LOSS).matchesGolden(file), "is no UTF-8 text");
  }

  @Test
  void patternsHoldInOrder() {
    assertThat(LOSS).fits("""
        # the product, then what is done with it
        [[product]] = contract
        next: [[error]] = sub [[product]], y
        next: mul [[error]], [[error]]
        not: exp
        reduce.sum
        count 1: mul
        return {{loss=%\\d+}}, out=[[product]]
        """);
    failsWith(() -> assertThat(LOSS).fits("mul\nsub"), "> sub", "no line after line 4 has it",
        "graph loss does not fit the pattern");
    failsWith(() -> assertThat(LOSS).fits("contract\nnext: mul"),
        "the next line does not have it");
    failsWith(() -> assertThat(LOSS).fits("contract\nnot: sub\nreduce.sum"), "line 3 has it");
    failsWith(() -> assertThat(LOSS).fits("count 2: mul"), "1 line has it");
    failsWith(() -> assertThat(LOSS).fits("[[a]] = contract\nmul [[a]], [[a]]"),
        "where [[a]] is %0");
    assertThatText("a1 = f a12\n").fits("[[x]] = f");
    failsWith(() -> assertThatText("a1 = f\ng a12\n").fits("[[x]] = f\ng [[x]]"), "no line after");
  }

  @Test
  void patternsThatAreNoneSayWhere() {
    refuses(() -> assertThat(LOSS).fits(""), "a pattern without a line");
    refuses(() -> assertThat(LOSS).fits("exp\n [[a"), "line 2, column 2: expected ]]");
    refuses(() -> assertThat(LOSS).fits("x {{[}}"), "line 1, column 3: expected a regular");
    refuses(() -> assertThat(LOSS).fits("[[a b]]"), "expected a name such as [[sum]]");
    refuses(() -> assertThat(LOSS).fits("count two: exp"), "expected a number");
    refuses(() -> assertThat(LOSS).fits("count 99999999999: exp"), "expected a number");
    refuses(() -> assertThat(LOSS).fits("exp\n  next:  a [[b"), "line 2, column 12: expected ]]");
    refuses(() -> assertThat(LOSS).fits("next: exp"), "expected a line before it");
    refuses(() -> assertThat(LOSS).fits("not:"), "expected what to look for");
  }

  // ---- structure

  @Test
  void graphsAreEqualUpToNamesOrTheDifferenceIsTold() {
    Graph other = GraphParser.parseOne(io.kotangent.text.GraphPrinter.printWithoutOrigins(LOSS)
        .replace("out=", "scores="));
    Graph again = GraphParser.parseOne(io.kotangent.text.GraphPrinter.print(LOSS));
    assertThat(LOSS).isEqualTo(again).isEqualUpToNamesTo(other);
    failsWith(() -> assertThat(LOSS).isEqualTo(other), "equal but for names", "scores");
    Graph changed = GraphParser.parseOne(io.kotangent.text.GraphPrinter.printWithoutOrigins(LOSS)
        .replace("sub", "add"));
    failsWith(() -> assertThat(LOSS).isEqualTo(changed), "sub", "add", "1 difference");
  }

  @Test
  void formulasOccurOrDoNot() {
    assertThat(NAIVE).has("log(1+exp(a))").has("log(exp(a)+1)").hasNo("log1p(a)");
    assertThat(NAIVE).optimized().hasNo("log(1+exp(a))");
    failsWith(() -> assertThat(NAIVE).hasNo("exp(a)"), "graph naive has exp(a), at 1 node");
    failsWith(() -> assertThat(NAIVE).has("tanh(a)"), "graph naive has no tanh(a)", "= log");
    refuses(() -> assertThat(NAIVE).has("exp(a"), "expected");
    refuses(() -> assertThat(NAIVE).has("nosuch(a)"), "nosuch");
  }

  // ---- gradients

  @Test
  void gradientsAgreeWithFiniteDifferences() {
    assertThat(LOSS).gradientOf("w").agreesWithFiniteDifferences();
    assertThat(LOSS).withSize("batch", 7).gradientOf("loss", "x").agreesWithFiniteDifferences();
    assertThat(LOSS).with("w", new float[6]).gradientOf("w").agreesWithFiniteDifferences();
    failsWith(() -> assertThat(LOSS).gradientOf("v"), "no input or parameter 'v'", "'w'");
    failsWith(() -> assertThat(LOSS).gradientOf("lost", "w"), "no result 'lost'", "'loss'");
    failsWith(() -> assertThat(NAIVE).gradientOf("x"), "0 results that are one number");
    assertThat(LOSS).gradientOf("w").graph().hasNodes(2, "contract");
  }

  @Test
  void gradientsThatAreWrongAreFound() {
    Graph stopped = GraphParser.parseOne("""
        graph stopped(x: input f32[n]) {
          %0 = stop_gradient x       : f32[n]
          %1 = mul %0, x             : f32[n]
          %2 = reduce.sum[axes=0] %1 : f32
          return y=%2
        }
        """);
    failsWith(() -> assertThat(stopped).gradientOf("x").agreesWithFiniteDifferences(),
        "∂y/∂x at element 0", "by finite differences");
  }

  @Test
  void formulasOfGradientsAreRead() {
    Graph square = GraphParser.parseOne("""
        graph square(x: input f64) {
          %0 = mul x, x : f64
          return f=%0
        }
        """);
    assertThat(square).gradientOf("x").reads("∂f/∂x = 2·x");
    failsWith(() -> assertThat(square).gradientOf("x").reads("∂f/∂x = x"), "expected\n  ∂f/∂x = x",
        "got\n  ∂f/∂x = 2·x");
    assertThat(square).resultReads("f", "f = x²");
  }

  // ---- programs

  @Test
  void programsKeepToTheirBudgets() {
    assertThat(LOSS).compiled().hasAtMostKernels(3).hasAtMostSteps(6).hasMethodsOfAtMost(8000)
        .needsWorkspaceOfAtMost(1 << 16, Map.of("batch", 8L)).allocatesNothing();
    failsWith(() -> assertThat(LOSS).compiled().hasAtMostKernels(0),
        "expected at most 0 kernels, got ", "program loss(");
    failsWith(() -> assertThat(LOSS).compiled().hasMethodsOfAtMost(10), "bytes of bytecode");
    failsWith(() -> assertThat(LOSS).compiled()
        .needsWorkspaceOfAtMost(1, Map.of("batch", 1L << 20)), "bytes of workspace");
    assertThat(LOSS).compiled().plan().fits("contract");
  }

  @Test
  void programsComputeWhatGraphsMean() {
    assertThat(LOSS).compiledEqualsInterpreted();
    assertThat(LOSS).withSize("batch", 33).sameBitsFor(List.of(1, 2, 3), List.of(0, 128, 256));
    failsWith(() -> assertThat(NAIVE).with("x", new float[] {1, 2, 3})
        .compiledEqualsInterpreted(-1), "the program computes", "the graph means", "x = ");
  }

  @Test
  void stabilityIsFound() {
    assertThat(NAIVE).stableFor("x", -200, 200);
    Graph cancels = GraphParser.parseOne("""
        graph cancels(x: input f32[n], z: input f32[n]) {
          %0 = add x, z  : f32[n]
          %1 = sub %0, z : f32[n]
          return y=%1
        }
        """);
    failsWith(() -> assertThat(cancels).stableFor("x", 0, 1), "graph cancels is not stable at x =",
        "the graph means");
    failsWith(() -> assertThat(NAIVE).stableFor("z", 0, 1), "no input 'z'", "'x'");
    refuses(() -> assertThat(NAIVE).stableFor("x", 1, 0), "expected a float input and a range");
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    for (long size : new long[] {-1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40}) {
      failsWith(() -> assertThat(LOSS).withSize("batch", size).compiledEqualsInterpreted(),
          "too large or negative for sizes {batch=" + size + "}");
    }
    assertThat(LOSS).withSize("batch", 0).compiledEqualsInterpreted();
  }

  @Test
  void namesThatAreNotThereAreNamed() {
    failsWith(() -> assertThat(LOSS).withSize("bach", 3).compiledEqualsInterpreted(),
        "no size 'bach': expected 'batch'");
    failsWith(() -> assertThat(LOSS).with("ww", new float[6]).compiledEqualsInterpreted(),
        "no input, parameter or state 'ww': expected 'w'");
  }

  @Test
  void everyOperationHasAName() {
    for (int seed = 0; seed < 100; seed++) {
      Graph graph = io.kotangent.eval.RandomGraphs
          .generate(seed, io.kotangent.eval.RandomGraphs.Options.WILD).graph();
      for (io.kotangent.ir.Node node : Nodes.of(graph)) {
        assertTrue(Nodes.of(graph).mnemonic(node.op().mnemonic()).size() > 0);
      }
    }
  }

  @Test
  void messagesCallNodesAsTheTextDoes() {
    Graph graph = GraphParser.parseOne("""
        graph g(x: input f32[n]) {
          %unused = sin x : f32[n]
          %5 = exp x      : f32[n]
          %7 = log %5     : f32[n]
          return y=%7
        }
        """);
    failsWith(() -> assertThat(graph).hasNo("log(a)"), "at 1 node:\n  %1 = log %0 : f32[n]");
    failsWith(() -> assertThat(graph).hasNodes(0, "log"), "(nodes, log):\n  %1 = log %0 : f32[n]");
  }
}
