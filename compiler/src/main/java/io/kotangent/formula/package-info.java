/// Formulas for people: what a graph computes, and its derivatives, as a textbook writes them ([Formula]). They follow the rules of
/// real numbers, which floating point does not, so they are only read.
@NullMarked
package io.kotangent.formula;

import org.jspecify.annotations.NullMarked;
