package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.load.Machine;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.Step;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// SIMD code of sums of columns leaves the bits that the interpreter of the plain loops leaves: chunks that are whole or not, widths that
/// are a multiple of nothing, known and unknown, with epilogues.
class ColumnSumsTest {
  private static final int[] ROWS = {0, 1, 2, 31, 255, 256, 257, 600};
  private static final int[] COLUMNS = {8, 15, 16, 17, 31, 33, 100, 128, 129, 255, 512, 513, 1100};
  private static final List<Epilogue> EPILOGUES = List.of(new Epilogue("", "%0"),
      new Epilogue("%1 = mul %0, w : T[C]\n  %2 = exp %1 : T[C]", "%2"),
      new Epilogue("%1 = mul %0, w : T[C]", "%1, sum=%0"));

  private record Epilogue(String nodes, String results) {
  }

  private static final class Case {
    private final Random random = new Random(11);
    private final DType dtype;
    private int choices;

    Case(DType dtype) {
      this.dtype = dtype;
    }

    void check(Epilogue epilogue, String rows, String columns, Map<String, Long> symbols) {
      Graph graph = GraphParser.parse("""
          graph sums(x: input T[R,C], w: input T[C]) {
            %0 = reduce.sum[axes=0] x : T[C]
            EPILOGUE
            return y=RESULTS
          }
          """.replace("EPILOGUE", epilogue.nodes()).replace("RESULTS", epilogue.results())
          .replace("T[", dtype.name().toLowerCase(Locale.ROOT) + "[")
          .replace("R,", rows + ",").replace("C]", columns + "]")).getFirst();
      Compilation compiled =
          Compiler.compilation(graph, CompileOptions.standard().with(SimdUse.ALWAYS));
      choices += (int) compiled.plan().steps().stream().filter(Case::isChoice).count();
      Plan plan = compiled.plan();
      Map<String, TensorValue> inputs = new LinkedHashMap<>();
      graph.ports().forEach(port -> inputs.put(port.name(),
          values(port.type().shape().evaluate(symbols))));
      PlanRuns.Outcome expected =
          PlanRuns.run(plan, new PlanInterpreter(plan), inputs, symbols, 1);
      for (int threads = 1; threads <= 2; threads++) {
        assertEquals("", PlanRuns.difference(plan, expected,
            PlanRuns.run(plan, compiled.code(), inputs, symbols, threads), symbols),
            () -> symbols + "\n" + PlanPrinter.print(plan));
      }
    }

    private static boolean isChoice(Step step) {
      return step instanceof Step.When when
          && when.flag().buffer().slot().kind() == ArraySlot.Kind.CHOICES;
    }

    private TensorValue values(int[] dims) {
      double[] values = new double[Arrays.stream(dims).reduce(1, (a, b) -> a * b)];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextInt(9) == 0 ? -0.0 : random.nextGaussian() * (i % 5 == 0 ? 1e6 : 1);
      }
      if (dims.length == 2 && values.length > 8) {
        values[3] = Double.NaN;
        values[7] = Double.NEGATIVE_INFINITY;
      }
      if (dtype == DType.F64) {
        return TensorValue.of(dtype, dims, values);
      }
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) values[i];
      }
      return TensorValue.of(dtype, dims, floats);
    }
  }

  @TestFactory
  Stream<DynamicTest> haveTheBitsOfPlainLoops() {
    List<DynamicTest> tests = new ArrayList<>();
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      tests.add(DynamicTest.dynamicTest(dtype + ", known widths", () -> {
        Case each = new Case(dtype);
        for (int columns : COLUMNS) {
          for (int i = 0; i < ROWS.length; i++) {
            Epilogue epilogue = EPILOGUES.get((i + columns) % EPILOGUES.size());
            each.check(epilogue, "batch", "" + columns, Map.of("batch", (long) ROWS[i]));
            each.check(epilogue, "" + ROWS[i], "" + columns, Map.of());
          }
        }
        assertTrue(
            Machine.target().vectorBits() == 0 || each.choices > COLUMNS.length * ROWS.length,
            each.choices + " choices");
      }));
      tests.add(DynamicTest.dynamicTest(dtype + ", unknown widths", () -> {
        Case each = new Case(dtype);
        for (int columns : new int[] {0, 1, 7, 16, 100, 129, 513, 1100}) {
          for (int rows : new int[] {0, 1, 257}) {
            for (Epilogue epilogue : EPILOGUES) {
              each.check(epilogue, "batch", "n",
                  Map.of("batch", (long) rows, "n", (long) columns));
            }
          }
        }
      }));
    }
    return tests.stream();
  }
}
