/**
 * What a network that was compiled ahead of time brings along: copied into its classes, or printed into its source, under the
 * caller's name ({@code Digits$State}). So these classes refer to {@code java.base} and to each other alone, use no reflection,
 * have neither lambdas nor records nor switches over types ({@code LinkEarly} would make classes of them that nobody copies), and are
 * short. Nothing else uses them.
 */
@NullMarked
package io.kotangent.alone;

import org.jspecify.annotations.NullMarked;
