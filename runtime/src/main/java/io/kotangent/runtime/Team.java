package io.kotangent.runtime;

import io.kotangent.type.KotangentException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of a process that run programs together with the thread that asks for it. They are daemons, started when
 * first needed. After a run they spin for a moment, since the next step of a training is near, then they park.
 *
 * <p>A team does one thing at a time: who finds it busy does the work alone.
 */
final class Team {
  /** Something that all threads of the team do at once, each its share. */
  interface Task {
    /**
     * Does one thread's share.
     *
     * @param barrier returns once all of the threads have called it
     */
    void run(int thread, int threads, Runnable barrier);
  }

  /** How long a thread without work spins before it parks. */
  static final long SPIN_NANOS = 50_000;

  /** The team of this process. */
  static final Team SHARED = new Team();

  private static final Task NOTHING = (thread, threads, barrier) -> {
  };
  @SuppressWarnings("StaticAssignmentOfThrowable") // never thrown: it says that nothing was
  private static final Throwable FINE = new Rendezvous.Broken();
  private static final String PROPERTY = "kotangent.threads";

  private final AtomicBoolean busy = new AtomicBoolean();
  /**
   * Taken in turns, each of a class of its own: of a call that meets more than two classes, C2 makes no copy. Otherwise
   * it puts one of the whole waiting into each step of a program that has a barrier, and takes seconds for them.
   */
  private final Rendezvous[] barriers = {new Rendezvous() {
  }, new Rendezvous() {
  }, new Rendezvous() {
  }};
  private volatile Worker[] workers = {};
  private int turn;

  /** Found when there is something to say: a first step does not wait for the logging of the JVM. */
  private static System.Logger log() {
    return System.getLogger(Team.class.getName());
  }

  /** How many threads a program gets unless it asks for a number: the property, or one for each processor. */
  static int defaultThreads() {
    String given = System.getProperty(PROPERTY, "");
    if (given.isEmpty()) {
      return Runtime.getRuntime().availableProcessors();
    }
    try {
      int threads = Integer.parseInt(given);
      if (threads >= 1) {
        return threads;
      }
    } catch (NumberFormatException e) {
      throw new KotangentException(badProperty(given), e);
    }
    throw new KotangentException(badProperty(given));
  }

  private static String badProperty(String given) {
    return "system property " + PROPERTY + "=" + given
        + ": expected a number of threads, 1 or more";
  }

  /** Whether so many threads, the caller's included, could begin at once. */
  boolean isAwake(int threads) {
    Worker[] known = workers;
    if (known.length < threads - 1) {
      return false;
    }
    for (int i = 0; i < threads - 1; i++) {
      if (known[i].parked) {
        return false;
      }
    }
    return true;
  }

  /**
   * Has so many threads, this one included as number 0, do a task. What one of them throws is thrown here, after all of
   * them have stopped.
   *
   * @return whether it was done; if not, the team is busy and nothing has happened
   */
  boolean run(Task task, int threads) {
    if (!busy.compareAndSet(false, true)) {
      return false;
    }
    try {
      if (workers.length < threads - 1 && !hire(threads - 1)) {
        return false;
      }
      lead(task, threads);
      return true;
    } finally {
      busy.set(false);
    }
  }

  private boolean hire(int count) {
    Worker[] before = workers;
    Worker[] more = Arrays.copyOf(before, count);
    try {
      for (int i = before.length; i < count; i++) {
        more[i] = new Worker(this, i + 1);
        more[i].thread.start();
      }
    } catch (OutOfMemoryError e) {
      log().log(System.Logger.Level.WARNING, "no more threads can be started; going on with fewer",
          e);
      return false;
    }
    workers = more;
    return true;
  }

  private void lead(Task task, int threads) {
    Worker[] crew = workers;
    turn = (turn + 1) % barriers.length;
    barriers[turn].begin(threads);
    for (int i = 0; i < threads - 1; i++) {
      crew[i].begin(task, threads);
    }
    Throwable failure = attempt(task, 0, threads);
    for (int i = 0; i < threads - 1; i++) {
      Throwable theirs = crew[i].finish();
      if (failure instanceof Rendezvous.Broken) {
        failure = theirs == FINE ? failure : withTraceOfCaller(theirs);
      }
    }
    if (failure != FINE) {
      throw surfaced(failure);
    }
  }

  /** Returns {@link #FINE}, or what was thrown. */
  private Throwable attempt(Task task, int thread, int threads) {
    Rendezvous barrier = barriers[turn];
    try {
      task.run(thread, threads, barrier);
      return FINE;
    } catch (Throwable failure) {
      barrier.breakUp();
      return failure;
    }
  }

  /** Users look for their own line; the cause knows where it happened. */
  private static Throwable withTraceOfCaller(Throwable failure) {
    if (failure instanceof KotangentException) {
      failure.setStackTrace(new Throwable().getStackTrace());
    }
    return failure;
  }

  private static RuntimeException surfaced(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException exception ? exception
        : new KotangentException("a thread of the team failed: " + failure, failure);
  }

  /** One of the team's own threads. */
  private static final class Worker implements Runnable {
    private final Team team;
    private final int number;
    private final Thread thread;
    private volatile Task task = NOTHING;
    private volatile boolean parked;
    private int threads;
    private Throwable failure = FINE;

    Worker(Team team, int number) {
      this.team = team;
      this.number = number;
      thread = new Thread(null, this, "kotangent-" + number, 0, false);
      thread.setDaemon(true);
      thread.setContextClassLoader(Team.class.getClassLoader());
    }

    void begin(Task next, int count) {
      failure = FINE;
      threads = count;
      task = next;
      if (parked) {
        LockSupport.unpark(thread);
      }
    }

    /** Waits for the end of what was begun; returns what went wrong. */
    Throwable finish() {
      int patience = 0;
      while (task != NOTHING) {
        patience = Rendezvous.pause(patience);
      }
      Throwable result = failure;
      failure = FINE;
      return result;
    }

    // nothing that belongs to a task stays in a local variable here, so programs can be unloaded
    @Override
    public void run() {
      while (true) {
        await();
        failure = team.attempt(task, number, threads);
        task = NOTHING;
      }
    }

    private void await() {
      long start = System.nanoTime();
      while (task == NOTHING) {
        Thread.onSpinWait();
        if (System.nanoTime() - start > SPIN_NANOS) {
          parked = true;
          while (task == NOTHING) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
              log().log(System.Logger.Level.DEBUG, "an interrupt of {0} was ignored",
                  thread.getName());
            }
          }
          parked = false;
        }
      }
    }
  }
}
