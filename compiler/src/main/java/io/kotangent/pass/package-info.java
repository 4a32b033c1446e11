/// The optimizer: passes from graph to graph, the pipeline that runs, times, verifies and dumps them, and the switch for
/// dumps. What passes know is in `io.kotangent.rewrite`.
@NullMarked
package io.kotangent.pass;

import org.jspecify.annotations.NullMarked;
