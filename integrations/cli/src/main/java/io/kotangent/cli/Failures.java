package io.kotangent.cli;

import io.kotangent.type.KotangentException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says what went wrong: to people, what they can change; of errors of our own, everything.
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  static final int DIFFERS = 1;
  static final int BAD_INPUT = 2;
  static final int OUR_ERROR = 3;

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println(name + ": error: " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try '" + name + " --help'.");
    return BAD_INPUT;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed)
      throws Exception {
    PrintWriter err = command.getErr();
    switch (e) {
      case ParameterException wrong -> {
        return handleParseException(wrong, new String[0]);
      }
      case BadInput bad -> err.println(bad.getMessage());
      case KotangentException bad -> err.println("kotangent: error: " + bad.getMessage());
      case UncheckedIOException bad ->
          err.println("kotangent: error: " + String.valueOf(bad.getCause()));
      default -> {
        err.println("kotangent: error in kotangent itself, please report it:");
        e.printStackTrace(err);
        return OUR_ERROR;
      }
    }
    return BAD_INPUT;
  }
}
