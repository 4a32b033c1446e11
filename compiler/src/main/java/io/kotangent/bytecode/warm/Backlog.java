package io.kotangent.bytecode.warm;

import io.kotangent.bytecode.load.Daemon;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Work for the background: a daemon thread does it in rounds, and ends when nothing is left and nothing has come for a while.
/// A round for which there is no memory is made again a little later. One that throws anything else is logged and ends it, too; what was left then waits for what comes next, and another thread does both.
final class Backlog<T> {
  /// Whose rounds it makes.
  interface Rounds<T> {
    /// Takes up what has come since the last round, and goes on with the rest. Returns after how many milliseconds the next
    /// round is to be, unless something new comes; 0 if nothing is left.
    long go(List<T> come);
  }

  private static final long PAUSE_MILLIS = 1000;

  private final String name;
  private final long idleMillis;
  private final Rounds<T> rounds;
  private final Function<Runnable, Thread> threads;
  private final BlockingQueue<T> queue = new LinkedBlockingQueue<>();
  private boolean running;

  /// @param name the thread's
  /// @param idleMillis how long it waits for more when nothing is left
  Backlog(String name, long idleMillis, Rounds<T> rounds) {
    this(name, idleMillis, rounds, work -> Daemon.of(name, work));
  }

  /// @param threads makes the thread for some work; if it cannot be started, the next that comes tries again
  Backlog(String name, long idleMillis, Rounds<T> rounds,
      Function<Runnable, Thread> threads) {
    this.threads = threads;
    this.name = name;
    this.idleMillis = idleMillis;
    this.rounds = rounds;
  }

  /// Returns whether there is a thread for it; if not, it waits for the next that comes.
  synchronized boolean add(T work) {
    queue.add(work);
    if (!running) {
      start();
    }
    return running;
  }

  private synchronized void start() {
    running = Daemon.start(threads.apply(this::work));
  }

  private void work() {
    long nap = 0;
    boolean idle;
    List<T> come = new ArrayList<>();
    try {
      do {
        T next = queue.poll(nap > 0 ? nap : idleMillis, TimeUnit.MILLISECONDS);
        if (next != null) {
          come.add(next);
        }
        queue.drainTo(come);
        idle = nap == 0 && come.isEmpty();
        nap = idle ? 0 : round(come);
      } while (!(idle && isDone()));
    } catch (InterruptedException e) {
      broken();
    } catch (RuntimeException | Error e) {
      try {
        System.getLogger("io.kotangent").log(System.Logger.Level.ERROR,
            "thread " + name + " ends and will begin anew: " + e, e);
      } finally {
        broken();
      }
    }
  }

  /// Where there is no memory, or no room for classes, what came is gone on with when there may be.
  private long round(List<T> come) {
    try {
      long nap = rounds.go(List.copyOf(come));
      come.clear();
      return nap;
    } catch (OutOfMemoryError _) {
      return PAUSE_MILLIS;
    }
  }

  /// What has come meanwhile found a thread, and began none.
  private synchronized void broken() {
    running = false;
    if (!queue.isEmpty()) {
      start();
    }
  }

  private synchronized boolean isDone() {
    running = !queue.isEmpty();
    return !running;
  }
}
