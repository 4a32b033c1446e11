/// What [io.kotangent.assertions.Assertions] can assert of graphs, in the words of AssertJ (Java) and of Kotest (Kotlin).
@NullMarked
package io.kotangent.testing;

import org.jspecify.annotations.NullMarked;
