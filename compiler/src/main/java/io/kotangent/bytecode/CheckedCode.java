package io.kotangent.bytecode;

import io.kotangent.bytecode.load.EntryCall;
import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.bytecode.load.KernelClass;
import io.kotangent.bytecode.load.LoadedKernels;
import io.kotangent.bytecode.load.Together;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.plan.Buffer;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.Step;
import io.kotangent.plan.StepFailure;
import io.kotangent.plan.StepLines;
import io.kotangent.plan.StepWalk;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.runtime.Code;
import io.kotangent.runtime.StateLayout;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/// Runs a plan of which each step is one operation, by compiled kernels, and looks after each for what is not finite: NaN though no
/// operand had one, or an infinity though all operands were finite.
final class CheckedCode implements Code {
  private static final int MOST_OPERANDS = 6;

  /// Some elements of an array.
  private record Part(Object array, int from, int length) {
    double at(int index) {
      return array instanceof float[] a ? a[from + index] : ((double[]) array)[from + index];
    }

    /// The first that is NaN, or else is not finite; below 0 if there is none.
    int first(boolean nan) {
      for (int i = 0; i < length; i++) {
        double value = at(i);
        if (nan ? Double.isNaN(value) : !Double.isFinite(value)) {
          return i;
        }
      }
      return -1;
    }

    /// `-2.5 to 7.0`.
    String range() {
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < length; i++) {
        least = Math.min(least, at(i));
        most = Math.max(most, at(i));
      }
      return length == 0 ? "nothing" : String.format(Locale.ROOT, "%s to %s", least, most);
    }
  }

  private final Plan plan;
  private final PlanNames names;
  private final StepWalk walk;
  private final Map<Kernel, Consumer<Object[]>> kernels = new IdentityHashMap<>();
  /// Constants that were written so, which kernels do not read from arrays.
  private final Set<Node> nanConstants = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Node> infiniteConstants = Collections.newSetFromMap(new IdentityHashMap<>());

  private CheckedCode(Plan plan) {
    this.plan = plan;
    this.names = new PlanNames(plan);
    this.walk = new StepWalk(plan, this::run);
    constants(plan.steps());
  }

  private void constants(List<Step> steps) {
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> run.nodes().forEach(this::constants);
        case Step.Barrier _ -> {
          // computes nothing
        }
        case Step.Repeat repeat -> constants(repeat.body());
        case Step.When when -> {
          constants(when.then());
          constants(when.otherwise());
        }
      }
    }
  }

  private void constants(Node user) {
    for (Node node : user.operands()) {
      if (node.op() instanceof Op.Constant(var literal) && literal.type().dtype().isFloat()) {
        for (int i = 0; i < literal.length(); i++) {
          if (Double.isNaN(literal.real(i))) {
            nanConstants.add(node);
          } else if (Double.isInfinite(literal.real(i))) {
            infiniteConstants.add(node);
          }
        }
      }
    }
  }

  private static boolean uses(Step.Run step, Set<Node> constants) {
    return step.nodes().stream().flatMap(node -> node.operands().stream())
        .anyMatch(constants::contains);
  }

  /// @param plan of unfused steps
  static CheckedCode of(Plan plan, KernelCache cache) {
    CheckedCode code = new CheckedCode(plan);
    LoadedKernels loaded = new LoadedKernels(cache);
    try (Together _ = loaded.load(plan.steps())) {
      // waits until all are there
    }
    Map<String, KernelClass> classes = loaded.kernels();
    loaded.names().forEach((kernel, name) -> code.kernels.put(kernel,
        EntryCall.of(Objects.requireNonNull(classes.get(name)).type())));
    return code;
  }

  @Override
  public boolean run(Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier) {
    if (thread != 0) {
      return true;
    }
    fed(arrays, walk.symbols(sizes));
    return walk.run(arrays, sizes);
  }

  @Override
  public String way(boolean[] taken) {
    return "checked steps";
  }

  /// What a run begins with has to be finite.
  private void fed(Object[] arrays, Map<String, Long> symbols) {
    for (Buffer buffer : plan.buffers()) {
      ArraySlot slot = buffer.slot();
      if (!slot.dtype().isFloat()) {
        continue;
      }
      if (slot.kind() == ArraySlot.Kind.INPUT) {
        Port port = plan.signature().inputs().stream()
            .filter(input -> input.name().equals(slot.name())).findFirst().orElseThrow();
        fed(port, new Part(arrays[buffer.index()], 0, size(port, symbols)), symbols);
      } else if (slot.kind() == ArraySlot.Kind.STATE) {
        for (StateLayout.Place place : plan.signature().state().places()) {
          if (place.group().equals(slot.name())) {
            fed(place.port(),
                new Part(arrays[buffer.index()], place.offset(), place.length()), symbols);
          }
        }
      }
    }
  }

  private static int size(Port port, Map<String, Long> symbols) {
    return StepWalk.evaluate(port.type().shape().size(), symbols);
  }

  private void fed(Port port, Part part, Map<String, Long> symbols) {
    int at = part.first(false);
    if (at >= 0) {
      throw new NonFiniteValue(plan.name(), port.toString(), "",
          index(port.type().shape(), at, symbols), part.at(at), ": it was given so");
    }
  }

  private void run(Step.Run step, int line, Object[] arrays, Map<String, Long> symbols) {
    List<ArrayParam> params = step.kernel().arrays();
    List<Object> arguments = new ArrayList<>();
    for (int i = 0; i < params.size(); i++) {
      Step.Argument argument = step.arguments().get(i);
      arguments.add(arrays[argument.buffer().index()]);
      if (!params.get(i).whole()) {
        arguments.add(StepWalk.evaluate(argument.offset(), symbols));
      }
    }
    step.ints().forEach(dim -> arguments.add(StepWalk.evaluate(dim, symbols)));
    try {
      Objects.requireNonNull(kernels.get(step.kernel())).accept(arguments.toArray());
    } catch (ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException e) {
      StepLines lines = StepLines.of(plan, names, Map.of());
      throw StepFailure.of(lines, lines.at(line).orElseThrow(), e);
    }
    check(step, arrays, symbols);
  }

  private void check(Step.Run step, Object[] arrays, Map<String, Long> symbols) {
    List<Part> operands = parts(step, arrays, symbols, true);
    boolean nan =
        uses(step, nanConstants) || operands.stream().anyMatch(part -> part.first(true) >= 0);
    boolean infinite = nan || uses(step, infiniteConstants)
        || operands.stream().anyMatch(part -> part.first(false) >= 0);
    for (Part result : parts(step, arrays, symbols, false)) {
      int at = nan ? -1 : infinite ? result.first(true) : result.first(false);
      if (at >= 0) {
        throw failure(step, result, at, operands, symbols);
      }
    }
  }

  /// The floats that a step reads, or writes.
  private static List<Part> parts(Step.Run step, Object[] arrays, Map<String, Long> symbols,
      boolean read) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < step.arguments().size(); i++) {
      ArrayParam param = step.kernel().arrays().get(i);
      boolean wanted = read ? param.access() == ArrayParam.Access.READ
          : param.access() == ArrayParam.Access.WRITE
              || param.access() == ArrayParam.Access.UPDATE;
      if (wanted && (param.dtype() == DType.F32 || param.dtype() == DType.F64)) {
        Step.Argument argument = step.arguments().get(i);
        parts.add(new Part(arrays[argument.buffer().index()],
            StepWalk.evaluate(argument.offset(), symbols),
            StepWalk.evaluate(argument.length(), symbols)));
      }
    }
    return parts;
  }

  private NonFiniteValue failure(Step.Run step, Part result, int at, List<Part> operands,
      Map<String, Long> symbols) {
    if (step.nodes().isEmpty()) {
      return new NonFiniteValue(plan.name(), step.name(), "", List.of(at), result.at(at), "");
    }
    Node node = step.nodes().getLast();
    StringBuilder detail = new StringBuilder(", from ");
    for (int i = 0; i < Math.min(MOST_OPERANDS, operands.size()); i++) {
      Part operand = operands.get(i);
      detail.append(i == 0 ? "" : " and ").append(operand.length() == result.length()
          ? operand.at(at) + " there (all: " + operand.range() + ")"
          : operand.range());
    }
    String line = node.toString();
    int comment = line.indexOf("  ; ");
    Shape shape = node.valueType() instanceof TensorType type ? type.shape() : Shape.SCALAR;
    return new NonFiniteValue(plan.name(), comment < 0 ? line : line.substring(0, comment),
        PlanPrinter.origins(step.nodes()), index(shape, at, symbols), result.at(at),
        operands.isEmpty() ? "" : detail.toString());
  }

  /// The place of an element by axes.
  private static List<Integer> index(Shape shape, int at, Map<String, Long> symbols) {
    List<Integer> index = new ArrayList<>();
    int left = at;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      int size = StepWalk.evaluate(shape.dim(axis), symbols);
      index.addFirst(left % Math.max(1, size));
      left /= Math.max(1, size);
    }
    return index;
  }
}
