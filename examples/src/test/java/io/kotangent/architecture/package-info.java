/// What the code promises about its own shape: directions, rooms, lengths, modules.
@NullMarked
package io.kotangent.architecture;

import org.jspecify.annotations.NullMarked;
