package io.kotangent.loop;

import java.util.List;

/// A loop nest over arrays: it becomes one class with one entry method
/// `static void run(array0, offset0, array1, offset1, …, int…)` (whole arrays have no offset). Equal kernels are
/// one class, shared by all programs of a process.
///
/// @param ints the int parameters (sizes that are not known when the kernel is made), dtype i32
/// @param scratch the length of each scratch array, in the order in which they stand in `arrays`; over `ints`
public record Kernel(List<ArrayParam> arrays, List<Local> ints, List<Value> scratch,
    List<Stmt> body) {
  public Kernel {
    arrays = List.copyOf(arrays);
    ints = List.copyOf(ints);
    scratch = List.copyOf(scratch);
    body = List.copyOf(body);
  }

  /// Whether some of it is for the Vector API.
  public boolean hasVectors() {
    return hasVectors(body);
  }

  private static boolean hasVectors(List<Stmt> stmts) {
    for (Stmt stmt : stmts) {
      boolean here = switch (stmt) {
        case Stmt.Lanes _, Stmt.Transpose _ -> true;
        case Stmt.For loop -> hasVectors(loop.body());
        case Stmt.If branch -> hasVectors(branch.then()) || hasVectors(branch.otherwise());
        case Stmt.Let _, Stmt.Assign _, Stmt.Store _, Stmt.Copy _, Stmt.Fill _, Stmt.Check _ ->
            false;
      };
      if (here) {
        return true;
      }
    }
    return false;
  }
}
