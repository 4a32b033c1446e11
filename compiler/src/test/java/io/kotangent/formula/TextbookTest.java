package io.kotangent.formula;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each rule that gives a name to what people have a name for; and what only looks like it. Every formula is evaluated, too.
class TextbookTest {
  private static String graph(String lines) {
    StringBuilder text = new StringBuilder(
        "graph f(z: input f64[3,3], x: input f64[4], s: input f64, c: input f64[3], w: input f64[n,4]) {\n");
    for (String line : lines.split(";")) {
      text.append("  ").append(line.strip()).append('\n');
    }
    String last = lines.substring(lines.lastIndexOf(';') + 1).strip();
    return text.append("  return f=").append(last.substring(0, last.indexOf(' '))).append("\n}\n")
        .toString();
  }

  @ParameterizedTest(name = "{0}") @CsvSource(delimiter = '|', value = {
      // softmax: of rows, of columns, shifted by the greatest or not, and what is none
      "f = softmax(z) | %0 = exp z : f64[3,3]; %1 = reduce.sum[axes=1] %0 : f64[3]; %2 = broadcast[dims=0, to=(3,3)] %1 : f64[3,3]; %3 = div %0, %2 : f64[3,3]",
      "f = softmaxᵢ(z) | %0 = exp z : f64[3,3]; %1 = reduce.sum[axes=0] %0 : f64[3]; %2 = broadcast[dims=1, to=(3,3)] %1 : f64[3,3]; %3 = div %0, %2 : f64[3,3]",
      "f = exp(z)/Σⱼ(exp(z)) | %0 = exp z : f64[3,3]; %1 = reduce.sum[axes=1] %0 : f64[3]; %2 = broadcast[dims=1, to=(3,3)] %1 : f64[3,3]; %3 = div %0, %2 : f64[3,3]",
      "f = softmax(x) | %0 = reduce.max[axes=0] x : f64; %1 = broadcast[dims=(), to=4] %0 : f64[4]; %2 = sub x, %1 : f64[4]; %3 = exp %2 : f64[4]; %4 = reduce.sum[axes=0] %3 : f64; %5 = broadcast[dims=(), to=4] %4 : f64[4]; %6 = div %3, %5 : f64[4]",
      "f = softmaxᵢⱼ(z) | %0 = exp z : f64[3,3]; %1 = reduce.sum[axes=(0,1)] %0 : f64; %2 = broadcast[dims=(), to=(3,3)] %1 : f64[3,3]; %3 = div %0, %2 : f64[3,3]",
      "f = softmax(z − minⱼ(z)) | %0 = reduce.min[axes=1] z : f64[3]; %1 = broadcast[dims=0, to=(3,3)] %0 : f64[3,3]; %2 = sub z, %1 : f64[3,3]; %3 = exp %2 : f64[3,3]; %4 = reduce.sum[axes=1] %3 : f64[3]; %5 = broadcast[dims=0, to=(3,3)] %4 : f64[3,3]; %6 = div %3, %5 : f64[3,3]",
      "f = softmax(z)³ | %0 = exp z : f64[3,3]; %1 = reduce.sum[axes=1] %0 : f64[3]; %2 = broadcast[dims=0, to=(3,3)] %1 : f64[3,3]; %3 = div %0, %2 : f64[3,3]; %4 = mul %3, %3 : f64[3,3]; %5 = mul %4, %3 : f64[3,3]",
      "f = log softmax(z) | %0 = exp z : f64[3,3]; %1 = reduce.sum[axes=1] %0 : f64[3]; %2 = broadcast[dims=0, to=(3,3)] %1 : f64[3,3]; %3 = div %0, %2 : f64[3,3]; %4 = log %3 : f64[3,3]",
      "f = log softmax(z) | %0 = exp z : f64[3,3]; %1 = reduce.sum[axes=1] %0 : f64[3]; %2 = log %1 : f64[3]; %3 = broadcast[dims=0, to=(3,3)] %2 : f64[3,3]; %4 = sub z, %3 : f64[3,3]",
      "f = z − logSumExpⱼ(z) | %0 = exp z : f64[3,3]; %1 = reduce.sum[axes=1] %0 : f64[3]; %2 = log %1 : f64[3]; %3 = broadcast[dims=1, to=(3,3)] %2 : f64[3,3]; %4 = sub z, %3 : f64[3,3]",
      "f = softmax(z) | %0 = exp z : f64[3,3]; %1 = reduce.sum[axes=1] %0 : f64[3]; %2 = log %1 : f64[3]; %3 = broadcast[dims=0, to=(3,3)] %2 : f64[3,3]; %4 = sub z, %3 : f64[3,3]; %5 = exp %4 : f64[3,3]",
      "f = logSumExp(x) | %0 = reduce.max[axes=0] x : f64; %1 = broadcast[dims=(), to=4] %0 : f64[4]; %2 = sub x, %1 : f64[4]; %3 = exp %2 : f64[4]; %4 = reduce.sum[axes=0] %3 : f64; %5 = log %4 : f64; %6 = add %5, %0 : f64",
      // sums
      "f = mean(x) | %0 = reduce.sum[axes=0] x : f64; %1 = constant[value=4.0] : f64; %2 = div %0, %1 : f64",
      "f = mean(x) | %0 = reduce.sum[axes=0] x : f64; %1 = constant[value=0.25] : f64; %2 = mul %0, %1 : f64",
      "f = ⅓·Σ(x) | %0 = reduce.sum[axes=0] x : f64; %1 = constant[value=3.0] : f64; %2 = div %0, %1 : f64",
      "f = Σ(x) | %0 = reduce.sum[axes=0] x : f64; %1 = constant[value=0.25] : f64; %2 = mul %0, %1 : f64; %3 = constant[value=4.0] : f64; %4 = mul %2, %3 : f64",
      "f = meanᵢ(w) | %0 = reduce.sum[axes=0] w : f64[4]; %1 = size[dim=n] : i64; %2 = cast[to=f64] %1 : f64; %3 = broadcast[dims=(), to=4] %2 : f64[4]; %4 = div %0, %3 : f64[4]",
      "f = mean(w) | %0 = reduce.sum[axes=(0,1)] w : f64; %1 = size[dim=4*n] : i64; %2 = cast[to=f64] %1 : f64; %3 = div %0, %2 : f64",
      "f = Σⱼ(w)/n | %0 = reduce.sum[axes=1] w : f64[n]; %1 = size[dim=n] : i64; %2 = cast[to=f64] %1 : f64; %3 = broadcast[dims=(), to=n] %2 : f64[n]; %4 = div %0, %3 : f64[n]",
      "f = 4·s | %0 = broadcast[dims=(), to=4] s : f64[4]; %1 = reduce.sum[axes=0] %0 : f64",
      "f = 3·c | %0 = broadcast[dims=0, to=(3,3)] c : f64[3,3]; %1 = reduce.sum[axes=1] %0 : f64[3]",
      "f = Σ(c) | %0 = broadcast[dims=0, to=(3,3)] c : f64[3,3]; %1 = reduce.sum[axes=0] %0 : f64[3]; %2 = slice[starts=0, limits=1] %1 : f64[1]; %3 = reshape[to=()] %2 : f64",
      "f = c ⊙ Σⱼ(z) | %0 = broadcast[dims=0, to=(3,3)] c : f64[3,3]; %1 = mul z, %0 : f64[3,3]; %2 = reduce.sum[axes=1] %1 : f64[3]",
      "f = Σᵢ(z ⊙ c) | %0 = broadcast[dims=0, to=(3,3)] c : f64[3,3]; %1 = mul z, %0 : f64[3,3]; %2 = reduce.sum[axes=0] %1 : f64[3]",
      "f = var(x) | %0 = reduce.sum[axes=0] x : f64; %1 = constant[value=0.25] : f64; %2 = mul %0, %1 : f64; %3 = broadcast[dims=(), to=4] %2 : f64[4]; %4 = sub x, %3 : f64[4]; %5 = mul %4, %4 : f64[4]; %6 = reduce.sum[axes=0] %5 : f64; %7 = mul %6, %1 : f64",
      "f = std(x) | %0 = reduce.sum[axes=0] x : f64; %1 = constant[value=0.25] : f64; %2 = mul %0, %1 : f64; %3 = broadcast[dims=(), to=4] %2 : f64[4]; %4 = sub x, %3 : f64[4]; %5 = mul %4, %4 : f64[4]; %6 = reduce.sum[axes=0] %5 : f64; %7 = mul %6, %1 : f64; %8 = sqrt %7 : f64",
      "f = 0 | %0 = reduce.sum[axes=0] x : f64; %1 = constant[value=0.25] : f64; %2 = mul %0, %1 : f64; %3 = broadcast[dims=(), to=4] %2 : f64[4]; %4 = sub x, %3 : f64[4]; %5 = reduce.sum[axes=0] %4 : f64",
      "f = ‖x‖ | %0 = mul x, x : f64[4]; %1 = reduce.sum[axes=0] %0 : f64; %2 = sqrt %1 : f64",
      "f = ‖x‖ | %0 = contract[a,a->] x, x : f64; %1 = sqrt %0 : f64",
      "f = √Σⱼ(z²) | %0 = mul z, z : f64[3,3]; %1 = reduce.sum[axes=1] %0 : f64[3]; %2 = sqrt %1 : f64[3]",
      "f = maxⱼ(z) | %0 = reduce.max[axes=1] z : f64[3]",
      "f = Π(x) | %0 = reduce.product[axes=0] x : f64",
      // matrices
      "f = z·z | %0 = contract[ab,bc->ac] z, z : f64[3,3]",
      "f = zᵀ·z | %0 = contract[ba,bc->ac] z, z : f64[3,3]",
      "f = z·zᵀ | %0 = contract[ab,cb->ac] z, z : f64[3,3]",
      "f = z·c | %0 = contract[ab,b->a] z, c : f64[3]",
      "f = zᵀ·c | %0 = contract[ab,a->b] z, c : f64[3]",
      "f = c·xᵀ | %0 = contract[a,b->ab] c, x : f64[3,4]",
      "f = zᵀ·zᵀ | %0 = contract[ab,bc->ca] z, z : f64[3,3]; %1 = transpose[permutation=(0,1)] %0 : f64[3,3]",
      "f = Σⱼ(z ⊙ c) | %0 = broadcast[dims=1, to=(3,3)] c : f64[3,3]; %1 = contract[ab,ab->a] z, %0 : f64[3]",
      "f = s·z | %0 = contract[ab,->ab] z, s : f64[3,3]",
      "f = s·zᵀ | %0 = contract[,ab->ba] s, z : f64[3,3]",
      // signs and guards
      "f = 1 − σ(x) | %0 = neg x : f64[4]; %1 = sigmoid %0 : f64[4]",
      "f = x[3] | %0 = constant[value=3] : i32; %1 = gather[axis=0, batch_dims=0] x, %0 : f64",
      "f = [x > 0] | %0 = constant[value=0.0] : f64; %1 = broadcast[dims=(), to=4] %0 : f64[4]; %2 = gt x, %1 : bool[4]; %3 = cast[to=f64] %2 : f64[4]"})
  void whatPeopleHaveANameForHasIt(String unicode, String lines) {
    Graph f = GraphParser.parse(graph(lines)).getLast();
    Formula formula = Formula.of(f, "f", List.of());
    boolean layout = lines.contains("slice") || lines.contains("permutation");
    if (!layout) {
      assertEquals(unicode, formula.unicode());
    }
    evaluate(f);
  }

  private static void evaluate(Graph graph) {
    Random random = new Random(5);
    Map<String, TensorValue> inputs = new LinkedHashMap<>();
    for (Port port : graph.ports()) {
      int[] dims = port.type().shape().evaluate(Map.of("n", 5L));
      int size = 1;
      for (int dim : dims) {
        size *= dim;
      }
      inputs.put(port.name(), TensorValue.of(DType.F64, dims, random.doubles(size).toArray()));
    }
    Map<Node, String> names = new LinkedHashMap<>();
    graph.inputs().forEach(input -> names.put(input, Graph.port(input).name()));
    FormulaTerm term = Reading.read(List.of(graph.result("f")), names,
        new Definitions(names.values())).getFirst();
    TermEvaluator evaluator = new TermEvaluator(inputs, Map.of("n", 5L));
    try {
      assertEquals(Optional.empty(), evaluator.difference(evaluator.value(term),
          Interpreter.run(graph, inputs).result("f"), 1e-12));
    } catch (TermEvaluator.Opaque e) {
      System.out.println("not evaluated: " + e.getMessage());
    }
  }
}
