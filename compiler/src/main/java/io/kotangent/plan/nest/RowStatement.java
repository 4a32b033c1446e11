package io.kotangent.plan.nest;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import java.util.LinkedHashSet;
import java.util.Set;

/// What [SplitRows] wants to know of a statement of a row loop.
///
/// @param uses the names of all locals in it
/// @param loads the arrays that it loads from
/// @param accesses loads and stores
/// @param vectorizes whether C2 vectorizes all of its operations
record RowStatement(Set<String> uses, Set<ArrayParam> loads, int operations, int accesses,
    boolean vectorizes) {
  static RowStatement of(Stmt statement) {
    Collector collector = new Collector();
    switch (statement) {
      case Stmt.Let let -> collector.add(let.value());
      case Stmt.Assign assign -> collector.add(assign.value());
      case Stmt.Store store -> {
        collector.add(store.index());
        collector.add(store.value());
        collector.accesses++;
      }
      case Stmt.For _, Stmt.Lanes _, Stmt.Copy _, Stmt.Fill _, Stmt.Transpose _, Stmt.If _, Stmt.Check _ ->
          collector.vectorizes = false;
    }
    return new RowStatement(collector.uses, collector.loads, collector.operations,
        collector.accesses, collector.vectorizes);
  }

  private static final class Collector {
    final Set<String> uses = new LinkedHashSet<>();
    final Set<ArrayParam> loads = new LinkedHashSet<>();
    int operations;
    int accesses;
    boolean vectorizes = true;

    void add(Value value) {
      switch (value) {
        case Value.Const _ -> {
          // nothing
        }
        case Value.Ref ref -> uses.add(ref.local().name());
        case Value.Load load -> {
          loads.add(load.array());
          accesses++;
          add(load.index());
        }
        case Value.Apply apply -> {
          operations++;
          boolean fits = SplitRows.vectorizes(apply.basic(), apply.args().getFirst().dtype())
              && apply.args().stream().allMatch(arg -> arg.dtype() != io.kotangent.type.DType.BOOL);
          vectorizes &= fits;
          apply.args().forEach(this::add);
        }
      }
    }
  }
}
