package io.kotangent.autodiff;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.VmapLaw;
import io.kotangent.eval.RandomExamples;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every op, each of its attributes and each of its operands batched or not: a batch is a loop over examples, bit for bit.
class VmapCasesTest {
  static Stream<Subject.Case> cases() {
    return Stream.of(OpCases.all(), ConvolveCases.all(), ControlCases.all(), PoolCases.all())
        .flatMap(List::stream);
  }

  @ParameterizedTest @MethodSource("cases")
  void aBatchIsItsExamples(Subject.Case subject) {
    Subject s = new Subject(5);
    List<Node> results = subject.body().apply(s);
    List<Graph.Result> named = new ArrayList<>();
    results.forEach(r -> named.add(new Graph.Result("y" + named.size(), r)));
    Graph one = s.b.graph("f", s.inputs, named);
    List<String> names = one.ports().stream().map(Port::name).toList();
    int runs = 0;
    for (int subset = 1; subset < 1 << Math.min(4, names.size()); subset++) {
      List<String> batched = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        if ((subset >> Math.min(i, 3) & 1) == 1) {
          batched.add(names.get(i));
        }
      }
      for (int examples : List.of(1, 3)) {
        RandomExamples values = RandomExamples.of(one.ports(), batched, examples, s.symbols,
            port -> s.sample(port.type().shape().evaluate(s.symbols), -2, 2), s.values);
        for (Dim size : List.of(Dim.of(examples), Dim.symbol("examples"))) {
          VmapLaw.check(one, batched, values, examples, size, s.symbols,
              () -> GraphPrinter.print(one));
          runs++;
        }
      }
    }
    assertTrue(runs > 0 || names.isEmpty());
  }
}
