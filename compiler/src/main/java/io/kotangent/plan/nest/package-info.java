/// Building blocks of loop nests: loops that threads share, row loops, chunks and lanes of sums.
@NullMarked
package io.kotangent.plan.nest;

import org.jspecify.annotations.NullMarked;
