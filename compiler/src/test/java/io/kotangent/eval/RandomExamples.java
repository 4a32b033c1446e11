package io.kotangent.eval;

import io.kotangent.type.Port;
import java.lang.reflect.Array;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;

/// Inputs of several examples of a graph, of which some differ from example to example.
public record RandomExamples(Map<String, TensorValue> same,
    Map<String, List<TensorValue>> different, Map<String, TensorValue> all) {

  /// @param batched the names of the ports that differ
  public static RandomExamples draw(RandomGraph sample, List<Port> ports, List<String> batched,
      int examples, SplittableRandom random) {
    return of(ports, batched, examples, sample.symbols(), port -> {
      TensorValue value = RandomValues.of(port, sample.symbols(), random);
      return sample.options().careful() ? value : RandomValues.withSpecials(value, random);
    }, sample.inputs());
  }

  /// @param draw a value of a port that differs
  /// @param inputs those of the others
  public static RandomExamples of(List<Port> ports, List<String> batched, int examples,
      Map<String, Long> symbols, Function<Port, TensorValue> draw,
      Map<String, TensorValue> inputs) {
    Map<String, TensorValue> same = new LinkedHashMap<>();
    Map<String, List<TensorValue>> different = new LinkedHashMap<>();
    Map<String, TensorValue> all = new LinkedHashMap<>();
    for (Port port : ports) {
      TensorValue given = Objects.requireNonNull(inputs.get(port.name()));
      if (!batched.contains(port.name())) {
        same.put(port.name(), given);
        all.put(port.name(), given);
        continue;
      }
      List<TensorValue> values =
          Stream.generate(() -> draw.apply(port)).limit(examples).toList();
      different.put(port.name(), values);
      all.put(port.name(), stacked(port, values, symbols));
    }
    return new RandomExamples(same, different, all);
  }

  private static TensorValue stacked(Port port, List<TensorValue> values,
      Map<String, Long> symbols) {
    int[] one = port.type().shape().evaluate(symbols);
    int[] dims = new int[one.length + 1];
    dims[0] = values.size();
    System.arraycopy(one, 0, dims, 1, one.length);
    int size = java.util.Arrays.stream(one).reduce(1, (a, b) -> a * b);
    Object array = port.type().dtype().newArray(size * values.size());
    for (int i = 0; i < values.size(); i++) {
      Object example = values.get(i).toArray();
      System.arraycopy(example, 0, array, i * size, Array.getLength(example));
    }
    return TensorValue.of(port.type().dtype(), dims, array);
  }

  /// The inputs of one example.
  public Map<String, TensorValue> one(int example) {
    Map<String, TensorValue> inputs = new LinkedHashMap<>(same);
    different.forEach((name, values) -> inputs.put(name, values.get(example)));
    return inputs;
  }
}
