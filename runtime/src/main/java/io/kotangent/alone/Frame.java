package io.kotangent.alone;

import java.util.Arrays;

/** What a workspace has for one entry: its arguments, and the arrays that the emitted code takes. */
final class Frame implements Runnable {
  private final Entry entry;
  private final Slots slots;
  private final Workspace workspace;
  private final Object[] inputs;
  private final Object[] numbers;
  private final Object[] results;
  private final long[] elements;
  private final long[] inputLengths;
  private final long[] resultLengths;
  private final Object[] arrays;
  private final long[] lengths;
  private final int[] sizes;
  /** Those that the arrays are long enough for. */
  private final int[] prepared;
  private boolean fresh = true;
  private boolean allocated;

  Frame(Entry entry, Workspace workspace) {
    this.entry = entry;
    this.workspace = workspace;
    slots = entry.slots();
    inputs = new Object[slots.inputs.length];
    numbers = new Object[inputs.length];
    results = new Object[slots.results.length];
    elements = new long[inputs.length];
    inputLengths = new long[inputs.length];
    resultLengths = new long[results.length];
    arrays = slots.constants.clone();
    lengths = new long[arrays.length];
    sizes = new int[slots.symbols.length];
    prepared = new int[sizes.length];
    Arrays.fill(inputs, Elements.NONE);
    Arrays.fill(numbers, Elements.NONE);
    Arrays.fill(results, Elements.NONE);
  }

  Frame size(int index, int value) {
    sizes[index] = value;
    return this;
  }

  Frame input(int index, Object array) {
    inputs[index] = array;
    return this;
  }

  /** The array of an input that is one number. */
  private Object one(int index) {
    if (numbers[index] == Elements.NONE) {
      numbers[index] = Elements.make(slots.inputType(index), 1, slots.name);
    }
    inputs[index] = numbers[index];
    return numbers[index];
  }

  Frame number(int index, float value) {
    ((float[]) one(index))[0] = value;
    return this;
  }

  Frame number(int index, double value) {
    ((double[]) one(index))[0] = value;
    return this;
  }

  Frame number(int index, int value) {
    ((int[]) one(index))[0] = value;
    return this;
  }

  Frame number(int index, long value) {
    ((long[]) one(index))[0] = value;
    return this;
  }

  Frame number(int index, boolean value) {
    ((boolean[]) one(index))[0] = value;
    return this;
  }

  Frame result(int index, Object array) {
    results[index] = array;
    return this;
  }

  /** Finds the sizes from the lengths of the inputs. */
  Frame solve() {
    boolean done = false;
    try {
      for (int i = 0; i < inputs.length; i++) {
        elements[i] = Elements.length(inputs[i]);
      }
      entry.solve(elements, sizes);
      prepare();
      done = true;
    } catch (ArithmeticException e) {
      throw overflow();
    } finally {
      endUnless(done);
    }
    return this;
  }

  /** A new array for a result, once sizes are solved. */
  Object newResult(int index) {
    boolean done = false;
    try {
      results[index] = slots.newResult(index, resultLengths[index]);
      done = true;
    } finally {
      endUnless(done);
    }
    return results[index];
  }

  /** New arrays for those results that are no arguments of their own. */
  Tensors newTensors() {
    String[] names = new String[0];
    Object[] made = new Object[0];
    for (int i = 0; i < results.length; i++) {
      if (Slots.isOfTensors(slots.results[i])) {
        names = Arrays.copyOf(names, names.length + 1);
        made = Arrays.copyOf(made, names.length);
        names[names.length - 1] = slots.results[i];
        made[names.length - 1] = newResult(i);
      }
    }
    return new Tensors(names, made);
  }

  /** Binds those results that are no arguments of their own. */
  Frame results(Tensors tensors) {
    given(tensors);
    for (int i = 0; i < results.length; i++) {
      if (Slots.isOfTensors(slots.results[i])) {
        results[i] = tensors.find(slots.results[i]);
      }
    }
    return this;
  }

  /** The same of inputs. */
  Frame inputs(Tensors tensors) {
    given(tensors);
    for (int i = 0; i < inputs.length; i++) {
      if (Slots.isOfTensors(slots.inputs[i])) {
        inputs[i] = tensors.find(slots.inputs[i]);
      }
    }
    return this;
  }

  private void given(Tensors tensors) {
    if (tensors == null) {
      workspace.end();
      throw new IllegalArgumentException(slots.name + ": expected tensors, got null");
    }
  }

  private void endUnless(boolean done) {
    if (!done) {
      workspace.end();
    }
  }

  private IllegalArgumentException overflow() {
    StringBuilder text = new StringBuilder("a size overflows or divides by zero for ");
    for (int i = 0; i < sizes.length; i++) {
      text.append(slots.symbols[i]).append(" = ").append(sizes[i]).append(' ');
    }
    return new IllegalArgumentException(text.append("in ").append(slots.name).toString());
  }

  /** Runs what changes nothing, and ends the call of the workspace. */
  void read(State state) {
    try {
      begin();
      int begun = state.beginRead();
      bind(state);
      workspace.prepare(entry, arrays, sizes);
      share();
      state.endRead(begun);
    } finally {
      end();
    }
  }

  /** Runs what changes the state, and ends the call of the workspace. Returns whether what was to be updated was. */
  boolean update(State state) {
    try {
      begin();
      return state.isGuardedFor(entry) ? updateInPlace(state) : updateCopy(state);
    } finally {
      end();
    }
  }

  private void begin() {
    prepare();
    for (int i = 0; i < inputs.length; i++) {
      slots.checkInput(i, inputs[i], inputLengths[i]);
    }
    for (int i = 0; i < results.length; i++) {
      slots.checkResult(i, results[i], resultLengths[i]);
    }
    allocate();
    bind();
  }

  /** Runs, and throws if nothing was updated. */
  void commit(State state) {
    if (!update(state)) {
      throw new ArithmeticException(slots.name + ": nothing was updated, since the loss or a new"
          + " value would not be finite; the state is as it was");
    }
  }

  /** Runs the program. What it throws says in which method, and at which line of the model where that is known. */
  private boolean share() {
    try {
      return workspace.run(entry, arrays, sizes, this);
    } catch (RuntimeException e) {
      String text = slots.name + ": " + e.getMessage();
      for (StackTraceElement at : e.getStackTrace()) {
        if (at.getLineNumber() > 0
            && at.getClassName().startsWith(getClass().getName().replace("$Frame", "_"))) {
          text += ", in the step for " + at.getFileName() + ":" + at.getLineNumber();
          break;
        }
      }
      RuntimeException named = e instanceof ArithmeticException ? new ArithmeticException(text)
          : new IllegalArgumentException(text);
      named.initCause(e);
      throw named;
    }
  }

  private void prepare() {
    if (!fresh && Arrays.equals(sizes, prepared)) {
      return;
    }
    fresh = true;
    try {
      for (int i = 0; i < sizes.length; i++) {
        if (sizes[i] < 0) {
          throw new IllegalArgumentException(slots.name + ": the size " + slots.symbols[i] + " is "
              + sizes[i] + ", expected 0 or more");
        }
      }
      entry.check(sizes);
      entry.lengths(sizes, inputLengths, resultLengths, lengths);
    } catch (ArithmeticException e) {
      throw overflow();
    }
    System.arraycopy(sizes, 0, prepared, 0, sizes.length);
    fresh = false;
    allocated = false;
  }

  private void allocate() {
    if (allocated) {
      return;
    }
    for (int i = 0; i < arrays.length; i++) {
      boolean own = slots.kinds[i] == 'w' || slots.kinds[i] == 'x';
      if (own && (arrays[i] == Elements.NONE || Elements.length(arrays[i]) < lengths[i])) {
        arrays[i] = Elements.make(slots.types[i], lengths[i], slots.name);
      }
    }
    allocated = true;
  }

  private void bind() {
    for (int i = 0; i < arrays.length; i++) {
      if (slots.kinds[i] == 'i') {
        arrays[i] = inputs[slots.indices[i]];
      } else if (slots.kinds[i] == 'r') {
        arrays[i] = results[slots.indices[i]];
      }
    }
    for (int i = 0; i < results.length; i++) {
      for (int other = 0; other < i; other++) {
        different(results[i], results[other], i);
      }
      for (Object input : inputs) {
        different(results[i], input, i);
      }
    }
  }

  private void different(Object array, Object other, int result) {
    if (array == other) {
      throw new IllegalArgumentException(slots.name + ", result " + slots.results[result]
          + ": its array is also another argument's; give each its own");
    }
  }

  private void bind(State state) {
    state.checkRanges();
    for (int i = 0; i < arrays.length; i++) {
      if (slots.kinds[i] == 's') {
        arrays[i] = state.groups[slots.indices[i]];
      }
    }
  }

  private boolean updateInPlace(State state) {
    bind(state);
    workspace.prepare(entry, arrays, sizes);
    state.beginChange();
    try {
      boolean committed = share();
      state.endChange();
      return committed;
    } catch (RuntimeException e) {
      state.endChange(); // updates come last, so nothing was updated
      throw e;
    } catch (Error e) {
      state.breakOff();
      throw e;
    }
  }

  /** What is large already may become infinite: then nothing is taken over. */
  private boolean updateCopy(State state) {
    int begun = state.beginRead();
    State next = state.copy();
    bind(next);
    workspace.prepare(entry, arrays, sizes);
    boolean committed = share() && (next.equalsBits(state) || next.isFinite(slots.finite));
    if (committed) {
      state.replace(next, begun);
    }
    return committed;
  }

  /** What one thread meets at. */
  @Override
  public void run() {
    // is alone
  }

  /** Callers' arrays are not kept. */
  private void end() {
    Arrays.fill(inputs, Elements.NONE);
    Arrays.fill(results, Elements.NONE);
    for (int i = 0; i < arrays.length; i++) {
      if (slots.kinds[i] == 'i' || slots.kinds[i] == 'r' || slots.kinds[i] == 's') {
        arrays[i] = Elements.NONE;
      }
    }
    workspace.end();
  }
}
