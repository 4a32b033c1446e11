package io.kotangent.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import de.siegmar.fastcsv.reader.CsvReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kotlin.Unit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.commons.Remapper;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.util.CheckClassAdapter;

/// A module that requires ours is compiled and run on the module path, from the jars that
/// `mvn verify` has just built: it differentiates, compiles and runs. (On bare class folders there are no jars and nothing to ask.)
class ModulePathTest {
  private static final String MODULE = """
      module smoke {
        requires io.kotangent.compiler;
        requires io.kotangent.dsl;
      }
      """;

  private static final String MAIN = """
      package smoke;

      import io.kotangent.bytecode.Compiler;
      import io.kotangent.dsl.Gradients;
      import io.kotangent.dsl.Model;
      import io.kotangent.dsl.Scalar;
      import io.kotangent.type.DType;

      public final class Main {
        public static void main(String[] args) {
          Model model = Model.named("square", DType.F64);
          Scalar x = model.input("x");
          Scalar square = x.times(x);
          var graph = model.graph("square", square.named("square"),
              Gradients.gradient(square, x).named("slope"));
          var program = Compiler.compile(graph);
          var workspace = program.newWorkspace();
          program.run(workspace.feed("x", 3.0));
          System.out.println(workspace.scalar("square") + " " + workspace.scalar("slope"));
          for (Class<?> type : new Class<?>[] {model.getClass(), graph.getClass(), program.getClass()}) {
            System.out.println(type.getModule().getName());
          }
        }
      }
      """;

  @Test
  void ourModulesWorkOnTheModulePath(@TempDir Path folder) throws Exception {
    Path source = Files.createDirectories(folder.resolve("source/smoke"));
    Files.writeString(source.resolveSibling("module-info.java"), MODULE);
    Files.writeString(source.resolve("Main.java"), MAIN);
    Path classes = folder.resolve("classes");
    String modules = modulePath();

    run("javac", "-p", modules, "-d", classes.toString(),
        source.resolveSibling("module-info.java").toString(),
        source.resolve("Main.java").toString());
    String printed = run("java", "-p", modules + File.pathSeparator + classes,
        "-m", "smoke/smoke.Main");

    assertEquals("""
        9.0 6.0
        io.kotangent.dsl
        io.kotangent.compiler
        io.kotangent.runtime
        """, printed.replace(System.lineSeparator(), "\n"));
  }

  @Test
  void whatIsTheCompilersOwnIsNotSeen(@TempDir Path folder) throws Exception {
    Path source = Files.createDirectories(folder.resolve("source/smoke"));
    Files.writeString(source.resolveSibling("module-info.java"), MODULE);
    Files.writeString(source.resolve("Main.java"), """
        package smoke;

        final class Main {
          io.kotangent.rewrite.Algebra rewrite;
          io.kotangent.loop.Kernel loop;
          io.kotangent.plan.Plan plan;
          io.kotangent.ir.Graph graph;
        }
        """);

    var printed = new StringWriter();
    int code = ToolProvider.findFirst("javac").orElseThrow().run(new PrintWriter(printed),
        new PrintWriter(printed), "-p", modulePath(), "-d", folder.resolve("classes").toString(),
        source.resolveSibling("module-info.java").toString(),
        source.resolve("Main.java").toString());

    assertNotEquals(0, code);
    for (String name : List.of("rewrite", "loop", "plan")) {
      assertTrue(printed.toString().contains("package io.kotangent." + name + " is not visible"),
          printed::toString);
    }
    assertTrue(printed.toString().contains("3 errors"), printed::toString);
  }

  private static List<Path> ours() throws URISyntaxException {
    List<Path> jars = Exported.homes();
    for (Path home : jars) {
      assumeTrue(Files.isRegularFile(home), () -> home + " is no jar: run mvn verify");
    }
    return jars;
  }

  private static String modulePath() throws URISyntaxException {
    List<Path> jars = new ArrayList<>(ours());
    for (Class<?> type : List.of(CsvReader.class, NullMarked.class, ClassWriter.class,
        ClassNode.class, Analyzer.class, CheckClassAdapter.class, Remapper.class, Unit.class)) {
      jars.add(Exported.home(type));
    }
    return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private static String run(String tool, String... arguments)
      throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", tool);
    List<String> command = Stream.concat(Stream.of(java.toString()), Stream.of(arguments)).toList();
    Process process = new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> String.join(" ", command) + "\n" + printed);
    return printed;
  }
}
