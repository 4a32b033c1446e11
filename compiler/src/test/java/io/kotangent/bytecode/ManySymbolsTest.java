package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.ShapeException;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A size may have 256 different symbols; one of more is refused where it is made, at once.
class ManySymbolsTest {
  private static final int MOST = 256;

  private static Node concat(GraphBuilder b, List<Node> inputs, int count) {
    for (int i = 0; i < count; i++) {
      TensorType type = new TensorType(DType.F32, new Shape(List.of(Dim.symbol("n" + i))));
      inputs.add(b.input(new Port("x" + i, Role.INPUT, type)));
    }
    return b.add(new Op.Concat(0), inputs);
  }

  private static String joined(int count, String between, IntFunction<String> text) {
    return IntStream.range(0, count).mapToObj(text).collect(Collectors.joining(between));
  }

  private static String text(int count) {
    return "graph g(" + joined(count, ", ", i -> "x" + i + ": input f32[n" + i + "]") + ") {\n"
        + "  %0 = concat[axis=0] " + joined(count, ", ", i -> "x" + i) + " : f32["
        + joined(count, "+", i -> "n" + i) + "]\n  return y=%0\n}";
  }

  @Test
  void asManyAsAreAllowedAreCompiled() {
    GraphBuilder b = new GraphBuilder();
    List<Node> inputs = new ArrayList<>();
    Node all = concat(b, inputs, MOST);
    Graph graph =
        b.graph("g", inputs, List.of(new Graph.Result("y", b.sum(all, List.of(0)))));
    long before = System.nanoTime();
    var program = Compiler.compile(graph);
    System.out.println((System.nanoTime() - before) / 1_000_000 + " ms for " + MOST + " symbols");
    var workspace = program.newWorkspace();
    for (int i = 0; i < MOST; i++) {
      workspace.feedArray("x" + i, new float[] {i, 1});
    }
    program.run(workspace, program.newState());
    assertEquals(MOST + MOST * (MOST - 1) / 2, ((float[]) workspace.array("y"))[0]);
  }

  @Test
  void moreAreRefusedByNameAndAtOnce() {
    for (int count : new int[] {MOST + 1, 800, 5000}) {
      GraphBuilder b = new GraphBuilder();
      ShapeException error =
          assertThrows(ShapeException.class, () -> concat(b, new ArrayList<>(), count));
      assertEquals(
          "a size of 257 different symbols: expected at most 256; name axes of one size by "
              + "one symbol",
          error.getMessage().replaceFirst("^concat: ", ""));
    }
  }

  @Test
  void aTextOfMoreIsRefusedWithItsLine() {
    GraphParser.parse(text(MOST));
    for (int count : new int[] {MOST + 1, 5000}) {
      String message =
          assertThrows(KotangentException.class, () -> GraphParser.parse(text(count))).getMessage();
      assertEquals("expected a size, got a size of " + count + " different symbols: expected at "
          + "most 256; name axes of one size by one symbol",
          message.replaceFirst("^line 2, column \\d+: ", ""));
    }
  }
}
