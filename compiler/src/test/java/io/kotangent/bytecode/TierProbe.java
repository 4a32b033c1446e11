package io.kotangent.bytecode;

import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.load.Machine;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Trains a small net for some steps and prints the bits that it ends with; run in several JVMs, which must print the same.
public final class TierProbe {
  private static final int STEPS = 300;
  private static final Map<String, Long> SIZES = Map.of("batch", 19L);

  private TierProbe() {
  }

  public static void main(String[] args) {
    if (!Machine.target().fma()) {
      System.out.print("soft fma\n");
    }
    Compilation compiled = Compiler.compilation(step(), CompileOptions.standard());
    Map<String, TensorValue> inputs = new HashMap<>();
    Random random = new Random(3);
    for (Port port : step().ports()) {
      int[] dims = port.type().shape().evaluate(SIZES);
      float[] values = new float[dims[0] * dims[1]];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian() * 0.3f;
      }
      inputs.put(port.name(), TensorValue.of(DType.F32, dims, values));
    }
    PlanRuns.Outcome once = PlanRuns.run(compiled.plan(), compiled.code(), inputs, SIZES, 1);
    PlanRuns.Outcome interpreted =
        PlanRuns.run(compiled.plan(), new PlanInterpreter(compiled.plan()), inputs, SIZES, 2);
    String difference = PlanRuns.difference(compiled.plan(), interpreted, once, SIZES);
    if (!difference.isEmpty()) {
      throw new AssertionError(difference);
    }
    Object[] arrays = once.arrays();
    for (int i = 1; i < STEPS; i++) {
      compiled.code().run(arrays, new int[] {19});
    }
    long hash = 0;
    for (int i = 0; i < arrays.length; i++) {
      ArraySlot slot = compiled.plan().signature().arrays().get(i);
      if (slot.kind() != ArraySlot.Kind.STATE && slot.kind() != ArraySlot.Kind.RESULT) {
        continue;
      }
      DType dtype = slot.dtype();
      for (int j = 0; j < java.lang.reflect.Array.getLength(arrays[i]); j++) {
        hash = hash * 31 + KernelRuns.bits(dtype, arrays[i], j);
      }
    }
    System.out.print(String.format("%d steps: %016x\n", STEPS, hash));
  }

  /// The line with the bits, of all that such a JVM printed and logged.
  public static String steps(String output) {
    int at = output.indexOf(STEPS + " steps: ");
    return output.substring(at, output.indexOf('\n', at));
  }

  /// x·w1 → tanh → ·w2 → mean of squares, and gradient descent.
  static Graph step() {
    GraphBuilder builder = new GraphBuilder();
    Dim batch = Dim.symbol("batch");
    Node x = builder.input(new Port("x", Role.INPUT, TensorType.of(DType.F32, batch, Dim.of(20))));
    Node w1 = builder.input(new Port("w1", Role.STATE, TensorType.of(DType.F32, 20, 33)));
    Node w2 = builder.input(new Port("w2", Role.STATE, TensorType.of(DType.F32, 33, 12)));
    Node h = builder.map(ScalarFn.TANH, builder.contract("bi,ih->bh", x, w1));
    Node y = builder.contract("bh,ho->bo", h, w2);
    Node loss = builder.reduce(Op.Reduction.SUM, builder.map(ScalarFn.MUL, y, y), List.of(0, 1));
    List<Node> gradients = Gradient.gradients(builder, "loss", loss, List.of(w1, w2));
    List<Graph.Update> updates = new ArrayList<>();
    List<Node> weights = List.of(w1, w2);
    for (int i = 0; i < 2; i++) {
      Node rate = builder.fill(weights.get(i).type(), 0.001f);
      updates.add(new Graph.Update(weights.get(i),
          builder.map(ScalarFn.SUB, weights.get(i),
              builder.map(ScalarFn.MUL, rate, gradients.get(i)))));
    }
    return builder.graph("probe", List.of(x, w1, w2), List.of(new Graph.Result("loss", loss)),
        updates, Optional.empty());
  }
}
