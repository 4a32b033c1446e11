package io.kotangent.runtime;

import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import io.kotangent.type.TensorType;
import java.util.List;

/**
 * What a program takes, gives and works on.
 *
 * @param symbols the symbolic sizes, in the order in which {@link Code#run} takes them
 * @param inputs the ports that are fed
 * @param state where parameters and state lie (of the whole model: a program may use only some)
 * @param arrays every array that the code works on, in the order in which it takes them
 * @param requirements what must hold of the sizes
 * @param constants the primitive array of each {@link ArraySlot.Kind#CONSTANT} slot, in their order; never written
 * @param work about how many picoseconds of a run threads can share; where that is little, one does it all
 * @param updates whether a run may write its state: then nobody else may use that meanwhile
 */
public record Signature(String name, List<String> symbols, List<Port> inputs, List<Result> results,
    StateLayout state,
    List<ArraySlot> arrays, List<Requirement> requirements, List<Object> constants, Dim work,
    boolean updates) {
  /** A named result. */
  public record Result(String name, TensorType type) {
  }

  /** Copies the lists; the arrays of the constants are kept. */
  public Signature {
    symbols = List.copyOf(symbols);
    inputs = List.copyOf(inputs);
    results = List.copyOf(results);
    arrays = List.copyOf(arrays);
    requirements = List.copyOf(requirements);
    constants = List.copyOf(constants);
  }

  /** Of a program that one thread is enough for, and that updates what state it has. */
  public Signature(String name, List<String> symbols, List<Port> inputs, List<Result> results,
      StateLayout state, List<ArraySlot> arrays, List<Requirement> requirements,
      List<Object> constants) {
    this(name, symbols, inputs, results, state, arrays, requirements, constants, Dim.ZERO,
        arrays.stream().anyMatch(slot -> slot.kind() == ArraySlot.Kind.STATE));
  }

  /** The same of other arrays, in another order. */
  public Signature withArrays(List<ArraySlot> others) {
    return new Signature(name, symbols, inputs, results, state, others, requirements, constants,
        work, updates);
  }

  /** The same of a program with so much to share. */
  public Signature withWork(Dim shared) {
    return new Signature(name, symbols, inputs, results, state, arrays, requirements, constants,
        shared, updates);
  }
}
