package io.kotangent.bytecode.source;

import io.kotangent.bytecode.emit.KernelEmitter;
import io.kotangent.bytecode.emit.Outliner;
import io.kotangent.bytecode.emit.Piece;
import io.kotangent.ir.Node;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import io.kotangent.loop.Stmt;
import io.kotangent.plan.Step;
import io.kotangent.type.DType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Prints a kernel as a class: `static void run(arrays and offsets, ints)`, and a private method for each row loop and for what would
/// be longer than the JVM compiles.
final class JavaKernel {
  static final String ARRAYS = "java.util.Arrays";
  private static final int MOST_STEPS = 4;
  private static final int MOST_NODES = 12;

  private final Kernel kernel;
  private final List<Step.Run> steps;
  private final ArrayNames values;
  private final Home home;
  private final Set<DType> selected = EnumSet.noneOf(DType.class);

  /// @param kernel as it is to run
  /// @param steps that run it
  /// @param values the names of what the program's arrays hold
  JavaKernel(Kernel kernel, List<Step.Run> steps, ArrayNames values, Home home) {
    KernelEmitter.checkParameters(kernel, KernelListing.of(kernel));
    this.kernel = Inlining.of(kernel);
    this.steps = steps;
    this.values = values;
    this.home = home;
  }

  /// @param budget how many bytes of bytecode a method should have at most, about
  SourceFile print(String simple, int budget) {
    SourceText text = home.begin(imports());
    List<Piece.Method> methods = methods(Outliner.alone(budget).entry(kernel));
    describe(text, methods.size() > 1);
    text.open("final class " + simple);
    text.open("private " + simple + "()");
    text.close();
    KernelNames names = new KernelNames(kernel, steps, values, home);
    for (Piece.Method method : methods) {
      text.blank();
      new JavaMethod(text, names, home, selected).print(method, method == methods.getFirst());
    }
    for (DType dtype : selected) {
      text.blank();
      select(text, dtype);
    }
    text.close();
    return home.file(simple, text);
  }

  /// The entry, then what it calls, in the order of the calls.
  private static List<Piece.Method> methods(Piece.Method entry) {
    List<Piece.Method> methods = new ArrayList<>();
    Set<String> known = new HashSet<>();
    Deque<Piece.Method> pending = new ArrayDeque<>(List.of(entry));
    while (!pending.isEmpty()) {
      Piece.Method method = pending.poll();
      methods.add(method);
      collect(method.body(), pending, known);
    }
    return methods;
  }

  private static void collect(List<Piece> pieces, Deque<Piece.Method> pending,
      Set<String> known) {
    for (Piece piece : pieces) {
      if (piece instanceof Piece.Call call) {
        if (known.add(call.method().name())) {
          pending.add(call.method());
        }
      } else {
        collect(piece.inner(), pending, known);
      }
    }
  }

  private Set<String> imports() {
    Set<String> imports = new TreeSet<>();
    if (hasFill(kernel.body())) {
      imports.add(ARRAYS);
    }
    for (ArrayParam array : kernel.arrays()) {
      if (array.access() == ArrayParam.Access.ALIGNED) {
        imports.add(JavaType.buffer(array.dtype()));
      }
    }
    return imports;
  }

  private static boolean hasFill(List<Stmt> stmts) {
    return stmts.stream().anyMatch(stmt -> switch (stmt) {
      case Stmt.Fill _ -> true;
      case Stmt.For loop -> hasFill(loop.body());
      case Stmt.Lanes loop -> hasFill(loop.body());
      case Stmt.If branch -> hasFill(branch.then()) || hasFill(branch.otherwise());
      case Stmt.Let _, Stmt.Assign _, Stmt.Store _, Stmt.Copy _, Stmt.Transpose _, Stmt.Check _ ->
          false;
    });
  }

  /// What the kernel computes, as nodes of the graph and where they came from.
  private void describe(SourceText text, boolean several) {
    text.line("/**");
    Set<String> titles = new LinkedHashSet<>();
    steps.forEach(step -> titles.add("{@code " + step.name() + "}"));
    text.doc(
        String.join(", ", titles) + (steps.size() > 1 ? ", " + steps.size() + " times:" : ":"));
    text.verbatim("<pre>");
    for (Step.Run step : steps.subList(0, Math.min(MOST_STEPS, steps.size()))) {
      List<Node> nodes = step.nodes();
      nodes.stream().limit(MOST_NODES)
          .forEach(node -> text.verbatim(SourceText.html(node.toString())));
      if (nodes.size() > MOST_NODES) {
        text.verbatim("... and " + (nodes.size() - MOST_NODES) + " more");
      }
    }
    if (steps.size() > MOST_STEPS) {
      text.verbatim("... and " + (steps.size() - MOST_STEPS) + " more steps");
    }
    text.verbatim("</pre>");
    if (several) {
      text.doc(
          "Loops over rows are methods of their own: the JIT compiler makes vector code of such.");
    }
    text.line(" */");
  }

  /// Both values are there before one is taken, by its bits: a branch on data is mispredicted half of the time.
  private void select(SourceText text, DType dtype) {
    String type = JavaType.of(dtype);
    String box = JavaType.box(dtype, home);
    text.line("/** {@code condition ? yes : no} without a branch. */");
    text.open("private static " + type + " select(boolean condition, " + type + " yes, " + type
        + " no)");
    switch (dtype) {
      case F32 -> {
        text.line("int bits = " + box + ".floatToRawIntBits(no);");
        text.line("int different = bits ^ " + box + ".floatToRawIntBits(yes);");
        text.line("return " + box + ".intBitsToFloat(bits ^ different & -(condition ? 1 : 0));");
      }
      case F64 -> {
        text.line("long bits = " + box + ".doubleToRawLongBits(no);");
        text.line("long different = bits ^ " + box + ".doubleToRawLongBits(yes);");
        text.line(
            "return " + box + ".longBitsToDouble(bits ^ different & -(condition ? 1 : 0));");
      }
      case I32, I64 -> text.line("return no ^ (no ^ yes) & -(condition ? 1 : 0);");
      case BOOL -> text.line("return no ^ (no ^ yes) & condition;");
    }
    text.close();
  }
}
