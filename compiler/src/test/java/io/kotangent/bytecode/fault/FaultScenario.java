package io.kotangent.bytecode.fault;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.bytecode.SimdUse;
import io.kotangent.bytecode.emit.Emission;
import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.plan.Target;
import io.kotangent.runtime.Code;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Signature;
import io.kotangent.runtime.Workspace;
import io.kotangent.text.GraphParser;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

/// Some steps of a training by two threads, with sums in aligned memory and batches that grow. Whatever fails on the way: afterwards each step
/// either throws or does what it does without, and the state is that before a step or after it.
public final class FaultScenario implements IntUnaryOperator {
  private static final long MUCH = 1_000_000_000_000L;
  private static final int WIDTH = 48;
  private static final int[] BATCHES = {16, 40, 40, 24, 64, 64, 40, 96, 16, 96, 96, 96};
  /// The memory is read again after so many steps, so that what two threads share is seen.
  private static final int ROUNDS = 3;

  private static final String TEXT = """
      graph step(x: input f32[n,48], w: state f32[48,48], m: state f32[48,48] as m of w, k: state i64) {
        %0 = contract[bk,kn->bn] x, w             : f32[n,48]
        %1 = tanh %0                              : f32[n,48]
        %2 = mul %1, %1                           : f32[n,48]
        %3 = reduce.sum[axes=(0,1)] %2            : f32
        %4 = contract[bk,bn->kn] x, %1            : f32[48,48]
        %5 = add m, %4                            : f32[48,48]
        %6 = constant[value=0.001]                : f32
        %7 = broadcast[dims=(), to=(48,48)] %6    : f32[48,48]
        %8 = mul %5, %7                           : f32[48,48]
        %9 = sub w, %8                            : f32[48,48]
        %10 = is_finite %3                        : bool
        %11 = constant[value=1]                   : i64
        %12 = add k, %11                          : i64
        guard %10
        update w = %9
        update m = %5
        update k = %12
        return loss=%3, y=%1
      }
      """;

  private final Program program = program();
  private final List<float[]> results = new ArrayList<>();
  private final List<String> states = new ArrayList<>();

  public FaultScenario() {
    Workspace workspace = program.newWorkspace().threads(2);
    ModelState state = start();
    states.add(state.sha256());
    for (int step = 0; step < steps(); step++) {
      run(workspace, state, step);
      results.add(workspace.floats("y"));
      states.add(state.sha256());
    }
  }

  private static Program program() {
    KernelCache plain = new KernelCache(Emission.of(Target.PLAIN));
    var compiled = Compiler.compilation(GraphParser.parse(TEXT).getLast(),
        CompileOptions.standard().with(plain).with(SimdUse.ALWAYS));
    Signature s = compiled.program().signature();
    Code code = new Watched(compiled.code(), s);
    return Program.of(s.withWork(Dim.of(MUCH)), code);
  }

  /// Code that sees to it that no two threads have one scratch array: they might not come to it at the same time.
  private record Watched(Code code, Signature signature, Object[][] seen) implements Code {
    Watched(Code code, Signature signature) {
      this(code, signature, new Object[2][]);
    }

    @Override
    public void choose(boolean[] choices, int[] sizes) {
      code.choose(choices, sizes);
    }

    @Override
    public boolean run(Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier) {
      seen[thread] = arrays;
      barrier.run();
      for (int slot = 0; threads == 2 && slot < arrays.length; slot++) {
        boolean own = signature.arrays().get(slot).kind().isScratch();
        require(own == (seen[0][slot] != seen[1][slot]),
            (own ? "two threads have one " : "each thread has its own ")
                + signature.arrays().get(slot));
      }
      return code.run(arrays, sizes, thread, threads, barrier);
    }
  }

  private static int steps() {
    return ROUNDS * BATCHES.length;
  }

  private ModelState start() {
    float[] w = new float[WIDTH * WIDTH];
    fill(w, 7);
    return program.newState().set("w", w);
  }

  private static void fill(float[] values, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
  }

  private boolean run(Workspace workspace, ModelState state, int step) {
    float[] x = new float[BATCHES[step % BATCHES.length] * WIDTH];
    fill(x, step);
    return program.run(workspace.feed("x", x), state);
  }

  /// @param n which allocation fails, from 1; or below 0, how many frames there are until the stack overflows
  /// @return 0 if nothing failed, 1 if all was well afterwards; 2 if the state was refused
  @Override
  public int applyAsInt(int n) {
    ModelState state = start();
    int step = 0;
    Workspace workspace = program.newWorkspace();
    if (n > 0) {
      Faults.failAllocation(n);
    } else {
      Faults.overflowAt(Faults.depth() - n);
    }
    try {
      workspace = program.newWorkspace().threads(2);
      for (step = 0; step < BATCHES.length; step++) {
        run(workspace, state, step);
        check(workspace, step);
      }
    } catch (OutOfMemoryError | StackOverflowError e) {
      // as it was wanted
    } finally {
      boolean failed = Faults.end();
      if (!failed) {
        return 0;
      }
    }
    return goOn(workspace.threads(2), state, step);
  }

  private int goOn(Workspace workspace, ModelState state, int failed) {
    String now;
    try {
      now = state.sha256();
    } catch (KotangentException e) {
      require(e.getMessage().contains("half"), "unclear: " + e.getMessage());
      return 2;
    }
    int from = states.indexOf(now);
    require(from == failed || from == failed + 1,
        "step " + failed + " left a state that is neither before nor after it");
    for (int step = from; step < steps(); step++) {
      run(workspace, state, step);
      check(workspace, step);
      require(state.sha256().equals(states.get(step + 1)), "another state after step " + step);
    }
    return 1;
  }

  private void check(Workspace workspace, int step) {
    require(Arrays.equals(results.get(step), workspace.floats("y")),
        "another result of step " + step);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
