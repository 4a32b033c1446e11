package io.kotangent.plan;

import io.kotangent.ir.Node;
import io.kotangent.loop.Kernel;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.type.Dim;
import java.util.List;
import java.util.Optional;

/// One step of a plan.
public sealed interface Step {
  /// A buffer and where in it an argument starts; the offset may depend on symbolic sizes and on the counters of
  /// enclosing [Repeat]s (symbols of their names).
  ///
  /// @param length how many elements from there on are read or written, at most
  record Argument(Buffer buffer, Dim offset, Dim length) {
    /// All from there on.
    public Argument(Buffer buffer, Dim offset) {
      this(buffer, offset, buffer.slot().length().minus(offset));
    }
  }

  /// Which of the threads that run a program together run a kernel.
  sealed interface Share {
    /// One of them; a number beyond the last begins again at the first.
    ///
    /// @param parts how all of them could run it, if it were worth it
    record One(int thread, Optional<Parts> parts) implements Share {
      public static final One FIRST = new One(0, Optional.empty());
    }

    /// All of them, each for itself: what it writes is scratch. What is soon done is faster made by everyone than
    /// fetched from another core.
    ///
    /// @param parts how they could share it instead
    record Each(Optional<Parts> parts) implements Share {
    }

    /// A size that is at least so large.
    record Needs(Dim size, int least) {
    }

    /// How all threads could run it, if they can.
    default Optional<Parts> asParts() {
      return switch (this) {
        case One(int _, Optional<Parts> parts) -> parts;
        case Each(Optional<Parts> parts) -> parts;
        case Parts parts -> Optional.of(parts);
      };
    }

    /// All of them: the last two ints of the kernel are a range, and each thread gets a part of it.
    ///
    /// @param grain of how many indices a part should be a multiple
    /// @param item picoseconds that an index takes, about
    /// @param least picoseconds that a part should take; there are fewer parts than threads if need be
    /// @param needs what the kernel needs, or it must not be run
    record Parts(int grain, Dim item, long least, Optional<Needs> needs) implements Share {
      Parts(int grain, Dim item) {
        this(grain, item, 1, Optional.empty());
      }

      public Parts with(long otherLeast) {
        return new Parts(grain, item, otherLeast, needs);
      }

      /// The picoseconds that all of it takes, about.
      public Dim work(Run run) {
        int last = run.ints().size() - 1;
        return run.ints().get(last).minus(run.ints().get(last - 1)).times(item);
      }
    }
  }

  /// Runs a kernel.
  ///
  /// @param name for listings: the fused functions, `contract_relu`
  /// @param arguments one for each array of the kernel, scratch included (offset zero)
  /// @param ints one for each int parameter
  /// @param nodes what it computes, for origins
  /// @param share which threads run it
  record Run(String name, Kernel kernel, List<Argument> arguments, List<Dim> ints, List<Node> nodes,
      Share share) implements Step {
    /// Run by the first thread.
    public Run(String name, Kernel kernel, List<Argument> arguments, List<Dim> ints,
        List<Node> nodes) {
      this(name, kernel, arguments, ints, nodes, Share.One.FIRST);
    }

    public Run {
      arguments = List.copyOf(arguments);
      ints = List.copyOf(ints);
      nodes = List.copyOf(nodes);
    }

    public Run with(Share other) {
      return new Run(name, kernel, arguments, ints, nodes, other);
    }
  }

  /// All threads wait here for each other.
  record Barrier() implements Step {
  }

  /// Runs steps `count` times; `counter` names a symbol that offsets and ints inside may use. A reversed loop counts down.
  record Repeat(String counter, Dim count, boolean reverse, List<Step> body) implements Step {
    public Repeat {
      body = List.copyOf(body);
    }
  }

  /// Chooses by the first element of a bool buffer.
  record When(Argument flag, List<Step> then, List<Step> otherwise) implements Step {
    public When {
      then = List.copyOf(then);
      otherwise = List.copyOf(otherwise);
    }

    /// Whether it chooses between two ways to the same bits: the second is what a program starts with.
    public boolean isChoice() {
      return flag.buffer().slot().kind() == ArraySlot.Kind.CHOICES;
    }
  }
}
