package io.kotangent.bytecode.source;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.type.DType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The names that are visible at a place of a kernel's method. Those of blocks that have ended are given again.
final class Scope {
  private record Named(String local, String name) {
  }

  private final Map<String, String> locals = new HashMap<>();
  private final Deque<Named> order = new ArrayDeque<>();
  private final KernelNames kernel;
  private final JavaNames taken;

  Scope(KernelNames kernel) {
    this.kernel = kernel;
    this.taken = new JavaNames(kernel.taken());
  }

  /// Names a local, from here to the end of the block.
  String declare(Local local) {
    String name = taken.unique(kernel.parameter(local.name()).orElseGet(() -> usual(local)));
    locals.put(local.name(), name);
    order.push(new Named(local.name(), name));
    return name;
  }

  /// A name that no local has, from here to the end of the block.
  String fresh(String wanted) {
    String name = taken.unique(wanted);
    order.push(new Named("", name));
    return name;
  }

  boolean has(Local local) {
    return locals.containsKey(local.name());
  }

  String of(Local local) {
    return Optional.ofNullable(locals.get(local.name())).orElseThrow(
        () -> new IllegalStateException("no local '" + local.name() + "' here"));
  }

  String of(ArrayParam array) {
    return kernel.array(array);
  }

  /// The parameter with the place where the array's first element is.
  String offset(ArrayParam array) {
    return kernel.offset(array);
  }

  int enter() {
    return order.size();
  }

  /// Ends the blocks begun since.
  void leave(int mark) {
    while (order.size() > mark) {
      Named ended = order.pop();
      locals.remove(ended.local());
      taken.free(ended.name());
    }
  }

  /// Kernels name locals by a letter for their purpose and a number.
  private static String usual(Local local) {
    String word = word(local.name());
    return switch (word) {
      case "v" -> switch (local.dtype()) {
        case F32, F64 -> "v";
        case I32, I64 -> "n";
        case BOOL -> "flag";
      };
      case "m" -> local.dtype() == DType.BOOL ? "flag" : "acc";
      case "b" -> "block";
      case "l" -> "lane";
      default -> JavaNames.variable(word);
    };
  }

  /// The letters before the number.
  private static String word(String name) {
    int end = 0;
    while (end < name.length() && Character.isLetter(name.charAt(end))) {
      end++;
    }
    return end == 0 ? "v" : name.substring(0, end);
  }
}
