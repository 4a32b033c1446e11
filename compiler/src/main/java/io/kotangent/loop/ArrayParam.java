package io.kotangent.loop;

import io.kotangent.type.DType;

/// An array that a kernel works on. It is passed as an array and the offset of its first element, which every
/// index is relative to.
///
/// @param whole the array comes without an offset parameter and indices count from its element 0 (always so for scratch):
/// loops that C2 is to vectorize need one and the same index in all arrays
public record ArrayParam(String name, DType dtype, Access access, boolean whole) {
  public enum Access {
    READ, WRITE, UPDATE,
    /// Storage of the kernel's own, provided by the caller, with no content on entry.
    SCRATCH,
    /// Scratch outside of the heap that begins at a cache line, and shares no memory with any array: C2 vectorizes a loop that stores
    /// to nothing else wherever its other arrays are used. An interpreter takes an array like any other.
    ALIGNED;

    public boolean isScratch() {
      return this == SCRATCH || this == ALIGNED;
    }
  }
}
