/// An example: one page on which people draw digits, and a network learns.
@NullMarked
package io.kotangent.browser.digits;

import org.jspecify.annotations.NullMarked;
