/// From a function of one example to that of a batch of them, graph to graph: [Vmap].
@NullMarked
package io.kotangent.vmap;

import org.jspecify.annotations.NullMarked;
