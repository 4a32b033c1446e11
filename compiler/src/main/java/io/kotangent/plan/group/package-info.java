/// Which nodes share a kernel, and how a kernel reads what others made.
@NullMarked
package io.kotangent.plan.group;

import org.jspecify.annotations.NullMarked;
