package io.kotangent.examples

import io.kotangent.dsl.AxisOf
import io.kotangent.dsl.Initializer
import io.kotangent.dsl.Optimizers.adam
import io.kotangent.dsl.ids
import io.kotangent.dsl.input
import io.kotangent.dsl.model

/** The twin of [Mnist] in Kotlin: `examples/run mnist-kotlin`. */
object MnistKotlin {
  object Batch : AxisOf<Batch>()

  object Pixels : AxisOf<Pixels>(784)

  object Hidden1 : AxisOf<Hidden1>(128)

  object Hidden2 : AxisOf<Hidden2>(64)

  object Digit : AxisOf<Digit>(10)

  /** The network 784-128-64-10 and how it is trained. */
  @JvmStatic
  fun network(): Digits.Network = model("mnist") {
    val image by input(Batch, Pixels)
    val label by ids(Batch, Digit)
    val he = Initializer.heNormal()
    val logits = image.dense(Hidden1, he).relu().dense(Hidden2, he).relu().dense(Digit)
    val loss = logits.crossEntropy(label).mean()
    Digits.Network(minimize(loss, adam(1e-3)), logits.named("scores"))
  }

  @JvmStatic
  fun main(args: Array<String>): Unit = Digits.train(::network, 15, args)
}
