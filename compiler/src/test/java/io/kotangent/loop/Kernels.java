package io.kotangent.loop;

import static io.kotangent.ir.Basic.ADD;
import static io.kotangent.ir.Basic.FMA;
import static io.kotangent.ir.Basic.MAX;
import static io.kotangent.ir.Basic.MUL;
import static io.kotangent.loop.Value.apply;
import static io.kotangent.loop.Value.f32;
import static io.kotangent.loop.Value.i32;
import static io.kotangent.loop.Value.ref;

import io.kotangent.loop.ArrayParam.Access;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.List;

/// Kernels that tests share.
public final class Kernels {
  private Kernels() {
  }

  public static ArrayParam array(String name, DType dtype, Access access) {
    return new ArrayParam(name, dtype, access, false);
  }

  public static ArrayParam whole(String name, DType dtype, Access access) {
    return new ArrayParam(name, dtype, access, true);
  }

  public static Local i32Local(String name) {
    return new Local(name, DType.I32);
  }

  public static Local f32Local(String name) {
    return new Local(name, DType.F32);
  }

  public static Value load(ArrayParam array, Value index) {
    return new Value.Load(array, index);
  }

  public static Stmt.For loop(Local variable, Value to, Stmt... body) {
    return new Stmt.For(variable, i32(0), to, 1, List.of(body), false);
  }

  /// `out[i] = max(a[i] * 2 + b[i], 0)` for i < n, on whole arrays.
  public static Kernel elementwise() {
    ArrayParam a = whole("a0", DType.F32, Access.READ);
    ArrayParam b = whole("a1", DType.F32, Access.READ);
    ArrayParam out = whole("a2", DType.F32, Access.WRITE);
    Local n = i32Local("n0");
    Local i = i32Local("i0");
    Local v = f32Local("v0");
    Stmt row = new Stmt.For(i, i32(0), ref(n), 1,
        List.of(
            new Stmt.Let(v, apply(ADD, apply(MUL, load(a, ref(i)), f32(2)), load(b, ref(i)))),
            new Stmt.Store(out, ref(i), apply(MAX, ref(v), f32(0)))),
        true);
    return new Kernel(List.of(a, b, out), List.of(n), List.of(), List.of(row));
  }

  /// C[rows, n] = A[rows, k] · B[k, n] in row form: 4 rows of B a pass, `t` rows of C; k a multiple of 4, rows of `t`, n and
  /// k literal.
  public static Kernel rowContraction(int t, int n, int k) {
    ArrayParam a = array("a0", DType.F32, Access.READ);
    ArrayParam b = array("a1", DType.F32, Access.READ);
    ArrayParam c = array("a2", DType.F32, Access.WRITE);
    List<ArrayParam> arrays = new ArrayList<>(List.of(a, b, c));
    List<ArrayParam> cs = new ArrayList<>();
    List<ArrayParam> bs = new ArrayList<>();
    for (int r = 0; r < t; r++) {
      cs.add(whole("c" + r, DType.F32, Access.SCRATCH));
    }
    for (int q = 0; q < 4; q++) {
      bs.add(whole("b" + q, DType.F32, Access.SCRATCH));
    }
    arrays.addAll(cs);
    arrays.addAll(bs);
    Local rows = i32Local("n0");
    Local i = i32Local("i0");
    Local p = i32Local("i1");
    Local j = i32Local("i2");
    List<Stmt> perRow = new ArrayList<>();
    cs.forEach(s -> perRow.add(new Stmt.Fill(s, i32(0), i32(n), f32(0))));
    List<Stmt> perPass = new ArrayList<>();
    for (int q = 0; q < 4; q++) {
      perPass.add(new Stmt.Copy(b, apply(MUL, apply(ADD, ref(p), i32(q)), i32(n)), bs.get(q),
          i32(0), i32(n)));
    }
    List<Stmt> inner = new ArrayList<>();
    for (int q = 0; q < 4; q++) {
      inner.add(new Stmt.Let(f32Local("x" + q), load(bs.get(q), ref(j))));
    }
    for (int r = 0; r < t; r++) {
      Value sum = load(cs.get(r), ref(j));
      for (int q = 0; q < 4; q++) {
        Local s = f32Local("s" + r + "_" + q);
        perPass.add(new Stmt.Let(s, load(a,
            apply(ADD, apply(MUL, apply(ADD, ref(i), i32(r)), i32(k)),
                apply(ADD, ref(p), i32(q))))));
        sum = apply(FMA, ref(s), ref(f32Local("x" + q)), sum);
      }
      inner.add(new Stmt.Store(cs.get(r), ref(j), sum));
    }
    perPass.add(new Stmt.For(j, i32(0), i32(n), 1, inner, true));
    perRow.add(new Stmt.For(p, i32(0), i32(k), 4, perPass, false));
    for (int r = 0; r < t; r++) {
      perRow.add(new Stmt.Copy(cs.get(r), i32(0), c, apply(MUL, apply(ADD, ref(i), i32(r)), i32(n)),
          i32(n)));
    }
    List<Value> scratch = new ArrayList<>();
    for (int s = 0; s < t + 4; s++) {
      scratch.add(i32(n));
    }
    return new Kernel(arrays, List.of(rows), scratch,
        List.of(new Stmt.For(i, i32(0), ref(rows), t, perRow, false)));
  }
}
