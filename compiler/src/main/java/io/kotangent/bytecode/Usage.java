package io.kotangent.bytecode;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// What a piece of a kernel takes from around it: arrays, locals that it reads or assigns, and those that it assigns; and how
/// many bytes it will take, about.
final class Usage {
  final Map<String, ArrayParam> arrays = new LinkedHashMap<>();
  final Map<String, Local> locals = new LinkedHashMap<>();
  final Set<String> assigned = new LinkedHashSet<>();
  int size;

  void array(ArrayParam array) {
    arrays.put(array.name(), array);
  }

  void local(Local local) {
    locals.put(local.name(), local);
  }

  void add(Usage other) {
    arrays.putAll(other.arrays);
    locals.putAll(other.locals);
    assigned.addAll(other.assigned);
    size += other.size;
  }

  /// Takes away what is declared within the piece.
  void declare(Local local) {
    locals.remove(local.name());
    assigned.remove(local.name());
  }

  void value(Value value) {
    switch (value) {
      case Value.Const _ -> size += 3;
      case Value.Ref(Local local) -> {
        local(local);
        size += 2;
      }
      case Value.Load(ArrayParam array, Value index) -> {
        array(array);
        size += array.whole() ? 3 : 6;
        value(index);
      }
      case Value.Apply apply -> {
        size += ValueEmitter.size(apply.basic());
        apply.args().forEach(this::value);
      }
    }
  }

  static int size(Value value) {
    Usage usage = new Usage();
    usage.value(value);
    return usage.size;
  }
}
