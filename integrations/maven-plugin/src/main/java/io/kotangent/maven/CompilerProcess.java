package io.kotangent.maven;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.maven.plugin.logging.Log;

/**
 * A process that has ended; what it printed went to Maven's log.
 *
 * @param errors its messages
 * @param others all else that it printed as errors
 */
record CompilerProcess(int code, List<String> errors, List<String> others) {
  private static final String ERROR = "error: ";
  private static final String VECTORS = "WARNING: Using incubator modules";

  static CompilerProcess run(List<String> command, Log log) throws IOException {
    Process process = new ProcessBuilder(command).start();
    List<String> errors = new ArrayList<>();
    List<String> others = new ArrayList<>();
    try {
      process.getOutputStream().close();
      Thread reader = new Thread(() -> lines(process.getErrorStream(), line -> {
        if (line.startsWith(ERROR)) {
          errors.add(line.substring(ERROR.length()));
          log.error(line.substring(ERROR.length()));
        } else if (line.startsWith(VECTORS)) {
          log.debug(line);
        } else {
          others.add(line); // what Java logs, of every level
          log.info(line);
        }
      }), "errors of the compiler of networks");
      reader.start();
      lines(process.getInputStream(), log::info);
      reader.join();
      return new CompilerProcess(process.waitFor(), errors, others);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while networks were compiled");
    } finally {
      process.destroy();
    }
  }

  private static void lines(InputStream stream, Consumer<String> to) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      in.lines().forEach(to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
