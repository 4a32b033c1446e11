package io.kotangent.loop;

import io.kotangent.type.DType;

/// An array that a kernel works on. It is passed as an array and the offset of its first element, which every
/// index is relative to; scratch has no offset parameter: its first element is 0.
public record ArrayParam(String name, DType dtype, Access access) {
  public enum Access {
    READ, WRITE, UPDATE,
    /// Storage of the kernel's own, provided by the caller, with no content on entry.
    SCRATCH
  }
}
