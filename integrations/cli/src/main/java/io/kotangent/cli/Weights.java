package io.kotangent.cli;

import io.kotangent.data.NamedTensor;
import io.kotangent.data.SafeTensors;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.StateLayout;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The values of parameters and states, from a safetensors file.
final class Weights {
  private Weights() {
  }

  /// What the ports need, from a file. It may have more; counters and what an optimizer remembers may be missing, and are 0.
  static ModelState read(Optional<Path> file, List<Port> ports) {
    StateLayout layout = StateLayout.of(ports);
    ModelState state = ModelState.zeros(layout);
    List<Port> stored = layout.places().stream().map(StateLayout.Place::port).toList();
    if (file.isEmpty()) {
      if (!stored.isEmpty()) {
        throw BadInput.of("there are parameters " + stored
            + ", but no values for them: give a file, --weights FILE.safetensors");
      }
      return state;
    }
    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    SafeTensors.read(GraphFile.existing(file.get())).tensors()
        .forEach(tensor -> tensors.put(tensor.name(), tensor));
    Map<String, Object> values = new LinkedHashMap<>();
    for (Port port : stored) {
      NamedTensor tensor = tensors.get(port.name());
      if (tensor == null) {
        if (isNeeded(port)) {
          throw BadInput.in(file.get(), "there is no tensor '" + port.name() + "', expected "
              + port.type() + "; it has " + tensors.values());
        }
      } else if (!tensor.type().equals(port.type())) {
        throw BadInput.in(file.get(), "tensor '" + port.name() + "' is " + tensor.type()
            + ", expected " + port.type());
      } else {
        values.put(port.name(), tensor.values());
      }
    }
    return state.setAll(values);
  }

  private static boolean isNeeded(Port port) {
    return port.slot().isEmpty()
        && (port.role() == Role.PARAM || port.type().dtype().isFloat());
  }
}
