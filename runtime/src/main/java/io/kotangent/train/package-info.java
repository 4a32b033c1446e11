/** Training: minibatches, epochs, metrics and progress, around a step that is one compiled program. */
@NullMarked
package io.kotangent.train;

import org.jspecify.annotations.NullMarked;
