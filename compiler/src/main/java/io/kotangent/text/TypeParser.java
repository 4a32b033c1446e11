package io.kotangent.text;

import io.kotangent.ir.NameText;
import io.kotangent.ir.SumOrder;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Shape;
import io.kotangent.type.SizeFunction;
import io.kotangent.type.TensorType;
import io.kotangent.type.TupleType;
import io.kotangent.type.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads sizes and types: `2*batch+1`, `f32[batch,10]`, `(f32[3], i32[3])`.
final class TypeParser {
  private static final int DEEPEST = 50;
  private final Scanner scanner;

  TypeParser(Scanner scanner) {
    this.scanner = scanner;
  }

  public static Dim parseDim(String text) {
    Scanner scanner = new Scanner(text);
    Dim dim = new TypeParser(scanner).dim();
    scanner.end("the end");
    return dim;
  }

  public static Type parseType(String text) {
    Scanner scanner = new Scanner(text);
    Type type = new TypeParser(scanner).type();
    scanner.end("the end");
    return type;
  }

  Type type() {
    if (!scanner.take('(')) {
      return tensorType();
    }
    List<TensorType> items = new ArrayList<>();
    if (!scanner.take(')')) {
      do {
        items.add(tensorType());
      } while (scanner.take(','));
      scanner.expect(")");
    }
    return new TupleType(items);
  }

  TensorType tensorType() {
    int place = scanner.place();
    String word = scanner.word();
    DType dtype;
    try {
      dtype = DType.parse(word);
    } catch (KotangentException e) {
      throw scanner.error(place, "an element type (f32, f64, i32, i64 or bool)",
          word.isEmpty() ? "none" : "'" + word + "'");
    }
    List<Dim> dims = new ArrayList<>();
    if (scanner.take('[')) {
      do {
        dims.add(size());
      } while (scanner.take(','));
      scanner.expect("]");
    }
    Shape shape = new Shape(dims);
    if (shape.rank() > SumOrder.MOST_AXES) {
      throw scanner.error(place, "a rank of at most " + SumOrder.MOST_AXES, "rank " + shape.rank());
    }
    checkSize(place, shape);
    return new TensorType(dtype, shape);
  }

  private void checkSize(int place, Shape shape) {
    Dim size = exact(place, shape::size);
    if (!shape.isAddressable()) {
      throw scanner.error(place, "at most " + Dim.LARGEST + " elements",
          size.is(0) ? shape + ", whose other sizes are too large" : size.toString());
    }
  }

  /// A dimension of a type: not a negative constant.
  private Dim size() {
    int place = scanner.place();
    Dim dim = dim();
    if (dim.isConstant() && dim.constant() < 0) {
      throw scanner.error(place, "a size of 0 or more", dim.toString());
    }
    return dim;
  }

  Dim dim() {
    return sum(0);
  }

  private Dim sum(int depth) {
    int place = scanner.place();
    List<Dim> terms = new ArrayList<>();
    boolean negative = scanner.take('-');
    do {
      Dim term = product(depth);
      terms.add(negative ? exact(place, () -> term.times(-1)) : term);
      negative = scanner.peek() == '-';
    } while (scanner.take(negative ? '-' : '+'));
    return terms.size() == 1 ? terms.getFirst() : exact(place, () -> Dim.sum(terms));
  }

  private Dim product(int depth) {
    int place = scanner.place();
    Dim product = factor(depth);
    while (scanner.take('*')) {
      Dim left = product;
      Dim right = factor(depth);
      product = exact(place, () -> left.times(right));
    }
    return product;
  }

  private Dim factor(int depth) {
    if (scanner.peek() >= '0' && scanner.peek() <= '9') {
      return Dim.of(scanner.integer());
    }
    int place = scanner.place();
    String word = scanner.word();
    Optional<SizeFunction> function = SizeFunction.find(word);
    if (function.isEmpty()) {
      if (word.isEmpty()) {
        throw scanner.error("a size such as 10 or batch");
      }
      if (word.length() > NameText.LONGEST) {
        throw scanner.error(place, "a size's name of at most " + NameText.LONGEST + " characters",
            word.length() + " characters");
      }
      return exact(place, () -> Dim.symbol(word));
    }
    if (depth == DEEPEST) {
      throw scanner.error(place, "sizes nested at most " + DEEPEST + " deep", "more");
    }
    scanner.expect("(");
    Dim left = sum(depth + 1);
    scanner.expect(",");
    Dim right = sum(depth + 1);
    scanner.expect(")");
    return exact(place, () -> left.apply(function.get(), right));
  }

  private Dim exact(int place, java.util.function.Supplier<Dim> compute) {
    try {
      return compute.get();
    } catch (KotangentException e) {
      throw scanner.error(place, "a size", e.getMessage());
    }
  }
}
