package io.kotangent.autodiff;

import io.kotangent.autodiff.Subject.Case;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DerivativeLawTest {
  /// All of the ops and of control flow, and enough convolutions that all strides, paddings, dilations and groups occur.
  static List<Case> some() {
    List<Case> some = new ArrayList<>(OpCases.all());
    some.addAll(ControlCases.all());
    some.addAll(PoolCases.all());
    List<Case> convolutions = ConvolveCases.all();
    for (int i = 0; i < convolutions.size(); i++) {
      if (i % 6 == i / 6 % 6 || i % 23 == 0) {
        some.add(convolutions.get(i));
      }
    }
    return some;
  }

  @Tag("fast") @ParameterizedTest @MethodSource
  void some(Case subject) {
    Laws.holdExactly(subject, 1);
  }

  static List<Case> all() {
    List<Case> all = new ArrayList<>(OpCases.all());
    all.addAll(ControlCases.all());
    all.addAll(PoolCases.all());
    all.addAll(ConvolveCases.all());
    return all;
  }

  @ParameterizedTest @MethodSource
  void all(Case subject) {
    Laws.hold(subject, 2);
  }
}
