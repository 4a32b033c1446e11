package io.kotangent.cli;

import io.kotangent.aot.Provenance;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// All commands.
// @formatter:off
@Command(name = "kotangent", mixinStandardHelpOptions = true, versionProvider = Tool.Version.class,
    sortOptions = false, usageHelpAutoWidth = false,
    header = "Networks as graphs, and as classes that stand alone.",
    optionListHeading = "%n", commandListHeading = "%nCommands:%n",
    subcommands = {CompileCommand.class, InspectCommand.class, RunCommand.class, DiffCommand.class},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:done; of diff: equal up to names",
        "1:of diff: the graphs differ; of inspect --provenance: a file is not as it was made",
        "2:wrong usage or bad input; nothing was written",
        "3:an error in kotangent itself"},
    footer = {"", "kotangent COMMAND --help tells more, with an example."})
public final class Tool implements Runnable {
  private static final Logger LOG = Logger.getLogger("io.kotangent");

  @Spec
  private CommandSpec spec = CommandSpec.create();
  // @formatter:on

  /// Prints the versions of the compiler and of Java.
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"kotangent " + Provenance.thisCompiler() + ", on Java "
          + Runtime.version()};
    }
  }

  /// Runs a command on the process's streams. Returns its exit code.
  public static int run(String[] arguments) {
    LOG.setLevel(Level.WARNING); // what the compiler tells of SIMD code would stand among errors
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = run(out, err, arguments);
    if (out.checkError()) {
      err.println("kotangent: error: the standard output cannot be written");
      return code == 0 ? Failures.BAD_INPUT : code;
    }
    return code;
  }

  /// Runs a command. Returns its exit code.
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    CommandLine line = new CommandLine(new Tool());
    line.setOut(out);
    line.setErr(err);
    Failures failures = new Failures();
    line.setParameterExceptionHandler(failures);
    line.setExecutionExceptionHandler(failures);
    line.setUsageHelpLongOptionsMaxWidth(30);
    int code;
    try {
      code = line.execute(arguments);
    } catch (OutOfMemoryError e) {
      err.println(
          "kotangent: error: there is not enough memory: start Java with more, such as -Xmx8g");
      code = Failures.BAD_INPUT;
    }
    out.flush();
    err.flush();
    return code;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(),
        "expected a command: compile, inspect, run or diff");
  }
}
