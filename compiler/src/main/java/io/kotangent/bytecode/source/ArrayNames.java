package io.kotangent.bytecode.source;

import io.kotangent.plan.Buffer;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.plan.Step;
import io.kotangent.runtime.StateLayout;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The names of a program's arrays, sizes and counters as Java variables, and of what the arrays hold.
final class ArrayNames {
  private static final Set<String> PARAMETERS =
      Set.of("arrays", "sizes", "thread", "threads", "barrier");

  private final Plan plan;
  private final List<String> arrays = new ArrayList<>();
  private final Map<String, String> symbols = new HashMap<>();
  private final JavaNames names;

  ArrayNames(Plan plan, PlanNames listed, Home home) {
    this.plan = plan;
    names = new JavaNames(home.own());
    PARAMETERS.forEach(names::unique);
    plan.signature().symbols().forEach(symbol -> symbol(symbol, listed));
    counters(plan.steps(), listed);
    for (Buffer buffer : plan.buffers()) {
      arrays.add(names.unique(JavaNames.variable(listed.array(buffer))));
    }
  }

  private void symbol(String symbol, PlanNames listed) {
    symbols.computeIfAbsent(symbol,
        name -> names.unique(JavaNames.variable(listed.symbol(name))));
  }

  private void counters(List<Step> steps, PlanNames listed) {
    for (Step step : steps) {
      switch (step) {
        case Step.Repeat repeat -> {
          symbol(repeat.counter(), listed);
          counters(repeat.body(), listed);
        }
        case Step.When when -> {
          counters(when.then(), listed);
          counters(when.otherwise(), listed);
        }
        case Step.Run _, Step.Barrier _ -> {
          // count nothing
        }
      }
    }
  }

  String array(Buffer buffer) {
    return arrays.get(buffer.index());
  }

  /// A size or a counter.
  String symbol(String symbol) {
    return Optional.ofNullable(symbols.get(symbol)).orElseThrow(
        () -> new IllegalStateException("no size '" + symbol + "' in " + plan.name()));
  }

  /// Another name, for something of one method.
  String fresh(String wanted) {
    return names.unique(wanted);
  }

  /// What an argument is to the caller of the program, as a variable; nothing for working memory.
  Optional<String> meaning(Step.Argument argument) {
    Buffer buffer = argument.buffer();
    return switch (buffer.slot().kind()) {
      case INPUT, RESULT, CONSTANT -> Optional.of(JavaNames.variable(buffer.slot().name()));
      case STATE -> Optional.of(
          JavaNames.variable(port(argument).orElse(buffer.slot().name())));
      case CHOICES, WORKSPACE, SCRATCH, ALIGNED -> Optional.empty();
    };
  }

  /// The name of a size that is a symbol.
  Optional<String> meaning(Dim dim) {
    return symbols.keySet().stream().filter(symbol -> dim.equals(Dim.symbol(symbol)))
        .map(JavaNames::variable).findFirst();
  }

  /// The port that lies at an argument's place in the state, and nowhere else.
  Optional<String> port(Step.Argument argument) {
    String group = argument.buffer().slot().name();
    return plan.signature().state().places().stream()
        .filter(place -> isAt(place, group, argument))
        .map(place -> place.port().name()).findFirst();
  }

  private static boolean isAt(StateLayout.Place place, String group, Step.Argument argument) {
    return place.group().equals(group) && argument.offset().is(place.offset())
        && argument.length().is(place.length());
  }
}
