package io.kotangent.bytecode.warm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Work for the background: a daemon thread does it in rounds, and ends when nothing is left and nothing has come for a while.
/// A round that throws is logged and ends it, too; what was left then waits for what comes next, and another thread does both.
final class Backlog<T> {
  /// Whose rounds it makes.
  interface Rounds<T> {
    /// Takes up what has come since the last round, and goes on with the rest. Returns whether anything is left.
    boolean go(List<T> come);
  }

  private final String name;
  private final long idleMillis;
  private final long napMillis;
  private final Rounds<T> rounds;
  private final BlockingQueue<T> queue = new LinkedBlockingQueue<>();
  private boolean running;

  /// @param name the thread's
  /// @param idleMillis how long it waits for more when nothing is left
  /// @param napMillis what lies between rounds while something is, unless something new comes
  Backlog(String name, long idleMillis, long napMillis, Rounds<T> rounds) {
    this.name = name;
    this.idleMillis = idleMillis;
    this.napMillis = napMillis;
    this.rounds = rounds;
  }

  synchronized void add(T work) {
    queue.add(work);
    if (!running) {
      start();
    }
  }

  private synchronized void start() {
    running = true;
    Thread thread = new Thread(this::work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void work() {
    boolean left = false;
    boolean idle;
    try {
      do {
        List<T> come = new ArrayList<>();
        T next = queue.poll(left ? napMillis : idleMillis, TimeUnit.MILLISECONDS);
        if (next != null) {
          come.add(next);
        }
        queue.drainTo(come);
        idle = !left && come.isEmpty();
        left = !idle && rounds.go(come);
      } while (!(idle && isDone()));
    } catch (InterruptedException e) {
      broken();
    } catch (RuntimeException | Error e) {
      System.getLogger("io.kotangent").log(System.Logger.Level.ERROR,
          "thread " + name + " ends and will begin anew: " + e, e);
      broken();
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
