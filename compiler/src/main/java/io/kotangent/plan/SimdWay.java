package io.kotangent.plan;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A choice of a plan between SIMD code and plain loops: when its first way may be taken.
///
/// @param flag which of the plan's flags decides it
/// @param needs what the first way needs
/// @param others what a choice before this needs: if all of it holds, this one does not matter
/// @param otherwise the steps of the last way, if the second chooses again
public record SimdWay(int flag, Step.When choice, List<Step.Share.Needs> needs,
    List<Step.Share.Needs> others, List<Step> otherwise) {
  public SimdWay {
    needs = List.copyOf(needs);
    others = List.copyOf(others);
    otherwise = List.copyOf(otherwise);
  }

  /// All of some steps, in the order of their flags.
  public static List<SimdWay> of(List<Step> steps) {
    Map<Integer, SimdWay> found = new TreeMap<>();
    find(steps, found);
    return List.copyOf(found.values());
  }

  private static void find(List<Step> steps, Map<Integer, SimdWay> found) {
    for (Step step : steps) {
      switch (step) {
        case Step.Run _, Step.Barrier _ -> {
          // chooses nothing
        }
        case Step.Repeat repeat -> find(repeat.body(), found);
        case Step.When when -> {
          if (when.isChoice()) {
            add(when, List.of(), found);
          } else {
            find(when.then(), found);
            find(when.otherwise(), found);
          }
        }
      }
    }
  }

  private static void add(Step.When when, List<Step.Share.Needs> others,
      Map<Integer, SimdWay> found) {
    List<Step.Share.Needs> needs = needs(when);
    List<Step> otherwise = when.otherwise();
    for (Step step : when.otherwise()) {
      if (step instanceof Step.When again && again.isChoice()) {
        add(again, needs, found);
        otherwise = again.otherwise();
      }
    }
    int flag = Math.toIntExact(when.flag().offset().constant());
    found.put(flag, new SimdWay(flag, when, needs, others, otherwise));
  }

  private static List<Step.Share.Needs> needs(Step.When when) {
    return when.then().stream().filter(Step.Run.class::isInstance).map(Step.Run.class::cast)
        .flatMap(run -> run.share().asParts().stream()).flatMap(parts -> parts.needs().stream())
        .toList();
  }
}
