package io.kotangent.bytecode.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// Independent tasks, done by threads of their own while the caller does something else, and by the caller when it has nothing
/// else to do. [#close] returns when all are done, or throws what the first task in the list that failed has thrown: the same
/// whoever was faster.
public final class Together implements AutoCloseable {
  private static final int MOST_HELPERS = 3;

  private final List<Runnable> tasks;
  private final RuntimeException[] exceptions;
  private final Error[] errors;
  private final AtomicInteger next = new AtomicInteger();
  private final List<Thread> helpers = new ArrayList<>();

  private Together(List<Runnable> tasks, int helpers, Function<Runnable, Thread> starter) {
    this.tasks = List.copyOf(tasks);
    this.exceptions = new RuntimeException[tasks.size()];
    this.errors = new Error[tasks.size()];
    int wanted = Math.clamp(tasks.size() - 1, 0, helpers);
    for (int i = 0; i < wanted; i++) {
      Thread helper = starter.apply(this::work);
      if (!Daemon.start(helper)) {
        break;
      }
      this.helpers.add(helper);
    }
  }

  /// Begins as many tasks as there are other processors, three at most.
  static Together start(List<Runnable> tasks) {
    return start(tasks, Math.min(MOST_HELPERS, Runtime.getRuntime().availableProcessors() - 1));
  }

  static Together start(List<Runnable> tasks, int helpers) {
    return start(tasks, helpers, work -> Daemon.of("kotangent-emit", work));
  }

  /// @param threads makes a thread for some work; those that cannot be started are done without
  static Together start(List<Runnable> tasks, int helpers, Function<Runnable, Thread> threads) {
    return new Together(tasks, helpers, threads);
  }

  private void work() {
    for (int i = next.getAndIncrement(); i < errors.length; i = next.getAndIncrement()) {
      try {
        tasks.get(i).run();
      } catch (RuntimeException e) {
        exceptions[i] = e;
      } catch (Error e) {
        errors[i] = e;
      }
    }
  }

  @Override
  public void close() {
    work();
    boolean interrupted = false;
    for (Thread helper : helpers) {
      while (helper.isAlive()) {
        try {
          helper.join();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    for (int i = 0; i < errors.length; i++) {
      if (exceptions[i] != null) {
        throw exceptions[i];
      }
      if (errors[i] != null) {
        throw errors[i];
      }
    }
  }
}
