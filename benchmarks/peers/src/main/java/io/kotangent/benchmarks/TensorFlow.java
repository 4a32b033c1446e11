package io.kotangent.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/// TensorFlow Java, in graph mode.
final class TensorFlow implements Framework {
  private final ConfigProto config;

  TensorFlow(int threads) {
    System.setProperty("TF_CPP_MIN_LOG_LEVEL", "2");
    config = ConfigProto.newBuilder().setIntraOpParallelismThreads(threads)
        .setInterOpParallelismThreads(1).build();
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

  /// A graph that is being written, with the variables that it trains.
  private final class Model {
    final Graph graph = new Graph();
    final Ops tf = Ops.create(graph);
    final List<Variable<TFloat32>> variables = new ArrayList<>();
    final List<Op> starts = new ArrayList<>();
    final Numbers numbers = new Numbers();

    Variable<TFloat32> variable(float[] start, long... sizes) {
      Variable<TFloat32> made = tf.variable(Shape.of(sizes), TFloat32.class);
      Operand<TFloat32> values = tf.constant(TFloat32.tensorOf(Shape.of(sizes),
          DataBuffers.of(start)));
      starts.add(tf.assign(made, values));
      return made;
    }

    Variable<TFloat32> trained(float[] start, long... sizes) {
      Variable<TFloat32> made = variable(start, sizes);
      variables.add(made);
      return made;
    }

    Operand<TFloat32> network(String workload, Operand<TFloat32> x) {
      Operand<TFloat32> last = x;
      if (Framework.family(workload).equals("cnn")) {
        last = tf.reshape(convolution(convolution(x, 1, 32), 32, 64),
            tf.constant(new int[] {-1, 7 * 7 * 64}));
      }
      int[] sizes = Framework.sizes(workload);
      for (int i = 1; i < sizes.length; i++) {
        Operand<TFloat32> w =
            trained(numbers.weight(sizes[i - 1], sizes[i - 1] * sizes[i]), sizes[i - 1], sizes[i]);
        Operand<TFloat32> b = trained(new float[sizes[i]], sizes[i]);
        last = tf.nn.biasAdd(tf.linalg.matMul(last, w), b);
        if (i < sizes.length - 1) {
          last = tf.nn.relu(last);
        }
      }
      return last;
    }

    private Operand<TFloat32> convolution(Operand<TFloat32> x, int inputs, int outputs) {
      Operand<TFloat32> w =
          trained(numbers.weight(25 * inputs, 25 * inputs * outputs), 5, 5, inputs, outputs);
      Operand<TFloat32> b = trained(new float[outputs], outputs);
      Operand<TFloat32> y = tf.nn.relu(
          tf.nn.biasAdd(tf.nn.conv2d(x, w, List.of(1L, 1L, 1L, 1L), "SAME"), b));
      Operand<TInt32> two = tf.constant(new int[] {1, 2, 2, 1});
      return tf.nn.maxPool(y, two, two, "VALID");
    }

    /// An Adam step for all trained variables.
    Op adam(Operand<TFloat32> loss) {
      Gradients gradients = tf.gradients(loss, variables);
      Variable<TFloat32> power1 = variable(new float[] {0.9f});
      Variable<TFloat32> power2 = variable(new float[] {0.999f});
      List<Op> updates = new ArrayList<>();
      for (int i = 0; i < variables.size(); i++) {
        Variable<TFloat32> w = variables.get(i);
        Shape shape = w.asOutput().shape();
        float[] zeros = new float[(int) shape.size()];
        updates.add(tf.train.applyAdam(w, variable(zeros, shape.asArray()),
            variable(zeros, shape.asArray()), power1, power2, tf.constant(1e-3f),
            tf.constant(0.9f), tf.constant(0.999f), tf.constant(1e-8f), gradients.dy(i)));
      }
      Ops after = tf.withControlDependencies(updates);
      updates.add(after.assign(power1, after.math.mul(power1, after.constant(0.9f))));
      updates.add(after.assign(power2, after.math.mul(power2, after.constant(0.999f))));
      return tf.withControlDependencies(updates).noOp();
    }

    Session start() {
      Session session = new Session(graph, config);
      Session.Runner runner = session.runner();
      starts.forEach(runner::addTarget);
      runner.run().close();
      return session;
    }
  }

  private static Shape input(String workload, long batch) {
    return Framework.family(workload).equals("cnn") ? Shape.of(batch, 28, 28, 1)
        : Shape.of(batch, Framework.sizes(workload)[0]);
  }

  private static TFloat32 tensor(float[] values, Shape shape) {
    return TFloat32.tensorOf(shape, DataBuffers.of(values));
  }

  private Supplier<DoubleSupplier> train(String workload) {
    int batch = Framework.batch(workload);
    int[] sizes = Framework.sizes(workload);
    boolean binary = sizes[sizes.length - 1] == 1;
    Numbers numbers = new Numbers();
    Shape shape = input(workload, batch);
    TFloat32 x = tensor(numbers.normal((int) shape.size()), shape);
    Tensor y = binary ? tensor(numbers.bits(batch), Shape.of(batch, 1))
        : TInt32.tensorOf(Shape.of(batch), DataBuffers.of(numbers.labels(batch, 10)));
    return () -> {
      Model model = new Model();
      Placeholder<TFloat32> inputs =
          model.tf.placeholder(TFloat32.class, Placeholder.shape(input(workload, -1)));
      Operand<TFloat32> scores = model.network(workload, inputs);
      Operand<?> targets = binary ? model.tf.placeholder(TFloat32.class)
          : model.tf.placeholder(TInt32.class);
      Operand<TFloat32> loss = loss(model.tf, scores, targets, binary);
      Op step = model.adam(loss);
      Session session = model.start();
      return () -> {
        try (Result result = session.runner().feed(inputs, x).feed(targets, y).addTarget(step)
            .fetch(loss).run()) {
          return ((TFloat32) result.get(0)).getFloat();
        }
      };
    };
  }

  @SuppressWarnings("unchecked")
  private static Operand<TFloat32> loss(Ops tf, Operand<TFloat32> scores, Operand<?> targets,
      boolean binary) {
    if (binary) {
      Operand<TFloat32> each = tf.math.sub(tf.math.softplus(scores),
          tf.math.mul(scores, (Operand<TFloat32>) targets));
      return tf.math.mean(each, tf.constant(new int[] {0, 1}));
    }
    // The sparse form has no gradient outside of Python.
    Operand<TFloat32> bits = tf.oneHot((Operand<TInt32>) targets, tf.constant(10),
        tf.constant(1f), tf.constant(0f));
    return tf.math.mean(tf.nn.softmaxCrossEntropyWithLogits(scores, bits).loss(),
        tf.constant(new int[] {0}));
  }

  private Supplier<DoubleSupplier> infer(String workload) {
    Shape shape = input(workload, 1);
    float[] x = new Numbers().uniform((int) shape.size());
    return () -> {
      Model model = new Model();
      Placeholder<TFloat32> inputs =
          model.tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      Operand<TFloat32> scores = model.network(workload, inputs);
      Session session = model.start();
      return () -> {
        try (TFloat32 fed = tensor(x, shape);
            Result result = session.runner().feed(inputs, fed).fetch(scores).run()) {
          float[] read = new float[(int) result.get(0).shape().size()];
          ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(read);
          return read[0];
        }
      };
    };
  }

  private Supplier<DoubleSupplier> gemm(int size) {
    float[] square = new Numbers().uniform(size * size);
    return () -> {
      Model model = new Model();
      Variable<TFloat32> a = model.variable(square, size, size);
      return target(model, model.tf.linalg.matMul(a, a));
    };
  }

  private Supplier<DoubleSupplier> elementwise() {
    Numbers numbers = new Numbers();
    float[] xs = numbers.normal(1 << 20);
    float[] as = numbers.normal(1 << 20);
    return () -> {
      Model model = new Model();
      Ops tf = model.tf;
      Variable<TFloat32> x = model.variable(xs, 1 << 20);
      Variable<TFloat32> a = model.variable(as, 1 << 20);
      Operand<TFloat32> left = tf.math.tanh(tf.math.add(tf.math.mul(a, x), tf.constant(0.5f)));
      Operand<TFloat32> right =
          tf.math.sigmoid(tf.math.sub(tf.math.mul(x, tf.constant(1.5f)), a));
      return target(model, tf.math.mul(left, right));
    };
  }

  /// Computes a value on variables and leaves it there.
  private static DoubleSupplier target(Model model, Operand<TFloat32> value) {
    Session session = model.start();
    return () -> {
      session.runner().addTarget(value).run().close();
      return 0;
    };
  }
}
