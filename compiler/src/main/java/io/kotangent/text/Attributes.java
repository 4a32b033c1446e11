package io.kotangent.text;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Literal;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What stands in a statement's brackets: unnamed parts first, then `name=value`. Each read marks it as used.
final class Attributes {
  private final Scanner scanner;
  private final int place;
  private final OpParser.References references;
  private final List<Scanner> unnamed = new ArrayList<>();
  private final Map<String, Scanner> named = new LinkedHashMap<>();

  /// Reads the brackets at the scanner, if there are any.
  Attributes(Scanner scanner, int place, OpParser.References references) {
    this.scanner = scanner;
    this.place = place;
    this.references = references;
    if (!scanner.take('[') || scanner.take(']')) {
      return;
    }
    do {
      Scanner part = scanner.span(']');
      int start = part.place();
      String name = part.word();
      if (!part.take('=')) {
        unnamed.add(part.from(start));
      } else if (named.put(name, part) != null) {
        throw scanner.error(start, "each attribute once", "'" + name + "' twice");
      }
    } while (scanner.take(','));
    scanner.expect("]");
  }

  ParseException error(String expected, String got) {
    return scanner.error(place, expected, got);
  }

  boolean has(String name) {
    return named.containsKey(name);
  }

  void checkAllUsed() {
    for (var left : named.entrySet()) {
      throw left.getValue().error(left.getValue().place(), "no attribute of that name here",
          "'" + left.getKey() + "'");
    }
    if (!unnamed.isEmpty()) {
      throw unnamed.getFirst().error("name=value");
    }
  }

  private Scanner take(String name) {
    Scanner value = named.remove(name);
    if (value == null) {
      throw error("the attribute '" + name + "'", "none");
    }
    return value;
  }

  String raw(String name) {
    return take(name).rest();
  }

  String string(String name) {
    Scanner value = take(name);
    String string = value.name("a name");
    value.end("',' or ']'");
    return string;
  }

  /// True if the attribute is there; it can only be `true`.
  boolean flag(String name) {
    if (!has(name)) {
      return false;
    }
    Scanner value = take(name);
    value.expect("true");
    value.end("',' or ']'");
    return true;
  }

  int integer(String name) {
    return integer(take(name));
  }

  int integer(String name, int usual) {
    return has(name) ? integer(name) : usual;
  }

  private static int integer(Scanner value) {
    int start = value.place();
    long number = value.integer();
    if (number != (int) number) {
      throw value.error(start, "an integer of 32 bits", "'" + number + "'");
    }
    value.end("',' or ']'");
    return (int) number;
  }

  List<Integer> integers(String name) {
    List<Integer> list = new ArrayList<>();
    take(name).list().forEach(e -> list.add(integer(e)));
    return list;
  }

  /// A list as long as that, by default of the usual value.
  List<Integer> integers(String name, int length, int usual) {
    return has(name) ? checked(name, integers(name), length) : Collections.nCopies(length, usual);
  }

  Dim dim(String name) {
    return dim(take(name));
  }

  private static Dim dim(Scanner value) {
    Dim dim = new TypeParser(value).dim();
    value.end("',' or ']'");
    return dim;
  }

  List<Dim> dims(String name) {
    List<Dim> list = new ArrayList<>();
    take(name).list().forEach(e -> list.add(dim(e)));
    return list;
  }

  /// A list as long as that, by default of zeros.
  List<Dim> dims(String name, int length) {
    return has(name) ? checked(name, dims(name), length) : Collections.nCopies(length, Dim.ZERO);
  }

  private <T> List<T> checked(String name, List<T> list, int length) {
    if (list.size() != length) {
      throw error("'" + name + "' with " + length + " elements", list.size() + " elements");
    }
    return list;
  }

  DType dtype(String name, Optional<DType> usual) {
    if (!has(name) && usual.isPresent()) {
      return usual.get();
    }
    Scanner value = take(name);
    int start = value.place();
    try {
      return DType.parse(value.rest());
    } catch (KotangentException e) {
      throw value.error(start, "an element type (f32, f64, i32, i64 or bool)",
          "'" + value.rest() + "'");
    }
  }

  Literal literal(String name, TensorType type) {
    Scanner value = take(name);
    int start = value.place();
    boolean list = value.peek() == '(';
    if (list == type.isScalar()) {
      throw value.error(start, type.isScalar() ? "one element" : "elements in parentheses",
          list ? "a list" : "one");
    }
    try {
      return LiteralParser.parse(type, value.list());
    } catch (ParseException e) {
      throw e;
    } catch (KotangentException e) {
      throw value.error(start, "elements of " + type, e.getMessage());
    }
  }

  /// The labels of `bk,kn->bn`, one string for each tensor.
  List<String> labels() {
    if (unnamed.size() < 2) {
      throw error("labels such as bk,kn->bn", "none");
    }
    Scanner first = unnamed.removeFirst();
    Scanner second = unnamed.removeFirst();
    List<String> labels = new ArrayList<>(List.of(labels(first), labels(second)));
    second.expect("->");
    labels.add(labels(second));
    first.end("','");
    second.end("',' or ']'");
    return labels;
  }

  private static String labels(Scanner scanner) {
    int start = scanner.place();
    String labels = scanner.word();
    if (!labels.matches("[A-Za-z]*") || labels.length() > 52) {
      throw scanner.error(start, "labels (letters)",
          "'" + labels.substring(0, Math.min(52, labels.length())) + "'");
    }
    return labels;
  }

  Graph graph(int index) {
    if (unnamed.isEmpty()) {
      throw error("a graph such as @body", index + " of them");
    }
    return graph(unnamed.removeFirst());
  }

  Optional<Graph> graph(String name) {
    return has(name) ? Optional.of(graph(take(name))) : Optional.empty();
  }

  private Graph graph(Scanner value) {
    int start = value.place();
    value.expect("@");
    String reference = GraphParser.reference(value);
    value.end("',' or ']'");
    return references.apply(reference)
        .orElseThrow(
            () -> value.error(start, "a graph of this text, above", "'@" + reference + "'"));
  }
}
