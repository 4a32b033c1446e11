package io.kotangent.alone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a network has learned and all else that it keeps from step to step: parameters, running statistics, what the optimizer
 * remembers. Read and written by name, always by copying. Any number of threads may predict by it at once, or one may train
 * it: who comes while a step changes it gets an {@link IllegalStateException}.
 */
public final class State {
  final Layout layout;
  final Object[] groups;
  /** Even while it is whole, odd while a step changes it. */
  private final AtomicInteger version = new AtomicInteger();
  /** For which entry all lies where its guard keeps it finite. */
  private Object guardedFor = Elements.NONE;
  private volatile boolean broken;

  State(Layout layout) {
    this.layout = layout;
    this.groups = layout.zeros();
  }

  /** What the resource beside a class holds. */
  static State ofResource(Layout layout, Class<?> owner, String name, int length, int crc) {
    State state = new State(layout);
    if (layout.places.length > 0) {
      try {
        state.read(TensorFile.resource(owner, name, length, crc));
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
    return state;
  }

  static State ofFile(Layout layout, Path file) throws IOException {
    State state = new State(layout);
    state.read(TensorFile.read(Objects.requireNonNull(file, "withWeights: file is null")));
    return state;
  }

  static State ofBytes(Layout layout, byte[] safetensors) throws IOException {
    State state = new State(layout);
    state.read(TensorFile.of(Objects.requireNonNull(safetensors, "withWeights: bytes are null")));
    return state;
  }

  /** That state, if it is of that layout. */
  static State of(State state, Layout expected) {
    if (Objects.requireNonNull(state, "state is null").layout != expected) {
      throw new IllegalArgumentException("the state belongs to another network");
    }
    return state;
  }

  /** A state of the same values that shares nothing with this one. */
  public State copy() {
    State copy = new State(layout);
    int begun = beginRead();
    copy.take(this);
    endRead(begun);
    return copy;
  }

  /** The names of all parameters and states, in their order. */
  public String[] names() {
    String[] names = new String[layout.places.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = layout.places[i].name;
    }
    return names;
  }

  /** A copy of a parameter or state: an array of its element type, row-major. */
  public Object get(String name) {
    Layout.Place place = layout.place(name);
    Object copy = Elements.make(place.type, place.length, name);
    int begun = beginRead();
    System.arraycopy(groups[place.group], place.offset, copy, 0, place.length);
    endRead(begun);
    return copy;
  }

  /** Replaces a parameter or state by a copy of an array of its element type and length. */
  public void set(String name, Object values) {
    Layout.Place place = layout.place(name);
    if (Elements.type(values) != place.type || Elements.length(values) != place.length) {
      throw new IllegalArgumentException(place.describe() + ": expected " + place.length
          + " elements, got " + Elements.length(values) + " of type "
          + Elements.name(Elements.type(values)));
    }
    beginChange();
    System.arraycopy(values, 0, groups[place.group], place.offset, place.length);
    guardedFor = Elements.NONE;
    endChange();
  }

  /**
   * Reads a safetensors file: all parameters, and whatever else of the state it has; the rest stays as it is. What the
   * file has beyond that is left.
   *
   * @throws IOException if it cannot be read, is malformed, or does not fit; then nothing is changed
   */
  public void load(Path file) throws IOException {
    load(TensorFile.read(Objects.requireNonNull(file, "load: file is null")));
  }

  /**
   * Reads the bytes of such a file.
   *
   * @throws IOException if they are malformed or do not fit; then nothing is changed
   */
  public void load(byte[] safetensors) throws IOException {
    load(TensorFile.of(Objects.requireNonNull(safetensors, "load: safetensors is null")));
  }

  private void load(TensorFile file) throws IOException {
    State next = copy();
    next.read(file);
    replace(next);
  }

  private void read(TensorFile file) throws IOException {
    for (Layout.Place place : layout.places) {
      if (place.weight || file.has(place.name)) {
        file.read(place, groups[place.group]);
      }
    }
  }

  /** Takes over all values of another. */
  void replace(State other) {
    replace(other, beginRead());
  }

  /** @param begun the version that is replaced */
  void replace(State other, int begun) {
    beginChange(begun);
    take(other);
    endChange();
  }

  /** Writes all of it as a safetensors file: wholly or not at all. */
  public void save(Path file) throws IOException {
    TensorFile.write(Objects.requireNonNull(file, "save: file is null"), copy());
  }

  /** What {@link #save} writes. */
  public byte[] bytes() {
    return TensorFile.bytes(copy());
  }

  private void take(State other) {
    for (int i = 0; i < groups.length; i++) {
      System.arraycopy(other.groups[i], 0, groups[i], 0, Elements.length(groups[i]));
    }
    guardedFor = Elements.NONE;
  }

  int beginRead() {
    int now = version.get();
    if (now % 2 != 0) {
      throw used();
    }
    return now;
  }

  void endRead(int begun) {
    if (version.get() != begun) {
      throw used();
    }
  }

  void beginChange() {
    beginChange(beginRead());
  }

  /** @param begun the version that is to be changed */
  void beginChange(int begun) {
    if (!version.compareAndSet(begun, begun + 1)) {
      throw used();
    }
  }

  void endChange() {
    version.incrementAndGet();
  }

  /** A step has ended in its midst: what is here belongs to none. */
  void breakOff() {
    broken = true;
  }

  private IllegalStateException used() {
    return new IllegalStateException(broken
        ? "a step that changes this state broke off half-way: load another"
        : "the state is changed by one thread while another uses it: give that one a copy()");
  }

  /** Throws for an element outside of the range that was declared of it. */
  void checkRanges() {
    for (Layout.Place place : layout.places) {
      if (place.low <= place.high) {
        int at = Elements.outside(groups[place.group], place.offset, place.length, place.low,
            place.high);
        if (at >= 0) {
          throw Elements.outOfRange(place.describe(), groups[place.group], place.offset, at,
              place.low, place.high);
        }
      }
    }
  }

  /** Whether all lies where the updates of an entry keep it finite, as they do until another's come. */
  boolean isGuardedFor(Object entry) {
    if (guardedFor != entry) {
      guardedFor = isGuarded() ? entry : Elements.NONE;
    }
    return guardedFor == entry;
  }

  private boolean isGuarded() {
    for (Layout.Place place : layout.places) {
      if (place.finiteFrom <= place.finiteTo
          && !isWithin(place, place.finiteFrom, place.finiteTo)) {
        return false;
      }
    }
    return true;
  }

  /** Whether some places are finite. */
  boolean isFinite(long... places) {
    for (long place : places) {
      if (!isWithin(layout.places[(int) place], -Double.MAX_VALUE, Double.MAX_VALUE)) {
        return false;
      }
    }
    return true;
  }

  private boolean isWithin(Layout.Place place, double low, double high) {
    for (int i = place.offset; i < place.offset + place.length; i++) {
      if (!Elements.isWithin(groups[place.group], i, low, high)) {
        return false;
      }
    }
    return true;
  }

  boolean equalsBits(State other) {
    for (int i = 0; i < groups.length; i++) {
      if (!Objects.deepEquals(groups[i], other.groups[i])) {
        return false;
      }
    }
    return true;
  }
}
