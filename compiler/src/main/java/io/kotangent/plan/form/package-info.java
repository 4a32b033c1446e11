/// What a contraction, a convolution or a long sum is as sums over rows: labels, strides and sizes, no loops.
@NullMarked
package io.kotangent.plan.form;

import org.jspecify.annotations.NullMarked;
