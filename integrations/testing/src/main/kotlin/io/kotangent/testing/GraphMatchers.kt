package io.kotangent.testing

import io.kotangent.assertions.Assertions
import io.kotangent.assertions.CompiledAssert
import io.kotangent.assertions.GradientAssert
import io.kotangent.assertions.GraphAssert
import io.kotangent.assertions.WorkAssert
import io.kotangent.ir.Graph
import io.kotest.matchers.Matcher
import io.kotest.matchers.MatcherResult
import java.nio.file.Path

/** What holds if an assertion does: `graph should fit("contract")`, `graph shouldNot have("exp(a)")`. */
private fun graph(
  what: String,
  assertion: (GraphAssert) -> Unit,
): Matcher<Graph> =
  Matcher { graph ->
    val failure =
      try {
        assertion(Assertions.assertThat(graph))
        null
      } catch (e: AssertionError) {
        e
      }
    MatcherResult(
      failure == null,
      { failure?.message ?: what },
      { "graph ${graph.name()} should not $what, but does:\n$graph" },
    )
  }

/** Its text is that. */
public fun printAs(text: String): Matcher<Graph> = graph("print so") { it.printsAs(text) }

/** Its text is that of a file beside the tests; `-Dkotangent.golden=update` writes it. */
public fun matchGolden(file: Path): Matcher<Graph> = graph("be as in $file") { it.matchesGolden(file) }

/** A pattern of lines stands in its text. */
public fun fit(pattern: String): Matcher<Graph> = graph("fit the pattern") { it.fits(pattern) }

/** Some node computes this of any others: `log(1+exp(a))`. */
public fun have(formula: String): Matcher<Graph> = graph("have $formula") { it.has(formula) }

/** How many nodes have a mnemonic. */
public fun haveNodes(
  count: Int,
  mnemonic: String,
): Matcher<Graph> = graph("have $count × $mnemonic") { it.hasNodes(count, mnemonic) }

/** The same computations; names may differ. */
public fun equalUpToNames(expected: Graph): Matcher<Graph> =
  graph("be equal up to names to ${expected.name()}") { it.isEqualUpToNamesTo(expected) }

/** Something of its gradient: `graph should haveGradient("w") { agreesWithFiniteDifferences() }`. */
public fun haveGradient(
  input: String,
  assertion: GradientAssert.() -> Unit,
): Matcher<Graph> = graph("have that gradient") { it.gradientOf(input).assertion() }

/** Something of how much it computes: `graph should compute("batch" to 64L) { hasAtMostFlops(1_000_000) }`. */
public fun compute(
  vararg sizes: Pair<String, Long>,
  assertion: WorkAssert.() -> Unit,
): Matcher<Graph> = graph("compute so much") { it.work(mapOf(*sizes)).assertion() }

/** Something of its program: `graph should compileTo { hasAtMostKernels(3) }`. */
public fun compileTo(assertion: CompiledAssert.() -> Unit): Matcher<Graph> = graph("compile so") {
  it.compiled().assertion()
}

/** Its program computes what it means. */
public fun computeWhatItMeans(): Matcher<Graph> = graph("compute what it means") { it.compiledEqualsInterpreted() }

/** As exact and finite as it can be with an input anywhere in a range. */
public fun beStableFor(
  input: String,
  range: ClosedRange<Double>,
): Matcher<Graph> =
  graph("be stable for $input in $range") {
    it.stableFor(input, range.start, range.endInclusive)
  }

/** The graph as the passes leave it. */
public fun Graph.optimized(): Graph = Assertions.assertThat(this).optimized().graph()
