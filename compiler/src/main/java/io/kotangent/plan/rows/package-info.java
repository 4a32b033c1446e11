/// The loops of fused elementwise groups and of reductions over rows.
@NullMarked
package io.kotangent.plan.rows;

import org.jspecify.annotations.NullMarked;
