package io.kotangent.dsl;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.train.NonFiniteCause;
import io.kotangent.type.KotangentException;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Finds the formula that made a loss or a gradient infinite or not a number: runs the gradients once more, and looks at every
/// value on the way. Compiled only when something went wrong.
final class NonFiniteFormula implements NonFiniteCause {
  /// A graph of more nodes is not looked into: compiling it like this takes too long.
  private static final int MOST_NODES = 20_000;
  /// Functions that have no finite value at some finite arguments, however small.
  private static final Set<ScalarFn> PARTIAL = EnumSet.of(ScalarFn.LOG, ScalarFn.LOG1P,
      ScalarFn.LOG1MEXP, ScalarFn.SQRT, ScalarFn.DIV, ScalarFn.ZERO_DIV, ScalarFn.POW);
  private static final String PROBE = "finite";

  private final Graph gradients;
  private final CompileOptions options;

  NonFiniteFormula(Graph gradients, CompileOptions options) {
    this.gradients = gradients;
    this.options = options;
  }

  @Override
  public String of(long step, Consumer<Workspace> feed, ModelState state) {
    List<Node> nodes = gradients.schedule();
    if (nodes.size() > MOST_NODES) {
      return "";
    }
    try {
      Map<Node, Boolean> finite = finite(nodes, feed, state);
      return described(step, finite);
    } catch (KotangentException e) {
      return ""; // What it was about is told without its cause.
    }
  }

  /// Of each value of floats whether all of it is finite.
  private Map<Node, Boolean> finite(List<Node> nodes, Consumer<Workspace> feed, ModelState state) {
    GraphBuilder b = new GraphBuilder();
    Map<Node, Node> copies = b.copy(gradients);
    Map<Node, String> names = new HashMap<>();
    List<Graph.Result> results = new ArrayList<>();
    for (Node node : nodes) {
      if (node.valueType() instanceof TensorType type && type.dtype().isFloat()) {
        Node finite = b.map(ScalarFn.IS_FINITE, Objects.requireNonNull(copies.get(node)));
        List<Integer> axes = Statistics.axesBefore(type.rank());
        String name = PROBE + names.size();
        names.put(node, name);
        results.add(new Graph.Result(name,
            axes.isEmpty() ? finite : b.reduce(Op.Reduction.ALL, finite, axes)));
      }
    }
    List<Node> inputs =
        gradients.inputs().stream().map(i -> Objects.requireNonNull(copies.get(i))).toList();
    Program program =
        Compiler.compile(b.graph(gradients.name() + "_finite", inputs, results), options);
    Workspace workspace = program.newWorkspace();
    feed.accept(workspace);
    program.run(workspace, state);
    Map<Node, Boolean> found = new HashMap<>();
    names.forEach((node, name) -> found.put(node, workspace.booleans(name)[0]));
    return found;
  }

  private String described(long step, Map<Node, Boolean> finite) {
    Node loss = gradients.result(TrainingGraphs.LOSS);
    if (isNonFinite(loss, finite)) {
      return told(step, source(loss, finite));
    }
    for (Graph.Result result : gradients.results()) {
      if (isNonFinite(result.node(), finite)) {
        return named(result.name()) + " is not finite: "
            + told(step, source(result.node(), finite));
      }
    }
    return "loss and gradients are finite, but what would be written is not; try a smaller learning rate";
  }

  private String named(String result) {
    Optional<String> parameter = result.startsWith(TrainingGraphs.GRADIENT)
        ? Optional.of(result.substring(TrainingGraphs.GRADIENT.length())) : Optional.empty();
    return parameter.map(name -> "the gradient of parameter '" + name + "'"
        + line(gradients.input(name).origin().place(), " (", ")"))
        .orElse("the next value of state '" + result.substring(TrainingGraphs.NEXT.length()) + "'");
  }

  private static boolean isNonFinite(Node node, Map<Node, Boolean> finite) {
    return !finite.getOrDefault(node, true);
  }

  /// The first value on the way to one that is not finite: everything that it is made of is finite.
  private static Node source(Node from, Map<Node, Boolean> finite) {
    Node node = from;
    Optional<Node> before = Optional.of(from);
    while (before.isPresent()) {
      node = before.get();
      Node made = node.op() instanceof Op.Item ? node.operand(0) : node;
      before = made.operands().stream().filter(o -> isNonFinite(o, finite)).findFirst();
    }
    return node;
  }

  private static String told(long step, Node source) {
    Node made = source.op() instanceof Op.Item ? source.operand(0) : source;
    String place = line(source.origin().place(), " at ", "");
    String what = "`" + made.op().mnemonic() + "`" + place;
    if (leavesDomain(source)) {
      boolean derivative = source.origin().scope().startsWith("grad");
      return (derivative ? "the derivative" + place + " is infinite there"
          : what + " has no finite value there")
          + "; keep its operand away from such numbers, for example by maximum(1e-6)";
    }
    if (made.op() instanceof Op.Control) {
      return "the body of " + what
          + " makes what is not finite; look in it for log or sqrt of a negative number, "
          + "a division by 0, or numbers that grow";
    }
    return what + " makes numbers that are too large; "
        + (step == 1 ? "scale the data down, or draw smaller first values"
            : "try a smaller learning rate");
  }

  /// Whether a value out of finite ones is one that no smaller numbers would mend.
  private static boolean leavesDomain(Node node) {
    return node.op() instanceof Op.Map(var fn) && PARTIAL.contains(fn);
  }

  private static String line(String place, String before, String after) {
    return place.isEmpty() ? "" : before + place + after;
  }
}
