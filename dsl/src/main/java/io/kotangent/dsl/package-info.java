/// What users write: expressions over typed axes, models, layers, losses and optimizers. A model traces what is written
/// into one graph; the graph is differentiated, compiled and run by the modules below. Shapes that do not fit are errors
/// of the Java or Kotlin compiler where types can tell, and of the line that was written where sizes must.
@NullMarked
package io.kotangent.dsl;

import org.jspecify.annotations.NullMarked;
