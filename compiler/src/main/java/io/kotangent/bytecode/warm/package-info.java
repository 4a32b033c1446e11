/// SIMD code beside plain loops: has C2 compile it in the background, and takes it once it is faster.
@NullMarked
package io.kotangent.bytecode.warm;

import org.jspecify.annotations.NullMarked;
