package io.kotangent.examples;

import io.kotangent.dsl.Gradients;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Scalar;
import io.kotangent.ir.Graph;
import io.kotangent.type.DType;

/// A formula, differentiated symbolically, printed, compiled and run: `examples/run formula`.
///
/// LECTURES F2, F4: the sigmoid neuron `f = σ(w₀·x₀ + w₁·x₁ + w₂)`.
public final class FormulaExample {
  private FormulaExample() {}

  /// The neuron with its derivatives by the three weights.
  static Graph neuron() {
    var model = Model.named("neuron", DType.F64);
    Scalar w0 = model.input("w0");
    Scalar x0 = model.input("x0");
    Scalar w1 = model.input("w1");
    Scalar x1 = model.input("x1");
    Scalar w2 = model.input("w2");
    var f = w0.times(x0).plus(w1.times(x1)).plus(w2).sigmoid();
    return model.graph("neuron", f.named("f"), Gradients.gradient(f, w0).named("df_dw0"),
        Gradients.gradient(f, w1).named("df_dw1"), Gradients.gradient(f, w2).named("df_dw2"));
  }

  public static void main(String[] args) {
    Neuron.show(neuron());
  }
}
