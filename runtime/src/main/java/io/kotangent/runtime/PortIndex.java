package io.kotangent.runtime;

import io.kotangent.type.Port;
import io.kotangent.type.TensorType;

/** Where inputs, results and arrays stand in a signature, by name. */
final class PortIndex {
  private final Signature signature;

  PortIndex(Signature signature) {
    this.signature = signature;
  }

  /** The index of that array; -1 if the code does not need it. */
  int slot(ArraySlot.Kind kind, String name) {
    for (int i = 0; i < signature.arrays().size(); i++) {
      ArraySlot slot = signature.arrays().get(i);
      if (slot.kind() == kind && slot.name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  void checkArray(String what, String name, TensorType type, Object values) {
    if (!type.dtype().isArray(values)) {
      throw new FeedException(
          what + " '" + name + "' of program " + signature.name() + " is " + type + ": "
              + type.dtype().insteadOf(values));
    }
  }

  int input(String port) {
    for (int i = 0; i < signature.inputs().size(); i++) {
      if (signature.inputs().get(i).name().equals(port)) {
        return i;
      }
    }
    throw new FeedException("program " + signature.name() + " has no input '" + port
        + "': expected one of "
        + signature.inputs().stream().map(Port::name).toList()
        + (signature.state().has(port) ? "; '" + port + "' is in the state, set it there" : ""));
  }

  int result(String name) {
    for (int i = 0; i < signature.results().size(); i++) {
      if (signature.results().get(i).name().equals(name)) {
        return i;
      }
    }
    throw new FeedException(
        "program " + signature.name() + " has no result '" + name + "': expected one of "
            + signature.results().stream().map(Signature.Result::name).toList());
  }
}
