package io.kotangent.runtime;

import io.kotangent.type.KotangentException;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the changes of a state. Who changes it is alone, and refuses others at once; who reads it takes nothing, so
 * any number may, and is told afterwards if it was changed meanwhile. Only who copies all of it waits: until the change
 * in progress is over, and the next one waits for the copy.
 *
 * <p>Its value is even while the state is whole, odd while it is being changed. Who changes it ends by setting fields and
 * {@link #setRelease}: there may be no stack left for more.
 */
final class Version extends AtomicInteger {
  /** Of a state whose change broke off: perhaps in the midst. */
  static final int BROKEN_OFF = -1;

  /** Stands for what breaks off when values are copied: some are there. */
  static final Code COPYING = (arrays, sizes, thread, threads, barrier) -> true;

  private static final long serialVersionUID = 1;

  private final transient AtomicInteger wanted = new AtomicInteger();
  private final transient AtomicInteger copying = new AtomicInteger();
  private final transient AtomicInteger copied = new AtomicInteger();
  private transient int last;
  /** Whether what is replaced now was broken off before. */
  private transient boolean replacesBroken;
  /** How a run that broke off did so, and in how many threads. */
  transient Code code = COPYING;
  transient Throwable thrown = new Rendezvous.Broken();
  transient int threads;

  /** From now on, nobody else may use it. Ends by {@link #setRelease}: of the result plus two, or {@link #BROKEN_OFF}. */
  int beginChange() {
    if (wanted.get() != 0) {
      letOneCopy();
    }
    int before = whole();
    if (!compareAndSet(before, before + 1)) {
      throw updated();
    }
    last = before;
    try {
      for (int patience = 0; copying.get() != 0;) {
        patience = Rendezvous.pause(patience);
      }
    } catch (Throwable e) {
      set(before);
      throw e;
    }
    return before;
  }

  /** The same if all of it will be changed: then it need not be whole. */
  int beginReplacement() {
    boolean broken = compareAndSet(BROKEN_OFF, last + 1);
    int before = broken ? last : beginChange();
    replacesBroken = broken;
    return before;
  }

  /** How a replacement ends of which nothing was done. */
  int unchanged(int before) {
    return replacesBroken ? BROKEN_OFF : before;
  }

  /** Otherwise a training would leave no moment in which to copy. */
  private void letOneCopy() {
    int before = copied.get();
    for (int patience = 0; wanted.get() != 0 && copied.get() == before;) {
      patience = Rendezvous.pause(patience);
    }
  }

  /** To be passed to {@link #endRead} when all is read. */
  int beginRead() {
    return whole();
  }

  /** Throws unless all that was read is of one version. */
  void endRead(int begun) {
    VarHandle.acquireFence();
    if (get() != begun) {
      throw updated();
    }
  }

  /** Waits until nobody changes the state, and does something before anybody does. */
  void copying(Runnable copy) {
    wanted.incrementAndGet();
    try {
      boolean done = false;
      for (int patience = 0; !done;) {
        copying.incrementAndGet();
        try {
          done = get() == BROKEN_OFF ? whole() % 2 == 0 : get() % 2 == 0;
          if (done) {
            copy.run();
          }
        } finally {
          copying.decrementAndGet();
        }
        patience = done ? patience : Rendezvous.pause(patience);
      }
      copied.incrementAndGet();
    } finally {
      wanted.decrementAndGet();
    }
  }

  /** Nobody changes it until {@link #letGo}; refused while somebody does. Waits for nobody, so two may hold each other's. */
  void hold() {
    copying.incrementAndGet();
    try {
      whole();
    } catch (Throwable e) {
      letGo();
      throw e;
    }
  }

  void letGo() {
    copying.decrementAndGet();
  }

  /** The version, if it is whole and nobody changes it. */
  private int whole() {
    int now = get();
    if ((now & 1) == 0) {
      return now;
    }
    if (now != BROKEN_OFF) {
      throw updated();
    }
    if (code.mayHaveUpdated(thrown, threads)) {
      throw new KotangentException("a run that updates this state broke off half-way (" + thrown
          + "), so it belongs to no step: take over the values of a whole one by copyFrom, or load or initialize it anew",
          thrown);
    }
    compareAndSet(BROKEN_OFF, last + 2);
    return whole();
  }

  private static ConcurrentUseException updated() {
    return new ConcurrentUseException("the state is updated by one thread while another uses it:"
        + " use it between steps, or a copy() of it, which waits for the end of the step");
  }
}
