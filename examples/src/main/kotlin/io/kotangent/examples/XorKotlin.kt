package io.kotangent.examples

import io.kotangent.dsl.AxisOf
import io.kotangent.dsl.Initializer
import io.kotangent.dsl.Optimizers.adam
import io.kotangent.dsl.input
import io.kotangent.dsl.model

/** The twin of [Xor] in Kotlin: `examples/run xor-kotlin`. */
object XorKotlin {
  object Batch : AxisOf<Batch>()

  object Bit : AxisOf<Bit>(2)

  object Hidden : AxisOf<Hidden>(8)

  object Truth : AxisOf<Truth>(1)

  /** Two bits, eight hidden units with tanh, one output; Adam 0.05 on all four rows of the truth table. */
  @JvmStatic
  fun network(): TruthTable.Network = model("xor") {
    val bits by input(Batch, Bit)
    val wanted by input(Batch, Truth)
    val logit = bits.dense(Hidden, Initializer.glorotUniform()).tanh().dense(Truth)
    val loss = logit.sigmoidCrossEntropy(wanted).mean()
    TruthTable.Network(minimize(loss, adam(0.05)), logit.sigmoid().named("probability"))
  }

  @JvmStatic
  fun main(args: Array<String>) {
    TruthTable.learn(::network, args)
  }
}
