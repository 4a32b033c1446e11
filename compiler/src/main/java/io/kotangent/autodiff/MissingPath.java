package io.kotangent.autodiff;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// Says why a gradient does not exist.
final class MissingPath {
  private MissingPath() {
  }

  static void checkLoss(String name, Node loss) {
    if (!(loss.valueType() instanceof TensorType type) || !type.isScalar()
        || !type.dtype().isFloat()) {
      String hint = loss.valueType() instanceof TensorType type && type.dtype().isFloat()
          ? "take its mean or its sum first"
          : "only a float scalar has a gradient";
      throw new GradientException(
          "the loss `" + name + "` is " + loss.valueType() + ": expected a float scalar; " + hint
              + at(loss));
    }
  }

  static void checkTarget(Node target) {
    if (!(target.valueType() instanceof TensorType type) || !type.dtype().isFloat()) {
      throw new GradientException(describe(target) + " is " + target.valueType()
          + ": expected a float to differentiate with respect to; cast it to f32 first"
          + at(target));
    }
  }

  /// No derivative flows from `target` to `loss`: names the nearest op that it stops at.
  static GradientException error(String lossName, Node loss, Node target) {
    return error(lossName, loss, List.of(target));
  }

  /// No derivative flows from any of `targets` to `loss`.
  static GradientException error(String lossName, Node loss, List<Node> targets) {
    String what = targets.stream().map(MissingPath::describe).collect(Collectors.joining(", "))
        + (targets.size() == 1 ? " does not reach `" : " do not reach `") + lossName + "`: ";
    Activity activity = Activity.of(List.of(loss), targets);
    if (targets.stream().noneMatch(activity.order()::contains)) {
      return new GradientException(what + "no path at all" + at(loss) + unused(lossName, targets));
    }
    Node nearest = nearestBreak(activity, targets);
    String verb = isStop(nearest) ? "stopped by `" : "broken at `";
    return new GradientException(what + verb + opName(nearest) + "`"
        + (nearest.origin().toString().isEmpty() ? "" : ", " + nearest.origin()));
  }

  /// What to do about parameters that nothing is made of; inputs were asked for on purpose.
  private static String unused(String lossName, List<Node> targets) {
    boolean declared = targets.stream()
        .anyMatch(t -> t.op() instanceof Op.Input(var port) && port.role() != Role.INPUT);
    return declared ? ": use it in `" + lossName + "`, or remove it" : "";
  }

  /// The op nearest to the targets that takes what a derivative flows through and gives what none flows through. A
  /// `stop_gradient` is named only if there is no other. Looks into the callee of a call.
  private static Node nearestBreak(Activity activity, List<Node> targets) {
    Map<Node, Integer> distances = new IdentityHashMap<>();
    targets.forEach(t -> distances.put(t, 0));
    Optional<Node> best = Optional.empty();
    for (Node node : activity.order()) {
      OptionalInt distance =
          node.operands().stream().filter(activity::isActive).mapToInt(distances::get).min();
      if (distances.containsKey(node) || distance.isEmpty()) {
        continue;
      }
      distances.put(node, distance.getAsInt() + 1);
      if (!activity.isActive(node) && (best.isEmpty() || isNearer(node, best.get(), distances))) {
        best = Optional.of(node);
      }
    }
    Node found =
        best.orElseThrow(() -> new KotangentException("no derivative flows, and nothing stops it"));
    Node source = found.op() instanceof Op.Item ? found.operand(0) : found;
    if (source.op() instanceof Op.Call(var callee, var _)) {
      List<Node> inputs =
          activity.operands(source).stream().mapToObj(callee.inputs()::get).toList();
      List<Node> results = found.op() instanceof Op.Item(var index)
          ? List.of(callee.results().get(index).node())
          : callee.roots();
      Activity inside = Activity.of(results, inputs);
      if (inputs.stream().anyMatch(inside.order()::contains)) {
        return nearestBreak(inside, inputs);
      }
    }
    return found;
  }

  private static boolean isNearer(Node node, Node best, Map<Node, Integer> distances) {
    return isStop(node) == isStop(best)
        ? distance(node, distances) < distance(best, distances)
        : isStop(best);
  }

  private static int distance(Node node, Map<Node, Integer> distances) {
    return Objects.requireNonNull(distances.get(node));
  }

  private static boolean isStop(Node node) {
    return node.op() instanceof Op.Map(ScalarFn fn) && fn == ScalarFn.STOP_GRADIENT;
  }

  private static String opName(Node node) {
    if (node.op() instanceof Op.Reduce reduce) {
      return reduce.kind().toString();
    }
    return (node.op() instanceof Op.Item ? node.operand(0) : node).op().mnemonic();
  }

  static String describe(Node node) {
    if (node.op() instanceof Op.Input(var port)) {
      return port.role() == Role.INPUT ? "input `" + port.name() + "`"
          : "parameter `" + port.name() + "`" + declaredAt(node);
    }
    return "the result of `" + node.op().mnemonic() + "`"
        + (node.origin().toString().isEmpty() ? "" : " (" + node.origin() + ")");
  }

  private static String declaredAt(Node node) {
    return node.origin().place().isEmpty() ? "" : " (" + node.origin().place() + ")";
  }

  private static String at(Node node) {
    return node.origin().toString().isEmpty() ? "" : ", at " + node.origin();
  }
}
