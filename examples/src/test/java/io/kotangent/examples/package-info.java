/// The examples do what they say.
@NullMarked
package io.kotangent.examples;

import org.jspecify.annotations.NullMarked;
