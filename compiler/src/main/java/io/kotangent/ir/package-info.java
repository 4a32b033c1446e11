/// The graph: nodes, the operations they apply, the scalar functions as rows of one table, and the
/// builder that infers types and interns. Everything else in the compiler depends on this package;
/// it depends on nothing but the vocabulary of `io.kotangent.type`.
@NullMarked
package io.kotangent.ir;

import org.jspecify.annotations.NullMarked;
