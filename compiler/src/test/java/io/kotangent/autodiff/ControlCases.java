package io.kotangent.autodiff;

import static io.kotangent.autodiff.Subject.single;

import io.kotangent.autodiff.Subject.Case;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Calls, branches and loops, with bodies in which some results depend on some inputs only.
final class ControlCases {
  static final Graph LAYER = graph("""
      graph layer(x: input f64[2], w: input f64[2], k: input i32) {
        %0 = mul x, w : f64[2]
        %1 = tanh %0 : f64[2]
        %2 = floor x : f64[2]
        %3 = mul w, w : f64[2]
        return y=%1, floor=%2, k=k, square=%3
      }
      """);
  static final Graph SMOOTH = graph("""
      graph smooth(a: input f64[2], b: input f64[2]) {
        %0 = mul a, b : f64[2]
        %1 = sin %0 : f64[2]
        return y=%1, b=b
      }
      """);
  static final Graph ROUGH = graph("""
      graph rough(a: input f64[2], b: input f64[2]) {
        %0 = exp b : f64[2]
        %1 = floor b : f64[2]
        return y=%0, b=%1
      }
      """);
  /// One step of a recurrence that also sums what does not come back.
  static final Graph RECURRENCE = graph("""
      graph recurrence(h: input f64[2], total: input f64, n: input i32, x: input f64[2], k: input i32, w: input f64[2,2], c: input f64) {
        %0 = contract[ij,j->i] w, h : f64[2]
        %1 = add %0, x : f64[2]
        %2 = tanh %1 : f64[2]
        %3 = contract[i,i->] %2, h : f64
        %4 = add total, %3 : f64
        %5 = add n, k : i32
        %6 = broadcast[dims=(), to=(2)] c : f64[2]
        %7 = mul %2, %6 : f64[2]
        return h=%2, total=%4, n=%5, out=%7, x=x, k=k
      }
      """);
  /// Only the second value that it carries reaches the first, one iteration later.
  static final Graph DELAYED = graph("""
      graph delayed(a: input f64, b: input f64, unused: input f64, w: input f64) {
        %0 = mul b, w : f64
        %1 = sin b : f64
        return a=%0, b=%1, unused=unused
      }
      """);

  /// Each value comes to the next one an iteration later; the last two change places.
  static final Graph PIPELINE = graph("""
      graph pipeline(a: input f64, b: input f64, c: input f64, d: input f64, e: input f64, s: input f64, w: input f64) {
        %0 = sin c : f64
        %1 = mul c, w : f64
        %2 = mul a, s : f64
        return a=b, b=%0, c=%1, d=e, e=d, out=%2
      }
      """);

  private ControlCases() {
  }

  private static Graph graph(String text) {
    return GraphParser.parse(text).getLast();
  }

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    calls(cases);
    branches(cases);
    loops(cases);
    return cases;
  }

  private static void calls(List<Case> cases) {
    Op call = new Op.Call(LAYER, Optional.empty());
    cases.add(single("call",
        s -> s.b.item(s.b.add(call, s.real(2), s.real(2), s.ints(new long[0], 3)), 0)));
    cases.add(new Case("call, all float items", s -> {
      Node tuple = s.b.add(call, s.real(2), s.real(2), s.ints(new long[0], 3));
      return List.of(s.b.item(tuple, 0), s.b.item(tuple, 1), s.b.item(tuple, 3));
    }));
    cases.add(single("call of a call", s -> {
      Node once = s.b.add(call, s.real(2), s.real(2), s.ints(new long[0], 3));
      return s.b.item(s.b.add(call, s.b.item(once, 0), s.b.item(once, 3), s.b.item(once, 2)), 0);
    }));
    cases.add(single("call with a constant", s -> s.b.item(
        s.b.add(call, s.b.fill(s.real(2).type(), 0.5), s.real(2), s.ints(new long[0], 3)), 0)));
    cases.add(new Case("call whose custom derivative is the true one", s -> {
      Node tuple = s.b.add(new Op.Call(CUSTOM, Optional.of(CUSTOM_DERIVATIVE)), s.real(2),
          s.ints(new long[0], 3), s.real(2));
      return List.of(s.b.item(tuple, 0), s.b.item(tuple, 2));
    }));
    cases.add(single("second item of a call with a custom derivative", s -> s.b.item(
        s.b.add(new Op.Call(CUSTOM, Optional.of(CUSTOM_DERIVATIVE)),
            s.b.fill(s.real(2).type(), 0.5),
            s.ints(new long[0], 3), s.real(2)),
        2)));
  }

  /// y = x²·w, written out of order with an integer between.
  static final Graph CUSTOM = graph("""
      graph square(x: input f64[2], k: input i32, w: input f64[2]) {
        %0 = mul x, x : f64[2]
        %1 = mul %0, w : f64[2]
        return y=%1, k=k, z=w
      }
      """);
  static final Graph CUSTOM_DERIVATIVE = graph("""
      graph square_derivative(x: input f64[2], k: input i32, w: input f64[2], y: input f64[2], k2: input i32, z: input f64[2], dy: input f64[2], dz: input f64[2]) {
        %0 = mul dy, x : f64[2]
        %1 = mul %0, w : f64[2]
        %2 = add %1, %1 : f64[2]
        %3 = mul %0, x : f64[2]
        %4 = add %3, dz : f64[2]
        return dx=%2, dw=%4
      }
      """);

  private static void branches(List<Case> cases) {
    for (boolean flag : List.of(true, false)) {
      Op branch = new Op.Branch(SMOOTH, ROUGH);
      Op exchanged = new Op.Branch(ROUGH, SMOOTH);
      cases.add(new Case("exchanged branch " + flag, s -> {
        Node tuple =
            s.b.add(exchanged, s.b.reshape(s.bools(flag), Shape.SCALAR), s.real(2), s.real(2));
        return List.of(s.b.item(tuple, 0), s.b.item(tuple, 1));
      }));
      cases.add(new Case("branch " + flag, s -> {
        Node condition = s.b.reshape(s.bools(flag), Shape.SCALAR);
        Node tuple = s.b.add(branch, condition, s.real(2), s.real(2));
        return List.of(s.b.item(tuple, 0), s.b.item(tuple, 1));
      }));
      cases.add(single("branch, one item " + flag, s -> {
        Node x = s.real(2);
        Node positive =
            s.b.map(ScalarFn.GT, s.b.sum(x, List.of(0)), s.b.scalar(DType.F64, flag ? -10 : 10));
        return s.b.item(s.b.add(branch, positive, x, s.real(2)), 1);
      }));
    }
  }

  private static void loops(List<Case> cases) {
    for (boolean reverse : List.of(false, true)) {
      for (int count : List.of(0, 1, 4)) {
        String name = "loop of " + count + (reverse ? " in reverse" : "");
        cases.add(new Case(name + ", all items", s -> {
          Node loop = recurrence(s, count, reverse);
          return List.of(s.b.item(loop, 0), s.b.item(loop, 1), s.b.item(loop, 3),
              s.b.item(loop, 4));
        }));
        cases.add(
            single(name + ", a carried item", s -> s.b.item(recurrence(s, count, reverse), 1)));
        cases.add(single(name + ", an output", s -> s.b.item(recurrence(s, count, reverse), 3)));
        cases.add(new Case(name + ", through another item", s -> {
          Node loop = s.b.add(new Op.Loop(DELAYED, Dim.of(count), 3, 0, reverse), s.real(),
              s.real(), s.real(), s.real());
          return List.of(s.b.item(loop, 0));
        }));
      }
    }
    for (int count : List.of(0, 1, 2, 3, 66)) {
      for (int item : List.of(0, 3, 5)) {
        cases.add(single("item " + item + " of a pipeline of " + count, s -> s.b.item(s.b.add(
            new Op.Loop(PIPELINE, Dim.of(count), 5, 1, false), s.real(), s.real(),
            s.between(0.1, 0.2), s.real(),
            s.real(), s.real(count), s.between(0.9, 1.1)), item)));
      }
    }
    cases.add(single("loop with only the slices active", s -> {
      Node zeros = s.b.fill(TensorType.of(DType.F64, 2), 0.5);
      Node w = s.b.fill(TensorType.of(DType.F64, 2, 2), 0.3);
      Node zero = s.b.scalar(DType.F64, 0.5);
      return s.b.item(s.b.add(new Op.Loop(RECURRENCE, Dim.of(3), 3, 2, false), zeros, zero,
          s.ints(new long[0], 0),
          s.real(3, 2), s.ints(new long[] {3}, 1, 2, 3), w, zero), 1);
    }));
    cases.add(single("loop over a symbolic axis", s -> {
      Node x = s.batched("steps", 3, 2);
      Node w = s.real(2, 2);
      Node steps = s.b.broadcast(s.ints(new long[0], 1), List.of(), Shape.of(Dim.symbol("steps")));
      return s.b.item(
          s.b.add(new Op.Loop(RECURRENCE, Dim.symbol("steps"), 3, 2, false), s.real(2), s.real(),
              s.ints(new long[0], 0), x, steps, w, s.real()),
          1);
    }));
    cases.add(single("loop in a loop", s -> {
      var inner = new GraphBuilder();
      Node h = inner.input(new Port("h", Role.INPUT,
          TensorType.scalar(DType.F64)));
      Node w = inner.input(new Port("w", Role.INPUT,
          TensorType.scalar(DType.F64)));
      Node zero = inner.scalar(DType.F64, 0.25);
      Node loop = inner.add(new Op.Loop(DELAYED, Dim.of(3), 3, 0, true), h, h, zero, w);
      Graph body =
          inner.graph("outer", List.of(h, w), List.of(new Graph.Result("h", inner.item(loop, 0))));
      return s.b.item(s.b.add(new Op.Loop(body, Dim.of(2), 1, 0, false), s.real(), s.real()), 0);
    }));
  }

  private static Node recurrence(Subject s, int count, boolean reverse) {
    int[] steps = java.util.stream.IntStream.range(0, count).toArray();
    return s.b.add(new Op.Loop(RECURRENCE, Dim.of(count), 3, 2, reverse), s.real(2), s.real(),
        s.ints(new long[0], 0),
        s.real(count, 2), s.ints(new long[] {count}, steps), s.real(2, 2), s.real());
  }
}
