package io.kotangent.notebook

import io.kotangent.bytecode.Compilation
import io.kotangent.explain.Explanation
import io.kotangent.explain.Pictures
import io.kotangent.explain.Playground
import io.kotangent.ir.Graph
import io.kotangent.plan.Plan
import io.kotangent.plan.PlanPrinter
import org.jetbrains.kotlinx.jupyter.api.MimeTypedResult
import org.jetbrains.kotlinx.jupyter.api.MimeTypes
import org.jetbrains.kotlinx.jupyter.api.libraries.JupyterIntegration
import org.jetbrains.kotlinx.jupyter.api.mimeResult

/**
 * What Kotlin notebooks show of graphs, plans, programs, explanations and playgrounds: pictures and pages, and their texts where
 * there is no HTML. The kernel finds it in the jar.
 */
public class KotangentNotebook : JupyterIntegration() {
  override fun Builder.onLoaded() {
    import(
      "io.kotangent.autodiff.Gradient",
      "io.kotangent.bytecode.CompileOptions",
      "io.kotangent.bytecode.Compiler",
      "io.kotangent.dsl.*",
      "io.kotangent.explain.*",
      "io.kotangent.formula.FormulaParser",
    )
    render<Graph> { show(Pictures.html(it), it) }
    render<Plan> { show(Pictures.html(it), PlanPrinter.print(it)) }
    render<Compilation> { show(Pictures.html(it.plan()), PlanPrinter.print(it.plan())) }
    render<Explanation> { show(Pictures.frame(it.html(), EXPLANATION), it) }
    render<Playground> { show(Pictures.frame(it.html(), PLAYGROUND), it) }
  }

  private fun show(
    html: String,
    text: Any,
  ): MimeTypedResult = mimeResult(MimeTypes.HTML to html, MimeTypes.PLAIN_TEXT to text.toString())

  private companion object {
    const val EXPLANATION = 760
    const val PLAYGROUND = 820
  }
}
