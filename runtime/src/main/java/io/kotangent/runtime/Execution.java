package io.kotangent.runtime;

import io.kotangent.type.KotangentException;
import java.util.Arrays;
import java.util.List;

/**
 * How a workspace runs its program: by one thread or by several, each of which has its own scratch arrays. Allocates
 * nothing unless sizes have grown.
 */
final class Execution implements Team.Task {
  /** Picoseconds of work that threads can share below which it is not worth sharing. */
  private static final long LEAST_WORK = 6_000_000;
  /** The same while the team is asleep and calls are rare: waking it takes some 50 µs. */
  private static final long WAKING_WORK = 200_000_000;

  private static final Code NO_CODE = (arrays, sizes, thread, threads, barrier) -> true;

  private final List<ArraySlot> slots;
  private final boolean[] isScratch;
  private final Team team;
  private final Pace pace = new Pace();
  private int threads = Team.defaultThreads();
  private long work;
  /** The arrays of the threads from 1 on. */
  private Object[][] others = {};
  private Object[] arrays = {};
  private int[] sizes = {};
  private Code code = NO_CODE;
  private boolean committed;
  /** How many threads are in the code, or have left it by an exception; 0 once it is done. */
  int running;
  /** How many made the last run; 0 if none was begun. */
  int lastThreads;
  private boolean grown;
  private long lastEnd = System.nanoTime();

  Execution(Signature signature, Team team) {
    this.slots = signature.arrays();
    this.team = team;
    isScratch = new boolean[slots.size()];
    for (int slot = 0; slot < isScratch.length; slot++) {
      isScratch[slot] = slots.get(slot).kind().isScratch();
    }
  }

  void threads(int most, Claim claim) {
    if (most < 1) {
      throw new KotangentException(most + " threads: expected 1 or more");
    }
    claim.take();
    threads = most;
    pace.sizesChanged();
    claim.drop();
  }

  /** Sizes have changed. */
  void workIs(long picoseconds) {
    work = picoseconds;
    grown = true;
    pace.sizesChanged();
  }

  /** Runs once; the arrays are those of thread 0. */
  boolean run(Code program, Object[] own, int[] values) {
    running = 0;
    if (threads == 1 || work < LEAST_WORK) {
      return alone(program, own, values);
    }
    long start = System.nanoTime();
    boolean ready =
        work >= WAKING_WORK || start - lastEnd < Team.SPIN_NANOS || team.isAwake(threads);
    boolean result;
    if (ready && pace.together(start) && together(program, own, values)) {
      result = committed;
      lastEnd = System.nanoTime();
      pace.ranTogether(lastEnd - start);
    } else {
      result = alone(program, own, values);
      lastEnd = System.nanoTime();
      pace.ranAlone(lastEnd - start, lastEnd);
    }
    return result;
  }

  private boolean alone(Code program, Object[] own, int[] values) {
    running = 1;
    lastThreads = 1;
    boolean result = program.run(own, values);
    running = 0;
    return result;
  }

  private boolean together(Code program, Object[] own, int[] values) {
    provideScratch(own);
    arrays = own;
    sizes = values;
    code = program;
    try {
      lastThreads = threads;
      boolean done = team.run(this, threads);
      running = 0;
      return done;
    } finally {
      code = NO_CODE;
    }
  }

  /** What cannot be allocated leaves all as it was, or grown in part: never two threads with one array. */
  private void provideScratch(Object[] own) {
    if (others.length >= threads - 1 && !grown) {
      return;
    }
    for (Object[] mine : others) {
      for (int slot = 0; slot < own.length; slot++) {
        if (isScratch[slot] && ArraySlot.elements(mine[slot]) < ArraySlot.elements(own[slot])) {
          mine[slot] = slots.get(slot).newArray(ArraySlot.elements(own[slot]));
        }
      }
    }
    while (others.length < threads - 1) {
      Object[] mine = own.clone();
      for (int slot = 0; slot < own.length; slot++) {
        if (isScratch[slot]) {
          mine[slot] = slots.get(slot).newArray(ArraySlot.elements(own[slot]));
        }
      }
      Object[][] more = Arrays.copyOf(others, others.length + 1);
      more[others.length] = mine;
      others = more;
    }
    grown = false;
  }

  /** One thread's share. */
  @Override
  public void run(int thread, int count, Runnable barrier) {
    running = count;
    if (thread == 0) {
      committed = code.run(arrays, sizes, 0, count, barrier);
      return;
    }
    Object[] mine = others[thread - 1];
    for (int slot = 0; slot < mine.length; slot++) {
      if (!isScratch[slot]) {
        mine[slot] = arrays[slot];
      }
    }
    code.run(mine, sizes, thread, count, barrier);
  }
}
