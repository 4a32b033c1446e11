/// Graphs, gradients, plans and compiled programs as subjects of tests: what they must look like, what they may cost, that they compute what they
/// mean. Without a test framework: what does not hold is an [AssertionError], in any of them.
@NullMarked
package io.kotangent.assertions;

import org.jspecify.annotations.NullMarked;
