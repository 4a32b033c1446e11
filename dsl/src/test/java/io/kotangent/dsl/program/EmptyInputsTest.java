package io.kotangent.dsl.program;

import static io.kotangent.dsl.program.JavaModels.BATCH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.bytecode.Compiler;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Expr;
import io.kotangent.dsl.Gradients;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Scalar;
import io.kotangent.dsl.Sliding;
import io.kotangent.dsl.Tensor4;
import io.kotangent.dsl.program.JavaModels.Batch;
import io.kotangent.dsl.program.JavaModels.Column;
import io.kotangent.dsl.program.JavaModels.Edges;
import io.kotangent.dsl.program.JavaModels.Gray;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.DType;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Models take batches of nothing and images without rows, and their gradients are there: empty by what is empty, and 0 by
/// what is not.
class EmptyInputsTest {
  private record Length() implements Axis.Symbolic<Length> {
  }

  private record KernelRow(int size) implements Axis<KernelRow> {
  }

  private record KernelColumn(int size) implements Axis<KernelColumn> {
  }

  private static final Length ROWS = new Length();

  private interface Image extends Function<Tensor4<Batch, Length, Column, Gray>, Expr<?>> {
  }

  private static Scalar total(Expr<?> y) {
    return y.untyped().sin().sum();
  }

  @TestFactory
  Stream<DynamicTest> poolsAndSums() {
    record Case(String name, int batch, int rows, Image image) {
    }
    return Stream.of(
        new Case("max pool, no batch", 0, 6, x -> x.maxPool(2)),
        new Case("large max pool, no batch", 0, 6, x -> x.maxPool(5, Sliding.valid().stride(2))),
        new Case("average pool, no batch", 0, 6, x -> x.averagePool(3, 2)),
        new Case("max pool of a ReLU, no batch", 0, 6, x -> x.relu().maxPool(2)),
        new Case("max pool, no rows", 3, 0, x -> x.maxPool(2, Sliding.padded(1).stride(2))),
        new Case("global average, no batch", 0, 6, x -> x.globalAveragePool()),
        new Case("softmax, no rows", 2, 0, x -> x.over(new Gray(2)).softmax()),
        new Case("cumulative sum, no rows", 2, 0, x -> x.over(ROWS).cumulativeSum()),
        new Case("cumulative sum, no batch", 0, 3, x -> x.over(ROWS).cumulativeSum()),
        new Case("reversed, no rows", 2, 0, x -> x.over(ROWS).reversed()))
        .map(one -> DynamicTest.dynamicTest(one.name, () -> {
          Model model = Model.named("empty", DType.F32);
          var x = model.input("x", BATCH, ROWS, new Column(6), new Gray(2));
          Graph graph = model.graph("f",
              Gradients.gradient(total(one.image.apply(x)), x).named("dx"));
          Program program = Compiler.compile(graph);
          Workspace workspace = sized(program, one.batch, one.rows);
          workspace.feedArray("x", new float[one.batch * one.rows * 12]);
          program.run(workspace, program.newState());
          assertEquals(one.batch * one.rows * 12, workspace.floats("dx").length);
        }));
  }

  @TestFactory
  Stream<DynamicTest> convolutions() {
    return Stream.of(Sliding.full(), Sliding.full().stride(2), Sliding.full().dilation(2))
        .flatMap(sliding -> Stream.of(new int[] {0, 4}, new int[] {2, 0}, new int[] {0, 0})
            .map(size -> DynamicTest.dynamicTest(sliding + " " + size[0] + " " + size[1], () -> {
              Model model = Model.named("empty", DType.F32);
              var x = model.input("x", BATCH, ROWS, new Column(6), new Gray(2));
              var k = model.input("k", new KernelRow(3), new KernelColumn(3), new Gray(2),
                  new Edges(4));
              Scalar f = total(x.convolve(k, sliding, 1));
              Graph graph = model.graph("f", Gradients.gradient(f, x).named("dx"),
                  Gradients.gradient(f, k).named("dk"));
              Program program = Compiler.compile(graph);
              Workspace workspace = sized(program, size[0], size[1]);
              float[] kernel = new float[72];
              java.util.Arrays.fill(kernel, 1);
              workspace.feedArray("x", new float[0]);
              workspace.feedArray("k", kernel);
              program.run(workspace, program.newState());
              assertEquals(0, workspace.floats("dx").length);
              assertArrayEquals(new float[72], workspace.floats("dk"));
            })));
  }

  private static Workspace sized(Program program, int batch, int rows) {
    Workspace workspace = program.newWorkspace();
    for (String symbol : program.signature().symbols()) {
      workspace.size(symbol, symbol.startsWith("batch") ? batch : rows);
    }
    return workspace;
  }
}
