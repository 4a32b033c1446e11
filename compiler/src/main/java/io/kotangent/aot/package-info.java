/// Networks as class files that stand alone: they refer to `java.*` only, and run on Java 17 and later.
@NullMarked
package io.kotangent.aot;

import org.jspecify.annotations.NullMarked;
