package io.kotangent.examples

import io.kotangent.dsl.AxisOf
import io.kotangent.dsl.Initializer
import io.kotangent.dsl.Optimizers.adam
import io.kotangent.dsl.input
import io.kotangent.dsl.model
import io.kotangent.dsl.parameter

/** The twin of [Logistic] in Kotlin: `examples/run logistic-kotlin`. */
object LogisticKotlin {
  object Batch : AxisOf<Batch>()

  object Measurement : AxisOf<Measurement>(30)

  /** One neuron: `σ(x·w + b)`. */
  @JvmStatic
  fun network(): Tumors.Network = model("logistic") {
    val features by input(Batch, Measurement)
    val benign by input(Batch)
    val w by parameter(Measurement, Initializer.zeros())
    val b by parameter()
    val logit = features.dot(w) + b
    val loss = logit.sigmoidCrossEntropy(benign).mean()
    Tumors.Network(minimize(loss, adam(0.01)), logit.sigmoid().named("probability"))
  }

  @JvmStatic
  fun main(args: Array<String>) {
    Tumors.train(::network, args)
  }
}
