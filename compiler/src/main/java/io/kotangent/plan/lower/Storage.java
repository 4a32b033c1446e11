package io.kotangent.plan.lower;

import io.kotangent.ir.Literal;
import io.kotangent.plan.Buffer;
import io.kotangent.plan.Place;
import io.kotangent.plan.Step;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.runtime.ArraySlot.Kind;
import io.kotangent.runtime.StateLayout;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All arrays of a program, as they are being decided.
final class Storage {
  /// The most choices of a program: what comes later takes plain loops.
  private static final int CHOICES = 4096;

  private final StateLayout layout;
  private final List<Buffer> buffers = new ArrayList<>();
  private final List<Object> constants = new ArrayList<>();
  private final Map<String, Buffer> state = new LinkedHashMap<>();
  private final Map<Literal, Buffer> literals = new HashMap<>();
  private int counters;
  private Optional<Buffer> choices = Optional.empty();
  private int choiceCount;

  Storage(StateLayout layout) {
    this.layout = layout;
  }

  StateLayout layout() {
    return layout;
  }

  List<Buffer> buffers() {
    return buffers;
  }

  /// The arrays of the constants, in the order of their buffers.
  List<Object> constants() {
    return constants;
  }

  Buffer buffer(String name, DType dtype, Dim length, Kind kind) {
    Buffer buffer = new Buffer(buffers.size(), new ArraySlot(name, dtype, length, kind));
    buffers.add(buffer);
    return buffer;
  }

  Place workspace(String name, TensorType type) {
    return place(name, type, Kind.WORKSPACE);
  }

  Place place(String name, TensorType type, Kind kind) {
    return new Place(buffer(name, type.dtype(), type.shape().size(), kind), Dim.ZERO);
  }

  Place port(Port port) {
    if (port.role() == Role.INPUT) {
      return new Place(
          buffer(port.name(), port.type().dtype(), port.type().shape().size(), Kind.INPUT),
          Dim.ZERO);
    }
    StateLayout.Place place = layout.place(port.name());
    Buffer buffer = state.computeIfAbsent(place.group(), this::group);
    return new Place(buffer, Dim.of(place.offset()));
  }

  private Buffer group(String name) {
    StateLayout.Group group =
        layout.groups().stream().filter(g -> g.name().equals(name)).findFirst().orElseThrow();
    return buffer(name, group.dtype(), Dim.of(group.length()), Kind.STATE);
  }

  Place constant(Literal value) {
    Buffer buffer = literals.computeIfAbsent(value, v -> {
      constants.add(v.toArray());
      return buffer("constant" + literals.size(), v.type().dtype(), Dim.of(v.length()),
          Kind.CONSTANT);
    });
    return new Place(buffer, Dim.ZERO);
  }

  Place result(String name, TensorType type) {
    return new Place(buffer(name, type.dtype(), type.shape().size(), Kind.RESULT), Dim.ZERO);
  }

  /// A flag that says whether to take SIMD code instead of plain loops.
  Step.Argument choice() {
    Buffer buffer =
        choices.orElseGet(() -> buffer("simd", DType.BOOL, Dim.of(CHOICES), Kind.CHOICES));
    choices = Optional.of(buffer);
    return new Step.Argument(buffer, Dim.of(choiceCount++));
  }

  /// Whether there is room for so many more choices.
  boolean mayChoose(int more) {
    return choiceCount + more <= CHOICES;
  }

  /// A name for the counter of a loop; no size of a user's can have it.
  String counter() {
    return "loop_" + counters++;
  }
}
