/// From a graph to steps over buffers: which nodes share a kernel, in which loops, in which memory.
@NullMarked
package io.kotangent.plan;

import org.jspecify.annotations.NullMarked;
