/// Why a program is as it is: from the graph over passes and kernels to bytecode, as data, as text, and as a page.
@NullMarked
package io.kotangent.explain;

import org.jspecify.annotations.NullMarked;
