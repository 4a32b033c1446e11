package io.kotangent.dsl

/** `2 + x` */
public operator fun <T : Expr<T>> Number.plus(x: T): T = x.plus(this)

/** `1 - x` */
public operator fun <T : Expr<T>> Number.minus(x: T): T = x.subtractedFrom(this)

/** `2 * x` */
public operator fun <T : Expr<T>> Number.times(x: T): T = x.times(this)

/** `1 / x` */
public operator fun <T : Expr<T>> Number.div(x: T): T = x.dividing(this)

/** `scalar + x`, for an x of any axes. */
public operator fun <T : Expr<T>> Scalar.plus(x: T): T = x.plus(this)

/** `scalar * x`, for an x of any axes. */
public operator fun <T : Expr<T>> Scalar.times(x: T): T = x.times(this)
