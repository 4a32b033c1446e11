package io.kotangent.aot;

/// How classes of several results are called: `PredictResults`.
final class ResultNames {
  private ResultNames() {
  }

  static String simple(Method method) {
    return Character.toUpperCase(method.name().charAt(0)) + method.name().substring(1) + "Results";
  }
}
