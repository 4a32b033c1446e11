/// Runnable programs: each shows one thing, and prints what it does.
@NullMarked
package io.kotangent.examples;

import org.jspecify.annotations.NullMarked;
