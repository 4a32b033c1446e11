package io.kotangent.bytecode.warm;

import io.kotangent.bytecode.Compilation;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.bytecode.GeneratedCode;
import io.kotangent.bytecode.StepWay;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.text.GraphParser;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// Trains in a process that has little of something, and prints how it went when the last program, which runs most, has SIMD
/// code, or after so many seconds of the thread's own time (on a busy machine that is much later). What goes wrong in a call of the
/// user ends it.
///
/// Arguments: the width of the net, the batch, how many programs, seconds, how many threads run one, and what is used up after the first
/// step and for a second of the steps: `classes`, `heap` or nothing.
public final class WarmProbe {
  private static final long SECOND = 1_000_000_000L;
  private static final int CHUNK = 1 << 14;
  /// Chunks that are left for the steps themselves.
  private static final int SPARED = 4;
  private static final String NET = """
      graph net(x: input f32[n,W], w: state f32[W,W], v: state f32[W,W]) {
        %0 = contract[bk,kn->bn] x, w    : f32[n,W]
        %1 = tanh %0                     : f32[n,W]
        %2 = contract[bk,kn->bn] %1, v   : f32[n,W]
        %3 = constant[value=0.001]       : f32
        %4 = broadcast[dims=(), to=(n,W)] %3 : f32[n,W]
        %5 = mul %2, %4                  : f32[n,W]
        %6 = contract[bn,kn->bk] %5, v   : f32[n,W]
        %7 = contract[bk,bn->kn] x, %6   : f32[W,W]
        %8 = contract[bk,bn->kn] %1, %5  : f32[W,W]
        %9 = sub w, %7                   : f32[W,W]
        %10 = sub v, %8                  : f32[W,W]
        %11 = reduce.sum[axes=(0,1)] %5  : f32
        update w = %9
        update v = %10
        return loss=%11
      }
      """;

  /// What running needs of a compilation.
  private record Running(Program program, GeneratedCode code, Workspace workspace,
      ModelState state, float[] x) {
    /// @param number other kernels for each
    static Running of(int width, int batch, int threads, int number) {
      String text = NET.replace("W", Integer.toString(width)).replace("0.001", "0.001" + number);
      Compilation compiled = Compiler.compilation(GraphParser.parse(text).getFirst(),
          CompileOptions.standard());
      Program program = compiled.program();
      float[] x = new float[batch * width];
      Arrays.fill(x, 0.01f);
      return new Running(program, compiled.code(), program.newWorkspace().threads(threads),
          program.newState(), x);
    }

    void step() {
      program.run(workspace.feed("x", x), state);
    }

    long simd() {
      return code.ways().stream().filter(way -> way.way() == StepWay.Way.SIMD).count();
    }

    long plain() {
      return code.ways().stream().filter(way -> way.way() == StepWay.Way.PLAIN).count();
    }
  }

  private WarmProbe() {
  }

  private static long threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(name)).count();
  }

  private static final class Filler extends ClassLoader {
    void define(byte[] bytes) {
      defineClass(WarmProbe.class.getName(), bytes, 0, bytes.length);
    }
  }

  /// Uses up all of something; what holds it.
  private static List<Object> fill(String what) throws IOException {
    List<Object> held = new ArrayList<>(1 << 20);
    try (InputStream in = Objects.requireNonNull(
        WarmProbe.class.getResourceAsStream("WarmProbe.class"))) {
      byte[] bytes = in.readAllBytes();
      while (!what.equals("nothing")) {
        if (what.equals("heap")) {
          held.add(new byte[CHUNK]);
        } else {
          Filler filler = new Filler();
          held.add(filler);
          filler.define(bytes);
        }
      }
    } catch (OutOfMemoryError e) {
      System.out.println("used up: " + e.getMessage());
      for (int i = 0; what.equals("heap") && i < SPARED; i++) {
        held.removeLast();
      }
    }
    return held;
  }

  private static void starve(String what, Running program) throws IOException {
    program.step();
    System.out.println("started");
    List<Object> held = fill(what);
    long end = System.nanoTime() + SECOND;
    while (!held.isEmpty() && System.nanoTime() - end < 0) {
      program.step();
    }
    held.clear();
    System.gc();
  }

  public static void main(String[] args) throws IOException {
    int width = Integer.parseInt(args[0]);
    int programs = Integer.parseInt(args[2]);
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    long end = clock.getCurrentThreadCpuTime() + Long.parseLong(args[3]) * SECOND;
    List<Running> all = new ArrayList<>();
    long steps = 0;
    long most = 0;
    while (clock.getCurrentThreadCpuTime() < end
        && (all.size() < programs || all.getLast().simd() == 0)) {
      if (all.size() < programs) {
        all.add(Running.of(width, Integer.parseInt(args[1]), Integer.parseInt(args[4]),
            all.size()));
        if (all.size() == 1) {
          starve(args[5], all.getFirst());
        }
      }
      all.get((int) (steps % all.size())).step();
      for (int i = 0; i < 3; i++) {
        all.getLast().step();
      }
      steps++;
      most = Math.max(most, threads("kotangent-"));
    }
    System.out.println("steps: " + steps + ", programs: " + all.size() + ", threads: " + most);
    System.out.println("last: " + all.getLast().simd() + " simd, " + all.getLast().plain()
        + " plain");
    System.out.println("with simd: " + all.stream().filter(each -> each.simd() > 0).count());
  }
}
