package io.kotangent.testing

import io.kotangent.text.GraphParser
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.should
import io.kotest.matchers.shouldNot
import io.kotest.matchers.string.shouldContain

class GraphMatchersTest :
  FunSpec({
    val loss =
      GraphParser.parseOne(
        """
                graph loss(x: input f32[n,3], w: param f32[3]) {
                  %0 = contract[ab,b->a] x, w    : f32[n]
                  %1 = exp %0                    : f32[n]
                  %2 = log %1                    : f32[n]
                  %3 = reduce.sum[axes=0] %2     : f32
                  return loss=%3
                }
        """.trimIndent() + "\n",
      )

    test("what holds holds") {
      loss should have("log(exp(a))")
      loss shouldNot have("tanh(a)")
      loss should haveNodes(1, "contract")
      loss should fit("contract\nnext: exp")
      loss should equalUpToNames(loss)
      loss should haveGradient("w") { agreesWithFiniteDifferences() }
      loss should compileTo { hasAtMostKernels(4).allocatesNothing() }
      loss should compute("n" to 8L) { hasAtMostFlops(1000) }
      loss should computeWhatItMeans()
      loss should beStableFor("x", -1.0..1.0)
      loss.optimized() shouldNot have("log(exp(a))")
    }

    test("the snippet of the README holds") {
      loss should haveNodes(1, "contract")
      loss should haveGradient("w") { agreesWithFiniteDifferences() }
      loss should compute("n" to 8L) { hasAtMostFlops(1000) }
      loss should compileTo { hasAtMostKernels(4).allocatesNothing() }
    }

    test("the snippet of the page holds") {
      val step = loss
      step should haveNodes(1, "contract")
      step.optimized() shouldNot have("log(exp(a))")
      step should compileTo { hasAtMostKernels(12).allocatesNothing() }
      step should haveGradient("w") { agreesWithFiniteDifferences() }
    }

    test("failures say why") {
      shouldThrow<AssertionError> {
        loss should haveNodes(2, "exp")
      }.message shouldContain "expected 2 × exp, got 1"
      shouldThrow<AssertionError> {
        loss shouldNot have("exp(a)")
      }.message shouldContain "should not have exp(a), but does"
      shouldThrow<AssertionError> { loss should printAs("nothing\n") }.message shouldContain "is another"
    }
  })
