package io.kotangent.type;

/** What a value is: a tensor, or (of a call, loop, branch or sort) a tuple of tensors. */
public sealed interface Type permits TensorType, TupleType {
}
