package io.kotangent.loop;

import io.kotangent.ir.Basic;
import io.kotangent.ir.BasicEval;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.List;

/// A scalar expression. Indices are values of dtype i32. A value used twice should be a [Stmt.Let].
public sealed interface Value {
  DType dtype();

  /// A constant as raw bits, in the convention of [BasicEval].
  record Const(DType dtype, long bits) implements Value {
  }

  /// A local variable, loop variable or int parameter.
  record Ref(Local local) implements Value {
    @Override
    public DType dtype() {
      return local.dtype();
    }
  }

  /// An array element; the index counts from the array's offset.
  record Load(ArrayParam array, Value index) implements Value {
    @Override
    public DType dtype() {
      return array.dtype();
    }
  }

  /// A primitive applied.
  record Apply(Basic basic, List<Value> args, DType dtype) implements Value {
    public Apply {
      args = List.copyOf(args);
    }
  }

  static Value apply(Basic basic, Value... args) {
    List<Value> list = List.of(args);
    List<DType> dtypes = new ArrayList<>(args.length);
    for (Value arg : args) {
      dtypes.add(arg.dtype());
    }
    return new Apply(basic, list, basic.result(dtypes));
  }

  static Value i32(int value) {
    return new Const(DType.I32, value);
  }

  static Value f32(float value) {
    return new Const(DType.F32, BasicEval.bits(value));
  }

  static Value bool(boolean value) {
    return new Const(DType.BOOL, value ? 1 : 0);
  }

  static Value ref(Local local) {
    return new Ref(local);
  }
}
