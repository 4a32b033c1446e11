package io.kotangent.loop;

import io.kotangent.type.DType;

/// A scalar variable of a kernel; its name is unique in the kernel and neutral (`i0`, `v7`), so that
/// kernels of one shape are equal.
public record Local(String name, DType dtype) {
}
