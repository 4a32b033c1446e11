package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Programs with wrong axes are refused by plain javac, with messages that name the axes.
class JavaMustNotCompileTest {
  private static final String FRAME = """
      import io.kotangent.dsl.*;
      import static io.kotangent.dsl.Layers.*;
      import static io.kotangent.dsl.Optimizers.*;
      class %s {
        record Batch() implements Axis.Symbolic<Batch> {}
        record Pixels(int size) implements Axis<Pixels> {}
        record Hidden(int size) implements Axis<Hidden> {}
        record Digit(int size) implements Axis<Digit> {}
        static final Batch batch = new Batch();
        static final Pixels pixels = new Pixels(784);
        static final Hidden hidden = new Hidden(128);
        static final Digit digit = new Digit(10);
        void program(Model m, Matrix<Batch, Pixels> x, Matrix<Batch, Hidden> h, Matrix<Batch, Digit> logits,
            Tensor4<Batch, Pixels, Pixels, Hidden> image, Axis<Digit> edges, Tensor4<Pixels, Pixels, Digit, Hidden> kernel,
            Matrix<Pixels, Hidden> w, Vector<Hidden> b, Vector<Digit> c, Ids<Batch, Digit> label) {
          %s;
        }
      }
      """;

  private record Program(String statement, List<String> message) {
  }

  private static Program wrong(String statement, String... message) {
    return new Program(statement, List.of(message));
  }

  private static final List<Program> WRONG = List.of(
      wrong("h.matmul(w)", "method matmul in class Matrix<A,B> cannot be applied to given types",
          "required: Matrix<Hidden,C>", "found:    Matrix<Pixels,Hidden>"),
      wrong("Matrix<Batch, Digit> y = x.matmul(w)",
          "inference variable C has incompatible equality constraints Digit,Hidden"),
      wrong("logits.plus(b)", "no suitable method found for plus(Vector<Hidden>)",
          "Vector<Hidden> cannot be converted to Matrix<Batch,Digit>"),
      wrong("h.plus(c)", "Vector<Digit> cannot be converted to Matrix<Batch,Hidden>"),
      wrong("b.plus(h)", "no suitable method found for plus(Matrix<Batch,Hidden>)"),
      wrong("h.plus(logits)", "Matrix<Batch,Digit> cannot be converted to Matrix<Batch,Hidden>"),
      wrong("h.crossEntropy(label)", "Ids<Batch,Digit> cannot be converted to Ids<Batch,Hidden>"),
      wrong("h.over(digit)", "Digit cannot be converted to First<Batch>",
          "Digit cannot be converted to Second<Hidden>"),
      wrong("h.argmax(batch)", "Batch cannot be converted to Second<Hidden>"),
      wrong("m.minimize(logits.crossEntropy(label), sgd(0.1))",
          "Vector<Batch> cannot be converted to Scalar"),
      wrong("label.plus(1)", "cannot find symbol", "method plus(int)"),
      wrong("h.dot(c)", "Vector<Digit> cannot be converted to Vector<Hidden>"),
      wrong("Units<Hidden> net = sequential(dense(hidden).relu(), dense(digit))",
          "inference variable O has incompatible equality constraints Hidden,Digit"),
      wrong("Matrix<Batch, Hidden> y = dense(digit).apply(x)",
          "so that Matrix<A,Digit> conforms to Matrix<Batch,Hidden>"),
      wrong("Gradients.gradient(h.relu(), x)", "no suitable method found for gradient"),
      wrong("h.greaterThan(0).choose(h, logits)",
          "Matrix<Batch,Digit> cannot be converted to Matrix<Batch,Hidden>"),
      wrong("m.state(\"s\", hidden).next(c)",
          "Vector<Digit> cannot be converted to Vector<Hidden>"),
      wrong("m.whenTraining(h, logits)", "inference variable T has incompatible"),
      wrong("w.transpose().matmul(w).over(hidden)", "reference to over is ambiguous"),
      wrong("w.transpose().matmul(w).plus(b)", "reference to plus is ambiguous"),
      wrong("image.conv(3, edges).plus(image)",
          "Tensor4<Batch,Pixels,Pixels,Hidden> cannot be converted to Tensor4<Batch,Pixels,Pixels,Digit>"),
      wrong("image.convolve(kernel, Sliding.same())",
          "Tensor4<Pixels,Pixels,Digit,Hidden> cannot be converted to Tensor4<?,?,Hidden,E>"),
      wrong("Units<Hidden> net = conv(3, edges).flatten()",
          "Units<Flat> cannot be converted to Units<Hidden>"),
      wrong("Maps<Hidden> net = sequential(conv(3, hidden), conv(3, edges))",
          "inference variable F has incompatible equality constraints Hidden,Digit"),
      wrong("w.gather(label)", "Ids<Batch,Digit> cannot be converted to Ids<N,Pixels>"));

  private static final List<String> RIGHT = List.of(
      "Matrix<Batch, Hidden> y = x.matmul(w).plus(b).relu()",
      "Matrix<Batch, Hidden> y = h.minus(h.over(hidden).mean()).div(h.over(batch).max()).plus(h.sum()).times(2)",
      "Tensor4<Batch, Pixels, Pixels, Digit> y = image.conv(3, edges).relu().maxPool(2); Matrix<Batch, Flat> z = y.flatten()",
      "Units<Digit> net = sequential(conv(3, hidden).relu(), maxPool(2), flatten(), dense(digit)); Matrix<Batch, Digit> y = net.apply(image)",
      "Vector<Batch> v = logits.crossEntropy(label); m.minimize(v.mean(), adam(1e-3))",
      "Units<Digit> net = sequential(dense(hidden).relu(), dropout(0.2), dense(digit)); Matrix<Batch, Digit> y = net.apply(x)",
      "Matrix<Pixels, Hidden> g = Gradients.gradient(x.matmul(w).sum(), w)");

  private static final Map<String, List<String>> MESSAGES = new LinkedHashMap<>();

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  @BeforeAll
  static void compileAllAtOnce() {
    List<Source> sources = new ArrayList<>();
    for (int i = 0; i < WRONG.size(); i++) {
      sources.add(new Source("Wrong" + i, FRAME.formatted("Wrong" + i, WRONG.get(i).statement)));
    }
    for (int i = 0; i < RIGHT.size(); i++) {
      sources.add(new Source("Right" + i, FRAME.formatted("Right" + i, RIGHT.get(i))));
    }
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    var options = List.of("-proc:none", "-Xmaxerrs", "1000", "-d",
        System.getProperty("java.io.tmpdir"), "-cp",
        ClassPath.ofUsers());
    ToolProvider.getSystemJavaCompiler()
        .getTask(new StringWriter(), null, found, options, null, sources).call();
    for (var diagnostic : found.getDiagnostics()) {
      if (diagnostic.getKind() == Diagnostic.Kind.ERROR && diagnostic.getSource() != null) {
        String name = diagnostic.getSource().getName().replace("/", "").replace(".java", "");
        MESSAGES.computeIfAbsent(name, _ -> new ArrayList<>())
            .add(unqualified(diagnostic.getMessage(Locale.ROOT)));
      }
    }
  }

  private static String unqualified(String message) {
    return message.replaceAll("\\b(?:[a-z]+\\.)+(?=[A-Z])", "").replaceAll("Wrong\\d+\\.", "");
  }

  @TestFactory
  Stream<DynamicTest> wrongAxesAreRefusedWithTheirNames() {
    return IntStream.range(0, WRONG.size())
        .mapToObj(i -> DynamicTest.dynamicTest(WRONG.get(i).statement, () -> {
          String all =
              String.join("\n", MESSAGES.getOrDefault("Wrong" + i, List.of("it compiled")));
          for (String part : WRONG.get(i).message) {
            assertTrue(all.contains(part), () -> "expected '" + part + "' in:\n" + all);
          }
        }));
  }

  @TestFactory
  Stream<DynamicTest> rightAxesCompileWithTheSameFrame() {
    return IntStream.range(0, RIGHT.size()).mapToObj(i -> DynamicTest.dynamicTest(RIGHT.get(i),
        () -> assertEquals(List.of(), MESSAGES.getOrDefault("Right" + i, List.of()))));
  }
}
