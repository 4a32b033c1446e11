package io.kotangent.bytecode;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import java.util.List;

/// A kernel's body cut into methods: statements, and calls of what was cut out.
///
/// [Outliner] makes it, [KernelEmitter] emits it.
sealed interface Piece {
  /// What it takes from around it, and its size.
  Usage usage();

  /// A statement that contains no others, with its line in the listing.
  record Plain(Stmt stmt, int line, Usage usage) implements Piece {
  }

  record Loop(Stmt.For loop, int line, List<Piece> body, Usage usage) implements Piece {
  }

  record Branch(Stmt.If branch, int line, List<Piece> then, List<Piece> otherwise, Usage usage)
      implements Piece {
  }

  record Call(Method method, Usage usage) implements Piece {
  }

  /// A method of the kernel's class.
  ///
  /// @param arrays parameters: each an array and, if that is not whole, its offset
  /// @param scalars parameters that are passed as such
  /// @param spilled further parameters, which the caller leaves in the spill array
  /// @param results locals that the caller needs afterwards: a single one is returned, several are left in the spill array
  record Method(String name, List<ArrayParam> arrays, List<Local> scalars, List<Local> spilled,
      List<Local> results,
      List<Piece> body, boolean spills) {
    /// Locals by way of the spill array, at most at one time.
    int spillLength() {
      int length = Math.max(spilled.size(), results.size() > 1 ? results.size() : 0);
      return Math.max(length, deepest(body));
    }

    private static int deepest(List<Piece> pieces) {
      int length = 0;
      for (Piece piece : pieces) {
        length = Math.max(length, switch (piece) {
          case Plain _ -> 0;
          case Loop loop -> deepest(loop.body());
          case Branch branch -> Math.max(deepest(branch.then()), deepest(branch.otherwise()));
          case Call call -> call.method().spillLength();
        });
      }
      return length;
    }
  }
}
