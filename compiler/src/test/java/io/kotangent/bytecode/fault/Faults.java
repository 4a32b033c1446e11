package io.kotangent.bytecode.fault;

import java.util.concurrent.atomic.AtomicInteger;

/// What instrumented classes ([FaultLoader]) ask before each allocation and at each entry of a method: to fail, when it is time to. One for the
/// process, so one test at a time.
public final class Faults {
  private static final int NEVER = Integer.MAX_VALUE;

  private static final AtomicInteger ALLOCATIONS = new AtomicInteger();
  private static volatile int failing = NEVER;
  private static volatile int deepest = NEVER;
  private static volatile boolean fired;
  private static volatile Thread victim = Thread.currentThread();

  private Faults() {
  }

  /// Has the n-th allocation from now on fail, from 1, whatever thread makes it; no later one.
  public static void failAllocation(int n) {
    fired = false;
    ALLOCATIONS.set(0);
    failing = n;
  }

  /// Has the stack of this thread overflow at so many frames.
  public static void overflowAt(int frames) {
    fired = false;
    victim = Thread.currentThread();
    deepest = frames;
  }

  /// No more; returns whether something has failed.
  public static boolean end() {
    failing = NEVER;
    deepest = NEVER;
    return fired;
  }

  /// How many frames this thread has.
  public static int depth() {
    return new Throwable().getStackTrace().length;
  }

  /// Called before each allocation.
  public static void allocation() {
    if (failing != NEVER && ALLOCATIONS.incrementAndGet() == failing) {
      fired = true;
      throw new OutOfMemoryError("allocation " + failing + " fails, as a test wants");
    }
  }

  /// Called at each entry of a method.
  public static void entry() {
    if (deepest != NEVER && Thread.currentThread() == victim && depth() > deepest) {
      fired = true;
      throw new StackOverflowError("at " + deepest + " frames, as a test wants");
    }
  }
}
