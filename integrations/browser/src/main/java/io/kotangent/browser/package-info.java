/// Networks in a browser: ahead-of-time classes become WebAssembly, and one page without network access.
@NullMarked
package io.kotangent.browser;

import org.jspecify.annotations.NullMarked;
