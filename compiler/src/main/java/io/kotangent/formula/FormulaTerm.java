package io.kotangent.formula;

import io.kotangent.ir.Axes;
import java.util.List;

/// What a formula for people is made of: sums of products of powers of other things, in normal form (made by
/// [Algebra]).
sealed interface FormulaTerm {
  /// The number of axes of what it stands for; numbers have none.
  int rank();

  /// How many parts it has, at most [Algebra#LARGEST].
  int size();

  /// The name of an input, or of a value that the user named.
  ///
  /// @param given whether it is an input
  record Name(String name, boolean given, int rank) implements FormulaTerm {
    @Override
    public int size() {
      return 1;
    }
  }

  /// Two terms or more, in the order of their first appearance.
  record Sum(List<Product> terms, int rank, int size) implements FormulaTerm {
  }

  /// A number times powers, lane by lane.
  record Product(double coefficient, List<Power> factors, int rank, int size)
      implements FormulaTerm {
  }

  /// Part of a product; its base is neither a product nor a number.
  record Power(FormulaTerm base, double exponent) {
  }

  /// A chain of matrix products.
  record Matrices(List<FormulaTerm> factors, int rank, int size) implements FormulaTerm {
  }

  record Transposed(FormulaTerm of, int rank, int size) implements FormulaTerm {
  }

  /// A function or another op by its name.
  record Applied(String name, List<FormulaTerm> arguments, int rank, int size)
      implements FormulaTerm {
  }

  /// A term that lies along some axes of a larger tensor and is repeated along the others, which does not show. It is no sum,
  /// product or number, and has axes.
  ///
  /// @param axes where its own axes lie, increasing
  record Spread(FormulaTerm of, List<Integer> axes, int rank, int size) implements FormulaTerm {
  }

  /// What reduces some axes: `Σ`, `mean`, `max`.
  ///
  /// @param count how many elements become one
  record Reduced(String name, FormulaTerm of, List<Integer> axes, FormulaTerm count, int rank,
      int size) implements FormulaTerm {
    /// Where the axes that are left were before.
    List<Integer> kept() {
      return Axes.others(axes, rank + axes.size());
    }
  }

  /// A function of all elements along some axes, that keeps them: `softmax`.
  record Along(String name, FormulaTerm of, List<Integer> axes, FormulaTerm count, int rank,
      int size)
      implements FormulaTerm {
  }

  /// The position along an axis: `j`.
  record Index(int axis, int rank) implements FormulaTerm {
    @Override
    public int size() {
      return 1;
    }
  }

  /// The elements at some positions: `z[label]`.
  record Picked(FormulaTerm of, FormulaTerm at, int rank, int size) implements FormulaTerm {
  }

  /// Part of each axis: `x[1:n, :]`.
  record Sliced(FormulaTerm of, String axes, int rank, int size) implements FormulaTerm {
  }

  /// A relation or logical connective between two terms: `>`, `∧`.
  record Related(String sign, FormulaTerm left, FormulaTerm right, int rank, int size)
      implements FormulaTerm {
  }

  /// 1 where the condition holds, otherwise 0: `[x > 0]`.
  record Bracket(FormulaTerm condition, int rank, int size) implements FormulaTerm {
  }

  /// Something between two equal signs: `|x|`, `‖x‖`.
  record Fenced(boolean isDouble, FormulaTerm inside, int rank, int size) implements FormulaTerm {
  }

  /// A choice by a condition.
  record Choice(FormulaTerm condition, FormulaTerm then, FormulaTerm otherwise, int rank, int size)
      implements FormulaTerm {
  }
}
