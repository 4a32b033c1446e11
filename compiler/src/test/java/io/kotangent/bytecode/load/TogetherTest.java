package io.kotangent.bytecode.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.RandomKernel;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("fast")
class TogetherTest {
  @ParameterizedTest @ValueSource(ints = {0, 1, 3, 7})
  void eachTaskIsDoneOnceWhoeverDoesIt(int helpers) {
    AtomicIntegerArray done = new AtomicIntegerArray(100);
    List<Runnable> tasks = new ArrayList<>();
    for (int i = 0; i < done.length(); i++) {
      int at = i;
      tasks.add(() -> done.incrementAndGet(at));
    }
    Together.start(tasks, helpers).close();
    for (int i = 0; i < done.length(); i++) {
      assertEquals(1, done.get(i), "task " + i);
    }
    Together.start(List.of(), helpers).close();
  }

  @ParameterizedTest @ValueSource(ints = {0, 3})
  void whatTheFirstThatFailedHasThrownComesOutWhenAllAreDone(int helpers) {
    AtomicIntegerArray done = new AtomicIntegerArray(50);
    IllegalStateException first = new IllegalStateException("task 7");
    List<Runnable> tasks = new ArrayList<>();
    for (int i = 0; i < done.length(); i++) {
      int at = i;
      tasks.add(() -> {
        done.set(at, 1);
        if (at == 7) {
          throw first;
        }
        if (at > 7 && at % 2 == 0) {
          throw new StackOverflowError();
        }
      });
    }
    Together all = Together.start(tasks, helpers);
    assertSame(first, assertThrows(IllegalStateException.class, all::close));
    for (int i = 0; i < done.length(); i++) {
      assertEquals(1, done.get(i), "task " + i);
    }
  }

  @Test
  void whoIsInterruptedWaitsAllTheSameAndStaysInterrupted() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    boolean[] done = new boolean[1];
    Together all = Together.start(List.of(() -> {
      begun.countDown();
      awaitQuietly(closing);
      done[0] = true;
    }, begun::getCount), 1);
    begun.await();
    Thread.currentThread().interrupt();
    closing.countDown();
    all.close();
    assertTrue(Thread.interrupted());
    assertTrue(done[0]);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Threads that emit one kernel at a time, all get the class of one of them.
  @Test
  void oneKernelIsOneClassForAllThreads() {
    Kernel kernel = RandomKernel.make(new Random(1), 30);
    KernelListing listing = KernelListing.of(kernel);
    KernelCache alone = new KernelCache();
    KernelClass held = alone.get(kernel, listing);
    for (int round = 0; round < 20; round++) {
      KernelCache cache = new KernelCache();
      Set<KernelClass> classes =
          Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
      Together.start(Collections.nCopies(8, () -> classes.add(cache.get(kernel, listing))), 3)
          .close();
      assertEquals(1, classes.size());
      assertEquals(alone.size(), cache.size(), "classes of shared rows are shared, too");
    }
    assertSame(held, alone.get(kernel, listing));
  }

  @Test
  void threadsThatCannotBeStartedAreDoneWithout() {
    for (int possible = 0; possible < 4; possible++) {
      AtomicInteger left = new AtomicInteger(possible);
      AtomicInteger done = new AtomicInteger();
      List<Runnable> tasks = java.util.Collections.nCopies(20, done::incrementAndGet);
      Together.start(tasks, 3, work -> new Thread(work) {
        @Override
        public void start() {
          if (left.getAndDecrement() <= 0) {
            throw new OutOfMemoryError("unable to create native thread, says a test");
          }
          super.start();
        }
      }).close();
      assertEquals(20, done.get());
    }
  }
}
