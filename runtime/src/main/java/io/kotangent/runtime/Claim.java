package io.kotangent.runtime;

import java.util.concurrent.atomic.AtomicInteger;

/** What one thread holds at a time; who comes second is refused, and waits for nobody. */
final class Claim extends AtomicInteger {
  private static final long serialVersionUID = 1;

  private final String what;

  /** @param what what it is a claim of, for the message */
  Claim(String what) {
    this.what = what;
  }

  void take() {
    if (!compareAndSet(0, 1)) {
      throw new ConcurrentUseException(
          what + " is being used by another thread: give each thread its own, by newWorkspace()");
    }
  }

  void drop() {
    setRelease(0);
  }
}
