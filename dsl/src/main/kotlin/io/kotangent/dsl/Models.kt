package io.kotangent.dsl

import io.kotangent.type.DType
import kotlin.reflect.KProperty

/** What [build] makes of a new model of that name, such as the [Training] that `minimize` gives. */
public fun <R> model(name: String, dtype: DType = DType.F32, build: Model.() -> R): R = Model.named(name, dtype).build()

/** An axis of tag [A] and that size. */
public inline fun <reified A : Any> axis(size: Int): Axis<A> = Axis.of(A::class.java, size)

/** Something that is named by the variable that it is given to: `val w by parameter(Pixels, Hidden)`. */
public class Named<T : Any> internal constructor(private val make: (String) -> T) {
  /** Makes it, under the variable's name. */
  public operator fun provideDelegate(owner: Any?, property: KProperty<*>): Given<T> = Given(make(property.name))
}

/** What was made for a variable. */
public class Given<T : Any> internal constructor(private val value: T) {
  public operator fun getValue(owner: Any?, property: KProperty<*>): T = value
}

/** A number that is fed for every call, named by its variable. */
public fun Model.input(): Named<Scalar> = Named { input(it) }

/** A tensor that is fed for every call, named by its variable. */
public fun <A : Any> Model.input(a: Axis<A>): Named<Vector<A>> = Named { input(it, a) }

/** A tensor that is fed for every call, named by its variable. */
public fun <A : Any, B : Any> Model.input(a: Axis<A>, b: Axis<B>): Named<Matrix<A, B>> = Named { input(it, a, b) }

/** A tensor that is fed for every call, named by its variable. */
public fun <A : Any, B : Any, C : Any> Model.input(a: Axis<A>, b: Axis<B>, c: Axis<C>): Named<Tensor3<A, B, C>> =
  Named { input(it, a, b, c) }

/** A tensor that is fed for every call, named by its variable. */
public fun <A : Any, B : Any, C : Any, D : Any> Model.input(
  a: Axis<A>,
  b: Axis<B>,
  c: Axis<C>,
  d: Axis<D>,
): Named<Tensor4<A, B, C, D>> = Named { input(it, a, b, c, d) }

/** Positions along [target] that are fed for every call, such as labels, named by their variable. */
public fun <A : Any, V : Any> Model.ids(a: Axis<A>, target: Axis<V>): Named<Ids<A, V>> = Named { ids(it, a, target) }

/** A table of positions along [target] that is fed for every call, named by its variable. */
public fun <A : Any, B : Any, V : Any> Model.ids(a: Axis<A>, b: Axis<B>, target: Axis<V>): Named<IdMatrix<A, B, V>> =
  Named { ids(it, a, b, target) }

/** A trained number, named by its variable. */
public fun Model.parameter(start: Initializer = Initializer.zeros()): Named<Scalar> = Named { parameter(it, start) }

/** A trained vector, named by its variable. */
public fun <A : Any> Model.parameter(a: Axis<A>, start: Initializer = Initializer.zeros()): Named<Vector<A>> =
  Named { parameter(it, a, start) }

/** A trained matrix, named by its variable. */
public fun <A : Any, B : Any> Model.parameter(
  a: Axis<A>,
  b: Axis<B>,
  start: Initializer = Initializer.glorotUniform(),
): Named<Matrix<A, B>> = Named { parameter(it, a, b, start) }

/** A trained tensor, named by its variable. */
public fun <A : Any, B : Any, C : Any> Model.parameter(
  a: Axis<A>,
  b: Axis<B>,
  c: Axis<C>,
  start: Initializer,
): Named<Tensor3<A, B, C>> = Named { parameter(it, a, b, c, start) }

/** A trained tensor, named by its variable. */
public fun <A : Any, B : Any, C : Any, D : Any> Model.parameter(
  a: Axis<A>,
  b: Axis<B>,
  c: Axis<C>,
  d: Axis<D>,
  start: Initializer,
): Named<Tensor4<A, B, C, D>> = Named { parameter(it, a, b, c, d, start) }

/** A number that a training step may replace, named by its variable. */
public fun Model.state(): Named<State<Scalar>> = Named { state(it) }

/** A vector that a training step may replace, named by its variable. */
public fun <A : Any> Model.state(a: Axis<A>, start: Initializer = Initializer.zeros()): Named<State<Vector<A>>> =
  Named { state(it, a, start) }

/** A matrix that a training step may replace, named by its variable. */
public fun <A : Any, B : Any> Model.state(a: Axis<A>, b: Axis<B>): Named<State<Matrix<A, B>>> = Named {
  state(it, a, b)
}

/** The gradient of this scalar with respect to [x], of x's type. */
public fun <T : Expr<T>> Scalar.gradient(x: T): T = Gradients.gradient(this, x)
