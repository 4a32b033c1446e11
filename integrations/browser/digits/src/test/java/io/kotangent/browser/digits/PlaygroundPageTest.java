package io.kotangent.browser.digits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.browser.Chromium;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.explain.Playground;
import io.kotangent.formula.FormulaParser;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Playgrounds in a headless Chromium: what their boxes show are the values and gradients of compiled programs, whatever sliders and
/// fields say; and nothing lies over anything else.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlaygroundPageTest {
  private static final double TOLERANCE = 1e-12;
  /// What is exact in every language.
  private static final Set<ScalarFn> EXACT = Set.of(ScalarFn.ADD, ScalarFn.SUB, ScalarFn.MUL,
      ScalarFn.DIV, ScalarFn.SQRT, ScalarFn.NEG, ScalarFn.ABS, ScalarFn.RELU, ScalarFn.MAX,
      ScalarFn.MIN, ScalarFn.SIGN, ScalarFn.SELECT, ScalarFn.LT, ScalarFn.LE, ScalarFn.GT,
      ScalarFn.GE, ScalarFn.EQ, ScalarFn.NE, ScalarFn.ZERO_MUL, ScalarFn.FLOOR, ScalarFn.CEIL,
      ScalarFn.ROUND, ScalarFn.STOP_GRADIENT, ScalarFn.ZERO_SUB, ScalarFn.ZERO_DIV);
  private static final List<ScalarFn> FUNCTIONS = List.of(ScalarFn.ADD, ScalarFn.MUL, ScalarFn.SUB,
      ScalarFn.DIV, ScalarFn.SQRT, ScalarFn.SIGMOID, ScalarFn.TANH, ScalarFn.EXP, ScalarFn.LOG,
      ScalarFn.SIN, ScalarFn.COS, ScalarFn.ATAN, ScalarFn.SOFTPLUS, ScalarFn.RELU, ScalarFn.ABS,
      ScalarFn.MAX, ScalarFn.MIN, ScalarFn.ERF, ScalarFn.LOG1P, ScalarFn.EXPM1, ScalarFn.POW,
      ScalarFn.ROUND, ScalarFn.FLOOR, ScalarFn.CBRT, ScalarFn.TAN, ScalarFn.SIGN,
      ScalarFn.LOG_SIGMOID, ScalarFn.CEIL, ScalarFn.NEG);
  private static final List<Double> SPECIAL = List.of(0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 2.0,
      Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, 1e308, -1e308, 5e-324, 1e-310,
      Double.MIN_NORMAL, 1e16, Math.PI, 710.0, -746.0, 1 + 0x1p-52);

  /// Of boxes and what is written in them.
  private static final String OVERLAPS = """
      (() => {
        const wrong = [], rect = e => e.getBoundingClientRect(), slack = 0.5;
        const meet = (a, b) => a.left < b.right - slack && b.left < a.right - slack && a.top < b.bottom - slack && b.top < a.bottom - slack;
        const inside = (a, b) => a.left >= b.left - slack && a.right <= b.right + slack && a.top >= b.top - slack && a.bottom <= b.bottom + slack;
        const boxes = [...document.querySelectorAll('.n')], rects = boxes.map(b => rect(b.querySelector('rect')));
        boxes.forEach((b, i) => {
          const texts = [...b.querySelectorAll('text')].filter(t => t.textContent).map(rect);
          texts.forEach((t, k) => {
            if (!inside(t, rects[i])) wrong.push('outside: ' + b.textContent);
            for (let j = 0; j < k; j++) if (t.top < texts[j].top) wrong.push('order: ' + b.textContent);
          });
          for (let k = 0; k < i; k++) if (meet(rects[i], rects[k])) wrong.push(b.textContent + ' over ' + boxes[k].textContent);
        });
        const rows = [...document.querySelectorAll('#inputs td, .tools button, .tools label, #plot, #formulas div, h1, .legend')].filter(e => e.textContent || e.firstChild).map(e => [e, rect(e)]);
        rows.forEach(([a, ra], i) => rows.slice(0, i).forEach(([b, rb]) => {
          if (!a.contains(b) && !b.contains(a) && meet(ra, rb)) wrong.push(a.textContent + ' over ' + b.textContent);
        }));
        return boxes.length + ' boxes' + (wrong.length ? ': ' + wrong.slice(0, 5).join(' | ') : '');
      })()
      """;

  @TempDir static Path folder;
  private Chromium browser;
  private int compared;
  private int equal;

  @BeforeAll
  void start() throws Exception {
    browser = Chromium.start();
  }

  @AfterAll
  void close() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  private Object js(String expression) throws Exception {
    return browser.evaluate(expression);
  }

  /// The values and gradients of all that has a box, by a compiled program.
  private static final class Compiled {
    private final Graph graph;
    private final Program program;
    private final List<Node> boxes;
    private final boolean exact;

    Compiled(Graph graph) {
      this.graph = graph;
      this.boxes = graph.schedule().stream().filter(node -> !(node.op() instanceof Op.Constant)
          || graph.results().getFirst().node() == node).toList();
      GraphBuilder b = new GraphBuilder();
      Map<Node, Node> copies = b.copy(graph);
      List<Node> floats = boxes.stream().filter(n -> n.dtype() == DType.F64).toList();
      List<Optional<Node>> gradients = Gradient.vjp(b,
          List.of(Objects.requireNonNull(copies.get(graph.results().getFirst().node()))),
          List.of(Optional.of(b.scalar(DType.F64, 1))), floats.stream().map(copies::get).toList());
      List<Graph.Result> results = new ArrayList<>();
      for (int i = 0; i < boxes.size(); i++) {
        results.add(new Graph.Result("v" + i, Objects.requireNonNull(copies.get(boxes.get(i)))));
        int at = floats.indexOf(boxes.get(i));
        results.add(new Graph.Result("g" + i, at < 0 ? b.scalar(DType.F64, 0)
            : gradients.get(at).orElseGet(() -> b.scalar(DType.F64, 0))));
      }
      Graph all = b.graph("all", graph.inputs().stream().map(copies::get).toList(), results);
      this.exact = all.schedule().stream()
          .allMatch(n -> !(n.op() instanceof Op.Map(var fn)) || EXACT.contains(fn));
      // a page computes what is written; programs are made stable first, unless that is declined
      this.program = Compiler.compile(all, CompileOptions.standard().stabilize(false));
    }

    /// In the order in which the page gives them.
    List<Double> at(List<Double> inputs) {
      Workspace workspace = program.newWorkspace();
      for (int i = 0; i < inputs.size(); i++) {
        workspace.feed(Graph.port(graph.inputs().get(i)).name(), inputs.get(i));
      }
      program.run(workspace);
      List<Double> all = new ArrayList<>();
      for (int i = 0; i < boxes.size(); i++) {
        all.add(boxes.get(i).dtype() == DType.BOOL ? Double.valueOf(0) : workspace.scalar("v" + i));
        all.add(workspace.scalar("g" + i));
      }
      return all;
    }
  }

  private static String literal(double x) {
    return Double.isNaN(x) ? "NaN" : Double.isInfinite(x) ? (x < 0 ? "-" : "") + "Infinity"
        : Double.toString(x);
  }

  private List<Double> onPage(String expression) throws Exception {
    String text = (String) js("(c => c.values.flatMap((v, i) => [typeof v === 'boolean' ? 0 : v,"
        + " c.gradients[i] === null ? 0 : c.gradients[i]]).map(v => Object.is(v, -0) ? '-0.0' : "
        + "String(v)).join(' '))(" + expression + ")");
    List<Double> numbers = new ArrayList<>();
    for (String number : text.split(" ")) {
      numbers.add(Double.parseDouble(number));
    }
    return numbers;
  }

  private void same(Compiled compiled, List<Double> inputs, List<Double> got, String what) {
    List<Double> expected = compiled.at(inputs);
    assertEquals(expected.size(), got.size(), what);
    for (int i = 0; i < got.size(); i++) {
      double is = got.get(i);
      double right = expected.get(i);
      boolean bits = Double.doubleToLongBits(is) == Double.doubleToLongBits(right);
      double largest = Math.max(1, Math.max(Math.abs(right), condition(expected)));
      boolean near = Math.abs(is - right) <= TOLERANCE * largest;
      assertTrue(bits || !compiled.exact && (near || huge(expected, inputs)),
          () -> what + " at " + inputs + ": " + got + " instead of " + expected);
      compared++;
      equal += bits ? 1 : 0;
    }
  }

  /// Differences are as large as what was subtracted.
  private static double condition(List<Double> values) {
    return values.stream().filter(v -> Math.abs(v) < 1e15).mapToDouble(Math::abs).max().orElse(1);
  }

  /// Functions of huge or infinite numbers change by more than the last place of these.
  private static boolean huge(List<Double> values, List<Double> inputs) {
    return values.stream().anyMatch(v -> !(Math.abs(v) < 1e15))
        || inputs.stream().anyMatch(v -> !(Math.abs(v) < 1e15));
  }

  private void page(String name, Graph formula, List<List<Double>> settings) throws Exception {
    Path file = folder.resolve(name + ".html");
    Playground playground = Playground.of(formula);
    playground.write(file);
    for (int width : new int[] {1400, 800}) {
      browser.resize(width, 900);
      browser.open(file);
      String found = (String) js(OVERLAPS);
      assertTrue(found.matches("[0-9]+ boxes"), () -> name + " at " + width + ": " + found);
      assertTrue((Double) js("document.documentElement.scrollWidth") <= width, name);
    }
    Compiled compiled = new Compiled(playground.graph());
    for (List<Double> inputs : settings) {
      StringJoiner array = new StringJoiner(",", "[", "]");
      inputs.forEach(x -> array.add(literal(x)));
      same(compiled, inputs, onPage("compute(" + array + ")"), name);
    }
    assertEquals(List.of(), browser.errors(), name);
    assertEquals(List.of(file.toUri().toString()), browser.requests(), "no network");
  }

  @Test
  void theFormulasOfTheCourses() throws Exception {
    page("product", FormulaParser.parse("f = (x + y)*z"),
        settings(new SplittableRandom(1), 3, 20));
    page("neuron", FormulaParser.parse("f = sigmoid(w0*x0 + w1*x1 + w2)"),
        settings(new SplittableRandom(2), 5, 20));
    assertShown();
  }

  /// F2 at the values of the course, typed into fields; then a slider moved, and steps of descent.
  private void assertShown() throws Exception {
    Graph neuron = FormulaParser.parse("f = sigmoid(w0*x0 + w1*x1 + w2)");
    Path file = folder.resolve("shown.html");
    Map<String, Double> at = new LinkedHashMap<>();
    at.put("w0", 2.0);
    at.put("x0", -1.0);
    at.put("w1", -3.0);
    at.put("x1", -2.0);
    at.put("w2", -3.0);
    Playground.of(neuron).at(at).write(file);
    browser.open(file);
    assertEquals("0.731059", js("document.querySelector('.n.out .value').textContent"));
    assertEquals("∂ −0.196612 ∂ 0.393224 ∂ −0.393224 ∂ −0.589836 ∂ 0.196612",
        js("[...document.querySelectorAll('#inputs td:last-child')].map(t => t.textContent).join(' ')"));
    Compiled compiled = new Compiled(Playground.of(neuron).graph());
    for (double moved : new double[] {-4, -0.5, 0, 1.25, 3}) {
      js("(s => { s.value = " + moved + "; s.dispatchEvent(new Event('input', {bubbles: true})); })"
          + "(document.querySelectorAll('input[type=range]')[2])");
      double now = Double.parseDouble((String) js("String(x[2])"));
      assertEquals(moved, now, 0.02);
      same(compiled, List.of(2.0, -1.0, now, -2.0, -3.0), onPage("now"), "slider");
      assertEquals(js("short(now.values[data.at])"),
          js("document.querySelector('.n.out .value').textContent"));
      assertEquals(js("'∂ ' + short(now.gradients[2])"),
          js("document.querySelectorAll('.n .gradient')[2].textContent"));
    }
    js("(f => { f.value = '0.125'; f.dispatchEvent(new Event('input', {bubbles: true})); })"
        + "(document.querySelectorAll('#inputs input:not([type=range])')[0])");
    assertEquals(0.125, (Double) js("x[0]"));
    js("(f => { f.value = 'abc'; f.dispatchEvent(new Event('input', {bubbles: true})); })"
        + "(document.querySelectorAll('#inputs input:not([type=range])')[0])");
    assertEquals(0.125, (Double) js("x[0]"), "what is no number changes nothing");
    double before = (Double) js("now.values[data.at]");
    js("document.getElementById('count').value = 50; document.getElementById('down').click()");
    double after = (Double) js("now.values[data.at]");
    assertTrue(after < before, after + " after " + before);
    assertTrue(((String) js("document.getElementById('note').textContent")).startsWith("50 steps"));
    js("document.getElementById('reset').click()");
    assertEquals("0.731059", js("document.querySelector('.n.out .value').textContent"));
  }

  @Test
  void randomFormulas() throws Exception {
    for (long seed = 0; seed < 30; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      page("random" + seed, random(random), settings(random, 3, 20));
    }
    System.out.printf("playground: %d numbers compared, %d of the same bits%n", compared, equal);
    assertTrue(compared > 5000 && equal > compared * 9 / 10, equal + " of " + compared);
  }

  private static Graph random(SplittableRandom random) {
    GraphBuilder b = new GraphBuilder();
    List<Node> inputs = new ArrayList<>();
    for (String name : List.of("x", "y", "w1")) {
      inputs.add(b.input(new Port(name, Role.INPUT, TensorType.scalar(DType.F64))));
    }
    List<Node> nodes = new ArrayList<>(inputs);
    nodes.add(b.scalar(DType.F64, random.nextInt(1, 5)));
    Set<Node> used = java.util.Collections.newSetFromMap(new IdentityHashMap<>());
    int size = random.nextInt(3, 16);
    for (int i = 0; i < size; i++) {
      ScalarFn fn = FUNCTIONS.get(random.nextInt(FUNCTIONS.size()));
      Node[] operands = new Node[fn.arity()];
      for (int k = 0; k < operands.length; k++) {
        Node recent = nodes.get(Math.max(0, nodes.size() - 1 - random.nextInt(4)));
        operands[k] = random.nextInt(3) == 0 ? nodes.get(random.nextInt(nodes.size())) : recent;
        used.add(operands[k]);
      }
      nodes.add(b.map(fn, operands));
    }
    Node sum = nodes.getLast();
    for (Node input : inputs) {
      sum = b.map(ScalarFn.ADD, sum, input);
    }
    return b.graph("f", inputs, List.of(new Graph.Result("f", sum)));
  }

  private static List<List<Double>> settings(SplittableRandom random, int inputs, int count) {
    List<List<Double>> settings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Double> setting = new ArrayList<>();
      for (int k = 0; k < inputs; k++) {
        setting.add(i % 2 == 0 ? random.nextDouble(-4, 4)
            : SPECIAL.get(random.nextInt(SPECIAL.size())));
      }
      settings.add(setting);
    }
    return settings;
  }
}
