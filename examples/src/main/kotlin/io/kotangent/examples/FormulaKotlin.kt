package io.kotangent.examples

import io.kotangent.dsl.gradient
import io.kotangent.dsl.input
import io.kotangent.dsl.model
import io.kotangent.ir.Graph
import io.kotangent.type.DType

/** The twin of [FormulaExample] in Kotlin: `examples/run formula-kotlin`. */
object FormulaKotlin {
  /** The neuron with its derivatives by the three weights. */
  @JvmStatic
  fun neuron(): Graph = model("neuron", DType.F64) {
    val w0 by input()
    val x0 by input()
    val w1 by input()
    val x1 by input()
    val w2 by input()
    val f = (w0 * x0 + w1 * x1 + w2).sigmoid()
    graph(
      "neuron",
      f.named("f"),
      f.gradient(w0).named("df_dw0"),
      f.gradient(w1).named("df_dw1"),
      f.gradient(w2).named("df_dw2"),
    )
  }

  @JvmStatic
  fun main(args: Array<String>): Unit = Neuron.show(neuron())
}
