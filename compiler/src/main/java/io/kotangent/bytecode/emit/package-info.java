/// From kernels and plans to class files; the only user of ASM.
@NullMarked
package io.kotangent.bytecode.emit;

import org.jspecify.annotations.NullMarked;
