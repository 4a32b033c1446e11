package io.kotangent.dsl.program

import io.kotangent.dsl.Axis
import io.kotangent.dsl.AxisOf
import io.kotangent.dsl.Initializer
import io.kotangent.dsl.Layers.averagePool
import io.kotangent.dsl.Layers.conv
import io.kotangent.dsl.Layers.dense
import io.kotangent.dsl.Layers.dropout
import io.kotangent.dsl.Layers.flatten
import io.kotangent.dsl.Layers.sequential
import io.kotangent.dsl.Model
import io.kotangent.dsl.Optimizers.adam
import io.kotangent.dsl.Optimizers.sgd
import io.kotangent.dsl.Rate
import io.kotangent.dsl.Sliding
import io.kotangent.dsl.Tensor4
import io.kotangent.dsl.Training
import io.kotangent.dsl.axis
import io.kotangent.dsl.div
import io.kotangent.dsl.ids
import io.kotangent.dsl.input
import io.kotangent.dsl.minus
import io.kotangent.dsl.model
import io.kotangent.dsl.parameter
import io.kotangent.dsl.plus
import io.kotangent.dsl.state
import io.kotangent.dsl.times
import io.kotangent.text.GraphPrinter
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

object Batch : AxisOf<Batch>()

object Pixels : AxisOf<Pixels>(784)

object Hidden : AxisOf<Hidden>(128)

object Digit : AxisOf<Digit>(10)

object Time : AxisOf<Time>(7)

object Key : AxisOf<Key>(7)

object Feature : AxisOf<Feature>(16)

object Row : AxisOf<Row>(28)

object Column : AxisOf<Column>(28)

object Gray : AxisOf<Gray>(1)

class Edges

fun mnist(): Training =
  model("mnist") {
    val image by input(Batch, Pixels)
    val label by ids(Batch, Digit)
    val logits =
      image
        .dense(Hidden)
        .relu()
        .dropout(0.2)
        .dense(Digit)
    val loss = logits.crossEntropy(label).mean()
    minimize(loss, adam(1e-3))
  }

fun layers(): Training =
  model("layers") {
    val image by input(Batch, Pixels)
    val label by ids(Batch, Digit)
    val network = sequential(dense(Hidden, Initializer.heUniform()).relu(), dropout(0.2), dense(Digit))
    minimize(network.apply(image).crossEntropy(label).mean(), adam(Rate.fed()))
  }

fun byHand(): Training =
  model("byHand") {
    val x by input(Batch, Hidden)
    val target by input(Batch)
    val w by parameter(Hidden)
    val b by parameter()
    val scale by parameter(Initializer.ones())
    val y = scale * (1 - 2 * (x.dot(w) + b).sigmoid())
    val loss = y.meanSquaredError(target) + 0.01 * w.square().sum() + (b / 3).abs()
    minimize(loss, sgd(0.1))
  }

fun <N : Any, R : Any, C : Any, F : Any> Model.batchNorm(
  x: Tensor4<N, R, C, F>,
  channel: Axis<F>,
): Tensor4<N, R, C, F> {
  val mean = x.overAllBut(channel).mean()
  val variance = x.overAllBut(channel).variance()
  val runningMean by state(channel)
  val runningVariance by state(channel)
  runningMean.next(0.9 * runningMean.now() + 0.1 * mean)
  runningVariance.next(0.9 * runningVariance.now() + 0.1 * variance)
  val scale by parameter(channel, Initializer.ones())
  val shift by parameter(channel)
  return (x - whenTraining(mean, runningMean.now())) /
    (whenTraining(variance, runningVariance.now()) + 1e-5).sqrt() * scale + shift
}

fun normalized(): Training =
  model("normalized") {
    val image by input(Batch, Row, Column, Gray)
    val label by ids(Batch, Digit)
    val edges = axis<Edges>(8)
    val features = batchNorm(image.conv(5, edges).maxPool(2), edges)
    minimize(
      features
        .relu()
        .flatten()
        .dense(Digit)
        .crossEntropy(label)
        .mean(),
      adam(1e-3),
    )
  }

fun convolutional(): Training =
  model("convolutional") {
    val image by input(Batch, Row, Column, Gray)
    val label by ids(Batch, Digit)
    val edges = axis<Edges>(8)
    val features =
      conv(5, edges, Sliding.valid().stride(2))
        .relu()
        .maxPool(2)
        .then(conv(3, 3, edges, Sliding.same(), 4, Initializer.heNormal()))
        .tanh()
    val pool = averagePool(3, Sliding.padded(1).stride(2))
    val network = sequential(features, pool, flatten(), dense(Hidden).relu(), dense(Digit))
    minimize(network.apply(image).crossEntropy(label).mean(), adam(1e-3))
  }

fun attention(): Training =
  model("attention") {
    val x by input(Batch, Time, Feature)
    val padding by input(Batch, Key)
    val q by parameter(Feature, Hidden)
    val k by parameter(Feature, Hidden)
    val keys = x.renamed(Time, Key)
    val scores = x.matmul(q).batchMatmul(keys.matmul(k).transpose()) / Math.sqrt(128.0)
    val weights = (scores + padding.byName()).softmax()
    minimize(weights.batchMatmul(keys).square().mean(), sgd(0.1))
  }

class TwinSpec :
  StringSpec({
    fun text(training: Training) =
      listOf(training.gradientGraph(), training.updateGraph(), training.stepGraph(), training.model().initGraph())
        .joinToString("\n") { GraphPrinter.printWithoutOrigins(it) }

    "the functional style gives the same graphs in both languages" {
      text(mnist()) shouldBe text(JavaModels.mnist())
    }

    "the layer style gives the same graphs in both languages" {
      text(layers()) shouldBe text(JavaModels.layers())
    }

    "formulas with operators give the same graphs in both languages" {
      text(byHand()) shouldBe text(JavaModels.byHand())
    }

    "a layer written by the user gives the same graphs in both languages" {
      text(normalized()) shouldBe text(JavaModels.normalized())
    }

    "layers of images give the same graphs in both languages" {
      text(convolutional()) shouldBe text(JavaModels.convolutional())
    }

    "attention gives the same graphs in both languages" {
      text(attention()) shouldBe text(JavaModels.attention())
    }

    "nodes know the line of the Kotlin file" {
      GraphPrinter.print(mnist().stepGraph()) shouldContain Regex("dense1 TwinSpec.kt:\\d+")
    }
  })
