package io.kotangent.loop;

import io.kotangent.ir.Basic;
import io.kotangent.ir.BasicEval;
import io.kotangent.type.DType;
import java.util.Arrays;
import java.util.List;

/// Prints a kernel as pseudo-Java, one statement a line: the listing that its class's line numbers point
/// into. Kernels are equal exactly when their texts are.
///
/// Line 1 is the head. A loop takes a line, its body, and a line for the closing brace; so does a
/// branch, and another line for `} else {` if that is not empty; any other statement takes one line.
public final class KernelPrinter {
  /// The line of the first statement of a kernel's body.
  public static final int FIRST_LINE = 2;

  private static final int ATOM = 9;

  /// A text in pieces, which are joined at the end. C2 compiles [#value] in most cold starts, with all that it calls copied into it many
  /// times: so that has to be little.
  private static final class Words {
    private static final int FIRST = 256;

    private String[] words = new String[FIRST];
    private int count;

    Words append(String word) {
      if (count == words.length) {
        words = Arrays.copyOf(words, 2 * count);
      }
      words[count++] = word;
      return this;
    }

    String joined() {
      return String.join("", Arrays.copyOf(words, count));
    }
  }

  private final Words text = new Words();
  private int depth = 1;

  private KernelPrinter() {
  }

  public static String print(Kernel kernel) {
    KernelPrinter printer = new KernelPrinter();
    printer.head(kernel);
    printer.block(kernel.body());
    printer.text.append("}\n");
    return printer.text.joined();
  }

  public static String print(Value value) {
    KernelPrinter printer = new KernelPrinter();
    printer.value(value, 0);
    return printer.text.joined();
  }

  /// How many lines of the listing a statement takes.
  public static int lines(Stmt stmt) {
    return switch (stmt) {
      case Stmt.For loop -> 2 + lines(loop.body());
      case Stmt.Lanes loop -> 2 + lines(loop.body());
      case Stmt.If branch -> 2 + lines(branch.then())
          + (branch.otherwise().isEmpty() ? 0 : 1 + lines(branch.otherwise()));
      case Stmt.Let _, Stmt.Assign _, Stmt.Store _, Stmt.Copy _, Stmt.Fill _, Stmt.Transpose _, Stmt.Check _ ->
          1;
    };
  }

  public static int lines(List<Stmt> block) {
    int sum = 0;
    for (Stmt stmt : block) {
      sum += lines(stmt);
    }
    return sum;
  }

  private void head(Kernel kernel) {
    text.append("kernel (");
    String separator = "";
    int scratch = 0;
    for (ArrayParam array : kernel.arrays()) {
      text.append(separator).append(access(array)).append(javaType(array.dtype())).append("[");
      if (array.access().isScratch()) {
        value(kernel.scratch().get(scratch++), 0);
      }
      text.append("] ").append(array.name()).append(array.whole() ? "" : "+");
      separator = ", ";
    }
    for (Local local : kernel.ints()) {
      text.append(separator).append(javaType(local.dtype())).append(" ").append(local.name());
      separator = ", ";
    }
    text.append(") {\n");
  }

  private static String access(ArrayParam array) {
    return switch (array.access()) {
      case READ -> "read ";
      case WRITE -> "write ";
      case UPDATE -> "update ";
      case SCRATCH -> "scratch ";
      case ALIGNED -> "aligned ";
    };
  }

  private static String javaType(DType dtype) {
    return switch (dtype) {
      case F32 -> "float";
      case F64 -> "double";
      case I32 -> "int";
      case I64 -> "long";
      case BOOL -> "boolean";
    };
  }

  private void block(List<Stmt> stmts) {
    for (Stmt stmt : stmts) {
      indent();
      statement(stmt);
      text.append("\n");
    }
  }

  private void indent() {
    text.append("  ".repeat(depth));
  }

  private void statement(Stmt stmt) {
    switch (stmt) {
      case Stmt.For loop -> loop(loop.variable(), loop.from(), loop.to(), loop.step(),
          loop.row() ? " // row" : "", loop.body());
      case Stmt.Lanes loop -> loop(loop.variable(), loop.from(), loop.to(), 1,
          " // lanes, " + loop.vectors() + " vectors" + (loop.overlap() ? ", overlapping" : ""),
          loop.body());
      case Stmt.Let(Local local, Value value) -> {
        text.append(javaType(local.dtype())).append(" ").append(local.name()).append(" = ");
        value(value, 0);
        text.append(";");
      }
      case Stmt.Assign(Local local, Value value) -> {
        text.append(local.name()).append(" = ");
        value(value, 0);
        text.append(";");
      }
      case Stmt.Store(ArrayParam array, Value index, Value value) -> {
        element(array, index);
        text.append(" = ");
        value(value, 0);
        text.append(";");
      }
      case Stmt.Copy copy -> call("copy", name(copy.from()), copy.fromIndex(), name(copy.to()),
          copy.toIndex(), copy.length());
      case Stmt.Fill fill ->
          call("fill", name(fill.array()), fill.from(), fill.length(), fill.value());
      case Stmt.Transpose move ->
          call("transpose", name(move.from()), name(move.to()), move.first(), move.end(),
              Value.i32(move.rows()), Value.i32(move.columns()), Value.i32(move.block()));
      case Stmt.If branch -> branch(branch);
      case Stmt.Check(Value condition, String message) -> {
        text.append("check(");
        value(condition, 0);
        text.append(", \"")
            .append(message.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
            .append("\");");
      }
    }
  }

  private void loop(Local variable, Value from, Value to, int step, String remark,
      List<Stmt> body) {
    text.append("for (int ").append(variable.name()).append(" = ");
    value(from, 0);
    text.append("; ").append(variable.name()).append(" < ");
    value(to, 4);
    text.append("; ").append(variable.name());
    if (step == 1) {
      text.append("++");
    } else {
      text.append(" += ").append(Integer.toString(step));
    }
    text.append(") {").append(remark).append("\n");
    depth++;
    block(body);
    depth--;
    indent();
    text.append("}");
  }

  private void branch(Stmt.If branch) {
    text.append("if (");
    value(branch.condition(), 0);
    text.append(") {\n");
    depth++;
    block(branch.then());
    if (!branch.otherwise().isEmpty()) {
      depth--;
      indent();
      text.append("} else {\n");
      depth++;
      block(branch.otherwise());
    }
    depth--;
    indent();
    text.append("}");
  }

  private static Value name(ArrayParam array) {
    return Value.ref(new Local(array.name(), DType.I32));
  }

  private void call(String name, Value... args) {
    text.append(name);
    arguments(List.of(args));
    text.append(";");
  }

  private void arguments(List<Value> args) {
    text.append("(");
    String separator = "";
    for (Value arg : args) {
      text.append(separator);
      value(arg, 0);
      separator = ", ";
    }
    text.append(")");
  }

  private void element(ArrayParam array, Value index) {
    text.append(array.name()).append("[");
    value(index, 0);
    text.append("]");
  }

  /// Prints a value, in parentheses if it binds less tightly than `level`. Most are names.
  private void value(Value value, int level) {
    if (value instanceof Value.Ref(Local local)) {
      text.append(local.name());
    } else {
      other(value, level);
    }
  }

  /// One method for all, longer than what C2 copies into callers: in a cold start it compiles this, and took 200 to 400 ms for
  /// what smaller methods, calling each other, copied into each other.
  private void other(Value value, int level) {
    switch (value) {
      case Value.Ref(Local local) -> text.append(local.name());
      case Value.Load(ArrayParam array, Value index) -> element(array, index);
      case Value.Const(DType dtype, long bits) -> text.append(constant(dtype, bits));
      case Value.Apply(Basic basic, List<Value> args, DType _) -> {
        String symbol = symbol(basic);
        if (!symbol.isEmpty()) {
          int binding = binding(basic);
          boolean open = binding < level;
          text.append(open ? "(" : "");
          value(args.get(0), binding);
          text.append(symbol);
          value(args.get(1), binding + 1);
          text.append(open ? ")" : "");
        } else if (basic == Basic.SELECT) {
          text.append(level > 0 ? "(" : "");
          value(args.get(0), 1);
          text.append(" ? ");
          value(args.get(1), 1);
          text.append(" : ");
          value(args.get(2), 1);
          text.append(level > 0 ? ")" : "");
        } else {
          prefix(basic, args);
        }
      }
    }
  }

  private void prefix(Basic basic, List<Value> args) {
    String prefix = switch (basic) {
      case TO_F32 -> "(float) ";
      case TO_F64 -> "(double) ";
      case TO_I32 -> "(int) ";
      case TO_I64 -> "(long) ";
      case NOT -> args.getFirst().dtype() == DType.BOOL ? "!" : "~";
      default -> "";
    };
    if (prefix.isEmpty()) {
      text.append(basic.toString());
      arguments(args);
    } else {
      text.append(prefix);
      value(args.getFirst(), ATOM);
    }
  }

  private static String symbol(Basic basic) {
    return switch (basic) {
      case ADD -> " + ";
      case SUB -> " - ";
      case MUL -> " * ";
      case DIV -> " / ";
      case REM -> " % ";
      case SHL -> " << ";
      case SHR -> " >> ";
      case USHR -> " >>> ";
      case AND -> " & ";
      case OR -> " | ";
      case XOR -> " ^ ";
      case LT -> " < ";
      case LE -> " <= ";
      case EQ -> " == ";
      case NE -> " != ";
      default -> "";
    };
  }

  private static int binding(Basic basic) {
    return switch (basic) {
      case OR -> 1;
      case XOR -> 2;
      case AND -> 3;
      case LT, LE, EQ, NE -> 4;
      case SHL, SHR, USHR -> 6;
      case ADD, SUB -> 7;
      default -> 8;
    };
  }

  /// A constant as Java would write it; a NaN with its bits.
  public static String constant(DType dtype, long bits) {
    return switch (dtype) {
      case F32 -> {
        float value = BasicEval.f32(bits);
        yield Float.isNaN(value) ? "NaN_0x" + Long.toHexString(bits) : value + "f";
      }
      case F64 -> {
        double value = BasicEval.f64(bits);
        yield Double.isNaN(value) ? "NaN_0x" + Long.toHexString(bits) + "d" : value + "";
      }
      case I32 -> Long.toString(bits);
      case I64 -> bits + "L";
      case BOOL -> bits != 0 ? "true" : "false";
    };
  }
}
