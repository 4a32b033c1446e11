package io.kotangent.benchmarks;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// PyTorch, as DJL brings it to the JVM.
final class DjlPyTorch implements Framework {
  private static final int PIXELS = 28;

  private final NDManager manager;

  DjlPyTorch(int threads) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.default_engine", "PyTorch");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  }

  @Override
  public Optional<Supplier<DoubleSupplier>> prepare(String workload) {
    return switch (Framework.kind(workload)) {
      case "train" -> Optional.of(train(workload));
      case "infer1" -> Optional.of(infer(workload));
      case String _ when workload.startsWith("gemm") ->
          Optional.of(gemm(Framework.gemmSize(workload)));
      case String _ when workload.equals("elementwise") -> Optional.of(elementwise());
      case String _ -> Optional.empty();
    };
  }

  private static Block network(String workload) {
    SequentialBlock network = new SequentialBlock();
    if (Framework.family(workload).equals("cnn")) {
      for (int features : new int[] {32, 64}) {
        network.add(Conv2d.builder().setKernelShape(new Shape(5, 5)).optPadding(new Shape(2, 2))
            .setFilters(features).build());
        network.add(Activation::relu);
        network.add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
      }
      network.add(Blocks.batchFlattenBlock());
    }
    int[] sizes = Framework.sizes(workload);
    for (int i = 1; i < sizes.length; i++) {
      network.add(Linear.builder().setUnits(sizes[i]).build());
      if (i < sizes.length - 1) {
        network.add(Activation::relu);
      }
    }
    return network;
  }

  private static Shape input(String workload, int batch) {
    return Framework.family(workload).equals("cnn") ? new Shape(batch, 1, PIXELS, PIXELS)
        : new Shape(batch, Framework.sizes(workload)[0]);
  }

  private Supplier<DoubleSupplier> train(String workload) {
    int batch = Framework.batch(workload);
    boolean binary = Framework.sizes(workload)[Framework.sizes(workload).length - 1] == 1;
    Numbers numbers = new Numbers();
    Shape shape = input(workload, batch);
    NDArray x = manager.create(numbers.normal((int) shape.size()), shape);
    NDArray y = binary ? manager.create(numbers.bits(batch), new Shape(batch, 1))
        : manager.create(numbers.labels(batch, 10)).toType(DataType.INT64, false);
    return () -> {
      Loss loss =
          binary ? Loss.sigmoidBinaryCrossEntropyLoss() : Loss.softmaxCrossEntropyLoss();
      Model model = Model.newInstance(workload, Device.cpu(), "PyTorch");
      model.setBlock(network(workload));
      Adam adam = Adam.builder().optLearningRateTracker(Tracker.fixed(1e-3f)).build();
      Trainer trainer = model.newTrainer(new DefaultTrainingConfig(loss).optOptimizer(adam)
          .optDevices(new Device[] {Device.cpu()}));
      trainer.initialize(shape);
      AtomicBoolean begun = new AtomicBoolean();
      return () -> {
        if (!begun.getAndSet(true)) {
          // The first step makes Adam's moments, which live on: its arrays are not closed.
          return step(trainer, loss, x, y);
        }
        try (NDScope _ = new NDScope()) {
          return step(trainer, loss, x, y);
        }
      };
    };
  }

  private static double step(Trainer trainer, Loss loss, NDArray x, NDArray y) {
    float value;
    try (GradientCollector collector = trainer.newGradientCollector()) {
      NDArray result = loss.evaluate(new NDList(y), trainer.forward(new NDList(x)));
      collector.backward(result);
      value = result.getFloat();
    }
    trainer.step();
    return value;
  }

  private Supplier<DoubleSupplier> infer(String workload) {
    Shape shape = input(workload, 1);
    float[] x = new Numbers().uniform((int) shape.size());
    return () -> {
      Model model = Model.newInstance(workload, Device.cpu(), "PyTorch");
      Block network = network(workload);
      model.setBlock(network);
      network.setInitializer(new XavierInitializer(),
          Parameter.Type.WEIGHT);
      network.initialize(manager, DataType.FLOAT32, shape);
      Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator(null));
      return () -> {
        try (NDManager own = manager.newSubManager()) {
          NDList scores = predictor.predict(new NDList(own.create(x, shape)));
          float score = scores.singletonOrThrow().toFloatArray()[0];
          scores.close();
          return score;
        } catch (TranslateException e) {
          throw new IllegalStateException(e);
        }
      };
    };
  }

  private Supplier<DoubleSupplier> gemm(int size) {
    NDArray a = manager.create(new Numbers().uniform(size * size), new Shape(size, size));
    return () -> () -> {
      a.matMul(a).close();
      return 0;
    };
  }

  private Supplier<DoubleSupplier> elementwise() {
    Numbers numbers = new Numbers();
    NDArray x = manager.create(numbers.normal(1 << 20));
    NDArray a = manager.create(numbers.normal(1 << 20));
    return () -> () -> {
      try (NDScope _ = new NDScope()) {
        NDArray gate = Activation.sigmoid(x.mul(1.5f).sub(a));
        NDArray y = a.mul(x).add(0.5f).tanh().mul(gate);
        return y.size();
      }
    };
  }
}
