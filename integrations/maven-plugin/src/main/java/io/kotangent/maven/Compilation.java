package io.kotangent.maven;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.Log;

/**
 * One run of the compiler, if one is needed.
 *
 * @param jdk that it runs on
 * @param jvmArguments of its JVM
 * @param classPath the definitions and all that they need
 * @param places those of the class path that have definitions
 * @param definitions their names; all if there is none
 * @param classes where classes and weights go
 * @param source where sources go
 * @param result the file that says what was made
 * @param arguments the file with all arguments of the command
 */
record Compilation(Jdk25 jdk, List<String> jvmArguments, List<Path> classPath, List<Path> places,
    List<String> definitions, Path classes, Optional<Path> source, Path result, Path arguments) {
  private static final String PROGRAM = "io.kotangent.aot.BuildNetworks";

  void run(Log log) throws IOException, MojoExecutionException, MojoFailureException {
    LastBuild last = LastBuild.read(result);
    String stamp = stamp(last);
    if (last.stamp().equals(stamp) && LastBuild.hold(classes, last.classes())
        && (source.isEmpty() || LastBuild.hold(source.get(), last.sources()))) {
      log.info("Networks are up to date");
      return;
    }
    Files.createDirectories(arguments.getParent());
    List<String> command = command();
    command.add("--stamp");
    command.add(stamp);
    // Java reads it in the machine's own encoding, whatever Maven's is.
    Charset own = Charset.forName(System.getProperty("native.encoding", "UTF-8"));
    Files.writeString(arguments,
        command.stream().map(Compilation::quoted).collect(Collectors.joining("\n")), own);
    log.info("Compiling networks on " + jdk.home());
    CompilerProcess process = CompilerProcess.run(
        List.of(jdk.java().toString(), "@" + arguments.toAbsolutePath()), log);
    check(process);
    if (!LastBuild.read(result).stamp().equals(stamp)) {
      throw new MojoExecutionException("the compiler's JVM was ended before networks were made: a"
          + " definition, or what it calls, must not use System.exit");
    }
    log.debug("The networks are " + LastBuild.networks(result));
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    if (jdk.hasVectors()) {
      command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    command.add("-Dstdout.encoding=UTF-8");
    command.add("-Dstderr.encoding=UTF-8");
    command.addAll(jvmArguments);
    command.addAll(List.of("-cp", classPath.stream().map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator)), PROGRAM));
    for (Path place : places) {
      command.addAll(List.of("--from", place.toString()));
    }
    for (String definition : definitions) {
      command.addAll(List.of("--definition", definition));
    }
    command.addAll(List.of("--classes", classes.toString()));
    source.ifPresent(folder -> command.addAll(List.of("--source", folder.toString())));
    command.addAll(List.of("--result", result.toString()));
    return command;
  }

  /** Changes with all that a run depends on. */
  private String stamp(LastBuild last) throws IOException {
    Digest all = new Digest();
    all.add(jdk.release());
    command().forEach(all::add);
    for (Path element : classPath) {
      boolean written = Files.exists(classes) && Files.exists(element)
          && Files.isSameFile(element, classes);
      all.add(element, written ? last.classes().keySet() : Set.of());
    }
    return all.text();
  }

  private void check(CompilerProcess process)
      throws MojoExecutionException, MojoFailureException {
    String said =
        String.join("\n", process.errors().isEmpty() ? process.others() : process.errors());
    switch (process.code()) {
      case 0 -> {
        // all are made
      }
      case 1 -> {
        if (process.errors().isEmpty()
            && said.contains("ClassNotFoundException: " + PROGRAM)) {
          throw new MojoExecutionException("the definitions in " + places
              + " come without the compiler: their module needs the dependency io.kotangent:kotangent-dsl"
              + " (or kotangent-compiler), which a dependency of the plugin has in scope compile; java said: "
              + said);
        }
        throw new MojoFailureException("not all networks could be made:\n" + said);
      }
      case 2 -> throw new MojoExecutionException("networks could not be made: " + said);
      default -> throw new MojoExecutionException("the compiler ended with code " + process.code()
          + (said.isEmpty() ? "" : ":\n" + said) + "\nIts command was " + jdk.java() + " @"
          + arguments);
    }
  }

  /** For a file of arguments of {@code java}. */
  private static String quoted(String argument) {
    return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
