/** What compiled programs need while they run: programs, workspaces, state. Knows nothing of graphs. */
@NullMarked
package io.kotangent.runtime;

import org.jspecify.annotations.NullMarked;
