package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Both;
import io.kotangent.dsl.Matrix;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Scalar;
import io.kotangent.dsl.Tensor3;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Op;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How many contractions each iteration of a recurrent network computes in training: forward one for each matrix that the
/// state is multiplied with, backward as many. Nothing is computed again, and nothing else is inside.
class RecurrentContractionsTest {
  private record Batch() implements Axis.Symbolic<Batch> {
  }

  private record Time() implements Axis.Symbolic<Time> {
  }

  private record Feature(int size) implements Axis<Feature> {
  }

  private record Hidden(int size) implements Axis<Hidden> {
  }

  private record Key(int size) implements Axis<Key> {
  }

  private static final Batch BATCH = new Batch();
  private static final Time TIME = new Time();
  private static final Feature FEATURE = new Feature(10);
  private static final Hidden HIDDEN = new Hidden(16);

  private final Model model = Model.named("recurrent");
  private final Tensor3<Batch, Time, Feature> x = model.input("x", BATCH, TIME, FEATURE);
  private final Matrix<Batch, Hidden> zero = model.input("zero", BATCH, HIDDEN);

  /// The contractions in each loop of a training step, in its order, and those around them.
  private List<Integer> contractions(Scalar loss) {
    Graph step = Compiler.optimize(model.minimize(loss, Optimizers.sgd(0.1)).stepGraph(),
        CompileOptions.standard());
    List<Integer> counts = new ArrayList<>();
    step.schedule().forEach(node -> {
      if (node.op() instanceof Op.Loop loop) {
        counts.add(count(loop.body()));
      }
    });
    counts.add(count(step));
    return counts;
  }

  private static int count(Graph graph) {
    return (int) graph.schedule().stream()
        .filter(node -> node.op() instanceof Op.Contract || node.op() instanceof Op.Convolve)
        .count();
  }

  private static <A> Matrix<Batch, Hidden> rnn(Tensor3<Batch, Time, A> x,
      Matrix<Batch, Hidden> zero) {
    return x.scan(TIME, zero, (h, now) -> now.dense(HIDDEN).plus(h.dense(HIDDEN)).tanh()).last();
  }

  private <A> Tensor3<Batch, Time, Hidden> lstm(Tensor3<Batch, Time, A> from) {
    return from.scan(TIME, new Both<>(zero, zero), (state, now) -> {
      var h = state.first();
      var input = now.dense(HIDDEN).plus(h.dense(HIDDEN)).sigmoid();
      var forget = now.dense(HIDDEN).plus(h.dense(HIDDEN)).sigmoid();
      var output = now.dense(HIDDEN).plus(h.dense(HIDDEN)).sigmoid();
      var fresh = now.dense(HIDDEN).plus(h.dense(HIDDEN)).tanh();
      var memory = state.second().times(forget).plus(input.times(fresh));
      return new Both<>(output.times(memory.tanh()), memory);
    }).all().typed(BATCH, TIME, HIDDEN);
  }

  @Test
  void ofASimpleNetwork() {
    assertEquals(List.of(1, 1, 1 + 2), contractions(rnn(x, zero).square().sum()));
  }

  @Test
  void ofAGatedUnit() {
    var last = x.scan(TIME, zero, (h, now) -> {
      var update = now.dense(HIDDEN).plus(h.dense(HIDDEN)).sigmoid();
      var reset = now.dense(HIDDEN).plus(h.dense(HIDDEN)).sigmoid();
      var fresh = now.dense(HIDDEN).plus(h.times(reset).dense(HIDDEN)).tanh();
      return h.times(update).plus(fresh.times(update.times(-1).plus(1)));
    }).last();
    assertEquals(List.of(3, 3, 3 + 6), contractions(last.square().sum()));
  }

  @Test
  void ofALongShortTermMemory() {
    assertEquals(List.of(4, 4, 4 + 8), contractions(lstm(x).square().sum()));
  }

  /// The gradient of the second by its slices is computed between the loops.
  @Test
  void ofTwoMemoriesOneOnTheOther() {
    assertEquals(List.of(4, 4, 4, 4, 8 + 16 + 4), contractions(lstm(lstm(x)).square().sum()));
  }

  @Test
  void ofBothDirections() {
    var back = x.over(TIME).reversed();
    var both = rnn(x, zero).plus(rnn(back, zero));
    assertEquals(List.of(1, 1, 1, 1, 2 + 4), contractions(both.square().sum()));
  }

  /// Scores and their average of the keys; the gradients by the keys are sums after the loop.
  @Test
  void ofAttention() {
    var key = new Key(5);
    var keys = model.parameter("keys", key, HIDDEN);
    var last = x.scan(TIME, zero, (h, now) -> {
      var weights = h.matmul(keys.transpose()).softmax();
      return now.dense(HIDDEN).plus(weights.matmul(keys)).tanh();
    }).last();
    assertEquals(List.of(2, 2, 1 + 3), contractions(last.square().sum()));
  }
}
