/** The goal {@code kotangent:compile}: networks compiled ahead of time in a build. */
@NullMarked
package io.kotangent.maven;

import org.jspecify.annotations.NullMarked;
