package io.kotangent.runtime;

import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Fact;
import io.kotangent.type.Port;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What one thread needs to run a program: the arrays that are fed, the arrays that results go to, and the program's
 * own working memory. Fed arrays are kept, not copied: what they hold when the program runs is what counts, so they
 * can be refilled and run again. Symbolic sizes ({@code batch}) follow from their lengths.
 * <p>Working memory grows to the largest sizes seen and is kept; after that a run allocates nothing. For one thread at a
 * time: another that uses it meanwhile gets a {@link ConcurrentUseException}.
 */
public final class Workspace {
  private static final Object NOTHING = new Object();

  private final Signature signature;
  private final PortIndex ports;
  private final Sizes sizes;
  private final Object[] arrays;
  private final Execution execution;
  private final Claim claim;
  private final SizeFormula work;
  private final SizeFormula[] lengths;
  private final int[] slotOfInput;
  private final ResultSlots results;
  private final int[] elements;
  private final Object[] fed;
  private final List<Optional<Fact.Range>> ranges;
  private final int[] groupOfSlot;
  private final int choices;
  private StateLayout served = StateLayout.of(List.of());
  private boolean stale = true;
  private boolean ran;

  Workspace(Signature signature) {
    this.signature = signature;
    this.ports = new PortIndex(signature);
    this.sizes = new Sizes(signature);
    this.execution = new Execution(signature, Team.SHARED);
    this.claim = new Claim("the workspace of program " + signature.name());
    this.work = sizes.formula(signature.work());
    List<ArraySlot> slots = signature.arrays();
    arrays = new Object[slots.size()];
    Arrays.fill(arrays, NOTHING);
    int constants = 0;
    for (int i = 0; i < arrays.length; i++) {
      if (slots.get(i).kind() == ArraySlot.Kind.CONSTANT) {
        arrays[i] = signature.constants().get(constants++);
      }
    }
    lengths = slots.stream().map(s -> sizes.formula(s.length())).toArray(SizeFormula[]::new);
    slotOfInput =
        signature.inputs().stream().mapToInt(p -> ports.slot(ArraySlot.Kind.INPUT, p.name()))
            .toArray();
    results = new ResultSlots(signature, ports);
    elements = new int[slotOfInput.length];
    fed = new Object[slotOfInput.length];
    Arrays.fill(fed, NOTHING);
    ranges = signature.inputs().stream().map(Port::range).toList();
    choices = slots.stream().map(ArraySlot::kind).toList().indexOf(ArraySlot.Kind.CHOICES);
    groupOfSlot = new int[arrays.length];
    Arrays.fill(groupOfSlot, -1);
  }

  /** What the program of this workspace takes and gives. */
  public Signature signature() {
    return signature;
  }

  /** Feeds an {@code f32} input. The array is kept, not copied. */
  public Workspace feed(String port, float... values) {
    return feedArray(port, values);
  }

  /** Feeds an {@code f64} input. The array is kept, not copied. */
  public Workspace feed(String port, double... values) {
    return feedArray(port, values);
  }

  /** Feeds an {@code i32} input. The array is kept, not copied. */
  public Workspace feed(String port, int... values) {
    return feedArray(port, values);
  }

  /** Feeds an {@code i64} input. The array is kept, not copied. */
  public Workspace feed(String port, long... values) {
    return feedArray(port, values);
  }

  /** Feeds a {@code bool} input. The array is kept, not copied. */
  public Workspace feed(String port, boolean... values) {
    return feedArray(port, values);
  }

  /**
   * Feeds an input with a primitive array of its element type, row-major. The array is kept, not copied.
   *
   * @throws FeedException if there is no such input, or the array is of another type
   */
  public Workspace feedArray(String port, Object values) {
    int index = checkedInput(port, values);
    return feedArray(index, values, Array.getLength(values));
  }

  private int checkedInput(String port, Object values) {
    int index = ports.input(port);
    ports.checkArray("input", port, signature.inputs().get(index).type(), values);
    return index;
  }

  /**
   * Feeds an input with the first {@code count} elements of an array, so that one array serves batches of any size.
   *
   * @throws FeedException if there is no such input, the array is of another type, or too short
   */
  public Workspace feedArray(String port, Object values, int count) {
    int index = checkedInput(port, values);
    if (count < 0 || count > Array.getLength(values)) {
      throw new FeedException(
          "input '" + port + "' of program " + signature.name() + ": asked for the first " + count
              + " elements of an array of " + Array.getLength(values));
    }
    return feedArray(index, values, count);
  }

  private Workspace feedArray(int index, Object values, int count) {
    claim.take();
    stale |= elements[index] != count;
    elements[index] = count;
    fed[index] = values;
    if (slotOfInput[index] >= 0) {
      arrays[slotOfInput[index]] = values;
    }
    claim.drop();
    return this;
  }

  /** Sets a symbolic size that the inputs do not determine; if they do, they must agree. */
  public Workspace size(String symbol, int value) {
    claim.take();
    try {
      stale |= sizes.set(symbol, value);
    } finally {
      claim.drop();
    }
    return this;
  }

  /**
   * How many threads at most run the program: the calling one and others that all programs of a process share. What is
   * little work is done by one thread, and so is everything while the others are busy. No bit of a result depends on
   * it. Unless told otherwise, the system property {@code kotangent.threads}, or one thread for each processor.
   */
  public Workspace threads(int most) {
    execution.threads(most, claim);
    return this;
  }

  /**
   * Has a result written into the caller's own array from now on: a primitive array of its element type that is long
   * enough whenever the program runs.
   *
   * @throws FeedException if there is no such result, or the array is of another type
   */
  public Workspace result(String name, Object into) {
    int index = ports.result(name);
    Signature.Result result = signature.results().get(index);
    ports.checkArray("result", name, result.type(), into);
    claim.take();
    try {
      arrays[results.give(index)] = into;
    } finally {
      claim.drop();
    }
    return this;
  }

  /** Checks everything, then runs. */
  boolean run(Signature program, Code code, ModelState state) {
    if (program != signature && !program.equals(signature)) {
      throw new FeedException(
          "the workspace was made for program " + signature.name() + ", not for "
              + program.name() + "; use newWorkspace() of the program that is run");
    }
    claim.take();
    try {
      ran = false;
      boolean committed = RunRecorder.isOn() ? RunEvent.record(this, code, state)
          : checkedRun(code, state);
      ran = true;
      return committed;
    } finally {
      claim.drop();
    }
  }

  /** How the last run was made. */
  String way(Code code) {
    return code.way(choices >= 0 && arrays[choices] instanceof boolean[] taken ? taken
        : new boolean[0]);
  }

  /** How many threads made the last run; 0 if it did not come to that. */
  int lastThreads() {
    return execution.lastThreads;
  }

  boolean checkedRun(Code code, ModelState state) {
    if (stale) {
      prepare();
    }
    for (int i = 0; i < results.count(); i++) {
      if (results.isCallersResult(i)) {
        results.check(i, arrays, length(results.slot(i)), sizes);
      }
    }
    for (int i = 0; i < elements.length; i++) {
      if (ranges.get(i).isPresent()) {
        RangeCheck.check(signature.name(), signature.inputs().get(i), ranges.get(i).get(), fed[i],
            0, elements[i]);
      }
    }
    bind(state);
    state.checkValues(signature.name(), signature.state().ranged());
    if (choices >= 0) {
      code.choose((boolean[]) arrays[choices], sizes.forCode());
    }
    return signature.updates() ? update(code, state.version()) : read(code, state.version());
  }

  private boolean read(Code code, Version version) {
    int begun = version.beginRead();
    try {
      return execution.run(code, arrays, sizes.forCode());
    } finally {
      version.endRead(begun);
    }
  }

  private boolean update(Code code, Version version) {
    int before = version.beginChange();
    int after = before + 2;
    try {
      return execution.run(code, arrays, sizes.forCode());
    } catch (Throwable e) {
      if (execution.running > 0) {
        version.code = code;
        version.thrown = e;
        version.threads = execution.running;
        after = Version.BROKEN_OFF;
      }
      throw e;
    } finally {
      version.setRelease(after);
    }
  }

  private void prepare() {
    for (int i = 0; i < elements.length; i++) {
      if (fed[i] == NOTHING) {
        throw new FeedException("input '" + signature.inputs().get(i).name() + "' of program "
            + signature.name()
            + " was not fed: expected " + signature.inputs().get(i) + "; feed it before the run");
      }
    }
    sizes.solve(elements);
    for (int i = 0; i < arrays.length; i++) {
      ArraySlot slot = signature.arrays().get(i);
      boolean own = switch (slot.kind()) {
        case WORKSPACE, SCRATCH, ALIGNED, CHOICES -> true;
        case RESULT -> !results.isCallers(i);
        case INPUT, STATE, CONSTANT -> false;
      };
      int length = length(i);
      if (own && (arrays[i] == NOTHING || ArraySlot.elements(arrays[i]) < length)) {
        arrays[i] = slot.newArray(length);
      }
    }
    execution.workIs(sizes.evaluate(work));
    stale = false;
  }

  private int length(int slot) {
    long length = sizes.evaluate(lengths[slot]);
    if (length < 0 || length > Dim.LARGEST) {
      throw new FeedException(
          "program " + signature.name() + " would need an array of " + length + " elements for "
              + signature.arrays().get(slot) + " with " + sizes.known() + "; feed smaller batches");
    }
    return (int) length;
  }

  private void bind(ModelState state) {
    if (served != state.layout()) {
      state.layout().checkServes(signature.name(), signature.state());
      for (int i = 0; i < arrays.length; i++) {
        ArraySlot slot = signature.arrays().get(i);
        if (slot.kind() == ArraySlot.Kind.STATE) {
          groupOfSlot[i] = state.groupIndex(slot.name());
        }
      }
      served = state.layout();
    }
    for (int i = 0; i < arrays.length; i++) {
      if (groupOfSlot[i] >= 0) {
        arrays[i] = state.group(groupOfSlot[i]);
      }
    }
  }

  /** The value that a symbolic size had in the last run. */
  public int size(String symbol) {
    return sizes.value(symbol);
  }

  /** A copy of an {@code f32} result of the last run, row-major. */
  public float[] floats(String result) {
    return (float[]) copyOf(result, DType.F32);
  }

  /** A copy of an {@code f64} result of the last run, row-major. */
  public double[] doubles(String result) {
    return (double[]) copyOf(result, DType.F64);
  }

  /** A copy of an {@code i32} result of the last run, row-major. */
  public int[] ints(String result) {
    return (int[]) copyOf(result, DType.I32);
  }

  /** A copy of an {@code i64} result of the last run, row-major. */
  public long[] longs(String result) {
    return (long[]) copyOf(result, DType.I64);
  }

  /** A copy of a {@code bool} result of the last run, row-major. */
  public boolean[] booleans(String result) {
    return (boolean[]) copyOf(result, DType.BOOL);
  }

  /** A copy of a result of the last run, a primitive array of its element type, row-major. */
  public Object array(String result) {
    int index = ports.result(result);
    claim.take();
    try {
      Object array = ranArray(index);
      Object copy =
          signature.results().get(index).type().dtype().newArray(length(results.slot(index)));
      System.arraycopy(array, 0, copy, 0, Array.getLength(copy));
      return copy;
    } finally {
      claim.drop();
    }
  }

  /**
   * The value of a float or integer result of one element; allocates nothing. An {@code i64} beyond 2<sup>53</sup> is
   * rounded: read it by {@link #longs}.
   */
  public double scalar(String result) {
    int index = ports.result(result);
    claim.take();
    try {
      return results.number(index, ranArray(index), length(results.slot(index)));
    } finally {
      claim.drop();
    }
  }

  /** How many elements a result had in the last run. */
  public int length(String result) {
    int index = ports.result(result);
    claim.take();
    try {
      ranArray(index);
      return length(results.slot(index));
    } finally {
      claim.drop();
    }
  }

  private Object ranArray(int result) {
    if (!ran || results.slot(result) < 0) {
      throw new FeedException("result '" + signature.results().get(result).name() + "' of program "
          + signature.name() + " is not there yet: run the program first");
    }
    return arrays[results.slot(result)];
  }

  private Object copyOf(String name, DType expected) {
    int index = ports.result(name);
    DType dtype = signature.results().get(index).type().dtype();
    if (dtype != expected) {
      throw new FeedException("result '" + name + "' of program " + signature.name() + " is "
          + signature.results().get(index).type() + ", not " + expected
          + "; read it by the accessor for " + dtype);
    }
    return array(name);
  }
}
