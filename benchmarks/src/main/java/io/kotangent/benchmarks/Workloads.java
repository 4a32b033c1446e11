package io.kotangent.benchmarks;

import io.kotangent.bytecode.Compilation;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Expr;
import io.kotangent.dsl.Model;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Workspace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// All workloads by name.
final class Workloads {
  record Place() implements Axis.Symbolic<Place> {}

  record First(int size) implements Axis<First> {}

  record Middle(int size) implements Axis<Middle> {}

  record Last(int size) implements Axis<Last> {}

  private static final int[] BLOCK = {10, 100, 100, 100, 100, 100, 1};
  private static final int[] MLP = {784, 128, 64, 10};
  private static final int[] LOGREG = {30, 1};
  private static final int CNN_BATCH = 64;
  private static final int PIXELS = 28 * 28;
  private static final int ELEMENTS = 1 << 20;

  private static final Map<String, Workload> ALL = all();

  private Workloads() {}

  /// Those of that name, or, for the first part of names such as `gemm` or `block`, all that have it.
  static List<Workload> named(String name) {
    Workload exact = ALL.get(name);
    if (exact != null) {
      return List.of(exact);
    }
    Optional<Workload> ofSweep = Sweep.named(name);
    if (ofSweep.isPresent()) {
      return List.of(ofSweep.get());
    }
    List<Workload> group = ALL.values().stream()
        .filter(w -> w.name().replaceFirst("-.*|[0-9]+$", "").equals(name)).toList();
    if (group.isEmpty()) {
      throw new IllegalArgumentException(
          "no workload '" + name + "': expected one of " + ALL.keySet());
    }
    return group;
  }

  /// Every one, in the order of the tables.
  static List<Workload> inOrder() {
    return List.copyOf(ALL.values());
  }

  private static Map<String, Workload> all() {
    List<Workload> list = new ArrayList<>();
    list.add(trainBinary("block-train", () -> Networks.block(10, 100, 5), 32, BLOCK));
    list.add(trainBinary("block1000-train", () -> Networks.block(10, 100, 5), 1000, BLOCK));
    list.add(trainDigits("mlp-train", Networks::digits, 64, MLP));
    list.add(trainBinary("logreg-train", Networks::logistic, 10_000, LOGREG));
    list.add(cnnTrain());
    list.add(infer("block-infer1", () -> Networks.block(10, 100, 5), BLOCK));
    list.add(infer("mlp-infer1", Networks::digits, MLP));
    list.add(infer("logreg-infer1", Networks::logistic, LOGREG));
    list.add(cnnInfer());
    list.add(elementwise());
    for (int size : new int[] {64, 128, 256, 512, 1024}) {
      list.add(gemm(size));
    }
    Map<String, Workload> byName = new LinkedHashMap<>();
    list.forEach(w -> byName.put(w.name(), w));
    return byName;
  }

  /// Training steps of a network with one logit.
  static Workload trainBinary(String name, Supplier<Network> network, int batch, int... sizes) {
    return new Workload(name, 0, () -> {
      Numbers numbers = new Numbers();
      Map<String, float[]> weights = numbers.dense(sizes);
      Map<String, Object> feeds =
          Map.of("x", numbers.normal(batch * sizes[0]), "y", numbers.bits(batch));
      return threads -> network.get().train(threads, weights, feeds);
    });
  }

  private static Workload trainDigits(String name, Supplier<Network> network, int batch,
      int... sizes) {
    return new Workload(name, 0, () -> {
      Numbers numbers = new Numbers();
      Map<String, float[]> weights = numbers.dense(sizes);
      Map<String, Object> feeds =
          Map.of("x", numbers.normal(batch * sizes[0]), "y", numbers.labels(batch, 10));
      return threads -> network.get().train(threads, weights, feeds);
    });
  }

  private static Workload infer(String name, Supplier<Network> network, int... sizes) {
    return new Workload(name, 0, () -> {
      Numbers numbers = new Numbers();
      Map<String, float[]> weights = numbers.dense(sizes);
      float[] x = numbers.normal(sizes[0]);
      return threads -> network.get().infer(threads, weights, x);
    });
  }

  private static Workload cnnTrain() {
    return new Workload("cnn-train", 0, () -> {
      Numbers numbers = new Numbers();
      Map<String, float[]> weights = cnnWeights(numbers);
      Map<String, Object> feeds = Map.of("x", numbers.uniform(CNN_BATCH * PIXELS), "y",
          numbers.labels(CNN_BATCH, 10));
      return threads -> Networks.convolutional().train(threads, weights, feeds);
    });
  }

  private static Workload cnnInfer() {
    return new Workload("cnn-infer1", 0, () -> {
      Numbers numbers = new Numbers();
      Map<String, float[]> weights = cnnWeights(numbers);
      float[] x = numbers.uniform(PIXELS);
      return threads -> Networks.convolutional().infer(threads, weights, x);
    });
  }

  private static Map<String, float[]> cnnWeights(Numbers numbers) {
    Map<String, float[]> weights = new LinkedHashMap<>();
    weights.put("conv1.w", numbers.weight(25, 25 * 32));
    weights.put("conv2.w", numbers.weight(25 * 32, 25 * 32 * 64));
    weights.putAll(numbers.dense(7 * 7 * 64, 1024, 10));
    return weights;
  }

  /// tanh(a·x + ½) · σ(1½·x − a), lane by lane.
  private static Workload elementwise() {
    return new Workload("elementwise", 0, () -> {
      Numbers numbers = new Numbers();
      Map<String, Object> feeds =
          Map.of("x", numbers.normal(ELEMENTS), "a", numbers.normal(ELEMENTS));
      return threads -> {
        var place = new Place();
        var model = Model.named("elementwise");
        var x = model.input("x", place);
        var a = model.input("a", place);
        var y = a.times(x).plus(0.5).tanh().times(x.times(1.5).minus(a).sigmoid());
        return formula(threads, model, y, feeds);
      };
    });
  }

  private static Workload gemm(int size) {
    return new Workload("gemm" + size, 2.0 * size * size * size, () -> {
      float[] square = new Numbers().uniform(size * size);
      Map<String, Object> feeds = Map.of("a", square, "b", square);
      return threads -> {
        var middle = new Middle(size);
        var model = Model.named("gemm");
        var a = model.input("a", new First(size), middle);
        var b = model.input("b", middle, new Last(size));
        return formula(threads, model, a.matmul(b), feeds);
      };
    });
  }

  /// A program without weights; its result stays where the program puts it.
  private static Running formula(int threads, Model model,
      Expr<?> result, Map<String, Object> feeds) {
    Compilation compiled =
        Compiler.compilation(model.graph("y", result), CompileOptions.standard());
    Workspace workspace = compiled.program().newWorkspace().threads(threads);
    feeds.forEach(workspace::feedArray);
    Running running = new Running(compiled, workspace, ModelState.NONE,
        () -> compiled.program().run(workspace, ModelState.NONE) ? 1 : 0);
    running.again();
    return running;
  }
}
