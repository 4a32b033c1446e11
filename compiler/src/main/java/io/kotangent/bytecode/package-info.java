/// From a graph to a program that runs: passes, plan, classes.
@NullMarked
package io.kotangent.bytecode;

import org.jspecify.annotations.NullMarked;
