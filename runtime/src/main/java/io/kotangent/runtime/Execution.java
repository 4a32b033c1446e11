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

  void threads(int most) {
    if (most < 1) {
      throw new KotangentException(most + " threads: expected 1 or more");
    }
    threads = most;
    pace.sizesChanged();
  }

  /** Sizes have changed. */
  void workIs(long picoseconds) {
    work = picoseconds;
    grown = true;
    pace.sizesChanged();
  }

  /** Runs once; the arrays are those of thread 0. */
  boolean run(Code program, Object[] own, int[] values) {
    if (threads == 1 || work < LEAST_WORK) {
      return program.run(own, values);
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
      result = program.run(own, values);
      lastEnd = System.nanoTime();
      pace.ranAlone(lastEnd - start, lastEnd);
    }
    return result;
  }

  private boolean together(Code program, Object[] own, int[] values) {
    provideScratch(own);
    arrays = own;
    sizes = values;
    code = program;
    try {
      return team.run(this, threads);
    } finally {
      code = NO_CODE;
    }
  }

  private void provideScratch(Object[] own) {
    if (others.length >= threads - 1 && !grown) {
      return;
    }
    int before = others.length;
    if (before < threads - 1) {
      others = Arrays.copyOf(others, threads - 1);
    }
    for (int i = 0; i < others.length; i++) {
      if (i >= before) {
        others[i] = own.clone();
      }
      for (int slot = 0; slot < own.length; slot++) {
        int length = isScratch[slot] ? ArraySlot.elements(own[slot]) : 0;
        if (isScratch[slot] && (i >= before || ArraySlot.elements(others[i][slot]) < length)) {
          others[i][slot] = slots.get(slot).newArray(length);
        }
      }
    }
    grown = false;
  }

  /** One thread's share. */
  @Override
  public void run(int thread, int count, Runnable barrier) {
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
