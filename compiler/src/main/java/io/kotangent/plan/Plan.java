package io.kotangent.plan;

import io.kotangent.runtime.Signature;
import java.util.List;
import java.util.Optional;

/// A program as steps over buffers: what is interpreted, printed and emitted.
///
/// @param signature what the caller sees; its arrays are the buffers
/// @param buffers in the order of `signature.arrays()`
/// @param guard the bool that says whether the updates were committed; none: always
public record Plan(String name, Signature signature, List<Buffer> buffers, List<Step> steps,
    Optional<Step.Argument> guard) {
  public Plan {
    buffers = List.copyOf(buffers);
    steps = List.copyOf(steps);
  }
}
