package io.kotangent.autodiff;

import io.kotangent.autodiff.Subject.Case;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fast")
class DerivativeLawTest {
  static List<Case> ops() {
    return OpCases.all();
  }

  @ParameterizedTest
  @MethodSource
  void ops(Case subject) {
    Laws.hold(subject, 1);
  }

  static List<Case> convolutions() {
    return ConvolveCases.all();
  }

  @ParameterizedTest
  @MethodSource
  void convolutions(Case subject) {
    Laws.hold(subject, 2);
  }

  static List<Case> control() {
    return ControlCases.all();
  }

  @ParameterizedTest
  @MethodSource
  void control(Case subject) {
    Laws.hold(subject, 3);
  }
}
