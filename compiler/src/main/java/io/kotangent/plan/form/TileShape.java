package io.kotangent.plan.form;

import io.kotangent.plan.nest.Chunks;
import io.kotangent.type.Dim;
import java.util.List;
import java.util.Optional;

/// How much of a result one register tile covers: rows of it, along one label, and vectors of columns.
///
/// @param tiled the label that the rows of a tile run along; nothing if no label shares the rows operand
/// @param rows how many rows a tile has
/// @param lanes elements of a vector
/// @param columns the length of a row, or a great number if it is not known
/// @param sums how many vectors of sums registers hold
public record TileShape(Optional<Character> tiled, int rows, int lanes, int columns, int sums) {
  /// Registers for sums: of the 16 (or, with 512 bits, 32) that there are, the rest hold operands.
  private static final int SUMS = 8;
  private static final int WIDE = 512;
  /// What a size that is not known is taken for.
  private static final int USUAL = 32;

  /// Rows of an operand that are more elements than this do not fit in the second cache beside what else is needed.
  private static final int LARGE = 1 << 18;
  /// The most elements of a chunk's rows, one column.
  private static final int MOST_PACKED = 512;
  /// Of one row, so many panels at least are left for threads to share.
  private static final int PANELS = 4;
  /// The most panels that are copied at a time: runs of a kilobyte, with 512 bits.
  private static final int TOGETHER = 8;
  /// What a panel that is copied is used for, at least: so many tiles.
  private static final int LEAST_USES = 4;

  /// In which order the tiles of a result are taken.
  public enum Order {
    /// Down the rows of a few columns, then of the next columns.
    COLUMNS,
    /// The same, in panels that threads can share.
    PANELS,
    /// The same, and what the tiles of a panel read of the rows operand is copied first.
    PACKED,
    /// Along the columns of some rows.
    ROWS
  }

  /// Columns, unless the rows operand is larger than the caches, or the result is, or there is but one row.
  public Order order(RowForm form, int height) {
    int width = vectors(height) * lanes;
    if (!form.length().isConstant() || columns < 2 * width) {
      return Order.COLUMNS;
    }
    if (height == 1) {
      boolean isRow = form.outer().isEmpty()
          || form.outer().length() == 1 && !form.size(form.outer().charAt(0)).isConstant();
      return isRow ? Order.PANELS : Order.COLUMNS;
    }
    long uses = usual(form, form.sharing()) / height;
    long summed = usual(form, chars(form.summed()));
    if (chunk(form) > 0 && uses >= LEAST_USES && summed * columns >= LARGE) {
      return Order.PACKED;
    }
    boolean large = form.size(tiled.orElseThrow()).isConstant() && uses * height * columns >= LARGE
        && summed * columns < LARGE && columns % width == 0;
    return large ? Order.ROWS : Order.COLUMNS;
  }

  /// How many elements a chunk may have; 0 if they are too many, or their number is not known.
  public static int chunk(RowForm form) {
    long inner = 1;
    for (char label : form.summed().substring(1).toCharArray()) {
      Dim size = form.size(label);
      inner *= size.isConstant() ? size.constant() : 0;
    }
    long chunk = Chunks.steps(inner) * inner;
    return chunk > MOST_PACKED ? 0 : (int) chunk;
  }

  /// How many panels are copied at a time: they make up the row, and there are several such for threads to share.
  public int together(int height) {
    int width = vectors(height) * lanes;
    int panels = columns / width;
    int together = columns % width == 0 ? Math.min(TOGETHER, panels / PANELS) : 1;
    while (together > 1 && panels % together != 0) {
      together--;
    }
    return Math.max(1, together);
  }

  private static List<Character> chars(String labels) {
    return labels.chars().mapToObj(label -> (char) label).toList();
  }

  private static long usual(RowForm form, List<Character> labels) {
    long product = 1;
    for (char label : labels) {
      product *= form.size(label).isConstant() ? form.size(label).constant() : USUAL;
    }
    return product;
  }

  public static TileShape of(RowForm form, int bits) {
    int lanes = bits / Byte.SIZE / form.node().dtype().bytes();
    int columns = form.length().isConstant()
        ? (int) Math.min(Integer.MAX_VALUE, form.length().constant()) : Integer.MAX_VALUE;
    Optional<Character> tiled = tiled(form);
    int vectors = vectors(columns, lanes, 2);
    int sums = bits == WIDE ? 2 * SUMS : SUMS;
    int most = Math.min(SUMS, sums / vectors);
    // factors that are next to each other are all loaded before the first is used
    boolean adjacent = tiled.isPresent() && form.factorStride(tiled.get()).is(1);
    int tallest = adjacent && vectors * most > SUMS ? most - 1 : most;
    int rows = tiled.map(label -> rows(form, label, tallest)).orElse(1);
    return new TileShape(tiled, rows, lanes, columns, sums);
  }

  /// Whether there are that many products.
  public static boolean pays(RowForm form, int leastWork) {
    return usual(form, chars(form.outer() + form.summed() + form.row())) >= leastWork;
  }

  /// How many vectors of columns a tile of that many rows has: enough sums to keep the units busy. Of one row there are as
  /// many as registers hold, if that leaves panels to share: every element of the rows operand is fetched for one product,
  /// and the longer the runs are, the faster.
  public int vectors(int height) {
    if (height > 1) {
      return vectors(columns, lanes, 2);
    }
    return vectors(columns, lanes, columns >= PANELS * sums * lanes ? sums : SUMS);
  }

  private static int vectors(int columns, int lanes, int most) {
    long needed = ((long) columns + lanes - 1) / lanes;
    return (int) Math.max(1, Math.min(most, needed));
  }

  public boolean isTiled(char label) {
    return tiled.isPresent() && tiled.get() == label;
  }

  /// The heights that programs may need, the highest first: rows that are fewer than a tile, which is possible when their number
  /// is not known, go one by one.
  public List<Integer> heights(RowForm form) {
    boolean known = tiled.isEmpty() || form.size(tiled.get()).isConstant();
    return rows == 1 ? List.of(1) : known ? List.of(rows) : List.of(rows, 1);
  }

  private static Optional<Character> tiled(RowForm form) {
    List<Character> sharing = form.sharing();
    for (int i = sharing.size() - 1; i >= 0; i--) {
      if (!form.size(sharing.get(i)).is(1)) {
        return Optional.of(sharing.get(i));
      }
    }
    return Optional.empty();
  }

  /// The height that wastes least on the last tile; at most `most`. If the number of rows is not known, one, unless they are
  /// what threads share: then a program can tell whether there are enough.
  private static int rows(RowForm form, char label, int most) {
    if (!form.size(label).isConstant()) {
      return form.outer().length() == 1 && isSymbol(form.size(label)) ? most : 1;
    }
    long size = form.size(label).constant();
    int best = 1;
    double least = Double.MAX_VALUE;
    for (int height = 1; height <= Math.min(most, size); height++) {
      long tiles = (size + height - 1) / height;
      double cost = tiles * (height + 1.0);
      if (cost <= least) {
        least = cost;
        best = height;
      }
    }
    return best;
  }

  /// Whether it is a size that the caller gives, as it is: not `2*batch`.
  public static boolean isSymbol(Dim size) {
    List<Dim.Product> products = size.products();
    return products.size() == 1 && products.getFirst().atoms().size() == 1
        && products.getFirst().atoms().getFirst() instanceof Dim.Symbol(String name)
        && size.equals(Dim.symbol(name));
  }
}
