package io.kotangent.alone;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The arrays that a network works in, for one thread at a time; another that uses it meanwhile gets an
 * {@link IllegalStateException}. They grow to the largest sizes seen; after that, nothing is allocated.
 */
public final class Workspace {
  private static final int MOST_THREADS = 1024;

  private final Frame[] frames;
  private final AtomicBoolean busy = new AtomicBoolean();
  /** None as long as one thread does all. */
  private Crew[] crew = {};

  Workspace(Entry... entries) {
    frames = new Frame[entries.length];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = new Frame(entries[i], this);
    }
  }

  /** The spare one, or a new one. */
  static Workspace take(AtomicReference<Workspace> spare, Entry... entries) {
    Workspace found = spare.getAndSet(null);
    return found == null ? new Workspace(entries) : found;
  }

  /**
   * Shares the work of each call from now on with so many threads: the caller's own and those of an executor that are free. No
   * bit of a result depends on it.
   */
  public Workspace sharing(Executor others, int count) {
    if (count < 1 || count > MOST_THREADS) {
      throw new IllegalArgumentException(
          count + " threads: expected 1 to " + MOST_THREADS);
    }
    Executor given = Objects.requireNonNull(others, "sharing: executor is null");
    crew = count == 1 ? new Crew[0] : new Crew[] {new Crew(given, count)};
    return this;
  }

  /** Begins a call of an entry; its {@link Frame} ends it. */
  static Frame begin(Workspace workspace, int entry, String method) {
    if (workspace == null) {
      throw new IllegalArgumentException(method + ": expected a workspace, got null");
    }
    return workspace.begin(entry);
  }

  private Frame begin(int entry) {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "the workspace is used by another thread: give each thread its own");
    }
    return frames[entry];
  }

  void end() {
    busy.set(false);
  }

  /** Makes what a run needs: the way it takes, and several threads. */
  void prepare(Entry entry, Object[] arrays, int[] sizes) {
    entry.choose(arrays, sizes);
    if (crew.length > 0) {
      crew[0] = crew[0].of(entry, arrays, sizes);
    }
  }

  /** @param alone the barrier of one thread */
  boolean run(Entry entry, Object[] arrays, int[] sizes, Runnable alone) {
    if (crew.length == 0) {
      return entry.run(arrays, sizes, 0, 1, alone);
    }
    return crew[0].share();
  }
}
