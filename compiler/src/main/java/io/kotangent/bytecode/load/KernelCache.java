package io.kotangent.bytecode.load;

import io.kotangent.bytecode.emit.EmittedClass;
import io.kotangent.bytecode.emit.Emission;
import io.kotangent.bytecode.emit.KernelEmitter;
import io.kotangent.bytecode.emit.NeutralNames;
import io.kotangent.bytecode.emit.Piece;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import io.kotangent.loop.KernelVerifier;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The kernel classes of this process, by their listings: programs with equal kernels share a class, which is then warm for all
/// of them. Held weakly: a class goes with the last program that calls it. Any number of threads may ask at a time; if several
/// emit one kernel, the first class is everybody's.
public final class KernelCache {
  private static final boolean CHECKS = Boolean.getBoolean("kotangent.checks");
  private static final KernelCache SHARED = new KernelCache();

  private static final class Entry extends WeakReference<KernelClass> {
    private final String text;

    Entry(KernelClass kernel, ReferenceQueue<KernelClass> queue) {
      super(kernel, queue);
      this.text = kernel.listing().text();
    }
  }

  private final Emission emission;
  private final Map<String, Entry> entries = new HashMap<>();
  private final ReferenceQueue<KernelClass> dropped = new ReferenceQueue<>();

  /// An empty cache; tests and tools want their own.
  public KernelCache() {
    this(Emission.of(Machine.target()));
  }

  /// @param emission for this machine, plainly named
  public KernelCache(Emission emission) {
    this.emission = emission;
  }

  /// How its classes are emitted.
  public Emission emission() {
    return emission;
  }

  /// The one that `Compiler` uses.
  public static KernelCache shared() {
    return SHARED;
  }

  /// The class of a kernel: one that is loaded, or a new one.
  public KernelClass get(Kernel kernel, KernelListing listing) {
    return known(listing).orElseGet(() -> made(kernel, listing));
  }

  private synchronized Optional<KernelClass> known(KernelListing listing) {
    return Optional.ofNullable(entries.get(listing.text())).map(Entry::get);
  }

  private KernelClass made(Kernel kernel, KernelListing listing) {
    if (CHECKS) {
      KernelVerifier.verify(kernel);
    }
    Map<Piece.Method, KernelClass> found = new IdentityHashMap<>();
    Map<String, KernelClass> rows = new TreeMap<>();
    EmittedClass emitted = KernelEmitter.emit(kernel, listing, emission, method -> {
      KernelClass row = found.computeIfAbsent(method, this::row);
      rows.put(row.listing().className(), row);
      return row.listing().className();
    });
    return load(listing, emitted, SimdState.of(kernel), List.copyOf(rows.values()));
  }

  /// The class of a row loop that kernels share.
  private KernelClass row(Piece.Method method) {
    KernelListing listing = NeutralNames.listing(method);
    return known(listing)
        .orElseGet(() -> load(listing, KernelEmitter.emit(method, listing, emission,
            emission.target().vectorBits() > 0),
            SimdState.ofRows(method.arrays()), List.of()));
  }

  private KernelClass load(KernelListing listing, EmittedClass emitted, SimdState simd,
      List<KernelClass> rows) {
    GeneratedLoader loader = new GeneratedLoader(listing.className());
    rows.forEach(row -> loader.know(row.type()));
    return kept(new KernelClass(listing, emitted, loader.define(emitted), simd, rows));
  }

  private synchronized KernelClass kept(KernelClass made) {
    purge();
    Optional<KernelClass> before = known(made.listing());
    if (before.isPresent()) {
      return before.get();
    }
    entries.put(made.listing().text(), new Entry(made, dropped));
    return made;
  }

  /// From now on, there is no class for that kernel. Who has this one may keep it.
  synchronized void forget(KernelClass kernel) {
    Entry entry = entries.get(kernel.listing().text());
    if (entry != null && entry.get() == kernel) {
      entries.remove(entry.text);
    }
  }

  /// Whether there is a class for a kernel of that listing.
  public boolean has(KernelListing listing) {
    return known(listing).isPresent();
  }

  /// How many classes are loaded, as far as the collector has told.
  public synchronized int size() {
    purge();
    return entries.size();
  }

  private void purge() {
    for (Reference<? extends KernelClass> gone = dropped.poll(); gone != null;
        gone = dropped.poll()) {
      Entry entry = (Entry) gone;
      entries.remove(entry.text, entry);
    }
  }
}
