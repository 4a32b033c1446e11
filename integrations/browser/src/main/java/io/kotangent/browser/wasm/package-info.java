/// What goes into the WebAssembly beside a network's classes. Nothing else uses it.
@NullMarked
package io.kotangent.browser.wasm;

import org.jspecify.annotations.NullMarked;
