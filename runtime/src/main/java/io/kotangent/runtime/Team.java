package io.kotangent.runtime;

import io.kotangent.type.KotangentException;
import java.util.Arrays;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of a process that run programs together with the thread that asks for it. They are daemons, started when
 * first needed; those that cannot be started are done without. After a run they spin for a moment, since the next step
 * of a training is near, then they park, and end when nothing comes for some seconds: nothing of a program, nor of the
 * loader that it is of, is held by a thread without work.
 *
 * <p>A team does one thing at a time: who finds it busy does the work alone. Whatever is thrown, and wherever: the
 * caller goes on when all others have stopped.
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
  /** How long a thread without work lives. */
  private static final long IDLE_NANOS = 5_000_000_000L;
  /** Before threads are asked for again that could not be started, at first; then twice as long each time. */
  private static final long FIRST_PAUSE_NANOS = 1_000_000_000L;
  private static final long LONGEST_PAUSE_NANOS = 64_000_000_000L;

  /** The team of this process. */
  static final Team SHARED = new Team();

  private static final Task NOTHING = (thread, threads, barrier) -> {
  };
  @SuppressWarnings("StaticAssignmentOfThrowable") // never thrown: it says that nothing was
  private static final Throwable FINE = new Rendezvous.Broken();
  private static final String PROPERTY = "kotangent.threads";

  private final ThreadFactory factory;
  private final long idleNanos;
  private final AtomicInteger busy = new AtomicInteger();
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
  private long pause;
  private long refusedAt;

  Team() {
    this(Team::daemon, IDLE_NANOS);
  }

  /** @param idleNanos how long a thread without work lives */
  Team(ThreadFactory factory, long idleNanos) {
    this.factory = factory;
    this.idleNanos = idleNanos;
  }

  /** A thread that has nothing of who needs it first: neither locals nor loaders. */
  @SuppressWarnings("removal") // before Java 24 a thread keeps the loaders of all its creator's callers otherwise
  static Thread daemon(Runnable work) {
    return java.security.AccessController
        .doPrivileged((java.security.PrivilegedAction<Thread>) () -> {
          Thread thread = new Thread(null, work, "kotangent", 0, false);
          thread.setDaemon(true);
          thread.setContextClassLoader(null);
          return thread;
        });
  }

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

  /** Whether so many threads, the caller's included, or all that there can be, could begin at once. */
  boolean isAwake(int threads) {
    Worker[] known = workers;
    if (known.length < threads - 1 && (known.length == 0 || pause == 0)) {
      return false;
    }
    for (int i = 0; i < Math.min(threads - 1, known.length); i++) {
      if (known[i].parked) {
        return false;
      }
    }
    return true;
  }

  /**
   * Has so many threads, this one included as number 0, do a task; fewer if no more can be started. What one of them
   * throws is thrown here, after all of them have stopped.
   *
   * @return whether it was done; if not, the team is busy or has no threads, and nothing has happened
   */
  boolean run(Task task, int threads) {
    if (!busy.compareAndSet(0, 1)) {
      return false;
    }
    try {
      if (workers.length < threads - 1) {
        hire(threads - 1);
      }
      int count = Math.min(workers.length + 1, threads);
      if (count == 1 && threads > 1) {
        return false;
      }
      lead(task, count);
      return true;
    } finally {
      busy.set(0);
    }
  }

  private void hire(int count) {
    if (pause != 0 && System.nanoTime() - refusedAt < pause) {
      return;
    }
    try {
      while (workers.length < count) {
        Worker[] more = Arrays.copyOf(workers, workers.length + 1);
        Worker worker = new Worker(this, workers);
        more[more.length - 1] = worker;
        worker.thread.start();
        workers = more;
      }
      pause = 0;
    } catch (OutOfMemoryError e) {
      boolean news = pause == 0;
      pause = Math.min(Math.max(FIRST_PAUSE_NANOS, 2 * pause), LONGEST_PAUSE_NANOS);
      refusedAt = System.nanoTime();
      if (news) {
        log().log(System.Logger.Level.WARNING, "only " + workers.length + " of " + count
            + " threads can be started; going on with these", e);
      }
    }
  }

  /** Lets a thread go, if it is the last and nothing is done right now. */
  private boolean retire(Worker worker) {
    if (worker.number != workers.length || !busy.compareAndSet(0, 1)) {
      return false;
    }
    boolean last = worker.number == workers.length;
    workers = last ? worker.before : workers;
    busy.set(0);
    return last;
  }

  private void lead(Task task, int threads) {
    Worker[] crew = workers;
    turn = (turn + 1) % barriers.length;
    Rendezvous barrier = barriers[turn];
    Throwable failure = FINE;
    boolean theirs = false;
    int begun = 0;
    try {
      barrier.begin(threads);
      while (begun < threads - 1) {
        begun++;
        crew[begun - 1].begin(task, threads);
      }
      task.run(0, threads, barrier);
    } catch (Throwable e) {
      failure = e;
    }
    // from here to the end of the loop nothing may be called that is not caught: there may be no stack left for it
    barrier.gone = true;
    for (int i = 0; i < begun; i++) {
      int patience = 0;
      while (crew[i].task != NOTHING) {
        try {
          patience = crew[i].look(patience);
        } catch (StackOverflowError e) {
          patience = 0;
        }
      }
      if (failure instanceof Rendezvous.Broken && crew[i].failure != FINE) {
        failure = crew[i].failure;
        theirs = true;
      }
      crew[i].failure = FINE;
    }
    if (failure != FINE) {
      throw surfaced(failure, theirs);
    }
  }

  private static RuntimeException surfaced(Throwable failure, boolean theirs) {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof Rendezvous.Broken) {
      return new KotangentException(
          "the threads of a run do not meet: one waits for another that has returned", failure);
    }
    if (theirs && failure instanceof KotangentException) {
      // users look for their own line; the cause knows where it happened
      failure.setStackTrace(new Throwable().getStackTrace());
    }
    return failure instanceof RuntimeException exception ? exception
        : new KotangentException("a thread of the team failed: " + failure, failure);
  }

  /** One of the team's own threads. */
  private static final class Worker implements Runnable {
    private final Team team;
    /** Those that were there before. */
    private final Worker[] before;
    private final int number;
    private final Thread thread;
    private volatile Task task = NOTHING;
    private volatile boolean parked;
    private int threads;
    private Throwable failure = FINE;

    Worker(Team team, Worker[] before) {
      this.team = team;
      this.before = before;
      this.number = before.length + 1;
      thread = team.factory.newThread(this);
      thread.setName("kotangent-" + number);
    }

    void begin(Task next, int count) {
      threads = count;
      task = next;
      if (parked) {
        LockSupport.unpark(thread);
      }
    }

    /** Waits a little for the end of what was begun. */
    int look(int patience) {
      if (parked) {
        LockSupport.unpark(thread);
      }
      return Rendezvous.pause(patience);
    }

    // nothing that belongs to a task stays in a local variable here, so programs can be unloaded
    @Override
    public void run() {
      while (hasTask()) {
        Rendezvous barrier = team.barriers[team.turn];
        try {
          task.run(number, threads, barrier);
        } catch (Throwable e) {
          failure = e;
        }
        barrier.gone = true;
        task = NOTHING;
      }
    }

    /** Waits for something to do; in the end there is nothing any more. */
    private boolean hasTask() {
      long start = System.nanoTime();
      while (task == NOTHING) {
        Thread.onSpinWait();
        if (System.nanoTime() - start > SPIN_NANOS) {
          parked = true;
          while (task == NOTHING) {
            LockSupport.parkNanos(this, team.idleNanos);
            boolean ignored = Thread.interrupted(); // nobody meant this one
            if (task == NOTHING && System.nanoTime() - start > team.idleNanos
                && team.retire(this)) {
              return false;
            }
          }
          parked = false;
        }
      }
      return true;
    }
  }
}
