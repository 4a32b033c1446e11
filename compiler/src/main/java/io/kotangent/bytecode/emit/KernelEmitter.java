package io.kotangent.bytecode.emit;

import static org.objectweb.asm.Opcodes.*;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import io.kotangent.type.CodegenLimit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodTooLargeException;

/// Emits a kernel as a class with one entry, `static void run(arrays and offsets, ints)`, and as many private methods
/// as [Outliner] cuts. The class is of version 61 and refers to nothing but `java.base`.
public final class KernelEmitter {
  /// A method over this many bytes is never compiled by the JVM.
  public static final int HARD_LIMIT = 8000;
  private static final int MOST_SLOTS = 255;
  private static final int SMALLEST_BUDGET = 900;

  private final KernelListing listing;
  private final Kernel kernel;
  private final RowClasses rows;
  private final Emission emission;

  private KernelEmitter(Kernel kernel, KernelListing listing, Emission emission,
      RowClasses rows) {
    this.kernel = kernel;
    this.listing = listing;
    this.rows = rows;
    this.emission = emission;
  }

  /// @param kernel as the target wants it ([SoftFma])
  public static EmittedClass emit(Kernel kernel, KernelListing listing, Emission emission,
      RowClasses rows) {
    KernelEmitter emitter = new KernelEmitter(kernel, listing, emission, rows);
    checkParameters(kernel, listing);
    int tried = emission.budget();
    while (true) {
      try {
        EmittedClass emitted = emitter.emit(tried);
        if (emitted.largestMethod() <= HARD_LIMIT) {
          return emitted;
        }
      } catch (MethodTooLargeException | ClassTooLargeException e) {
        if (tried < SMALLEST_BUDGET) {
          throw new CodegenLimit("the kernel of " + listing.fileName()
              + " does not fit into a class: " + e.getMessage(), e);
        }
      }
      if (tried < SMALLEST_BUDGET) {
        throw new CodegenLimit(
            "the kernel of " + listing.fileName() + " has a method of over " + HARD_LIMIT
                + " bytes that cannot be split: fuse less into it");
      }
      tried = tried * 2 / 3;
    }
  }

  /// Refuses a kernel that takes more than a method can.
  public static void checkParameters(Kernel kernel, KernelListing listing) {
    int slots = kernel.ints().size();
    for (ArrayParam array : kernel.arrays()) {
      slots += array.whole() ? 1 : 2;
    }
    if (slots > MOST_SLOTS) {
      throw new CodegenLimit(
          "the kernel of " + listing.fileName() + " takes " + slots + " parameters, the JVM allows "
              + MOST_SLOTS + ": fuse less into it");
    }
  }

  private EmittedClass emit(int budget) {
    Piece.Method entry = Outliner.sharing(budget).entry(kernel);
    ClassWriter writer = writer(listing, emission);
    Deque<Piece.Method> pending = new ArrayDeque<>();
    Set<String> known = new HashSet<>();
    pending.add(entry);
    List<EmittedClass.Method> methods = new ArrayList<>();
    while (!pending.isEmpty()) {
      Piece.Method method = pending.poll();
      MethodEmitter emitter =
          new MethodEmitter(writer, this::owner, method, method == entry,
              emission.target().vectorBits());
      boolean apart = !emission.compact() && (method == entry || method.isLanes());
      methods.add(new EmittedClass.Method(method.name(), emitter.emit(apart, false)));
      collect(method.body(), pending, known);
    }
    writer.visitEnd();
    return new EmittedClass(name(listing, emission), writer.toByteArray(), methods);
  }

  /// The name of the class of a kernel, with slashes.
  public static String name(KernelListing listing, Emission emission) {
    return emission.names().internal(listing.className());
  }

  private static ClassWriter writer(KernelListing listing, Emission emission) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(emission.target().classVersion(), ACC_PUBLIC | ACC_FINAL | ACC_SUPER,
        name(listing, emission), null,
        "java/lang/Object", null);
    writer.visitSource(listing.fileName(), null);
    return writer;
  }

  private String owner(Piece.Method method) {
    return method.general() ? rows.of(method) : name(listing, emission);
  }

  /// Emits a general method.
  ///
  /// @param apart whether C2 is to compile it once, and not once more in each kernel that calls it; it then looks first whether there
  ///     is anything to do
  public static EmittedClass emit(Piece.Method method, KernelListing listing, Emission emission,
      boolean apart) {
    ClassWriter writer = writer(listing, emission);
    String name = name(listing, emission);
    int size =
        new MethodEmitter(writer, _ -> name, method, true, 0).emit(apart, apart);
    writer.visitEnd();
    return new EmittedClass(name, writer.toByteArray(),
        List.of(new EmittedClass.Method(method.name(), size)));
  }

  /// The methods of this class that are called, each once.
  private static void collect(List<Piece> pieces, Deque<Piece.Method> pending,
      Set<String> known) {
    for (Piece piece : pieces) {
      if (piece instanceof Piece.Call call) {
        if (!call.method().general() && known.add(call.method().name())) {
          pending.add(call.method());
        }
      } else {
        collect(piece.inner(), pending, known);
      }
    }
  }

  /// The descriptor of the entry.
  public static String descriptor(Kernel kernel) {
    StringBuilder text = new StringBuilder("(");
    for (ArrayParam array : kernel.arrays()) {
      text.append(Slots.descriptor(array)).append(array.whole() ? "" : "I");
    }
    return text.append("I".repeat(kernel.ints().size())).append(")V").toString();
  }
}
