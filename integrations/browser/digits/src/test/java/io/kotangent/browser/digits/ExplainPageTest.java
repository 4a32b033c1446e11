package io.kotangent.browser.digits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.browser.Chromium;
import io.kotangent.examples.ExplainDigits;
import io.kotangent.explain.Explanation;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Pages that explain programs, in a headless Chromium: nothing lies over anything else, passes can be stepped through, and a
/// click on a box tells all of it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplainPageTest {
  private static final int LARGEST = 3_000_000;
  private static final int SLOWEST_MS = 2000;
  private static final String FIVE = """
      graph neuron(x: input f64, w: param f64) {
        %0 = mul x, w : f64  ; layer Neuron.java:5
        %1 = sigmoid %0 : f64  ; layer Neuron.java:6
        %2 = log %1 : f64  ; loss Neuron.java:7
        return loss=%2
      }
      """;

  /// Of all boxes and labels, as a browser has them: pairs that meet, labels outside of their box, boxes half in a frame.
  private static final String OVERLAPS = """
      (() => {
        const wrong = [], box = e => e.getBoundingClientRect(), slack = 0.5;
        const meet = (a, b) => a.left < b.right - slack && b.left < a.right - slack && a.top < b.bottom - slack && b.top < a.bottom - slack;
        const inside = (a, b) => a.left >= b.left - slack && a.right <= b.right + slack && a.top >= b.top - slack && a.bottom <= b.bottom + slack;
        const nodes = [...document.querySelectorAll('#after .n')], frames = [...document.querySelectorAll('#after .k')];
        const rects = nodes.map(n => box(n.querySelector('rect'))), areas = frames.map(f => box(f.querySelector('rect')));
        const labels = [...document.querySelectorAll('#after .l')].map(box);
        nodes.forEach((n, i) => {
          const texts = [...n.querySelectorAll('text')].map(box);
          texts.forEach(t => { if (!inside(t, rects[i])) wrong.push('label outside: ' + n.textContent); });
          if (meet(texts[0], texts[1])) wrong.push('labels meet: ' + n.textContent);
          for (let k = 0; k < i; k++) if (meet(rects[i], rects[k])) wrong.push(n.textContent + ' over ' + nodes[k].textContent);
          areas.forEach((a, k) => { if (meet(rects[i], a) && !inside(rects[i], a)) wrong.push('half in a frame: ' + n.textContent); });
          labels.forEach(l => { if (meet(rects[i], l)) wrong.push('over the label of a frame: ' + n.textContent); });
        });
        areas.forEach((a, i) => {
          if (!inside(labels[i], a)) wrong.push('label outside of its frame: ' + frames[i].textContent);
          for (let k = 0; k < i; k++) if (meet(a, areas[k])) wrong.push('frames meet: ' + frames[i].textContent);
        });
        return nodes.length + ' boxes, ' + frames.length + ' frames' + (wrong.length ? ': ' + wrong.slice(0, 5).join(' | ') : '');
      })()
      """;

  @TempDir static Path folder;
  private Chromium browser;

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

  private long number(String expression) throws Exception {
    return Math.round((Double) js(expression));
  }

  private static Graph random(int nodes) {
    SplittableRandom random = new SplittableRandom(5);
    GraphBuilder builder = new GraphBuilder();
    TensorType type = new TensorType(DType.F32, Shape.of(Dim.symbol("n"), Dim.of(8)));
    List<Node> all = new ArrayList<>();
    List<Node> inputs = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      inputs.add(builder.input(new Port("x" + i, Role.INPUT, type)));
    }
    all.addAll(inputs);
    List<ScalarFn> one = List.of(ScalarFn.SIN, ScalarFn.TANH, ScalarFn.COS, ScalarFn.SIGMOID);
    while (all.size() < nodes) {
      Node a = all.get(Math.max(0, all.size() - 1 - random.nextInt(20)));
      Node b = all.get(random.nextInt(all.size()));
      all.add(random.nextInt(3) == 0 ? builder.map(one.get(random.nextInt(one.size())), a)
          : builder.map(random.nextBoolean() ? ScalarFn.ADD : ScalarFn.MUL, a, b));
    }
    List<Graph.Result> results = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      results.add(new Graph.Result("r" + i, all.get(all.size() - 1 - i)));
    }
    return builder.graph("random", inputs, results);
  }

  private void page(String name, Explanation explanation) throws Exception {
    Path file = folder.resolve(name + ".html");
    explanation.write(file);
    assertTrue(Files.size(file) < LARGEST, name + " has " + Files.size(file) + " bytes");
    for (int width : new int[] {1400, 800}) {
      browser.resize(width, 900);
      long start = System.nanoTime();
      browser.open(file);
      js("document.querySelectorAll('#after .n').length");
      long millis = (System.nanoTime() - start) / 1_000_000;
      System.out.printf("explain: %s at %d: %d bytes, opened in %d ms%n", name, width,
          Files.size(file), millis);
      assertTrue(millis < SLOWEST_MS, name + " opens in " + millis + " ms");
      long fits = number("document.documentElement.scrollWidth");
      assertTrue(fits <= width, name + " is " + fits + " wide at " + width);
      steps(name, explanation);
    }
    clicks(name);
    assertEquals(List.of(), browser.errors(), name);
    assertEquals(List.of(file.toUri().toString()), browser.requests(), "no network");
  }

  /// From the graph as written to its kernels, by the button and back by the keys.
  private void steps(String name, Explanation explanation) throws Exception {
    long changed = explanation.passes().stream().filter(pass -> pass.changed()).count();
    assertEquals(changed + 2, number("document.querySelectorAll('#stages button').length"), name);
    js("document.getElementById('beside').checked = false");
    for (long stage = 0; stage < changed + 2; stage++) {
      String place = name + ", stage " + stage;
      assertEquals(stage, number("[...document.querySelectorAll('#stages button')]"
          + ".findIndex(b => b.getAttribute('aria-current'))"), place);
      String found = (String) js(OVERLAPS);
      assertTrue(found.matches("[0-9]+ boxes, [0-9]+ frames"), () -> place + ": " + found);
      assertEquals(stage == changed + 1,
          number("document.querySelectorAll('#after .k').length") > 0, place);
      js("document.getElementById('next').click()");
    }
    long lines = number("document.querySelectorAll('#panel .lines div').length");
    assertTrue(lines >= explanation.prepared().schedule().size()
        - explanation.prepared().inputs().size(), name);
    browser.key("ArrowLeft", "ArrowLeft", 37);
    assertEquals(changed, number("[...document.querySelectorAll('#stages button')]"
        + ".findIndex(b => b.getAttribute('aria-current'))"), "the key goes back");
    js("document.getElementById('beside').click()");
    assertEquals(changed > 0, js("!document.getElementById('before').hidden"), name);
    js("document.getElementById('beside').click()");
  }

  /// A click on each of some boxes shows its line, and where a kernel computes it, that with its loop code and bytecode.
  private void clicks(String name) throws Exception {
    js("document.querySelectorAll('#stages button')[document.querySelectorAll('#stages button')"
        + ".length - 1].click()");
    long computed = 0;
    for (int box = 0; box < 12; box++) {
      Object line = js("(() => { const all = [...document.querySelectorAll('#after .n:not(.out)')];"
          + " const g = all[" + box + " * 7 % all.length];"
          + " g.querySelector('rect').dispatchEvent(new MouseEvent('click', {bubbles: true}));"
          + " return g.querySelector('title').textContent; })()");
      String panel = (String) js("document.getElementById('panel').textContent");
      assertTrue(panel.contains((String) line), name + ": " + line + " in " + panel);
      computed += panel.contains("loop code of kernel_") && panel.contains("multiply-adds")
          && panel.contains("why not more") && panel.contains("static void run(")
          && panel.contains(" bytes") ? 1 : 0;
    }
    assertTrue(computed > 0, name + ": no box has loop code");
    for (String tab : List.of("text", "changes", "kernels", "arrays", "listing")) {
      js("document.querySelector('[data-t=" + tab + "]').click()");
      assertTrue(number("document.getElementById('panel').textContent.length") > 10, tab);
    }
    js("document.getElementById('after').focus()");
    browser.key("ArrowRight", "ArrowRight", 39);
    assertEquals(1, number("document.querySelectorAll('#after .n.sel:not(.out)').length"));
  }

  @Test
  void fiveNodes() throws Exception {
    Graph neuron = GraphParser.parseOne(FIVE);
    page("five", Explanation.of(neuron));
    page("five-gradient", Explanation.of(Gradient.gradients(neuron, "loss", List.of("w"))));
    assertTrue(number("document.querySelectorAll('#after .n.gr').length") > 0);
    assertTrue(number("document.querySelectorAll('#after .n.fw').length") > 0);
  }

  @Test
  void theStepOfTheDenseNetwork() throws Exception {
    page("mnist", ExplainDigits.dense());
  }

  @Test
  void theStepOfTheConvolutionalNetwork() throws Exception {
    page("cnn", ExplainDigits.convolutional());
  }

  @Test
  void fiveHundredNodes() throws Exception {
    page("random", Explanation.of(random(500)));
  }

  /// What there is no room for is said to be left out.
  @Test
  void twoThousandNodes() throws Exception {
    page("large", Explanation.of(random(2000)));
    String summary = (String) js("document.getElementById('summary').textContent");
    assertTrue(summary.contains("Left out, for the page to stay small: "), summary);
    js("document.querySelector('[data-t=kernels]').click()");
    js("document.querySelector('#panel a').click()");
    String panel = (String) js("document.getElementById('panel').textContent");
    assertTrue(panel.contains("left out, for the page to stay small")
        || panel.contains("static void run("), panel);
  }

  /// Times are in a tab of their own, as a table and a plot with labels that do not overlap.
  @Test
  void timesAndTheRoofline() throws Exception {
    Explanation why = Explanation.of(random(40));
    Map<String, Object> inputs = new TreeMap<>();
    for (int i = 0; i < 8; i++) {
      inputs.put("x" + i, new float[64 * 8]);
    }
    page("measured", why.measured(inputs));
    js("document.querySelector('[data-t=measured]').click()");
    assertEquals(why.measured(inputs).measurement().orElseThrow().kernels().size() + 2,
        number("document.querySelectorAll('#panel .numbers tr').length"), "heads and the rest");
    assertTrue(number("document.querySelectorAll('#panel svg circle').length") > 0);
    String meeting =
        (String) js("(() => { const all = [...document.querySelectorAll('#panel svg text')];"
            + " const box = all.map(t => t.getBoundingClientRect());"
            + " return all.flatMap((a, i) => all.slice(0, i).filter((b, k) => box[i].left < box[k].right - 1"
            + " && box[k].left < box[i].right - 1 && box[i].top < box[k].bottom - 3 && box[k].top < box[i].bottom - 3)"
            + ".map(b => a.textContent + ' on ' + b.textContent)).join('; '); })()");
    assertEquals("", meeting);
  }

  /// Names that would be markup are texts.
  @Test
  void namesAreNoMarkup() throws Exception {
    GraphBuilder builder = new GraphBuilder();
    TensorType type = new TensorType(DType.F64, Shape.SCALAR);
    Node x = builder.input(new Port("</script><img src=x onerror=alert(1)>'\"&", Role.INPUT, type));
    Node y = builder.input(new Port("数字的图像输入名称很长很长很长很长😀", Role.INPUT, type));
    Graph graph = builder.graph("<b>", List.of(x, y),
        List.of(new Graph.Result("</template>{js}", builder.map(ScalarFn.ADD, x, y))));
    page("markup", Explanation.of(graph));
    assertEquals(0, number("document.querySelectorAll('img, b').length"));
  }
}
