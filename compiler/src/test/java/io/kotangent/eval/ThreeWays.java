package io.kotangent.eval;

import io.kotangent.bytecode.Compilation;
import io.kotangent.ir.Graph;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Signature;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import java.lang.reflect.Array;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/// What a graph of inputs yields for zeros by the interpreter, by the interpreter of its plan, and compiled: of each the
/// results, or the error.
record ThreeWays(Way meaning, Way plan, Way program) {
  /// Either of both.
  record Way(Map<String, Object> results, Optional<KotangentException> error) {
    static Way of(Supplier<Map<String, Object>> run) {
      try {
        return new Way(run.get(), Optional.empty());
      } catch (KotangentException e) {
        return new Way(Map.of(), Optional.of(e));
      }
    }
  }

  /// What is no [KotangentException] is thrown.
  static ThreeWays of(Graph graph, Compilation compiled, Map<String, Long> symbols) {
    Program plan =
        Program.of(compiled.plan().signature(), new PlanInterpreter(compiled.plan()));
    return new ThreeWays(Way.of(() -> interpreted(graph, symbols)),
        Way.of(() -> run(plan, symbols)), Way.of(() -> run(compiled.program(), symbols)));
  }

  private static Map<String, Object> interpreted(Graph graph, Map<String, Long> symbols) {
    Map<String, TensorValue> inputs = new LinkedHashMap<>();
    for (Port port : graph.ports()) {
      inputs.put(port.name(),
          TensorValue.zeros(port.type().dtype(), port.type().shape().evaluate(symbols)));
    }
    Map<String, Object> results = new LinkedHashMap<>();
    Interpreter.run(graph, inputs, symbols).results()
        .forEach((name, value) -> results.put(name, value.toArray()));
    return results;
  }

  private static Map<String, Object> run(Program program, Map<String, Long> symbols) {
    Workspace workspace = program.newWorkspace();
    for (String symbol : program.signature().symbols()) {
      workspace.size(symbol, Math.toIntExact(symbols.getOrDefault(symbol, 0L)));
    }
    for (Port port : program.signature().inputs()) {
      workspace.feedArray(port.name(),
          port.type().dtype().newArray(port.type().shape().size().evaluate(symbols)));
    }
    program.run(workspace, program.newState());
    Map<String, Object> results = new LinkedHashMap<>();
    for (Signature.Result result : program.signature().results()) {
      results.put(result.name(), workspace.array(result.name()));
    }
    return results;
  }

  /// What went wrong in each of them.
  List<KotangentException> errors() {
    return List.of(meaning, plan, program).stream().flatMap(way -> way.error.stream()).toList();
  }

  /// The first difference; empty if there is none.
  String difference() {
    if (!errors().isEmpty()) {
      return errors().size() == 3 ? "" : "some fail: " + meaning.error + ", " + plan.error + ", "
          + program.error;
    }
    for (Map.Entry<String, Object> entry : meaning.results.entrySet()) {
      for (Way way : List.of(plan, program)) {
        Object expected = entry.getValue();
        Object got = Objects.requireNonNull(way.results.get(entry.getKey()));
        if (Array.getLength(expected) != Array.getLength(got)) {
          return entry.getKey() + " has " + Array.getLength(expected) + " elements and "
              + Array.getLength(got);
        }
        for (int i = 0; i < Array.getLength(got); i++) {
          if (!Array.get(expected, i).equals(Array.get(got, i))) {
            return entry.getKey() + "[" + i + "]: " + Array.get(expected, i) + " and "
                + Array.get(got, i);
          }
        }
      }
    }
    return "";
  }
}
