package io.kotangent.bytecode.emit;

import static org.objectweb.asm.Opcodes.*;

import io.kotangent.plan.PlanNames;
import io.kotangent.type.Dim;
import io.kotangent.type.SizeFunction;
import org.objectweb.asm.MethodVisitor;

/// Emits sizes: polynomials over symbols that are int locals. What could overflow is computed exactly, in longs.
final class SizeEmitter {
  private final MethodVisitor out;
  private final Slots slots;
  private final PlanNames names;

  SizeEmitter(MethodVisitor out, Slots slots, PlanNames names) {
    this.out = out;
    this.slots = slots;
    this.names = names;
  }

  /// The local of a symbol.
  int slot(String symbol) {
    return slots.slot(names.symbol(symbol));
  }

  /// A size as an int.
  void asInt(Dim dim) {
    if (dim.isConstant()) {
      IntCode.push(out, Math.toIntExact(dim.constantTerm()));
    } else if (isSymbol(dim)) {
      symbol(dim.products().getFirst().atoms().getFirst());
    } else {
      asLong(dim);
      out.visitMethodInsn(INVOKESTATIC, "java/lang/Math", "toIntExact", "(J)I", false);
    }
  }

  private static boolean isSymbol(Dim dim) {
    return dim.constantTerm() == 0 && dim.products().size() == 1
        && dim.products().getFirst().coefficient() == 1
        && dim.products().getFirst().atoms().size() == 1
        && dim.products().getFirst().atoms().getFirst() instanceof Dim.Symbol;
  }

  private void symbol(Dim.Atom atom) {
    if (atom instanceof Dim.Symbol(String symbol)) {
      out.visitVarInsn(ILOAD, slots.slot(names.symbol(symbol)));
    } else {
      throw new IllegalStateException(atom + " is no symbol");
    }
  }

  /// A size as a long.
  void asLong(Dim dim) {
    boolean empty = true;
    for (Dim.Product product : dim.products()) {
      product(product);
      if (!empty) {
        math("addExact");
      }
      empty = false;
    }
    if (empty || dim.constantTerm() != 0) {
      out.visitLdcInsn(dim.constantTerm());
      if (!empty) {
        math("addExact");
      }
    }
  }

  private void product(Dim.Product product) {
    atom(product.atoms().getFirst());
    for (Dim.Atom atom : product.atoms().subList(1, product.atoms().size())) {
      atom(atom);
      math("multiplyExact");
    }
    if (product.coefficient() != 1) {
      out.visitLdcInsn(product.coefficient());
      math("multiplyExact");
    }
  }

  private void atom(Dim.Atom atom) {
    switch (atom) {
      case Dim.Symbol symbol -> {
        symbol(symbol);
        out.visitInsn(I2L);
      }
      case Dim.Applied(SizeFunction function, Dim left, Dim right) -> {
        boolean up = function == SizeFunction.CEIL;
        asLong(left);
        if (up) {
          out.visitInsn(LNEG);
        }
        asLong(right);
        math(switch (function) {
          case FLOOR, CEIL -> "floorDiv";
          case MIN, MAX -> function.toString();
        });
        if (up) {
          out.visitInsn(LNEG);
        }
      }
    }
  }

  /// Calls a method of [Math] that makes one long of two.
  void math(String name) {
    out.visitMethodInsn(INVOKESTATIC, "java/lang/Math", name, "(JJ)J", false);
  }
}
