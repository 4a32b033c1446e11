/** The vocabulary that graphs, programs and data share: element types, symbolic sizes, shapes, ports, errors. */
@NullMarked
package io.kotangent.type;

import org.jspecify.annotations.NullMarked;
