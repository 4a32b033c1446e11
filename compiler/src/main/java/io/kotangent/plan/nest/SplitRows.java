package io.kotangent.plan.nest;

import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam.Access;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/// Cuts a row loop into several where C2 would not vectorize it: bit moves, comparisons and selections go into loops of
/// their own, and what is too much for one loop is halved. Values that live across a cut go through scratch rows.
///
/// Statements keep their order within a loop and each is in the first loop that has all it needs; so no bit changes.
public final class SplitRows {
  /// Loops of fewer turns are not worth it.
  private static final int SHORT = 24;
  /// The most weight of a loop that C2 unrolls and so vectorizes: its limit is 60 nodes of its graph.
  private static final int LIMIT = 46;
  /// A load or store with its address, in such nodes.
  private static final int ACCESS = 3;
  /// So few operations are done along with others that are not vectorized.
  private static final int FEW = 2;
  /// Fewer vectorizable operations than these are not worth a cut at all.
  private static final int WORTH = 8;

  /// Statements that become a loop.
  private static final class Phase {
    final boolean vector;
    final List<Integer> statements = new ArrayList<>();

    Phase(boolean vector) {
      this.vector = vector;
    }
  }

  private final Stmt.For loop;
  private final List<Stmt> body;
  private final List<RowStatement> facts = new ArrayList<>();
  private final Map<String, Integer> maker = new HashMap<>();
  /// For each statement, those whose values it uses.
  private final List<List<Integer>> needs = new ArrayList<>();
  /// For each statement, those that use its value, loads left out.
  private final List<List<Integer>> users = new ArrayList<>();
  private final int[] phaseOf;
  private final List<Phase> phases = new ArrayList<>();

  private SplitRows(Stmt.For loop) {
    this.loop = loop;
    this.body = loop.body();
    this.phaseOf = new int[body.size()];
    for (int i = 0; i < body.size(); i++) {
      facts.add(RowStatement.of(body.get(i)));
      if (body.get(i) instanceof Stmt.Let let) {
        maker.put(let.local().name(), i);
      }
    }
    for (int i = 0; i < body.size(); i++) {
      users.add(new ArrayList<>());
      List<Integer> made = facts.get(i).uses().stream().filter(maker::containsKey)
          .map(maker::get).toList();
      needs.add(made);
      for (int each : made) {
        if (!isLoad(i)) {
          users.get(each).add(i);
        }
      }
    }
  }

  /// Whether a row loop is better cut; then it needs to run from 0 over scratch rows.
  public static boolean pays(Stmt.For loop) {
    return new SplitRows(loop).pays();
  }

  private boolean pays() {
    int vector = 0;
    boolean scalar = false;
    int weight = 0;
    for (RowStatement fact : facts) {
      vector += fact.vectorizes() ? fact.operations() : 0;
      scalar |= !fact.vectorizes();
      weight += weight(fact);
    }
    boolean brief =
        NestBuilder.isConstant(loop.to()) && NestBuilder.intOf(loop.to()) < SHORT;
    return !brief && (scalar ? vector >= WORTH : weight > LIMIT);
  }

  /// How to cut a row loop; nothing if it stays as it is.
  static Optional<SplitRows> of(Stmt.For loop) {
    SplitRows split = new SplitRows(loop);
    if (!split.pays() || !split.isFree()) {
      return Optional.empty();
    }
    split.phases.addAll(split.halved(split.joined(split.levels())));
    return split.phases.size() == 1 ? Optional.empty() : Optional.of(split);
  }

  /// The loops that do together what the loop does, in order.
  ///
  /// @param rows a scratch row for each value that lives across a cut
  List<Stmt> loops(Function<DType, ArrayParam> rows) {
    Map<Integer, ArrayParam> kept = keep(rows);
    List<Stmt> loops = new ArrayList<>();
    for (int p = 0; p < phases.size(); p++) {
      loops.add(emit(phases.get(p), p, kept));
    }
    return loops;
  }

  /// How many scratch rows [#loops] asks for.
  int rows() {
    int[] count = new int[1];
    keep(dtype -> new ArrayParam("spill" + count[0]++, dtype, Access.SCRATCH, true));
    return count[0];
  }

  /// Whether statements may be moved: scratch rows that are either read or written, and nothing assigned.
  private boolean isFree() {
    Set<ArrayParam> loaded = new HashSet<>();
    facts.forEach(fact -> loaded.addAll(fact.loads()));
    for (Stmt statement : body) {
      boolean fine = switch (statement) {
        case Stmt.Let _ -> true;
        case Stmt.Store store -> store.index().equals(Value.ref(loop.variable()))
            && !loaded.contains(store.array());
        case Stmt.For _, Stmt.Lanes _, Stmt.Assign _, Stmt.Copy _, Stmt.Fill _, Stmt.Transpose _, Stmt.If _, Stmt.Check _ ->
            false;
      };
      if (!fine) {
        return false;
      }
    }
    return loop.from().equals(Value.i32(0))
        && loaded.stream().allMatch(array -> array.access() == Access.SCRATCH);
  }

  private int weight(RowStatement fact) {
    return fact.operations() + ACCESS * fact.accesses();
  }

  // ---- which statement goes where

  /// Even levels hold what vectorizes and odd ones the rest; each statement is on the first level that has all
  /// its operands.
  private List<Phase> levels() {
    TreeMap<Integer, Phase> levels = new TreeMap<>();
    int[] level = new int[body.size()];
    for (int i = 0; i < body.size(); i++) {
      RowStatement fact = facts.get(i);
      for (String name : fact.uses()) {
        Integer made = maker.get(name);
        level[i] = Math.max(level[i], made == null || isLoad(made) ? 0 : level[made]);
      }
      if (fact.operations() > 0 && fact.vectorizes() != (level[i] % 2 == 0)) {
        level[i]++;
      }
      if (!isLoad(i)) {
        levels.computeIfAbsent(level[i], l -> new Phase(l % 2 == 0)).statements.add(i);
      }
    }
    return new ArrayList<>(levels.values());
  }

  /// A load is repeated wherever it is needed.
  private boolean isLoad(int statement) {
    RowStatement fact = facts.get(statement);
    return body.get(statement) instanceof Stmt.Let && fact.operations() == 0;
  }

  /// Neighbors of which one is too little for a loop become one.
  private List<Phase> joined(List<Phase> phases) {
    List<Phase> result = new ArrayList<>();
    for (Phase phase : phases) {
      boolean vector = phase.vector && operations(phase) > FEW;
      if (!result.isEmpty() && !vector && !result.getLast().vector) {
        result.getLast().statements.addAll(phase.statements);
      } else {
        Phase next = new Phase(vector);
        next.statements.addAll(phase.statements);
        result.add(next);
      }
    }
    result.forEach(phase -> phase.statements.sort(null));
    return result;
  }

  private int operations(Phase phase) {
    return phase.statements.stream().mapToInt(i -> facts.get(i).operations()).sum();
  }

  /// Vectorizable phases of at most [#LIMIT], cut where the fewest values are alive.
  private List<Phase> halved(List<Phase> phases) {
    List<Phase> result = new ArrayList<>();
    for (Phase phase : phases) {
      List<Integer> rest = phase.statements;
      while (phase.vector && weight(rest) > LIMIT && rest.size() > 1) {
        int cut = bestCut(rest);
        Phase part = new Phase(true);
        part.statements.addAll(rest.subList(0, cut));
        result.add(part);
        rest = rest.subList(cut, rest.size());
      }
      Phase last = new Phase(phase.vector);
      last.statements.addAll(rest);
      result.add(last);
    }
    return result;
  }

  /// The nodes of a loop of these statements: also the loads of what it needs and the stores of what others need. If it is too
  /// much without these, they are left out.
  private int weight(List<Integer> statements) {
    int weight = 0;
    for (int i : statements) {
      weight += weight(facts.get(i));
    }
    if (weight > LIMIT) {
      return weight;
    }
    Set<Integer> inside = new HashSet<>(statements);
    Set<Integer> crossing = new HashSet<>();
    for (int i : statements) {
      for (int made : needs.get(i)) {
        if (!inside.contains(made)) {
          crossing.add(made);
        }
      }
      if (!inside.containsAll(users.get(i))) {
        crossing.add(i);
      }
    }
    return weight + ACCESS * crossing.size();
  }

  private int bestCut(List<Integer> statements) {
    int best = 1;
    int fewest = Integer.MAX_VALUE;
    int own = 0;
    Set<Integer> rest = new HashSet<>(statements);
    for (int cut = 1; cut < statements.size() && own <= LIMIT; cut++) {
      own += weight(facts.get(statements.get(cut - 1)));
      List<Integer> first = statements.subList(0, cut);
      rest.remove(statements.get(cut - 1));
      int live = live(statements, cut, rest);
      int weight = weight(first);
      if (weight <= LIMIT && live + (2 * weight < LIMIT ? body.size() : 0) <= fewest) {
        fewest = live + (2 * weight < LIMIT ? body.size() : 0);
        best = cut;
      }
    }
    return best;
  }

  /// How many values of the first statements the rest needs.
  private int live(List<Integer> statements, int cut, Set<Integer> rest) {
    int live = 0;
    for (int i : statements.subList(0, cut)) {
      live += users.get(i).stream().anyMatch(rest::contains) ? 1 : 0;
    }
    return live;
  }

  // ---- the loops

  /// Where values that later loops need are kept: in the row they are stored in anyway, or in one of their own.
  private Map<Integer, ArrayParam> keep(Function<DType, ArrayParam> rows) {
    for (int p = 0; p < phases.size(); p++) {
      for (int i : phases.get(p).statements) {
        phaseOf[i] = p;
      }
    }
    Map<Integer, ArrayParam> kept = new LinkedHashMap<>();
    for (Phase phase : phases) {
      for (int i : phase.statements) {
        for (String name : facts.get(i).uses()) {
          Integer made = maker.get(name);
          if (made != null && !isLoad(made) && phaseOf[made] < phaseOf[i]
              && !kept.containsKey(made)) {
            DType dtype = ((Stmt.Let) body.get(made)).value().dtype();
            kept.put(made, storedIn(name, phaseOf[made]).orElseGet(() -> rows.apply(dtype)));
          }
        }
      }
    }
    return kept;
  }

  private Optional<ArrayParam> storedIn(String name, int phase) {
    for (int i = 0; i < body.size(); i++) {
      if (phaseOf[i] == phase && body.get(i) instanceof Stmt.Store store
          && store.value() instanceof Value.Ref ref && ref.local().name().equals(name)) {
        return Optional.of(store.array());
      }
    }
    return Optional.empty();
  }

  private Stmt emit(Phase phase, int number, Map<Integer, ArrayParam> kept) {
    Value index = Value.ref(loop.variable());
    Set<Integer> needed = new java.util.TreeSet<>();
    for (int i : phase.statements) {
      facts.get(i).uses().forEach(name -> {
        Integer made = maker.get(name);
        if (made != null && (isLoad(made) || phaseOf[made] < number)) {
          needed.add(made);
        }
      });
    }
    List<Stmt> statements = new ArrayList<>();
    for (int made : needed) {
      statements
          .add(isLoad(made) ? body.get(made) : new Stmt.Let(((Stmt.Let) body.get(made)).local(),
              new Value.Load(kept.get(made), index)));
    }
    for (int i : phase.statements) {
      statements.add(body.get(i));
      ArrayParam row = kept.get(i);
      if (row != null && body.get(i) instanceof Stmt.Let let
          && storedIn(let.local().name(), number).isEmpty()) {
        statements.add(new Stmt.Store(row, index, Value.ref(let.local())));
      }
    }
    return new Stmt.For(loop.variable(), loop.from(), loop.to(), loop.step(), statements, true);
  }

  /// Whether C2 (of JDK 25) vectorizes a primitive on operands of that dtype.
  static boolean vectorizes(Basic basic, DType type) {
    return switch (basic) {
      case NEG, ABS, ADD, SUB, MUL, MIN, MAX -> type != DType.I64;
      case AND, OR, XOR, NOT, SHL, SHR, USHR -> type == DType.I32;
      case DIV, SQRT, FMA, RINT, FLOOR, CEIL -> type.isFloat();
      case TO_F32, TO_F64 -> type != DType.BOOL && type != DType.I64;
      case TO_I32 -> type.isFloat();
      case REM, STRICT_EXP, STRICT_EXPM1, STRICT_LOG, STRICT_LOG1P, STRICT_SIN, STRICT_COS,
          STRICT_TAN, STRICT_TANH, STRICT_ATAN, STRICT_POW, STRICT_CBRT, LT, LE, EQ, NE, SELECT,
          TO_I64, TO_BOOL, BITS, FROM_BITS -> false;
    };
  }
}
