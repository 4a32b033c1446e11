/// What a plan is: steps over buffers; how it prints, and what it means.
@NullMarked
package io.kotangent.plan;

import org.jspecify.annotations.NullMarked;
