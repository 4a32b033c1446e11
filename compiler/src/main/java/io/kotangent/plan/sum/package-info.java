/// The loops of contractions and convolutions: by rows, by register tiles, in aligned memory.
@NullMarked
package io.kotangent.plan.sum;

import org.jspecify.annotations.NullMarked;
