/// What the speed of the library is measured with: the workloads, their clock, and what compares them with other frameworks.
@NullMarked
package io.kotangent.benchmarks;

import org.jspecify.annotations.NullMarked;
