/// The command line: `compile`, `inspect`, `run` and `diff`.
@NullMarked
package io.kotangent.cli;

import org.jspecify.annotations.NullMarked;
