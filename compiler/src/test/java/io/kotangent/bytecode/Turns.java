package io.kotangent.bytecode;

import io.kotangent.runtime.ArraySlot;
import io.kotangent.runtime.Code;
import io.kotangent.runtime.Signature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/// Runs code by several threads, but only one at a time: between two barriers each does all that it has to do before the
/// next one moves, in an order drawn anew each time. If a barrier is missing, some order shows it, every time.
public final class Turns implements Code {
  private final Code code;
  private final Signature signature;
  private final int count;
  private final Random random;
  private int barriers;

  public Turns(Code code, Signature signature, int count, long seed) {
    this.code = code;
    this.signature = signature;
    this.count = count;
    this.random = new Random(seed);
  }

  /// The barriers that all threads came to in the last run.
  int barriers() {
    return barriers;
  }

  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /// One of the threads.
  private final class Player extends Thread {
    private final int number;
    private final Object[] arrays;
    private final int[] sizes;
    private final Semaphore turn = new Semaphore(0);
    private final Semaphore stopped = new Semaphore(0);
    private boolean over;
    private boolean result;
    private volatile boolean mustStop;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Player(int number, Object[] arrays, int[] sizes) {
      this.number = number;
      this.arrays = arrays;
      this.sizes = sizes;
    }

    @Override
    public void run() {
      turn.acquireUninterruptibly();
      try {
        if (!mustStop) {
          result = code.run(arrays, sizes, number, count, this::pause);
        }
      } catch (Throwable e) {
        failure.set(e);
      }
      over = true;
      stopped.release();
    }

    private void pause() {
      stopped.release();
      turn.acquireUninterruptibly();
      if (mustStop) {
        throw new Stopped();
      }
    }

    void play() {
      turn.release();
      stopped.acquireUninterruptibly();
    }
  }

  @Override
  public boolean run(Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier) {
    List<Player> players = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      players.add(new Player(i, i == 0 ? arrays : withOwnScratch(arrays), sizes));
      players.getLast().start();
    }
    barriers = -1;
    Throwable failure = null;
    while (players.stream().anyMatch(p -> !p.over)) {
      boolean stopping = failure != null;
      List<Player> order = new ArrayList<>(players);
      Collections.shuffle(order, random);
      for (Player player : order) {
        if (!player.over) {
          player.mustStop = stopping;
          player.play();
          Throwable thrown = player.failure.get();
          failure = failure == null ? thrown : failure;
        }
      }
      barriers++;
      long over = players.stream().filter(p -> p.over).count();
      if (failure == null && over != 0 && over != count) {
        throw new AssertionError("some threads are at a barrier, others have finished");
      }
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure != null) {
      throw new AssertionError(failure);
    }
    return players.getFirst().result;
  }

  private Object[] withOwnScratch(Object[] arrays) {
    Object[] own = arrays.clone();
    for (int i = 0; i < own.length; i++) {
      ArraySlot slot = signature.arrays().get(i);
      if (slot.kind().isScratch()) {
        own[i] = slot.newArray(ArraySlot.elements(arrays[i]));
      }
    }
    return own;
  }
}
