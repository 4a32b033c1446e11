package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Formulas;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Scalar;
import io.kotangent.ir.Graph;
import io.kotangent.formula.Formula;
import io.kotangent.type.DType;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the lectures print (F1, F2, A2, B6), from models of the DSL.
class FormulasTest {
  private interface Example {
  }

  private interface Feature {
  }

  private final Model model = Model.named("model", DType.F64);

  private static void assertPrints(Graph graph, String of, String by, String unicode,
      String latex) {
    Formula formula = Formulas.derivative(graph, of, by);
    assertEquals(unicode, formula.unicode());
    assertEquals(latex, formula.latex());
  }

  @Test
  void theProductOfASum() {
    Scalar x = model.input("x");
    Scalar y = model.input("y");
    Graph f = model.graph("f", x.plus(y).times(model.input("z")));
    assertEquals("f = (x + y)·z", Formula.of(f, "f", List.of()).unicode());
    assertPrints(f, "f", "x", "∂f/∂x = z", "\\frac{\\partial f}{\\partial x} = z");
    assertPrints(f, "f", "y", "∂f/∂y = z", "\\frac{\\partial f}{\\partial y} = z");
    assertPrints(f, "f", "z", "∂f/∂z = x + y", "\\frac{\\partial f}{\\partial z} = x + y");
  }

  @Test
  void theSigmoid() {
    Graph y = model.graph("y", model.input("a").sigmoid());
    assertPrints(y, "y", "a", "∂y/∂a = y·(1 − y)",
        "\\frac{\\partial y}{\\partial a} = y \\left(1 - y\\right)");
  }

  @Test
  void theNeuron() {
    Scalar w0 = model.input("w0");
    Scalar w1 = model.input("w1");
    Graph f = model.graph("f",
        w0.times(model.input("x0")).plus(w1.times(model.input("x1"))).plus(model.input("w2"))
            .sigmoid());
    assertEquals("f = σ(w₀·x₀ + w₁·x₁ + w₂)", Formula.of(f, "f", List.of()).unicode());
    assertPrints(f, "f", "w0", "∂f/∂w₀ = x₀·f·(1 − f)",
        "\\frac{\\partial f}{\\partial w_{0}} = x_{0} \\, f \\left(1 - f\\right)");
    assertPrints(f, "f", "w2", "∂f/∂w₂ = f·(1 − f)",
        "\\frac{\\partial f}{\\partial w_{2}} = f \\left(1 - f\\right)");
  }

  @Test
  void linearRegression() {
    Axis<Example> examples = Axis.of(Example.class, 5);
    Axis<Feature> features = Axis.of(Feature.class, 3);
    var residual = model.input("X", examples, features).dot(model.input("theta", features))
        .minus(model.input("y", examples));
    Graph loss = model.graph("L", residual.square().sum().times(0.5));
    assertEquals("L = ½·‖X·θ − y‖²", Formula.of(loss, "L", List.of()).unicode());
    assertPrints(loss, "L", "theta", "∂L/∂θ = Xᵀ·(X·θ − y)",
        "\\frac{\\partial L}{\\partial \\theta} = X^{\\top} \\left(X \\theta - y\\right)");
  }
}
