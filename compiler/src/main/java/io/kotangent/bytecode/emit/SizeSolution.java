package io.kotangent.bytecode.emit;

import io.kotangent.runtime.Signature;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.ShapeException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How symbolic sizes follow from the lengths of inputs, found when a program is compiled: whenever the size of a port is linear in
/// one unknown symbol, that symbol is solved for.
///
/// @param solved in the order in which they are found
/// @param given those that no input determines: the caller has to say them
public record SizeSolution(List<Solved> solved, List<String> given) {
  /// The size that makes `offset + slope · symbol` the number of an input's elements.
  public record Solved(String symbol, int input, Dim offset, Dim slope) {
  }

  public SizeSolution {
    solved = List.copyOf(solved);
    given = List.copyOf(given);
  }

  public static SizeSolution of(Signature signature) {
    Set<String> unknown = new LinkedHashSet<>(signature.symbols());
    List<Solved> solved = new ArrayList<>();
    Optional<Solved> next = next(signature.inputs(), unknown);
    while (next.isPresent()) {
      solved.add(next.get());
      unknown.remove(next.get().symbol);
      next = next(signature.inputs(), unknown);
    }
    return new SizeSolution(solved, List.copyOf(unknown));
  }

  private static Optional<Solved> next(List<Port> inputs, Set<String> unknown) {
    for (int i = 0; i < inputs.size(); i++) {
      Dim size = inputs.get(i).type().shape().size();
      Set<String> open = new LinkedHashSet<>();
      size.collectSymbols(open);
      open.retainAll(unknown);
      if (open.size() == 1) {
        String symbol = open.iterator().next();
        Optional<Solved> solved = solved(size, symbol, i);
        if (solved.isPresent()) {
          return solved;
        }
      }
    }
    return Optional.empty();
  }

  /// For a size that is linear in the symbol.
  private static Optional<Solved> solved(Dim size, String symbol, int input) {
    try {
      Dim slope = at(size, symbol, 2).minus(at(size, symbol, 1));
      Dim offset = at(size, symbol, 1).minus(slope);
      boolean linear = size.equals(offset.plus(slope.times(Dim.symbol(symbol))));
      return linear && !slope.is(0) ? Optional.of(new Solved(symbol, input, offset, slope))
          : Optional.empty();
    } catch (ShapeException e) {
      return Optional.empty(); // it divides by the symbol
    }
  }

  private static Dim at(Dim size, String symbol, long value) {
    return size.substitute(Map.of(symbol, Dim.of(value)));
  }
}
