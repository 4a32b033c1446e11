package io.kotangent.ir;

import static io.kotangent.ir.Prims.X;
import static io.kotangent.ir.Prims.abs;
import static io.kotangent.ir.Prims.add;
import static io.kotangent.ir.Prims.div;
import static io.kotangent.ir.Prims.f64;
import static io.kotangent.ir.Prims.lt;
import static io.kotangent.ir.Prims.min;
import static io.kotangent.ir.Prims.mul;
import static io.kotangent.ir.Prims.neg;
import static io.kotangent.ir.Prims.poly64;
import static io.kotangent.ir.Prims.select;
import static io.kotangent.ir.Prims.sub;

/// The error function.
final class ErfFormulas {
  /// erf(x) / x as a polynomial in x² on [0, 1].
  private static final double[] SMALL = {
      5.957176147748911e-11, -1.1372848856791674e-09, 1.4659775274047436e-08,
      -1.6350312701054695e-07,
      1.6461000484121368e-06, -1.4925595266831182e-05, 0.0001205533111164271, -0.000854832698083379,
      0.0052239776248180145, -0.026866170645076792, 0.11283791670954879, -0.3761263890318375,
      1.1283791670955126
  };

  /// e^(x²) · erfc(x) as a polynomial in t = (x − 3) / (x + 3), on [1, 6].
  private static final double[] SCALED_COMPLEMENT = {
      -2.0355575642200858e-07, -2.6915157592850126e-07, 1.2459620847174093e-06,
      2.1124428949403864e-06,
      -7.977696579644072e-06, -1.2859347351455289e-05, 6.405657794051666e-05, 4.525520140579536e-05,
      -0.0005970619531815352, 0.0007077464435611972, 0.004269136333077869, -0.024392499318790735,
      0.07166583719797331, -0.15011593650077582, 0.24560380171233093, -0.3262335600430372,
      0.17900115118138996
  };

  private ErfFormulas() {
  }

  /// Below 1 a polynomial; from there 1 − erfc(|x|), where the error of erfc counts for little. From 6 on it is 1.
  static Term erf64() {
    Term a = min(abs(X), f64(6.0));
    Term small = mul(X, poly64(mul(X, X), SMALL));
    Term t = div(sub(a, f64(3.0)), add(a, f64(3.0)));
    Term complement =
        mul(Term.prim(Basic.STRICT_EXP, neg(mul(a, a))), poly64(t, SCALED_COMPLEMENT));
    Term large = sub(f64(1.0), complement);
    return select(lt(a, f64(1.0)), small, select(lt(X, f64(0.0)), neg(large), large));
  }
}
