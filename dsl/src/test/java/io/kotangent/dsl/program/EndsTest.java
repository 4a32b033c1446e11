package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.Compiler;
import io.kotangent.dsl.Gradients;
import io.kotangent.dsl.Matrix;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.program.JavaModels.Batch;
import io.kotangent.dsl.program.JavaModels.Feature;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Verifier;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import io.kotangent.type.ShapeException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The first and last elements of an axis whose length is only known when arrays are fed: at most so many, whatever it is.
class EndsTest {
  private static final int MOST = 4;
  private static final int WIDTH = 2;

  private static Graph graph() {
    Model model = Model.named("ends", DType.F64);
    Matrix<Batch, Feature> x = model.input("x", new Batch(), new Feature(WIDTH));
    Matrix<Batch, Feature> first = x.over(new Batch()).first(MOST);
    Matrix<Batch, Feature> last = x.over(new Batch()).last(MOST);
    return model.graph("f", first.named("first"), last.named("last"),
        Gradients.gradient(first.square().sum(), x).named("ofFirst"),
        Gradients.gradient(last.square().sum(), x).named("ofLast"));
  }

  @Test
  void areCutForEveryLength() {
    Program program = Compiler.compile(graph());
    for (int n = 0; n < 10; n++) {
      double[] x = new double[n * WIDTH];
      for (int i = 0; i < x.length; i++) {
        x[i] = i + 1;
      }
      Workspace workspace = program.newWorkspace().feed("x", x);
      program.run(workspace, program.newState());
      int cut = Math.min(n, MOST) * WIDTH;
      double[] first = new double[x.length];
      double[] last = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        first[i] = i < cut ? 2 * x[i] : 0;
        last[i] = i >= x.length - cut ? 2 * x[i] : 0;
      }
      assertArrayEquals(java.util.Arrays.copyOf(x, cut), workspace.doubles("first"));
      assertArrayEquals(java.util.Arrays.copyOfRange(x, x.length - cut, x.length),
          workspace.doubles("last"));
      assertArrayEquals(first, workspace.doubles("ofFirst"));
      assertArrayEquals(last, workspace.doubles("ofLast"));
    }
  }

  @Test
  void nothingIsRequiredOfTheLength() {
    Graph graph = graph();
    assertEquals(List.of(), graph.requirements());
    assertEquals(List.of(), Verifier.violations(graph));
    String text = GraphPrinter.print(graph);
    assertTrue(text.contains("f64[min(batch,4),2]"), text);
    assertEquals(graph, GraphParser.parseOne(text));
  }

  @Test
  void fewerThanNoneIsRefused() {
    Model model = Model.named("ends", DType.F64);
    Matrix<Batch, Feature> x = model.input("x", new Batch(), new Feature(WIDTH));
    String message =
        assertThrows(ShapeException.class, () -> x.over(new Batch()).first(-1)).getMessage();
    assertTrue(message.startsWith("first: expected 0 elements or more, got -1"), message);
    assertTrue(message.contains("EndsTest.java"), message);
  }
}
