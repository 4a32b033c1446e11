package io.kotangent.examples

import io.kotangent.dsl.AxisOf
import io.kotangent.dsl.Initializer
import io.kotangent.dsl.Optimizers.adam
import io.kotangent.dsl.ids
import io.kotangent.dsl.input
import io.kotangent.dsl.model

/** The twin of [DigitCnn] in Kotlin: `examples/run digit-cnn-kotlin`. */
object DigitCnnKotlin {
  object Batch : AxisOf<Batch>()

  object Row : AxisOf<Row>(28)

  object Column : AxisOf<Column>(28)

  object Gray : AxisOf<Gray>(1)

  object Edges : AxisOf<Edges>(32)

  object Strokes : AxisOf<Strokes>(64)

  object Hidden : AxisOf<Hidden>(1024)

  object Digit : AxisOf<Digit>(10)

  /** The network and how it is trained. */
  @JvmStatic
  fun network(): Digits.Network = model("digit_cnn") {
    val image by input(Batch, Row, Column, Gray)
    val label by ids(Batch, Digit)
    val edges = image.conv(5, Edges).relu().maxPool(2)
    val strokes = edges.conv(5, Strokes).relu().maxPool(2)
    val logits = strokes.flatten().dense(Hidden, Initializer.heUniform()).relu().dense(Digit)
    val loss = logits.crossEntropy(label).mean()
    Digits.Network(minimize(loss, adam(1e-3)), logits.named("scores"))
  }

  @JvmStatic
  fun main(args: Array<String>): Unit = Digits.train(::network, 6, args)
}
