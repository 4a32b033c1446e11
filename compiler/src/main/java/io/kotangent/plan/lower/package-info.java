/// From a graph to steps over buffers, and what improves the steps as a whole.
@NullMarked
package io.kotangent.plan.lower;

import org.jspecify.annotations.NullMarked;
