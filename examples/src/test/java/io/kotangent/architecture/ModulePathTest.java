package io.kotangent.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import de.siegmar.fastcsv.reader.CsvReader;
import io.kotangent.ir.Graph;
import io.kotangent.type.KotangentException;
import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.util.CheckClassAdapter;

/// A module that requires ours is compiled and run on the module path, from the jars that
/// `mvn verify` has just built. (On bare class folders there are no jars and nothing to ask.)
class ModulePathTest {
  private static final String MODULE = """
      module smoke {
        requires io.kotangent.compiler;
      }
      """;

  private static final String MAIN = """
      package smoke;

      import io.kotangent.text.GraphParser;
      import io.kotangent.text.GraphPrinter;

      public final class Main {
        public static void main(String[] args) {
          var graph = GraphParser.parseOne(\"""
              graph f(x: input f32[n]) {
                %0 = exp x : f32[n]
                return y=%0
              }
              \""");
          System.out.print(GraphPrinter.print(graph));
          System.out.println(graph.getClass().getModule().getName());
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
        graph f(x: input f32[n]) {
          %0 = exp x : f32[n]
          return y=%0
        }
        io.kotangent.compiler
        """, printed.replace(System.lineSeparator(), "\n"));
  }

  @Test
  void everyPackageIsExported() throws Exception {
    for (Path jar : ours()) {
      ModuleDescriptor module = ModuleFinder.of(jar).findAll().iterator().next().descriptor();
      if (!module.isAutomatic()) {
        var exported = module.exports().stream().map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(module.packages()), exported, module.name());
      }
    }
  }

  private static List<Path> ours() throws URISyntaxException {
    List<Path> jars = new ArrayList<>();
    for (Class<?> type : List.of(KotangentException.class, Graph.class)) {
      Path home = home(type);
      assumeTrue(Files.isRegularFile(home), () -> home + " is no jar: run mvn verify");
      jars.add(home);
    }
    return jars;
  }

  private static String modulePath() throws URISyntaxException {
    List<Path> jars = new ArrayList<>(ours());
    for (Class<?> type : List.of(CsvReader.class, NullMarked.class, ClassWriter.class,
        ClassNode.class, Analyzer.class, CheckClassAdapter.class)) {
      jars.add(home(type));
    }
    return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private static Path home(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static String run(String tool, String... arguments)
      throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", tool);
    List<String> command = Stream.concat(Stream.of(java.toString()), Stream.of(arguments)).toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> String.join(" ", command) + "\n" + printed);
    return printed;
  }
}
