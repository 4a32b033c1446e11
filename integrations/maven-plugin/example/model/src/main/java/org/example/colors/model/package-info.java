/// Which networks the application has: this needs Java 25, and Kotangent.
@NullMarked
package org.example.colors.model;

import org.jspecify.annotations.NullMarked;
