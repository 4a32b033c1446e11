package io.kotangent.bytecode.emit;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import java.util.List;

/// A kernel's body cut into methods: statements, and calls of what was cut out.
///
/// [Outliner] makes it; [KernelEmitter] emits it, or it is printed as Java.
public sealed interface Piece {
  /// Bytes of bytecode, about.
  int size();

  /// The line of its first statement in the listing.
  int line();

  /// The pieces within it, in this method.
  List<Piece> inner();

  /// The locals that it adds to its block.
  List<Local> declared();

  /// A statement that contains no others.
  record Plain(Stmt stmt, int line, int size) implements Piece {
    @Override
    public List<Piece> inner() {
      return List.of();
    }

    @Override
    public List<Local> declared() {
      return stmt instanceof Stmt.Let let ? List.of(let.local()) : List.of();
    }
  }

  record Loop(Stmt.For loop, int line, List<Piece> inner, int size) implements Piece {
    /// Whether a bound may be evaluated at every turn.
    public boolean isFixed(Value bound) {
      return bound instanceof Value.Const
          || bound instanceof Value.Ref(Local local)
              && !Usage.of(this).assigned.contains(local.name());
    }

    @Override
    public List<Local> declared() {
      return List.of();
    }
  }

  /// Turns that are taken together, as SIMD code; never cut.
  record Lanes(Stmt.Lanes loop, int line, int size) implements Piece {
    @Override
    public List<Piece> inner() {
      return List.of();
    }

    @Override
    public List<Local> declared() {
      return List.of();
    }
  }

  record Branch(Stmt.If branch, int line, List<Piece> then, List<Piece> otherwise, int size)
      implements Piece {
    /// Both sides.
    @Override
    public List<Piece> inner() {
      List<Piece> both = new java.util.ArrayList<>(then);
      both.addAll(otherwise);
      return both;
    }

    @Override
    public List<Local> declared() {
      return List.of();
    }
  }

  /// A call of a method that was cut out.
  ///
  /// @param arrays what the method's arrays are here
  /// @param scalars what the method's scalars are here
  /// @param usage what the method takes from around the call
  record Call(Method method, List<ArrayParam> arrays, List<Local> scalars, Usage usage, int size)
      implements Piece {
    @Override
    public int line() {
      return method.body().getFirst().line();
    }

    @Override
    public List<Piece> inner() {
      return List.of();
    }

    @Override
    public List<Local> declared() {
      List<Local> declared = new java.util.ArrayList<>();
      for (Local result : method.results()) {
        if (!usage.assigned.contains(result.name())) {
          declared.add(result);
        }
      }
      return declared;
    }
  }

  /// A method of the kernel's class.
  ///
  /// @param arrays parameters: each an array and, if that is not whole, its offset
  /// @param scalars parameters that are passed as such
  /// @param spilled further parameters, which the caller leaves in the spill array
  /// @param results locals that the caller needs afterwards: a single one is returned, several are
  /// left in the spill array
  /// @param spillLength the most locals that pass through the spill array at one time, here or in
  /// what this calls
  /// @param general a row loop of any length, which all kernels share: the entry of a class of its own
  record Method(String name, List<ArrayParam> arrays, List<Local> scalars, List<Local> spilled,
      List<Local> results, List<Piece> body, int spillLength, boolean general) {
    static final String ROW = "row";
    static final String TURN = "turn";
    static final String LANES = "lanes";

    boolean isAroundRows() {
      return general || name.startsWith(ROW) || name.startsWith(TURN);
    }

    /// Whether it is SIMD code.
    public boolean isLanes() {
      return name.startsWith(LANES);
    }

    public boolean spills() {
      return spillLength > 0;
    }
  }

  /// The most locals that calls in a block pass through the spill array at one time.
  static int spillLength(List<Piece> block) {
    int length = 0;
    for (Piece piece : block) {
      int own =
          piece instanceof Call call ? call.method().spillLength() : spillLength(piece.inner());
      length = Math.max(length, own);
    }
    return length;
  }
}
