package io.kotangent.autodiff;

import io.kotangent.autodiff.Subject.Case;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DerivativeLawTest {
  static List<Case> ops() {
    return OpCases.all();
  }

  @Tag("fast") @ParameterizedTest @MethodSource
  void ops(Case subject) {
    Laws.hold(subject, 1);
  }

  static List<Case> control() {
    return ControlCases.all();
  }

  @Tag("fast") @ParameterizedTest @MethodSource
  void control(Case subject) {
    Laws.hold(subject, 3);
  }

  /// Every sixth: all strides, paddings, dilations and groups occur.
  static List<Case> someConvolutions() {
    List<Case> some = new ArrayList<>();
    List<Case> all = ConvolveCases.all();
    for (int i = 0; i < all.size(); i++) {
      if (i % 6 == i / 6 % 6 || i % 23 == 0) {
        some.add(all.get(i));
      }
    }
    return some;
  }

  @Tag("fast") @ParameterizedTest @MethodSource
  void someConvolutions(Case subject) {
    Laws.hold(subject, 2);
  }

  static List<Case> allConvolutions() {
    return ConvolveCases.all();
  }

  @ParameterizedTest @MethodSource
  void allConvolutions(Case subject) {
    Laws.hold(subject, 4);
  }
}
