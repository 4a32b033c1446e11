/// The loop IR: what a kernel is. Scalar values, counted loops and stores over arrays; it prints as
/// pseudo-Java, has an interpreter that defines its bits, and is what the emitter turns into bytecode.
@NullMarked
package io.kotangent.loop;

import org.jspecify.annotations.NullMarked;
