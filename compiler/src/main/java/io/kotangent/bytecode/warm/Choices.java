package io.kotangent.bytecode.warm;

import io.kotangent.bytecode.load.LoadedKernels;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.Stmt;
import io.kotangent.plan.SimdWay;
import io.kotangent.plan.Step;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The choices of a plan: each [Step.When] between ways to the same bits.
public final class Choices {
  /// Elements.
  private static final int LARGE = 1 << 14;

  private final List<String> symbols;
  private final LoadedKernels kernels;
  private Choices(List<String> symbols, LoadedKernels kernels) {
    this.symbols = symbols;
    this.kernels = kernels;
  }

  /// In the order of their flags.
  ///
  /// @param symbols the names of sizes, in the order in which programs are called with them
  public static Choice[] of(List<Step> steps, List<String> symbols, LoadedKernels kernels) {
    Choices choices = new Choices(symbols, kernels);
    return SimdWay.of(steps).stream().map(choices::choice).toArray(Choice[]::new);
  }

  private Choice choice(SimdWay way) {
    List<Choice.Least> least = least(way.needs());
    List<Choice.Least> others = least(way.others());
    long size = Choice.usualSize(least, others);
    List<Choice.Way> simd = ways(way.choice().then(), size);
    simd.removeIf(each -> !each.kernel().hasSimd());
    return new Choice(simd, ways(way.otherwise(), size), least, others);
  }

  private List<Choice.Least> least(List<Step.Share.Needs> needs) {
    return needs.stream()
        .map(need -> new Choice.Least(symbols.indexOf(need.size().toString()), need.least()))
        .toList();
  }

  private List<Choice.Way> ways(List<Step> steps, long size) {
    List<Choice.Way> ways = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Step.Run run) {
        ways.add(new Choice.Way(shell(run), kernels.late(run.kernel()), reach(run, size)));
      }
    }
    return ways;
  }

  /// What is tried is a part: of arrays that are large, no more is made than that comes to. (Known now, since later the loops are not.)
  static List<Long> reach(Step.Run run, long size) {
    boolean large = run.arguments().stream().map(Step.Argument::buffer)
        .anyMatch(buffer -> estimate(buffer.slot().length(), size) > LARGE);
    if (!large) {
      return List.of();
    }
    try {
      return Reach.of(run.kernel(), SampleInts.of(run, size).ranges());
    } catch (KotangentException | ArithmeticException _) {
      return List.of(); // there is no such size: its trial says so, and programs need not be tried to run
    }
  }

  private static double estimate(Dim length, long size) {
    return length.constantTerm() + length.products().stream()
        .mapToDouble(each -> Math.abs(each.coefficient()) * Math.pow(size, each.atoms().size()))
        .sum();
  }

  /// What calls of a step's kernel need, and choices keep: neither the nodes, nor what is in the kernel's loops.
  private static Step.Run shell(Step.Run run) {
    Kernel kernel = run.kernel();
    return new Step.Run(run.name(),
        new Kernel(kernel.arrays(), kernel.ints(), kernel.scratch(), shells(kernel.body())),
        run.arguments(),
        run.ints(), List.of(), run.share());
  }

  /// The loops that a call comes to first.
  private static List<Stmt> shells(List<Stmt> body) {
    List<Stmt> shells = new ArrayList<>();
    for (Stmt stmt : body) {
      if (stmt instanceof Stmt.For(var at, var from, var to, var step, var inner, var row)) {
        shells.add(new Stmt.For(at, from, to, step, inner.stream().flatMap(Choices::lanes).toList(),
            row));
      }
    }
    return shells;
  }

  private static Stream<Stmt> lanes(Stmt stmt) {
    return stmt instanceof Stmt.Lanes(var at, var from, var to, var vectors, var overlap, _)
        ? Stream.of(new Stmt.Lanes(at, from, to, vectors, overlap, List.of())) : Stream.empty();
  }
}
