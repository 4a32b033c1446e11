package io.kotangent.dsl;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kotlin.DslMarker;

/// Marks what is a receiver in Kotlin's builders, so that the receiver of an outer block cannot be meant by accident.
@DslMarker @Documented @Retention(RetentionPolicy.RUNTIME) @Target(ElementType.TYPE)
public @interface ModelDsl {
}
