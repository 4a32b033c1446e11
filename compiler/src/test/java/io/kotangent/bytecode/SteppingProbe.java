package io.kotangent.bytecode;

import io.kotangent.ir.Graph;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.text.GraphParser;

/// A program that a debugger steps through.
public final class SteppingProbe {
  private SteppingProbe() {
  }

  /// Runs it once.
  public static void main(String[] args) {
    Graph graph = GraphParser.parseOne("""
        graph stepped(x: input f32[n], y: input f32[n]) {
          %0 = mul x, y : f32[n]
          %1 = reduce.sum[axes=0] %0 : f32
          %2 = exp %1 : f32
          return f=%2
        }
        """);
    Program program = Compiler.compile(graph, CompileOptions.standard().with(SimdUse.NEVER));
    Workspace workspace = program.newWorkspace();
    workspace.feed("x", new float[] {1, 2, 3}).feed("y", new float[] {0.5f, 0.25f, 1});
    program.run(workspace);
    System.out.println(workspace.scalar("f"));
  }
}
