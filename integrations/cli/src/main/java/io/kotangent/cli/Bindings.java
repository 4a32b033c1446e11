package io.kotangent.cli;

import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What symbolic sizes are, as the user says and the files of inputs show.
final class Bindings {
  private final Map<String, Long> sizes;

  Bindings(Map<String, Long> given) {
    sizes = new LinkedHashMap<>(given);
  }

  /// Takes from an input's file what sizes are.
  void bind(Port port, InputFile input) {
    List<Dim> dims = port.type().shape().dims();
    long[] there = input.sizes();
    if (there.length == dims.size()) {
      for (int axis = 0; axis < there.length; axis++) {
        bind(dims.get(axis), there[axis]);
      }
    } else if (!dims.isEmpty() && there.length > 0) {
      bind(dims.getFirst(), there[0]);
      bindRest(dims, there);
    }
  }

  private void bind(Dim dim, long size) {
    symbol(dim).forEach(name -> sizes.putIfAbsent(name, size));
  }

  /// The name of a size that is a symbol and nothing else.
  private static Set<String> symbol(Dim dim) {
    Set<String> names = new LinkedHashSet<>();
    dim.collectSymbols(names);
    return names.size() == 1 && dim.equals(Dim.symbol(names.iterator().next())) ? names : Set.of();
  }

  /// One size among the others may follow from how many elements there are.
  private void bindRest(List<Dim> dims, long[] there) {
    long elements = 1;
    for (int axis = 1; axis < there.length; axis++) {
      elements *= there[axis];
    }
    long known = 1;
    Set<String> open = new LinkedHashSet<>();
    for (Dim dim : dims.subList(1, dims.size())) {
      Set<String> symbols = new LinkedHashSet<>();
      dim.collectSymbols(symbols);
      if (sizes.keySet().containsAll(symbols)) {
        known *= dim.evaluate(sizes);
      } else if (!symbol(dim).isEmpty() && open.isEmpty()) {
        open.addAll(symbols);
      } else {
        return;
      }
    }
    if (open.size() == 1 && known > 0 && elements % known == 0) {
      sizes.put(open.iterator().next(), elements / known);
    }
  }

  /// Refuses a file whose sizes are others than its input's.
  void check(Port port, InputFile input) {
    int[] expected = evaluate("input " + port, port.type().shape());
    long[] there = input.sizes();
    long elements = 1;
    for (long size : expected) {
      elements *= size;
    }
    long has = 1;
    for (long size : there) {
      has *= size;
    }
    boolean firstAgree = expected.length == 0 || there.length == 0 || expected[0] == there[0];
    boolean same = expected.length != there.length
        || Arrays.equals(there, Arrays.stream(expected).asLongStream().toArray());
    if (!same || !firstAgree || elements != has) {
      throw BadInput.of("input " + port + ": expected sizes " + Arrays.toString(expected)
          + (sizes.isEmpty() ? "" : " (for " + sizes + ")") + ", but " + input.source() + " has "
          + input.described());
    }
  }

  /// A type with all sizes as numbers.
  TensorType type(String what, TensorType type) {
    int[] dims = evaluate(what + " " + type, type.shape());
    return new TensorType(type.dtype(), Shape.of(Arrays.stream(dims).asLongStream().toArray()));
  }

  private int[] evaluate(String what, Shape shape) {
    Set<String> symbols = new LinkedHashSet<>();
    shape.dims().forEach(dim -> dim.collectSymbols(symbols));
    for (String symbol : symbols) {
      if (!sizes.containsKey(symbol)) {
        throw missing(symbol, what);
      }
    }
    return shape.evaluate(sizes);
  }

  private static BadInput missing(String symbol, String what) {
    return BadInput.of("the size '" + symbol + "' of " + what
        + " follows from no input: give it by --size " + symbol + "=NUMBER");
  }

  /// The size of a symbol.
  int size(String symbol, String what) {
    Long size = sizes.get(symbol);
    if (size == null) {
      throw missing(symbol, what);
    }
    return Math.toIntExact(size);
  }
}
