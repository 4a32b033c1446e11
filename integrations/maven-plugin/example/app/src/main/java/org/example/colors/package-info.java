/** An application with networks in it, which come from the other module. */
@NullMarked
package org.example.colors;

import org.jspecify.annotations.NullMarked;
