/// The text form of graphs: a printer and a parser that are each other's inverse. Its grammar is in
/// `docs/ir.md`.
@NullMarked
package io.kotangent.text;

import org.jspecify.annotations.NullMarked;
