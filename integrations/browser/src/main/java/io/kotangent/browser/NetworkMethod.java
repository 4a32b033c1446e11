package io.kotangent.browser;

import java.util.List;

/// A method of a network as JavaScript sees it.
///
/// @param takes its arguments, in their order
/// @param gives its results: none, one that is returned, or several that are the properties of an object
public record NetworkMethod(String name, List<Value> takes, List<Value> gives) {
  /// An array, or one number.
  ///
  /// @param name of a result among several; else empty
  public record Value(String name, Kind kind, boolean isNumber) {
  }

  /// What elements there are. In JavaScript they are in a `Float32Array`, `Float64Array`, `Int32Array`, `BigInt64Array`, or, as 0 and
  /// 1, in a `Uint8Array`.
  public enum Kind {
    F32("F", "F", "Float32Array"), F64("D", "D", "Float64Array"), I32("I", "I", "Int32Array"),
    I64("J", "J", "BigInt64Array"), BOOL("Z", "B", "Int8Array");

    private final String element;
    private final String crossing;
    private final String array;

    Kind(String element, String crossing, String array) {
      this.element = element;
      this.crossing = crossing;
      this.array = array;
    }

    static Kind ofElement(String descriptor) {
      for (Kind kind : values()) {
        if (kind.element.equals(descriptor)) {
          return kind;
        }
      }
      throw new IllegalStateException("a network has no arguments of type " + descriptor);
    }

    /// The descriptor of an element in Java.
    String element() {
      return element;
    }

    /// The same in the arrays that cross over.
    String crossing() {
      return crossing;
    }

    /// TeaVM's class of the arrays that cross over.
    String array() {
      return "org/teavm/jso/typedarrays/" + array;
    }
  }
}
