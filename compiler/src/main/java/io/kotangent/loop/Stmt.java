package io.kotangent.loop;

import io.kotangent.ir.Basic;
import io.kotangent.type.DType;
import java.util.List;

/// A statement of a kernel.
public sealed interface Stmt {
  /// `for (int v = from; v < to; v += step)`.
  ///
  /// @param row a row loop: its body is straight-line and uses every array at one and the same index
  /// expression, or whole rows further on, so that C2 vectorizes it; the emitter gives it a method of its own
  record For(Local variable, Value from, Value to, int step, List<Stmt> body, boolean row)
      implements Stmt {
    public For {
      body = List.copyOf(body);
    }
  }

  /// `for (int v = from; v < to; v++)` whose turns do not depend on each other: none reads what another writes. SIMD code
  /// takes `vectors` vectors of turns at once through the whole body, inner loops included; what is the same in
  /// all turns stays scalar. [LaneKinds] says what a body may contain.
  ///
  /// @param vectors how many vectors of turns share one pass through the body
  /// @param overlap the last vectors may begin earlier and do some turns again (nothing that is stored was read before),
  /// which is cheaper than masks
  record Lanes(Local variable, Value from, Value to, int vectors, boolean overlap, List<Stmt> body)
      implements Stmt {
    public Lanes {
      body = List.copyOf(body);
    }
  }

  /// Declares a local; [Assign] may change it.
  record Let(Local local, Value value) implements Stmt {
  }

  record Assign(Local local, Value value) implements Stmt {
  }

  record Store(ArrayParam array, Value index, Value value) implements Stmt {
  }

  /// `System.arraycopy`, between different arrays.
  record Copy(ArrayParam from, Value fromIndex, ArrayParam to, Value toIndex, Value length)
      implements Stmt {
  }

  /// Sets a run of elements to one value.
  record Fill(ArrayParam array, Value from, Value length, Value value) implements Stmt {
  }

  /// `to[i * columns + j] = from[j * rows + i]` for `first <= i < end` and all columns j: rows of a transposed matrix, between
  /// different arrays. SIMD code moves square blocks of `block` rows and columns through registers, a vector a row.
  ///
  /// @param rows of the result; at least `block` of them are moved, or none
  /// @param columns of the result, at least `block`
  record Transpose(ArrayParam from, ArrayParam to, Value first, Value end, int rows, int columns,
      int block) implements Stmt {
    /// The same, element by element.
    public For asLoops() {
      Local row = new Local("row$", DType.I32);
      Local column = new Local("column$", DType.I32);
      Store one = new Store(to, place(row, columns, column),
          new Value.Load(from, place(column, rows, row)));
      For inner = new For(column, Value.i32(0), Value.i32(columns), 1, List.of(one), false);
      return new For(row, first, end, 1, List.of(inner), false);
    }

    private static Value place(Local outer, int stride, Local inner) {
      return Value.apply(Basic.ADD,
          Value.apply(Basic.MUL, Value.ref(outer), Value.i32(stride)), Value.ref(inner));
    }
  }

  record If(Value condition, List<Stmt> then, List<Stmt> otherwise) implements Stmt {
    public If {
      then = List.copyOf(then);
      otherwise = List.copyOf(otherwise);
    }
  }

  /// Throws an `IllegalArgumentException` with that message unless the condition holds.
  record Check(Value condition, String message) implements Stmt {
  }
}
