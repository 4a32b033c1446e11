package io.kotangent.notebook

import io.kotangent.autodiff.Gradient
import io.kotangent.bytecode.CompileOptions
import io.kotangent.bytecode.Compiler
import io.kotangent.explain.Explanation
import io.kotangent.explain.Pictures
import io.kotangent.explain.Playground
import io.kotangent.formula.FormulaParser
import io.kotangent.plan.PlanPrinter
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import org.jetbrains.kotlinx.jupyter.api.CodeCell
import org.jetbrains.kotlinx.jupyter.api.FieldValue
import org.jetbrains.kotlinx.jupyter.api.Notebook
import org.jetbrains.kotlinx.jupyter.api.libraries.ExecutionHost
import org.jetbrains.kotlinx.jupyter.api.libraries.JupyterIntegration
import java.lang.reflect.Proxy
import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.io.path.readText

/** The definitions are asked as the kernel asks them: for a value, the renderer that accepts it, and what that gives. */
class KotangentNotebookTest :
  FunSpec({
    val graph = FormulaParser.parse("sigmoid(w*x)")
    val notebook = nothing<Notebook>()

    test("the kernel finds the integration by its name in the jar") {
      val place = "/META-INF/kotlin-jupyter-libraries/libraries.json"
      val listed = KotangentNotebook::class.java.getResource(place)!!.readText()
      val name = Regex("\"fqn\": \"([^\"]+)\"").findAll(listed).map { it.groupValues[1] }.single()
      (Class.forName(name).getConstructor().newInstance() is JupyterIntegration) shouldBe true
    }

    test("a graph is shown as its picture and its text") {
      val shown = shown(graph, notebook)
      shown["text/html"] shouldBe Pictures.html(graph)
      shown.getValue("text/html") shouldContain "<svg"
      shown["text/plain"] shouldBe graph.toString()
    }

    test("a plan and a compiled program are shown as the listing") {
      val compilation = Compiler.compilation(graph, CompileOptions.standard())
      for (value in listOf(compilation, compilation.plan())) {
        val shown = shown(value, notebook)
        shown["text/html"] shouldBe Pictures.html(compilation.plan())
        shown["text/plain"] shouldBe PlanPrinter.print(compilation.plan())
        shown.getValue("text/html") shouldContain "plan of f"
      }
    }

    test("an explanation and a playground are shown as their pages, in frames") {
      val explanation = Explanation.of(graph)
      shown(explanation, notebook).getValue("text/html").let {
        it shouldStartWith "<iframe"
        unframed(it) shouldBe explanation.html()
      }
      val playground = Playground.of(graph)
      shown(playground, notebook).let {
        unframed(it.getValue("text/html")) shouldBe playground.html()
        it["text/plain"] shouldBe playground.toString()
      }
    }

    test("what is in a frame ends no attribute") {
      val framed = Pictures.frame("<p title=\"a\" class='b'>&amp;</p>", 100)
      framed shouldNotContain "title=\"a\""
      unframed(framed) shouldBe "<p title=\"a\" class='b'>&amp;</p>"
    }

    test("the cells of the page are what is shown") {
      val neuron = FormulaParser.parse("sigmoid(w*x + b)")
      val shown =
        listOf(
          neuron,
          Compiler.compilation(neuron, CompileOptions.standard()),
          Explanation.of(Gradient.gradients(neuron, "f", listOf("w", "b"))),
          Playground.of(neuron).at(mapOf("w" to 2.0, "x" to -1.0, "b" to 0.5)),
        ).map { shown(it, notebook).getValue("text/html") }
      shown shouldHaveSize 4
      val here = here().readText()
      for (line in cells()) {
        here shouldContain line
      }
    }

    test("the names of the DSL are imported") {
      KotangentNotebook().getDefinitions(notebook).single().imports shouldContain "io.kotangent.dsl.*"
    }
  })

private fun shown(
  value: Any,
  notebook: Notebook,
): Map<String, String> {
  val renderers = KotangentNotebook().getDefinitions(notebook).single().renderers
  val accepting = renderers.filter { it.accepts(value) }
  accepting shouldHaveSize 1
  val result = accepting.single().execution.execute(nothing<ExecutionHost>(), FieldValue(value, "it"))
  @Suppress("UNCHECKED_CAST")
  return result.value as Map<String, String>
}

private fun root(): Path =
  generateSequence(Path.of("").toAbsolutePath()) { it.parent }
    .first { it.resolve("CHANGELOG.md").exists() }

private fun here(): Path =
  root().resolve("integrations/notebook/src/test/kotlin/io/kotangent/notebook/KotangentNotebookTest.kt")

/** What the cells of `docs/notebooks.md` have, but the dependency. */
private fun cells(): List<String> {
  val page = root().resolve("docs/notebooks.md").readText()
  val cell = Regex("```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL)
  val lines = cell.findAll(page).flatMap { it.groupValues[1].lines() }
  return lines.map { it.trim() }.filter { it.isNotEmpty() && !it.startsWith("@file") }.toList()
}

private fun unframed(frame: String): String =
  frame
    .substringAfter("srcdoc='")
    .substringBefore("'")
    .replace("&#39;", "'")
    .replace("&quot;", "\"")
    .replace("&gt;", ">")
    .replace("&lt;", "<")
    .replace("&amp;", "&")

/** One that is asked for no more than the current cell. */
private inline fun <reified T> nothing(): T = nothing(T::class.java) as T

private fun nothing(type: Class<*>): Any =
  Proxy.newProxyInstance(type.classLoader, arrayOf(type)) { _, method, _ ->
    if (method.name != "getCurrentCell") throw AssertionError("asked for ${method.name}")
    nothing(CodeCell::class.java)
  }
