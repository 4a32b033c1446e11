package io.kotangent.ir;

import static io.kotangent.ir.Prims.B;
import static io.kotangent.ir.Prims.X;
import static io.kotangent.ir.Prims.and;
import static io.kotangent.ir.Prims.eq;
import static io.kotangent.ir.Prims.ne;
import static io.kotangent.ir.Prims.number;
import static io.kotangent.ir.Prims.or;
import static io.kotangent.ir.Prims.select;

import io.kotangent.type.DType;

/// Differences, products and quotients in which a zero wins: the ordinary ones, but where these are NaN.
final class ZeroFormulas {
  private ZeroFormulas() {
  }

  static Term sub(DType type) {
    return select(eq(X, B), number(type, 0), Prims.sub(X, B));
  }

  static Term mul(DType type) {
    Term zero = number(type, 0);
    return unlessZero(type, or(eq(X, zero), eq(B, zero)), Prims.mul(X, B));
  }

  static Term div(DType type) {
    return unlessZero(type, eq(X, number(type, 0)), Prims.div(X, B));
  }

  private static Term unlessZero(DType type, Term isZero, Term y) {
    return select(and(isZero, ne(y, y)), number(type, 0), y);
  }
}
