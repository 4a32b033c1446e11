/// What a graph means: an interpreter that evaluates every op in the most obvious way, floats in f64. It is
/// the oracle of the tests, never a folder of constants: what bits a program yields is for the plan to say.
@NullMarked
package io.kotangent.eval;

import org.jspecify.annotations.NullMarked;
