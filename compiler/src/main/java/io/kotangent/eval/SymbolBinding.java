package io.kotangent.eval;

import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.ShapeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Finds the values of symbolic sizes from the shapes of what is fed, and checks the shapes with them.
final class SymbolBinding {
  private final Map<String, Long> symbols;

  /// @param known values that need not be found
  SymbolBinding(Map<String, Long> known) {
    this.symbols = new LinkedHashMap<>(known);
  }

  Map<String, Long> bind(List<Port> ports, List<TensorValue> values) {
    for (int i = 0; i < ports.size(); i++) {
      Port port = ports.get(i);
      TensorValue value = values.get(i);
      if (port.type().dtype() != value.dtype() || port.type().rank() != value.rank()) {
        throw new ShapeException(
            "input '" + port.name() + "': expected " + port.type() + ", got " + value.type());
      }
      for (int axis = 0; axis < value.rank(); axis++) {
        bind(port.type().dim(axis), value.dim(axis));
      }
    }
    for (int i = 0; i < ports.size(); i++) {
      for (int axis = 0; axis < values.get(i).rank(); axis++) {
        check(ports.get(i), axis, values.get(i));
      }
    }
    return symbols;
  }

  /// Learns the symbol of a size `coefficient · symbol + constant`.
  private void bind(Dim dim, long size) {
    if (dim.products().size() != 1) {
      return;
    }
    Dim.Product product = dim.products().getFirst();
    if (product.atoms().size() == 1 && product.atoms().getFirst() instanceof Dim.Symbol(var name)) {
      long value = (size - dim.constantTerm()) / product.coefficient();
      if (value >= 0 && value * product.coefficient() + dim.constantTerm() == size) {
        symbols.putIfAbsent(name, value);
      }
    }
  }

  private void check(Port port, int axis, TensorValue value) {
    long expected = port.type().dim(axis).evaluate(symbols);
    if (expected != value.dim(axis)) {
      throw new ShapeException(
          "input '" + port.name() + "': expected " + port.type() + ", in which "
              + port.type().dim(axis) + " is " + expected + ", got " + value.type());
    }
  }
}
