package io.kotangent.dsl.program;

import static io.kotangent.dsl.Layers.averagePool;
import static io.kotangent.dsl.Layers.conv;
import static io.kotangent.dsl.Layers.dense;
import static io.kotangent.dsl.Layers.dropout;
import static io.kotangent.dsl.Layers.flatten;
import static io.kotangent.dsl.Layers.sequential;
import static io.kotangent.dsl.Optimizers.adam;
import static io.kotangent.dsl.Optimizers.sgd;

import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Flat;
import io.kotangent.dsl.Initializer;
import io.kotangent.dsl.Maps;
import io.kotangent.dsl.Matrix;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Rate;
import io.kotangent.dsl.Sliding;
import io.kotangent.dsl.State;
import io.kotangent.dsl.Tensor3;
import io.kotangent.dsl.Tensor4;
import io.kotangent.dsl.Training;
import io.kotangent.dsl.Units;
import io.kotangent.dsl.Vector;

/// Models in Java that have twins in Kotlin.
public final class JavaModels {
  public record Batch() implements Axis.Symbolic<Batch> {
  }

  public record Pixels(int size) implements Axis<Pixels> {
  }

  public record Hidden(int size) implements Axis<Hidden> {
  }

  public record Digit(int size) implements Axis<Digit> {
  }

  public record Row(int size) implements Axis<Row> {
  }

  public record Column(int size) implements Axis<Column> {
  }

  public record Gray(int size) implements Axis<Gray> {
  }

  public record Edges(int size) implements Axis<Edges> {
  }

  public record Time(int size) implements Axis<Time> {
  }

  public record Key(int size) implements Axis<Key> {
  }

  public record Feature(int size) implements Axis<Feature> {
  }

  public static final Batch BATCH = new Batch();
  public static final Pixels PIXELS = new Pixels(784);
  public static final Hidden HIDDEN = new Hidden(128);
  public static final Digit DIGIT = new Digit(10);
  public static final Time TIME = new Time(7);
  public static final Key KEY = new Key(7);
  public static final Feature FEATURE = new Feature(16);

  private JavaModels() {
  }

  /// The functional style.
  public static Training mnist() {
    var mnist = Model.named("mnist");
    var image = mnist.input("image", BATCH, PIXELS);
    var label = mnist.ids("label", BATCH, DIGIT);
    var logits = image.dense(HIDDEN).relu().dropout(0.2).dense(DIGIT);
    var loss = logits.crossEntropy(label).mean();
    return mnist.minimize(loss, adam(1e-3));
  }

  /// The layer style.
  public static Training layers() {
    var model = Model.named("layers");
    var image = model.input("image", BATCH, PIXELS);
    var label = model.ids("label", BATCH, DIGIT);
    Units<Digit> network =
        sequential(dense(HIDDEN, Initializer.heUniform()).relu(), dropout(0.2), dense(DIGIT));
    return model.minimize(network.apply(image).crossEntropy(label).mean(), adam(Rate.fed()));
  }

  /// Any formula.
  public static Training byHand() {
    var model = Model.named("byHand");
    var x = model.input("x", BATCH, HIDDEN);
    var target = model.input("target", BATCH);
    var w = model.parameter("w", HIDDEN);
    var b = model.parameter("b");
    var scale = model.parameter("scale", Initializer.ones());
    var y = x.dot(w).plus(b).sigmoid().times(2).subtractedFrom(1).times(scale);
    var loss = y.meanSquaredError(target).plus(w.square().sum().times(0.01)).plus(b.div(3).abs());
    return model.minimize(loss, sgd(0.1));
  }

  /// Batch normalization as a user writes it.
  public static Training normalized() {
    var model = Model.named("normalized");
    var image = model.input("image", BATCH, new Row(28), new Column(28), new Gray(1));
    var label = model.ids("label", BATCH, DIGIT);
    var edges = new Edges(8);
    Tensor4<Batch, Row, Column, Edges> features =
        batchNorm(model, image.conv(5, edges).maxPool(2), edges);
    Matrix<Batch, Flat> flat = features.relu().flatten();
    return model.minimize(flat.dense(DIGIT).crossEntropy(label).mean(), adam(1e-3));
  }

  /// Layers of images.
  public static Training convolutional() {
    var model = Model.named("convolutional");
    var image = model.input("image", BATCH, new Row(28), new Column(28), new Gray(1));
    var label = model.ids("label", BATCH, DIGIT);
    var edges = new Edges(8);
    Maps<Edges> features = conv(5, edges, Sliding.valid().stride(2)).relu().maxPool(2)
        .then(conv(3, 3, edges, Sliding.same(), 4, Initializer.heNormal())).tanh();
    Units<Digit> network = sequential(features, averagePool(3, Sliding.padded(1).stride(2)),
        flatten(), dense(HIDDEN).relu(), dense(DIGIT));
    return model.minimize(network.apply(image).crossEntropy(label).mean(), adam(1e-3));
  }

  private static <N, R, C, F> Tensor4<N, R, C, F> batchNorm(Model model, Tensor4<N, R, C, F> x,
      Axis<F> channel) {
    Vector<F> mean = x.overAllBut(channel).mean();
    Vector<F> variance = x.overAllBut(channel).variance();
    State<Vector<F>> runningMean = model.state("runningMean", channel);
    State<Vector<F>> runningVariance = model.state("runningVariance", channel);
    runningMean.next(runningMean.now().times(0.9).plus(mean.times(0.1)));
    runningVariance.next(runningVariance.now().times(0.9).plus(variance.times(0.1)));
    Vector<F> scale = model.parameter("scale", channel, Initializer.ones());
    Vector<F> shift = model.parameter("shift", channel);
    return x.minus(model.whenTraining(mean, runningMean.now()))
        .div(model.whenTraining(variance, runningVariance.now()).plus(1e-5).sqrt()).times(scale)
        .plus(shift);
  }

  /// Attention of one head.
  public static Training attention() {
    var model = Model.named("attention");
    Tensor3<Batch, Time, Feature> x = model.input("x", BATCH, TIME, FEATURE);
    var padding = model.input("padding", BATCH, KEY);
    var q = model.parameter("q", FEATURE, HIDDEN);
    var k = model.parameter("k", FEATURE, HIDDEN);
    Tensor3<Batch, Key, Feature> keys = x.renamed(TIME, KEY);
    var scores = x.matmul(q).batchMatmul(keys.matmul(k).transpose()).div(Math.sqrt(HIDDEN.size()));
    var weights = scores.plus(padding.byName()).softmax();
    var loss = weights.batchMatmul(keys).square().mean();
    return model.minimize(loss, sgd(0.1));
  }
}
