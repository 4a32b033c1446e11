/// Class loaders, and the kernels that programs of a process share.
@NullMarked
package io.kotangent.bytecode.load;

import org.jspecify.annotations.NullMarked;
