package io.kotangent.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.rewrite.Hits;
import io.kotangent.type.KotangentException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a pipeline verifies, times and dumps, and what single passes count.
@Tag("fast")
class PassRunTest {
  private static final Graph STEP = Texts.graph("""
      graph f(x: input f64[n], w: state f64[n]) {
        %0 = neg x : f64[n]
        %1 = add w, %0 : f64[n]
        %2 = constant[value=true] : bool
        update w = %1
        return y=%0
        guard %2
      }
      """);

  private static Pass pass(String name, UnaryOperator<Graph> change) {
    return new Pass() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Graph apply(Graph graph, Hits hits) {
        return change.apply(graph);
      }
    };
  }

  private static Graph with(Graph g, List<Graph.Result> results, List<Graph.Update> updates,
      Optional<Node> guard) {
    return new Graph(g.name(), g.inputs(), results, updates, guard, g.requirements());
  }

  private static String complaint(UnaryOperator<Graph> change) {
    return assertThrows(KotangentException.class,
        () -> Pipeline.verify(pass("culprit", change), STEP, change.apply(STEP))).getMessage();
  }

  private static void assertContains(String part, String message) {
    assertTrue(message.contains(part), message);
  }

  @Test
  void aPassMustKeepResultsUpdatesAndGuard() {
    assertContains("results [y: f64[n], update w, guard] became [z: f64[n], update w, guard]",
        complaint(g -> with(g, List.of(new Graph.Result("z", g.result("y"))), g.updates(),
            g.guard())));
    assertContains("results [y: f64[n], update w, guard] became [y: f64[n], guard]",
        complaint(g -> with(g, g.results(), List.of(), g.guard())));
    assertContains("results [y: f64[n], update w, guard] became [y: f64[n], update w]",
        complaint(g -> with(g, g.results(), g.updates(), Optional.empty())));
  }

  @Test
  void aPipelineVerifiesWhatAPassChangedAndNothingElse() {
    Graph invalid = new Graph("f", STEP.inputs().subList(0, 1), STEP.results(), STEP.updates(),
        STEP.guard(), List.of());
    assertSame(invalid, Pipeline.of(pass("idle", g -> g)).apply(invalid));
    if (Boolean.getBoolean("kotangent.checks")) {
      assertContains("pass culprit made an invalid graph of f:\n",
          assertThrows(KotangentException.class,
              () -> Pipeline.of(pass("culprit", _ -> invalid)).apply(STEP)).getMessage());
    }
  }

  @Test
  void aReportSaysHowLongEachPassTook() {
    Pipeline pipeline = Pipeline.standard(new LaneEvaluator());
    assertEquals(List.of("stabilize", "merge-loops", "simplify", "split-loops", "drop-dead-nodes"),
        pipeline.passes().stream().map(Pass::name).toList());
    long start = System.nanoTime();
    Report report = pipeline.run(STEP, Dump.none());
    long elapsed = System.nanoTime() - start;
    long sum = report.lines().stream().mapToLong(Report.Line::nanos).sum();
    assertTrue(sum > 0 && sum <= elapsed, sum + " of " + elapsed);
  }

  // ---- what passes count

  private static String hits(Pass pass, String text) {
    Hits hits = new Hits();
    pass.apply(Texts.graph(text), hits);
    return hits.toString();
  }

  @Test
  void droppedResultsAndRequirementsAreCounted() {
    assertEquals("{drop-dead-nodes=1}", hits(new DropDeadNodes(), """
        graph g(a: input f64, b: input f64) {
          return p=a, q=b
        }
        graph f(a: input f64, b: input f64) {
          %0 = call[@g] a, b : (f64, f64)
          %1 = item[index=1] %0 : f64
          return p=%1
        }
        """));
    assertEquals("{drop-dead-nodes=2}", hits(new DropDeadNodes(), """
        graph f(x: input f64[n]) {
          require n >= 3
          require m >= n
          require n >= k
          return y=x
        }
        """));
  }

  @Test
  void aLoopThatALargerOneReplacesIsCounted() {
    assertEquals("{merge-loops=1}", hits(new MergeLoops(), """
        graph step(a: input f64, s: input f64) {
          %0 = mul a, s : f64
          return a=%0
        }
        graph more(a: input f64, s: input f64) {
          %0 = mul a, s : f64
          return a=%0, before=a
        }
        graph f(a: input f64, s: input f64[n]) {
          %0 = loop[@step, count=n, carried=1, sliced=1] a, s : (f64)
          %1 = loop[@more, count=n, carried=1, sliced=1] a, s : (f64, f64[n])
          %2 = item[index=0] %0 : f64
          %3 = item[index=1] %1 : f64[n]
          return x=%2, y=%3
        }
        """));
  }

  // ---- dumps

  @Test
  void filesAreNumberedPastNine(@TempDir Path directory) throws Exception {
    Dump.Files files = new Dump(EnumSet.of(Dump.Stage.PASSES), directory, "*").of("f");
    assertEquals(directory.resolve("f"), files.directory());
    for (int i = 0; i < 9; i++) {
      files.pass("idle", STEP, STEP);
    }
    files.numbered(Dump.Stage.PASSES, "nine", () -> "9");
    Graph changed = Texts.graph("graph f() {\n  return\n}\n");
    files.pass("ten", STEP, changed);
    assertEquals("9", Files.readString(files.directory().resolve("09-nine")));
    assertEquals(changed, Texts.graph(Files.readString(files.directory().resolve("10-ten.ir"))));
  }

  @Test
  void bytesAreWrittenIfWanted(@TempDir Path directory) throws Exception {
    Dump.Files files = new Dump(EnumSet.of(Dump.Stage.BYTECODE), directory, "*").of("f");
    byte[] bytes = {(byte) 0xca, (byte) 0xfe};
    files.bytes(Dump.Stage.BYTECODE, "F.class", bytes);
    files.bytes(Dump.Stage.PLAN, "f.plan", bytes);
    assertArrayEquals(bytes, Files.readAllBytes(directory.resolve("f/F.class")));
    assertFalse(Files.exists(directory.resolve("f/f.plan")));
  }

  @Test
  void aStageMayBeNamedTwice() {
    assertEquals(Set.of(Dump.Stage.PLAN), Dump.parse("plan,plan"));
  }

  @Test
  void theSwitchIsReadFromTheSystemProperties(@TempDir Path directory) {
    List<String> names =
        List.of("kotangent.dump", "kotangent.dump.dir", "kotangent.dump.only");
    List<Optional<String>> before =
        names.stream().map(name -> Optional.ofNullable(System.getProperty(name))).toList();
    try {
      System.setProperty(names.get(0), " ");
      assertEquals(Set.of(), Dump.ofProperties().stages());
      System.setProperty(names.get(0), "plan");
      System.setProperty(names.get(1), directory.toString());
      System.setProperty(names.get(2), "no-such-*");
      assertEquals(new Dump(Set.of(Dump.Stage.PLAN), directory, "no-such-*"),
          Dump.ofProperties());
    } finally {
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(i);
        before.get(i).ifPresentOrElse(value -> System.setProperty(name, value),
            () -> System.clearProperty(name));
      }
    }
  }
}
