/// Differentiation, graph to graph: [Gradient] (reverse mode) and [Tangent] (forward mode).
///
/// Both append ordinary nodes to the builder that holds the function, instantiate the derivative formulas of
/// the scalar functions, and simplify nothing: that is the pipeline's work.
@NullMarked
package io.kotangent.autodiff;

import org.jspecify.annotations.NullMarked;
