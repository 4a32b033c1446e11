/// From plans and kernels to class files, and from class files to programs. The only package that knows ASM.
@NullMarked
package io.kotangent.bytecode;

import org.jspecify.annotations.NullMarked;
