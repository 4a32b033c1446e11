/// What the optimizer knows: identities of scalar formulas as data ([io.kotangent.rewrite.Algebra]), rewrites of
/// layout and structure as small classes, and the engine that applies both to a graph until nothing fits any more.
@NullMarked
package io.kotangent.rewrite;

import org.jspecify.annotations.NullMarked;
