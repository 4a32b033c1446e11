/// The loops of one op, where nothing is fused.
@NullMarked
package io.kotangent.plan.op;

import org.jspecify.annotations.NullMarked;
