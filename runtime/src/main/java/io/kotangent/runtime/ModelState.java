package io.kotangent.runtime;

import io.kotangent.type.Argument;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The parameters of a model and all else that it keeps from step to step (moments, running statistics, the step
 * count). How it lies in memory is its own business; it is read and written by port name, always by copying. A
 * program that is run with it may update it in place.
 *
 * <p>Any number of threads may read it at once, or one may change it. Who comes while one changes it, or read it while
 * it was changed, gets a {@link ConcurrentUseException}; {@link #copy} and {@link #arrays} wait for the end of the step
 * instead, so that a model can be used and saved while it is trained. A run that breaks off in the midst of its updates (a
 * stack overflow) leaves a state that is refused from then on, until {@link #copyFrom} or {@link #setAll} makes it whole.
 */
public final class ModelState {
  private static final StateLayout NO_PROGRAM = StateLayout.of(List.of());
  /** The state of programs that have none. */
  public static final ModelState NONE = zeros(StateLayout.of(List.of()));

  private final StateLayout layout;
  private final List<StateLayout.Group> groups;
  private final Object[] arrays;
  private final Version version = new Version();
  /** What has to be given values before a program runs. */
  private Set<String> missing = Set.of();
  /** All lies where programs of that layout keep it finite ({@link io.kotangent.type.Fact.Finite}). */
  private StateLayout guardedFor = NO_PROGRAM;

  private ModelState(StateLayout layout) {
    this.layout = layout;
    this.groups = layout.groups();
    this.arrays = new Object[groups.size()];
  }

  /** A state of that layout, all zero. */
  public static ModelState zeros(StateLayout layout) {
    ModelState state = new ModelState(Argument.given(layout, "a layout"));
    for (int i = 0; i < state.arrays.length; i++) {
      state.arrays[i] = state.groups.get(i).dtype().newArray(state.groups.get(i).length());
    }
    return state;
  }

  /**
   * A state of that layout in which some parameters have no values yet: no program runs on it until each of these was
   * {@link #set}, by itself or with all others ({@link #copyFrom}). The rest is zero, which is where it starts.
   */
  public static ModelState waitingFor(StateLayout layout, Collection<String> ports) {
    ModelState state = zeros(layout);
    Argument.given(ports, "the names of parameters and states").forEach(layout::place);
    state.missing = Set.copyOf(ports);
    return state;
  }

  /** The names of those that have no values yet, {@link #waitingFor}, in the order of the layout. */
  public List<String> missing() {
    Set<String> now = missing;
    return now.isEmpty() ? List.of()
        : ports().stream().map(Port::name).filter(now::contains).toList();
  }

  private void checkGiven(String program) {
    List<String> none = missing();
    if (!none.isEmpty()) {
      throw new FeedException("program " + program + ": parameter '" + none.get(0) + "'"
          + (none.size() == 1 ? " has" : " and " + (none.size() - 1) + " more have")
          + " no values yet; call initialize(seed), load weights, or set(name, values)");
    }
  }

  /** Where everything lies. */
  public StateLayout layout() {
    return layout;
  }

  /** The ports that live here, parameters first. */
  public List<Port> ports() {
    return layout.places().stream().map(StateLayout.Place::port).toList();
  }

  /**
   * The names of the ports that prediction may need: all of a float type that are no slots of an optimizer, that is the
   * parameters and running statistics.
   */
  public List<String> weights() {
    return ports().stream().filter(p -> p.type().dtype().isFloat() && p.slot().isEmpty())
        .map(Port::name).toList();
  }

  /** Which it is, and who may use it. */
  Version version() {
    return version;
  }

  /** The flat array of a group, not a copy. */
  Object group(int index) {
    return arrays[index];
  }

  Object group(StateLayout.Place place) {
    for (int i = 0; i < arrays.length; i++) {
      if (groups.get(i).name().equals(place.group())) {
        return arrays[i];
      }
    }
    throw new KotangentException("no group " + place.group());
  }

  private Object copyOf(String port, DType expected) {
    StateLayout.Place place = layout.place(port);
    DType dtype = place.port().type().dtype();
    if (dtype != expected) {
      throw new FeedException("'" + port + "' is " + place.port().type() + ", not " + expected
          + "; read it by the accessor for " + dtype);
    }
    return array(port);
  }

  /** A copy of an {@code f32} parameter or state, row-major. */
  public float[] floats(String port) {
    return (float[]) copyOf(port, DType.F32);
  }

  /** A copy of an {@code f64} parameter or state, row-major. */
  public double[] doubles(String port) {
    return (double[]) copyOf(port, DType.F64);
  }

  /** A copy of an {@code i32} parameter or state, row-major. */
  public int[] ints(String port) {
    return (int[]) copyOf(port, DType.I32);
  }

  /** A copy of an {@code i64} parameter or state, row-major. */
  public long[] longs(String port) {
    return (long[]) copyOf(port, DType.I64);
  }

  /** A copy of a {@code bool} parameter or state, row-major. */
  public boolean[] booleans(String port) {
    return (boolean[]) copyOf(port, DType.BOOL);
  }

  /**
   * A copy of a parameter or state, a primitive array of its element type, row-major.
   *
   * @throws ConcurrentUseException if it is changed meanwhile
   * @throws KotangentException if there is none of that name
   */
  public Object array(String port) {
    StateLayout.Place place = layout.place(port);
    Object copy = place.port().type().dtype().newArray(place.length());
    int begun = version.beginRead();
    System.arraycopy(group(place), place.offset(), copy, 0, place.length());
    version.endRead(begun);
    return copy;
  }

  /**
   * Copies of these parameters and states, by name and in this order, all as they are between two steps. They may be
   * taken at any time, as {@link #copy()}, also while another thread trains this state.
   *
   * @throws KotangentException if there is none of such a name
   */
  public Map<String, Object> arrays(List<String> ports) {
    Map<String, Object> copies = new LinkedHashMap<>();
    for (String port : Argument.given(ports, "the names of parameters and states")) {
      StateLayout.Place place = layout.place(port);
      copies.put(port, place.port().type().dtype().newArray(place.length()));
    }
    version.copying(() -> copies.forEach((port, into) -> {
      StateLayout.Place place = layout.place(port);
      System.arraycopy(group(place), place.offset(), into, 0, place.length());
    }));
    return copies;
  }

  /**
   * Replaces a parameter or state by a copy of {@code values}: a primitive array of its element type, row-major, of
   * exactly its length. Several that belong together are set by {@link #setAll}, in one change.
   *
   * @throws FeedException if element type or length are others
   * @throws ConcurrentUseException if another thread changes it, too
   * @throws KotangentException if there is none of that name
   */
  public ModelState set(String port, Object values) {
    checkValues(port, values);
    return put(Map.of(port, values), false);
  }

  /**
   * Replaces parameters and states by name, as {@link #set} does, in one change: whoever copies the state has all of them or
   * none, and what is refused changes nothing. With values for all of its ports, a state is made whole that a run has
   * left half-way.
   */
  public ModelState setAll(Map<String, ?> values) {
    Map<String, Object> all =
        new LinkedHashMap<>(Argument.given(values, "values by name"));
    all.forEach(this::checkValues);
    return put(all, ports().stream().allMatch(port -> all.containsKey(port.name())));
  }

  private ModelState put(Map<String, Object> values, boolean whole) {
    int before = whole ? version.beginReplacement() : version.beginChange();
    int after = Version.BROKEN_OFF;
    try {
      values.forEach((port, array) -> {
        StateLayout.Place place = layout.place(port);
        System.arraycopy(array, 0, group(place), place.offset(), place.length());
      });
      guardedFor = NO_PROGRAM;
      if (!missing.isEmpty()) {
        Set<String> others = new HashSet<>(missing);
        others.removeAll(values.keySet());
        missing = Set.copyOf(others);
      }
      after = before + 2;
    } catch (Throwable e) {
      version.code = Version.COPYING;
      version.thrown = e;
      throw e;
    } finally {
      version.setRelease(after);
    }
    return this;
  }

  private void checkValues(String port, Object values) {
    StateLayout.Place place = layout.place(port);
    if (!place.port().type().dtype().isArray(values)) {
      throw new FeedException("'" + port + "' is " + place.port().type() + ": "
          + place.port().type().dtype().insteadOf(values));
    }
    if (Array.getLength(values) != place.length()) {
      throw new FeedException(
          "'" + port + "' is " + place.port().type() + ": expected " + place.length()
              + " elements, got " + Array.getLength(values));
    }
  }

  /**
   * What is made of several reads of one version of this state, such as predictions in batches.
   *
   * @throws ConcurrentUseException if it is changed meanwhile: what was read is then of several versions
   */
  public <T> T read(Supplier<T> reader) {
    Argument.given(reader, "what reads");
    int begun = version.beginRead();
    T result = reader.get();
    version.endRead(begun);
    return result;
  }

  /**
   * A state of the same layout and values that shares nothing with this one. It may be taken at any time, also while
   * another thread trains this state: all of it is as it was between two steps.
   */
  public ModelState copy() {
    ModelState copy = zeros(layout);
    version.copying(() -> copy.take(this));
    return copy;
  }

  /**
   * Takes over all values of {@code other}, whose layout must be equal, in one change. What is refused changes nothing.
   *
   * @throws ConcurrentUseException if another thread changes this one or the other
   */
  public void copyFrom(ModelState other) {
    if (layout != Argument.given(other, "a state").layout && !layout.equals(other.layout)) {
      throw new FeedException(
          "the states belong to different models: " + ports() + " and " + other.ports());
    }
    if (other == this) {
      return;
    }
    int before = version.beginReplacement();
    int after = version.unchanged(before);
    try {
      other.version.hold();
      after = Version.BROKEN_OFF;
      try {
        take(other);
        after = before + 2;
      } catch (Throwable e) {
        version.code = Version.COPYING;
        version.thrown = e;
        throw e;
      } finally {
        other.version.letGo();
      }
    } finally {
      version.setRelease(after);
    }
  }

  private void take(ModelState other) {
    for (int i = 0; i < arrays.length; i++) {
      System.arraycopy(other.arrays[i], 0, arrays[i], 0, groups.get(i).length());
    }
    missing = other.missing;
    guardedFor = NO_PROGRAM;
  }

  /**
   * Whether programs of that layout keep finite by their guards what they update here. Looked up once; such a program keeps
   * it so.
   */
  boolean isGuardedFor(StateLayout program) {
    if (guardedFor != program) {
      guardedFor = FiniteCheck.isGuarded(this, program) ? program : NO_PROGRAM;
    }
    return guardedFor == program;
  }

  /**
   * Takes over what a program made of a copy of this state, unless it updated something and not all is finite that must be.
   *
   * @param begun the version that was copied
   * @return whether it may
   * @throws ConcurrentUseException if this has been changed since it was copied
   */
  boolean accept(ModelState updated, int begun, StateLayout program) {
    boolean isNew = !Arrays.deepEquals(arrays, updated.arrays);
    if (!isNew || !FiniteCheck.isFinite(updated, program)) {
      version.endRead(begun);
      return !isNew;
    }
    int before = version.beginChange();
    if (before == begun) {
      take(updated);
    }
    version.setRelease(before == begun ? before + 2 : before);
    if (before != begun) {
      version.endRead(begun);
    }
    return true;
  }

  /** The SHA-256 of everything, as {@link #sha256(List)} of all ports in the order of the layout. */
  public String sha256() {
    return sha256(ports().stream().map(Port::name).toList());
  }

  /**
   * The SHA-256, in lower-case hexadecimal, of these ports in this order. Of each, the bytes are: its name in UTF-8, a
   * space, its type as it prints ({@code f32[784,10]}), a line feed, then its elements row-major, each little-endian
   * (of floats the raw bits; of {@code bool} one byte, 0 or 1).
   *
   * @throws ConcurrentUseException if it is changed meanwhile
   */
  public String sha256(List<String> ports) {
    Argument.given(ports, "the names of parameters and states");
    return read(() -> {
      StateDigest digest = new StateDigest();
      for (String port : ports) {
        digest.add(layout.place(port).port(), array(port));
      }
      return digest.hex();
    });
  }

  /** Throws a {@link FeedException} for what has no values yet, or an element outside of the range that a program declares of it. */
  void checkValues(String program, List<Port> ranged) {
    checkGiven(program);
    for (int i = 0; i < ranged.size(); i++) {
      Port port = ranged.get(i);
      StateLayout.Place place = layout.place(port.name());
      RangeCheck.check(program, port, port.range().orElseThrow(), group(place), place.offset(),
          place.length());
    }
  }

  /** The index of a group here by name; -1 if there is none. */
  int groupIndex(String name) {
    for (int i = 0; i < arrays.length; i++) {
      if (groups.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public String toString() {
    return "state " + ports();
  }
}
