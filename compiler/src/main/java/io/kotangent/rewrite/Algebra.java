package io.kotangent.rewrite;

import static io.kotangent.rewrite.Domain.ANY;
import static io.kotangent.rewrite.Domain.BITS;
import static io.kotangent.rewrite.Domain.BOOL;
import static io.kotangent.rewrite.Domain.FLOAT;
import static io.kotangent.rewrite.Domain.INTEGER;
import static io.kotangent.rewrite.Domain.NUMBER;

import io.kotangent.ir.Term;

/// The scalar identities, in three sets. Each rule is tested on special values by one table test: what `EXACT` claims is
/// checked bit for bit, every rule of `RELAXED` has an input that keeps it out of `EXACT`.
public final class Algebra {
  private Algebra() {
  }

  /// Identities that hold bit for bit for every input: NaN (all NaNs are one value), infinities and -0 included.
  public static final RuleSet EXACT = RuleSet.of("exact",
      rule("neg-neg", NUMBER, "-(-a)", "a"),
      rule("mul-one", NUMBER, "a*1", "a"),
      rule("div-one", NUMBER, "a/1", "a"),
      rule("sub-zero", NUMBER, "a-0", "a"), // a + 0 is not here: -0 + 0 is 0
      rule("add-minus-zero", FLOAT, "a+-0", "a"),
      rule("minus-zero-sub", FLOAT, "-0-a", "-a"),
      rule("mul-minus-one", NUMBER, "a*-1", "-a"),
      rule("div-minus-one", NUMBER, "a/-1", "-a"),
      rule("add-neg", NUMBER, "a+-b", "a-b"),
      rule("sub-neg", NUMBER, "a-(-b)", "a+b"),
      rule("neg-mul-neg", NUMBER, "(-a)*(-b)", "a*b"),
      rule("neg-div-neg", FLOAT, "(-a)/(-b)", "a/b"),
      rule("neg-mul", NUMBER, "(-a)*b", "-(a*b)"),
      rule("neg-div", FLOAT, "(-a)/b", "-(a/b)"),
      rule("div-neg", FLOAT, "a/(-b)", "-(a/b)"),
      rule("abs-neg", NUMBER, "abs(-a)", "abs(a)"),
      rule("abs-abs", FLOAT, "abs(abs(a))", "abs(a)"),
      rule("abs-abs-int", INTEGER, "abs(abs(a))", "abs(a)"),
      rule("sign-sign", NUMBER, "sign(sign(a))", "sign(a)"),
      rule("max-self", NUMBER, "max(a, a)", "a"),
      rule("min-self", NUMBER, "min(a, a)", "a"),
      rule("max-max", NUMBER, "max(a, max(a, b))", "max(a, b)"),
      rule("min-min", NUMBER, "min(a, min(a, b))", "min(a, b)"),
      rule("relu-relu", FLOAT, "relu(relu(a))", "relu(a)"),
      rule("relu-abs", FLOAT, "relu(abs(a))", "abs(a)"),
      rule("abs-relu", FLOAT, "abs(relu(a))", "relu(a)"),
      rule("floor-floor", FLOAT, "floor(floor(a))", "floor(a)"),
      rule("floor-ceil", FLOAT, "floor(ceil(a))", "ceil(a)"),
      rule("floor-round", FLOAT, "floor(round(a))", "round(a)"),
      rule("ceil-ceil", FLOAT, "ceil(ceil(a))", "ceil(a)"),
      rule("ceil-floor", FLOAT, "ceil(floor(a))", "floor(a)"),
      rule("ceil-round", FLOAT, "ceil(round(a))", "round(a)"),
      rule("round-round", FLOAT, "round(round(a))", "round(a)"),
      rule("round-floor", FLOAT, "round(floor(a))", "floor(a)"),
      rule("round-ceil", FLOAT, "round(ceil(a))", "ceil(a)"),
      rule("pow-zero", FLOAT, "pow(a, 0)", "1"),
      rule("pow-one", FLOAT, "pow(a, 1)", "a"),
      rule("stop-stop", NUMBER, "stop_gradient(stop_gradient(a))", "stop_gradient(a)"),
      rule("is-nan-neg", FLOAT, "is_nan(-a)", "is_nan(a)"),
      rule("is-nan-abs", FLOAT, "is_nan(abs(a))", "is_nan(a)"),
      rule("is-finite-neg", FLOAT, "is_finite(-a)", "is_finite(a)"),
      rule("is-finite-abs", FLOAT, "is_finite(abs(a))", "is_finite(a)"),
      rule("less-than-self", NUMBER, "lt(a, a)", "0"),
      rule("greater-than-self", NUMBER, "gt(a, a)", "0"),
      // choices
      rule("select-same", ANY, "select(a, b, b)", "b"),
      rule("select-true", ANY, "select(1, a, b)", "a"),
      rule("select-false", ANY, "select(0, a, b)", "b"),
      rule("select-not", ANY, "select(not(a), b, c)", "select(a, c, b)"),
      rule("select-select-then", ANY, "select(a, select(a, b, c), d)", "select(a, b, d)"),
      rule("select-select-else", ANY, "select(a, b, select(a, c, d))", "select(a, b, d)"),
      rule("select-true-false", BOOL, "select(a, 1, 0)", "a"),
      rule("select-false-true", BOOL, "select(a, 0, 1)", "not(a)"),
      // integers
      rule("add-zero-int", INTEGER, "a+0", "a"),
      rule("zero-sub-int", INTEGER, "0-a", "-a"),
      rule("sub-self-int", INTEGER, "a-a", "0"),
      rule("mul-zero-int", INTEGER, "a*0", "0"),
      rule("neg-sub-int", INTEGER, "-(a-b)", "b-a"),
      rule("rem-one", INTEGER, "rem(a, 1)", "0"),
      rule("rem-minus-one", INTEGER, "rem(a, -1)", "0"),
      rule("shl-zero", INTEGER, "shl(a, 0)", "a"),
      rule("shr-zero", INTEGER, "shr(a, 0)", "a"),
      rule("ushr-zero", INTEGER, "ushr(a, 0)", "a"),
      rule("and-ones", INTEGER, "and(a, -1)", "a"),
      rule("or-ones", INTEGER, "or(a, -1)", "-1"),
      rule("xor-ones", INTEGER, "xor(a, -1)", "not(a)"),
      rule("less-equal-self-int", INTEGER, "le(a, a)", "1"),
      rule("greater-equal-self-int", INTEGER, "ge(a, a)", "1"),
      rule("not-less-int", INTEGER, "not(lt(a, b))", "ge(a, b)"),
      rule("not-less-equal-int", INTEGER, "not(le(a, b))", "gt(a, b)"),
      rule("not-greater-int", INTEGER, "not(gt(a, b))", "le(a, b)"),
      rule("not-greater-equal-int", INTEGER, "not(ge(a, b))", "lt(a, b)"),
      // integers and bools
      rule("equal-self", BITS, "eq(a, a)", "1"),
      rule("unequal-self", BITS, "ne(a, a)", "0"),
      rule("not-not", BITS, "not(not(a))", "a"),
      rule("not-equal", ANY, "not(eq(a, b))", "ne(a, b)"),
      rule("not-unequal", ANY, "not(ne(a, b))", "eq(a, b)"),
      rule("and-self", BITS, "and(a, a)", "a"),
      rule("or-self", BITS, "or(a, a)", "a"),
      rule("xor-self", BITS, "xor(a, a)", "0"),
      rule("and-zero", BITS, "and(a, 0)", "0"),
      rule("or-zero", BITS, "or(a, 0)", "a"),
      rule("xor-zero", BITS, "xor(a, 0)", "a"),
      rule("and-not", BITS, "and(a, not(a))", "0"),
      rule("and-or", BITS, "and(a, or(a, b))", "a"),
      rule("or-and", BITS, "or(a, and(a, b))", "a"),
      rule("and-and", BITS, "and(a, and(a, b))", "and(a, b)"),
      rule("or-or", BITS, "or(a, or(a, b))", "or(a, b)"),
      rule("and-true", BOOL, "and(a, 1)", "a"),
      rule("or-true", BOOL, "or(a, 1)", "1"),
      rule("xor-true", BOOL, "xor(a, 1)", "not(a)"),
      rule("or-not", BOOL, "or(a, not(a))", "1"),
      rule("equal-true", BOOL, "eq(a, 1)", "a"),
      rule("equal-false", BOOL, "eq(a, 0)", "not(a)"),
      rule("unequal-true", BOOL, "ne(a, 1)", "not(a)"),
      rule("unequal-false", BOOL, "ne(a, 0)", "a"));

  /// Those of `EXACT` that leave a value as it is: `a*1`, `-(-a)`, `select(a, b, b)`.
  public static final RuleSet IDENTITIES = new RuleSet("identities",
      EXACT.rules().stream().filter(rule -> rule.to() instanceof Term.Arg).toList());

  /// Formulas that lose digits, overflow or give NaN where a better one does not. They change bits, for the better.
  public static final RuleSet STABLE = RuleSet.of("stable",
      rule("sigmoid-of-neg-exp", FLOAT, "1/(1+exp(-a))", "sigmoid(a)"),
      rule("sigmoid-of-exp", FLOAT, "1/(1+exp(a))", "sigmoid(-a)"),
      rule("sigmoid-of-quotient", FLOAT, "exp(a)/(1+exp(a))", "sigmoid(a)"),
      rule("one-minus-sigmoid", FLOAT, "1-sigmoid(a)", "sigmoid(-a)"),
      rule("log-of-one-minus-exp", FLOAT, "log(-expm1(a))", "log1mexp(a)"),
      rule("log-of-expm1-of-neg", FLOAT, "log(1-exp(a))", "log1mexp(a)"),
      rule("log1p-of-minus-exp", FLOAT, "log1p(-exp(a))", "log1mexp(a)"),
      rule("log1p-of-exp", FLOAT, "log1p(exp(a))", "softplus(a)"),
      rule("log-of-one-plus-exp", FLOAT, "log(1+exp(a))", "softplus(a)"),
      rule("log1p-of-minus-sigmoid", FLOAT, "log1p(-sigmoid(a))", "log_sigmoid(-a)"),
      rule("log1p-of-tanh", FLOAT, "log1p(tanh(a))",
          "-(select(lt(a, 0), -(2*a), 0)+log1p(0.5*expm1(select(lt(a, 0), 2*a, -(2*a)))))"),
      rule("log1p-of-minus-tanh", FLOAT, "log1p(-tanh(a))",
          "-(select(gt(a, 0), 2*a, 0)+log1p(0.5*expm1(select(gt(a, 0), -(2*a), 2*a))))"),
      // −2·log(cosh a); near 0 cosh a − 1 has the digits
      rule("log1p-of-minus-tanh-squared", FLOAT, "log1p(-(tanh(a)*tanh(a)))",
          "-2*select(lt(abs(a), 1), log1p(0.5*(exp(a)*(expm1(-a)*expm1(-a)))),"
              + " abs(a)+log1p(exp(-2*abs(a)))-0.6931471805599453)"),
      rule("log1p-of-minus-rest", FLOAT, "log1p(-(1-a))", "log(a)"),
      rule("log1p-of-less-one", FLOAT, "log1p(a-1)", "log(a)"),
      rule("log-of-sigmoid", FLOAT, "log(sigmoid(a))", "log_sigmoid(a)"),
      rule("log-of-exp", FLOAT, "log(exp(a))", "a"),
      rule("log-of-one-plus", FLOAT, "log(1+a)", "log1p(a)"),
      rule("log-of-one-minus", FLOAT, "log(1-a)", "log1p(-a)"),
      rule("exp-minus-one", FLOAT, "exp(a)-1", "expm1(a)"),
      rule("one-minus-exp", FLOAT, "1-exp(a)", "-expm1(a)"),
      rule("tanh-of-exps", FLOAT, "(exp(a)-exp(-a))/(exp(a)+exp(-a))", "tanh(a)"),
      rule("sigmoid-of-tanh-half", FLOAT, "(1+tanh(a))/2", "sigmoid(2*a)"),
      rule("sigmoid-of-tanh-product", FLOAT, "(1+tanh(a))*0.5", "sigmoid(2*a)"),
      rule("sigmoid-of-tanh-sum", FLOAT, "0.5+tanh(a)*0.5", "sigmoid(2*a)"),
      rule("sigmoid-of-tanh-quotient", FLOAT, "0.5+tanh(a)/2", "sigmoid(2*a)"),
      rule("sigmoid-of-minus-tanh-half", FLOAT, "(1-tanh(a))/2", "sigmoid(-(2*a))"),
      rule("sigmoid-of-minus-tanh-product", FLOAT, "(1-tanh(a))*0.5", "sigmoid(-(2*a))"),
      rule("sigmoid-of-minus-tanh-sum", FLOAT, "0.5-tanh(a)*0.5", "sigmoid(-(2*a))"),
      rule("sigmoid-of-minus-tanh-quotient", FLOAT, "0.5-tanh(a)/2", "sigmoid(-(2*a))"),
      rule("sqrt-of-square", FLOAT, "sqrt(a*a)", "abs(a)"),
      rule("cube-of-cbrt", FLOAT, "cbrt(a)*cbrt(a)*cbrt(a)", "a"),
      rule("exp-of-log", FLOAT, "exp(log(a))", "select(lt(a, 0), 0/0, a)"),
      rule("pow-zero", FLOAT, "pow(a, 0)", "1"),
      rule("pow-two", FLOAT, "pow(a, 2)", "a*a"),
      rule("pow-minus-one", FLOAT, "pow(a, -1)", "1/a"));

  /// Identities of real numbers, with those of `EXACT`: for formulas that people read, and for callers who allow results
  /// to differ.
  public static final RuleSet RELAXED = EXACT.plus("relaxed",
      rule("sub-for-zero-sub", FLOAT, "zero_sub(a, b)", "a-b"),
      rule("mul-for-zero-mul", FLOAT, "zero_mul(a, b)", "a*b"),
      rule("div-for-zero-div", FLOAT, "zero_div(a, b)", "a/b"),
      rule("add-zero", FLOAT, "a+0", "a"),
      rule("zero-sub", FLOAT, "0-a", "-a"),
      rule("sub-self", FLOAT, "a-a", "0"),
      rule("mul-zero", FLOAT, "a*0", "0"),
      rule("zero-div", FLOAT, "0/a", "0"),
      rule("div-self", FLOAT, "a/a", "1"),
      rule("neg-sub", FLOAT, "-(a-b)", "b-a"),
      rule("add-sub", FLOAT, "(a+b)-a", "b"),
      rule("sub-add", FLOAT, "(a-b)+b", "a"),
      rule("sub-of-sub", FLOAT, "a-(a-b)", "b"),
      rule("sub-of-add", FLOAT, "a-(a+b)", "-b"),
      rule("mul-div", FLOAT, "(a*b)/b", "a"),
      rule("div-mul", FLOAT, "(a/b)*b", "a"),
      rule("div-of-mul", FLOAT, "a/(a*b)", "1/b"),
      rule("div-div", FLOAT, "a/(b/c)", "a*c/b"),
      rule("mul-reciprocal", FLOAT, "a*(1/b)", "a/b"),
      rule("log-of-exp", FLOAT, "log(exp(a))", "a"),
      rule("exp-of-log", FLOAT, "exp(log(a))", "a"),
      rule("sqrt-mul-sqrt", FLOAT, "sqrt(a)*sqrt(a)", "a"),
      rule("square-of-sqrt", FLOAT, "pow(sqrt(a), 2)", "a"),
      rule("sigmoid-of-neg", FLOAT, "sigmoid(-a)", "1-sigmoid(a)"),
      rule("one-minus-one-minus", FLOAT, "1-(1-a)", "a"),
      rule("common-factor", FLOAT, "a*b+a*c", "a*(b+c)"),
      rule("common-factor-sub", FLOAT, "a*b-a*c", "a*(b-c)"),
      rule("one-common-factor", FLOAT, "a+a*b", "a*(1+b)"),
      rule("one-common-factor-sub", FLOAT, "a-a*b", "a*(1-b)"),
      rule("pow-half", FLOAT, "pow(a, 0.5)", "sqrt(a)"));

  private static Rule rule(String name, Domain domain, String from, String to) {
    return Rule.of(name, domain, from, to);
  }
}
