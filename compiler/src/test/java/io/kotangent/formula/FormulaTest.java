package io.kotangent.formula;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.autodiff.Gradient;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("fast")
class FormulaTest {
  private final GraphBuilder b = new GraphBuilder();
  private final List<Node> inputs = new ArrayList<>();

  private Node input(String name, long... shape) {
    Node node = b.input(new Port(name, Role.INPUT, TensorType.of(DType.F64, shape)));
    inputs.add(node);
    return node;
  }

  private Node add(Node x, Node y) {
    return b.map(ScalarFn.ADD, x, y);
  }

  private Node sub(Node x, Node y) {
    return b.map(ScalarFn.SUB, x, y);
  }

  private Node mul(Node x, Node y) {
    return b.map(ScalarFn.MUL, x, y);
  }

  private Node num(double value) {
    return b.scalar(DType.F64, value);
  }

  private Graph graph(String name, Node node) {
    return b.graph(name, inputs, List.of(new Graph.Result(name, node)));
  }

  private static Formula derivative(Graph graph, String of, String by) {
    Graph differentiated = Gradient.gradients(graph, of, List.of(by));
    List<String> named = graph.results().stream().map(Graph.Result::name).toList();
    return Formula.derivative(differentiated, Gradient.name(of, by), of, by, named);
  }

  private static void assertFormula(String unicode, String latex, Formula formula) {
    assertEquals(unicode, formula.unicode());
    assertEquals(latex, formula.latex());
  }

  @Test
  void theProductOfASumF1() {
    Node x = input("x");
    Node y = input("y");
    Graph f = graph("f", mul(add(x, y), input("z")));
    assertFormula("f = (x + y)·z", "f = \\left(x + y\\right) z", Formula.of(f, "f", List.of()));
    assertFormula("∂f/∂x = z", "\\frac{\\partial f}{\\partial x} = z", derivative(f, "f", "x"));
    assertFormula("∂f/∂y = z", "\\frac{\\partial f}{\\partial y} = z", derivative(f, "f", "y"));
    assertFormula("∂f/∂z = x + y", "\\frac{\\partial f}{\\partial z} = x + y",
        derivative(f, "f", "z"));
  }

  @Test
  void theSigmoidA2() {
    Graph y = graph("y", b.map(ScalarFn.SIGMOID, input("a")));
    assertFormula("y = σ(a)", "y = \\sigma\\left(a\\right)", Formula.of(y, "y", List.of()));
    assertFormula("∂y/∂a = y·(1 − y)", "\\frac{\\partial y}{\\partial a} = y \\left(1 - y\\right)",
        derivative(y, "y", "a"));
  }

  @Test
  void theNeuronF2() {
    Node w0 = input("w0");
    Node x0 = input("x0");
    Node w1 = input("w1");
    Node x1 = input("x1");
    Graph f = graph("f", b.map(ScalarFn.SIGMOID, add(add(mul(w0, x0), mul(w1, x1)), input("w2"))));
    assertFormula("f = σ(w₀·x₀ + w₁·x₁ + w₂)",
        "f = \\sigma\\left(w_{0} \\, x_{0} + w_{1} \\, x_{1} + w_{2}\\right)",
        Formula.of(f, "f", List.of()));
    assertFormula("∂f/∂w₀ = x₀·f·(1 − f)",
        "\\frac{\\partial f}{\\partial w_{0}} = x_{0} \\, f \\left(1 - f\\right)",
        derivative(f, "f", "w0"));
    assertFormula("∂f/∂x₁ = w₁·f·(1 − f)",
        "\\frac{\\partial f}{\\partial x_{1}} = w_{1} \\, f \\left(1 - f\\right)",
        derivative(f, "f", "x1"));
    assertFormula("∂f/∂w₂ = f·(1 − f)",
        "\\frac{\\partial f}{\\partial w_{2}} = f \\left(1 - f\\right)",
        derivative(f, "f", "w2"));
  }

  private Graph leastSquares(boolean contracted) {
    Node data = input("X", 5, 3);
    Node r = sub(b.contract("bk,k->b", data, input("theta", 3)), input("y", 5));
    Node squares = contracted ? b.contract("a,a->", r, r) : b.sum(mul(r, r), List.of(0));
    return graph("L", mul(num(0.5), squares));
  }

  @Test
  void linearRegressionB6() {
    Graph loss = leastSquares(false);
    assertFormula("L = ½·‖X·θ − y‖²", "L = \\frac{1}{2} \\left\\| X \\theta - y \\right\\|^{2}",
        Formula.of(loss, "L", List.of()));
    assertFormula("∂L/∂θ = Xᵀ·(X·θ − y)",
        "\\frac{\\partial L}{\\partial \\theta} = X^{\\top} \\left(X \\theta - y\\right)",
        derivative(loss, "L", "theta"));
  }

  @Test
  void aDotProductOfAVectorWithItselfIsANormToo() {
    Graph loss = leastSquares(true);
    assertEquals("L = ½·‖X·θ − y‖²", Formula.of(loss, "L", List.of()).unicode());
    assertEquals("∂L/∂θ = Xᵀ·(X·θ − y)", derivative(loss, "L", "theta").unicode());
  }

  @Test
  void collectsLikeTermsAndPowers() {
    Node x = input("x");
    Graph f = graph("f", mul(mul(x, x), x));
    assertEquals("f = x³", Formula.of(f, "f", List.of()).unicode());
    assertFormula("∂f/∂x = 3·x²", "\\frac{\\partial f}{\\partial x} = 3 \\, x^{2}",
        derivative(f, "f", "x"));
  }

  @Test
  void writesACommonFactorOnce() {
    Node x = input("x");
    Node y = input("y");
    Graph f = graph("f", sub(mul(x, y), mul(x, b.map(ScalarFn.EXP, y))));
    assertEquals("f = x·(y − exp(y))", Formula.of(f, "f", List.of()).unicode());
  }

  @Test
  void quotientsRootsAndFractions() {
    Node x = input("x");
    Node y = input("y");
    Graph f = graph("f", b.map(ScalarFn.DIV, b.map(ScalarFn.SQRT, x), mul(num(3), add(x, y))));
    assertFormula("f = ⅓·√x/(x + y)", "f = \\frac{\\sqrt{x}}{3 \\, \\left(x + y\\right)}",
        Formula.of(f, "f", List.of()));
  }

  @Test
  void aDerivativeOfAPiecewiseFunctionHasABracket() {
    Graph f = graph("f", b.map(ScalarFn.RELU, input("x")));
    assertFormula("∂f/∂x = [f > 0]", "\\frac{\\partial f}{\\partial x} = \\left[f > 0\\right]",
        derivative(f, "f", "x"));
  }

  @Test
  void matricesAreTransposedWhereTheLabelsSaySo() {
    Node x = input("X", 5, 3);
    Node w = input("W", 3, 2);
    Node p = b.map(ScalarFn.TANH, b.contract("bk,kn->bn", x, w));
    Graph f = graph("f", b.sum(p, List.of(0, 1)));
    assertFormula("∂f/∂W = Xᵀ·(1 − tanh(X·W)²)",
        "\\frac{\\partial f}{\\partial W} = X^{\\top} \\left(1 - \\tanh\\left(X W\\right)^{2}\\right)",
        derivative(f, "f", "W"));
    assertEquals("∂f/∂X = (1 − tanh(X·W)²)·Wᵀ", derivative(f, "f", "X").unicode());
  }

  @Test
  void laneProductsOfTensorsAreNotMatrixProducts() {
    Node a = input("a", 3);
    Node c = input("c", 3);
    Node s = input("s");
    Graph f = graph("f", mul(b.broadcast(s, List.of(), a.shape()), mul(a, c)));
    assertFormula("f = s·a ⊙ c", "f = s \\, a \\odot c", Formula.of(f, "f", List.of()));
  }

  @Test
  void namedIntermediateValuesPrintAsTheirNames() {
    Node x = input("x");
    Node a = mul(x, x);
    Graph f = b.graph("f", inputs,
        List.of(new Graph.Result("a", a), new Graph.Result("f", b.map(ScalarFn.EXP, a))));
    assertEquals("f = exp(a)", Formula.of(f, "f", List.of("a", "f")).unicode());
    assertEquals("a = x²", Formula.of(f, "a", List.of("a", "f")).unicode());
  }

  @Test
  void noNameHasTwoSubscriptsSideBySide() {
    assertEquals("\\mathrm{df}_{\\mathrm{dw}_{2}}", Names.latex("df_dw2"));
    assertEquals("w_{0}", Names.latex("w_0"));
    assertEquals("x_{1,2}", Names.latex("x1_2"));
    assertEquals("\\theta_{a_{b}}", Names.latex("theta_a_b"));
    assertEquals("\\mathrm{\\_x}", Names.latex("_x"));
    assertEquals("\\mathrm{x\\_}", Names.latex("x_"));
    assertEquals("o", Names.latex("omicron"));
    Graph f = graph("df_dw2", mul(input("x_0"), input("x_0_1")));
    assertFormula("df_dw₂ = x₀·x_0_1", "\\mathrm{df}_{\\mathrm{dw}_{2}} = x_{0} \\, x_{0_{1}}",
        Formula.of(f, "df_dw2", List.of()));
  }

  @ParameterizedTest @CsvSource(delimiter = ';', value = {"SQRT;√a;\\sqrt{a}",
      "EXPM1;exp(a) − 1;e^{a} - 1", "LOG1P;log(1 + a);\\log\\left(1 + a\\right)",
      "LOG1MEXP;log(1 − exp(a));\\log\\left(1 - e^{a}\\right)",
      "SIGMOID;σ(a);\\sigma\\left(a\\right)",
      "LOG_SIGMOID;log(σ(a));\\log\\left(\\sigma\\left(a\\right)\\right)",
      "SOFTPLUS;softplus(a);\\operatorname{softplus}\\left(a\\right)",
      "ATAN;atan(a);\\arctan\\left(a\\right)", "STOP_GRADIENT;a;a"})
  void scalarFunctionsAreWrittenAsPeopleWriteThem(ScalarFn fn, String unicode, String latex) {
    Graph f = graph("f", b.map(fn, input("a")));
    assertFormula("f = " + unicode, "f = " + latex, Formula.of(f, "f", List.of()));
  }

  @Test
  void otherOpsShowAsFunctions() {
    Node x = input("x", 4);
    Graph f = graph("f", b.reduce(Op.Reduction.MAX, x, List.of(0)));
    assertFormula("f = max(x)", "f = \\max\\left(x\\right)", Formula.of(f, "f", List.of()));
  }

  /// 1/49 and 1/√8 as floats have them.
  @Test
  void roundedFractionsAndRootsAreRecognized() {
    Node x = input("x");
    assertEquals("f = x/√8", Formula.of(graph("f", mul(num((float) (1 / Math.sqrt(8))), x)), "f",
        List.of()).unicode());
    assertEquals("f = (1/49)·x",
        Formula.of(graph("f", mul(num((float) (1.0 / 49)), x)), "f", List.of()).unicode());
    assertEquals("f = 0.1·x", Formula.of(graph("f", mul(num(0.1), x)), "f", List.of()).unicode());
    assertEquals("f = 0.3333331·x",
        Formula.of(graph("f", mul(num(0.3333331), x)), "f", List.of()).unicode());
  }
}
