/// Programs as Java source, for people to read and check in: the statements that `bytecode.emit` makes classes of, with the same bits.
/// What is written needs Java 17, and nothing but `java.base`.
@NullMarked
package io.kotangent.bytecode.source;

import org.jspecify.annotations.NullMarked;
