package io.kotangent.runtime;

import io.kotangent.type.Argument;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Fact;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.ShapeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where each parameter and state lies: one flat array for each dtype and kind. A slot ({@link Fact.Slot}) has the
 * offset of its parameter, in the array of its kind, so that an update of all parameters is one loop with one index.
 */
public final class StateLayout {
  /** Where one port lies. */
  public record Place(Port port, String group, int offset, int length) {
  }

  /** One flat array; {@code kind} is empty for what is no slot. Its name is {@code f32} or {@code f32.m}. */
  public record Group(String name, DType dtype, int length) {
  }

  private final Map<String, Place> places = new LinkedHashMap<>();
  private final Map<String, Group> groups = new LinkedHashMap<>();
  private final List<Port> ranged = new ArrayList<>();

  private StateLayout() {
  }

  /**
   * The layout of these ports (inputs are passed over), in their order: ports that are no slots one after the other,
   * each slot at its parameter's offset.
   */
  public static StateLayout of(List<Port> ports) {
    StateLayout layout = new StateLayout();
    List<Port> slots = new ArrayList<>();
    for (Port port : Argument.all(ports, "ports")) {
      if (port.role() == Role.INPUT || layout.places.containsKey(port.name())) {
        continue;
      }
      if (port.slot().isPresent()) {
        slots.add(port);
      } else {
        layout.append(port);
      }
    }
    slots.forEach(layout::addSlot);
    return layout;
  }

  private void append(Port port) {
    String group = port.type().dtype().toString();
    int offset = groups.containsKey(group) ? groups.get(group).length : 0;
    place(port, group, offset);
  }

  private void addSlot(Port port) {
    Fact.Slot slot = port.slot().orElseThrow();
    Place parameter = places.get(slot.of());
    if (parameter == null || !parameter.port.type().shape().equals(port.type().shape())) {
      throw new KotangentException(
          "state '" + port.name() + "' is declared " + slot + ": expected a parameter '"
              + slot.of() + "' of shape " + port.type().shape() + ", got "
              + (parameter == null ? "none" : parameter.port));
    }
    place(port, port.type().dtype() + "." + slot.kind(), parameter.offset);
  }

  private void place(Port port, String group, int offset) {
    long size = port.type().shape().size().constant();
    if (size > Dim.LARGEST - offset) {
      throw new ShapeException("parameter or state " + port + ": with it, those of type "
          + port.type().dtype() + " have more than " + Dim.LARGEST
          + " elements together, which are kept in one array; use smaller sizes");
    }
    int length = (int) size;
    places.put(port.name(), new Place(port, group, offset, length));
    if (port.range().isPresent()) {
      ranged.add(port);
    }
    int end = offset + length;
    Group before = groups.get(group);
    groups.put(group,
        new Group(group, port.type().dtype(), before == null ? end : Math.max(end, before.length)));
  }

  /** All places, parameters first. */
  public List<Place> places() {
    return List.copyOf(places.values());
  }

  /** The flat arrays, in the order in which a state keeps them. */
  public List<Group> groups() {
    return List.copyOf(groups.values());
  }

  /** Where the port of that name lies; a {@link KotangentException} lists the known ones. */
  public Place place(String name) {
    Place place = places.get(name);
    if (place == null) {
      throw new KotangentException(
          "no parameter or state '" + name + "': expected one of " + places.keySet());
    }
    return place;
  }

  /** Whether there is a parameter or state of that name. */
  public boolean has(String name) {
    return places.containsKey(name);
  }

  /** The ports of which a range is declared. */
  List<Port> ranged() {
    return ranged;
  }

  /**
   * Throws a {@link FeedException} unless a program of layout {@code needed} can work on a state of this one:
   * everything that it needs must lie where it expects it. (A program for prediction may know less than the training step does.)
   */
  void checkServes(String program, StateLayout needed) {
    if (needed == this || needed.equals(this)) {
      return;
    }
    List<Port> ports = places.values().stream().map(Place::port).toList();
    for (Place place : needed.places.values()) {
      String name = place.port.name();
      if (!has(name)) {
        throw new FeedException(
            "program " + program + " needs " + place.port + ", but the state has no '" + name
                + "', only " + ports + "; pass a state of the same model");
      }
      Place own = place(name);
      if (!own.port.type().equals(place.port.type())) {
        throw new FeedException(
            "program " + program + " needs " + place.port + ", but the state has " + own.port
                + "; pass a state of the same model");
      }
      if (own.offset != place.offset || !Objects.equals(own.group, place.group)) {
        throw new FeedException(
            "program " + program + " and the state lay out '" + name + "' differently: "
                + place.group + "+" + place.offset + " and " + own.group + "+" + own.offset
                + "; compile the model's programs together, or copy the values by name");
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StateLayout that && alike().equals(that.alike());
  }

  @Override
  public int hashCode() {
    return alike().hashCode();
  }

  /** The places, however guards keep them finite. */
  private List<Place> alike() {
    List<Place> alike = new ArrayList<>();
    for (Place place : places.values()) {
      Port port = place.port;
      List<Fact> facts = port.facts().stream().filter(f -> !(f instanceof Fact.Finite)).toList();
      alike.add(new Place(new Port(port.name(), port.role(), port.type(), facts), place.group,
          place.offset, place.length));
    }
    return alike;
  }
}
