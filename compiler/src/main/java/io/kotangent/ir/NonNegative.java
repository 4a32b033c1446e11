package io.kotangent.ir;

import java.math.BigInteger;

/// Whether a vector is a sum of others, each times a number that is not negative: the first phase of the simplex method,
/// exact. Pivots keep integers (all entries have one common denominator, the pivot before), Bland's rule makes it end.
final class NonNegative {
  /// A row for each element, the last for how far the sum is from the target; a column for each vector, the last for the
  /// target.
  private final BigInteger[][] table;
  /// The column that stands in each row; beyond the columns while it is none.
  private final int[] basis;
  private BigInteger denominator = BigInteger.ONE;

  private NonNegative(BigInteger[][] vectors, BigInteger[] target) {
    int rows = target.length;
    table = new BigInteger[rows + 1][vectors.length + 1];
    basis = new int[rows];
    java.util.Arrays.fill(table[rows], BigInteger.ZERO);
    for (int i = 0; i < rows; i++) {
      basis[i] = vectors.length + i;
      boolean negate = target[i].signum() < 0;
      for (int j = 0; j <= vectors.length; j++) {
        BigInteger entry = j < vectors.length ? vectors[j][i] : target[i];
        table[i][j] = negate ? entry.negate() : entry;
        table[rows][j] = table[rows][j].add(table[i][j]);
      }
    }
  }

  static boolean canSum(BigInteger[][] vectors, BigInteger[] target) {
    NonNegative sum = new NonNegative(vectors, target);
    int column = sum.entering();
    while (column >= 0) {
      sum.pivot(sum.leaving(column), column);
      column = sum.entering();
    }
    BigInteger[] distance = sum.table[target.length];
    return distance[vectors.length].signum() == 0;
  }

  /// The first column that brings the sum nearer; −1 if none does.
  private int entering() {
    BigInteger[] distance = table[basis.length];
    for (int j = 0; j < distance.length - 1; j++) {
      if (distance[j].signum() > 0) {
        return j;
      }
    }
    return -1;
  }

  /// The row that limits a column. There is one: the distance, a sum of rows, cannot fall below zero.
  private int leaving(int column) {
    int end = table[0].length - 1;
    int best = -1;
    for (int i = 0; i < basis.length; i++) {
      if (table[i][column].signum() > 0) {
        int order = best < 0 ? -1 : table[i][end].multiply(table[best][column])
            .compareTo(table[best][end].multiply(table[i][column]));
        if (order < 0 || order == 0 && basis[i] < basis[best]) {
          best = i;
        }
      }
    }
    return best;
  }

  private void pivot(int row, int column) {
    BigInteger pivot = table[row][column];
    for (int i = 0; i < table.length; i++) {
      BigInteger factor = table[i][column];
      for (int j = 0; j < table[i].length && i != row; j++) {
        table[i][j] = table[i][j].multiply(pivot).subtract(factor.multiply(table[row][j]))
            .divide(denominator);
      }
    }
    denominator = pivot;
    basis[row] = column;
  }
}
