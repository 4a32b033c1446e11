package io.kotangent.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The names that the listing and the emitted program give to a plan's arrays, sizes and counters: those
/// of the values, made harmless (letters, digits, underscores; not long) and unique.
public final class PlanNames {
  private static final int LONGEST = 40;

  private final String program;
  private final List<String> arrays = new ArrayList<>();
  private final Map<String, String> symbols = new HashMap<>();
  private final Map<String, Integer> repeats = new HashMap<>();
  private final Set<String> taken = new HashSet<>(
      Set.of("arrays", "sizes", "thread", "threads", "barrier", "run"));

  public PlanNames(Plan plan) {
    program = harmless(plan.name(), "program");
    plan.signature().symbols().forEach(this::addSymbol);
    addCounters(plan.steps());
    for (Buffer buffer : plan.buffers()) {
      arrays.add(unique(harmless(buffer.slot().name(), "v" + buffer.index())));
    }
  }

  private void addCounters(List<Step> steps) {
    for (Step step : steps) {
      switch (step) {
        case Step.Repeat repeat -> {
          addSymbol(repeat.counter());
          addCounters(repeat.body());
        }
        case Step.When when -> {
          addCounters(when.then());
          addCounters(when.otherwise());
        }
        case Step.Run _, Step.Barrier _ -> {
          // names nothing
        }
      }
    }
  }

  private void addSymbol(String symbol) {
    if (!symbols.containsKey(symbol)) {
      symbols.put(symbol, unique(harmless(symbol, "n")));
    }
  }

  /// The program's name in lower or upper case as its author wrote it.
  public String program() {
    return program;
  }

  /// The name of the program's class: its name, capitalized.
  public String className() {
    return Character.toUpperCase(program.charAt(0)) + program.substring(1);
  }

  /// The name of the listing as a file: `digits.ir`.
  public String fileName() {
    return program + ".ir";
  }

  public String array(Buffer buffer) {
    return arrays.get(buffer.index());
  }

  /// The name of a symbolic size or of a loop's counter.
  public String symbol(String symbol) {
    return symbols.getOrDefault(symbol, symbol);
  }

  private String unique(String name) {
    String candidate = name;
    while (!taken.add(candidate)) {
      candidate = name + "_" + (1 + repeats.merge(name, 1, Integer::sum));
    }
    return candidate;
  }

  /// Letters, digits and underscores of `name`, not starting with a digit, at most forty; `fallback` if nothing is left.
  public static String harmless(String name, String fallback) {
    StringBuilder kept = new StringBuilder();
    for (int i = 0; i < name.length() && kept.length() < LONGEST; i++) {
      char c = name.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
      if (!letter && c >= '0' && c <= '9' && kept.isEmpty()) {
        kept.append('_').append(c);
      } else {
        kept.append(letter || c >= '0' && c <= '9' ? c : '_');
      }
    }
    return kept.isEmpty() ? fallback : kept.toString();
  }
}
