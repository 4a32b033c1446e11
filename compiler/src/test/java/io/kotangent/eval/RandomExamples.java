package io.kotangent.eval;

import io.kotangent.type.Port;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Inputs of several examples of a graph, of which some differ from example to example.
public record RandomExamples(Map<String, TensorValue> same,
    Map<String, List<TensorValue>> different, Map<String, TensorValue> all) {

  /// @param batched the names of the ports that differ
  public static RandomExamples draw(RandomGraph sample, List<Port> ports, List<String> batched,
      int examples, SplittableRandom random) {
    Map<String, TensorValue> same = new LinkedHashMap<>();
    Map<String, List<TensorValue>> different = new LinkedHashMap<>();
    Map<String, TensorValue> all = new LinkedHashMap<>();
    for (Port port : ports) {
      if (!batched.contains(port.name())) {
        same.put(port.name(), sample.inputs().get(port.name()));
        all.put(port.name(), sample.inputs().get(port.name()));
        continue;
      }
      List<TensorValue> values = new ArrayList<>();
      for (int i = 0; i < examples; i++) {
        TensorValue value = RandomValues.of(port, sample.symbols(), random);
        values.add(sample.options().careful() ? value : RandomValues.withSpecials(value, random));
      }
      different.put(port.name(), values);
      all.put(port.name(), stacked(port, values, sample.symbols()));
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
