package io.kotangent.bytecode;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelPrinter;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The row loops of a kernel that were made methods: those that differ in names alone are one method, so that C2 compiles it
/// once. (Its line numbers are those of the first of them.)
final class RowLoops {
  private final Map<String, Piece.Method> methods = new HashMap<>();

  /// The call itself, or one of an equal method with the same arguments.
  Piece.Call shared(Piece.Call call) {
    Piece.Method method = call.method();
    if (method.spills() || !method.results().isEmpty() || !call.usage().assigned.isEmpty()) {
      return call;
    }
    Piece.Method known = methods.putIfAbsent(key(method), method);
    return known == null ? call
        : new Piece.Call(known, call.arrays(), call.scalars(), call.usage(), call.size());
  }

  /// The method's text with parameters and locals numbered in the order in which they occur.
  private static String key(Piece.Method method) {
    List<Stmt> body = new ArrayList<>();
    for (Piece piece : method.body()) {
      body.add(((Piece.Loop) piece).loop());
    }
    StringBuilder types = new StringBuilder();
    Map<String, String> names = new HashMap<>();
    for (ArrayParam array : method.arrays()) {
      types.append(array.dtype()).append(array.whole() ? " " : "+ ");
      names.put(array.name(), "array" + names.size());
    }
    for (Local local : method.scalars()) {
      types.append(local.dtype()).append(' ');
      names.put(local.name(), "local" + names.size());
    }
    declared(body, names);
    String text = KernelPrinter.print(new Kernel(List.of(), List.of(), List.of(), body));
    return renamed(text, names, types);
  }

  /// Appends a text to another, with other names in it.
  private static String renamed(String text, Map<String, String> names, StringBuilder to) {
    int at = 0;
    while (at < text.length()) {
      int end = at;
      while (end < text.length() && isOfName(text.charAt(end), end > at)) {
        end++;
      }
      if (end == at) {
        to.append(text.charAt(at++));
      } else {
        String name = text.substring(at, end);
        to.append(names.getOrDefault(name, name));
        at = end;
      }
    }
    return to.toString();
  }

  private static boolean isOfName(char c, boolean inside) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$'
        || inside && c >= '0' && c <= '9';
  }

  /// The locals that a block declares.
  private static void declared(List<Stmt> block, Map<String, String> names) {
    for (Stmt stmt : block) {
      switch (stmt) {
        case Stmt.For loop -> {
          names.put(loop.variable().name(), "local" + names.size());
          declared(loop.body(), names);
        }
        case Stmt.Lanes lanes -> {
          names.put(lanes.variable().name(), "local" + names.size());
          declared(lanes.body(), names);
        }
        case Stmt.If branch -> {
          declared(branch.then(), names);
          declared(branch.otherwise(), names);
        }
        case Stmt.Let let -> names.put(let.local().name(), "local" + names.size());
        case Stmt.Assign _, Stmt.Store _, Stmt.Copy _, Stmt.Fill _, Stmt.Check _ -> {
          // declares nothing
        }
      }
    }
  }
}
