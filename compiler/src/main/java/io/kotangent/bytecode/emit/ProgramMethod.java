package io.kotangent.bytecode.emit;

import static org.objectweb.asm.Opcodes.*;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.plan.Buffer;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.Step;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/// Emits one method of a program's class.
final class ProgramMethod {
  private static final String SHARED = "[Ljava/lang/Object;[IIILjava/lang/Runnable;";
  static final String DESCRIPTOR = "(" + SHARED + ")Z";
  private static final int THREAD = 2;
  private static final int THREADS = 3;
  private static final int BARRIER = 4;
  private static final int LAST_LINE = 65_535;

  private final Plan plan;
  private final PlanNames names;
  private final Map<Kernel, String> kernelNames;
  private final Map<StepPiece.Part, String> owners;
  private final String entryClass;
  private final StepPiece.Part part;
  private final ClassWriter writer;
  private final Set<Buffer> used = new LinkedHashSet<>();
  private final Set<String> symbols = new LinkedHashSet<>();

  ProgramMethod(ClassWriter writer, Plan plan, PlanNames names,
      Map<Kernel, String> kernelNames,
      Map<StepPiece.Part, String> owners, String entryClass, StepPiece.Part part) {
    this.writer = writer;
    this.plan = plan;
    this.names = names;
    this.kernelNames = kernelNames;
    this.owners = owners;
    this.entryClass = entryClass;
    this.part = part;
  }

  static String descriptor(StepPiece.Part part) {
    return "(" + SHARED + "I".repeat(part.counters().size()) + ")V";
  }

  /// Emits the method and says how many bytes of bytecode it has.
  int emit(boolean entry) {
    MethodCode out = new MethodCode(writer, entry ? ACC_PUBLIC : 0, part.name(),
        entry ? DESCRIPTOR : descriptor(part));
    Slots slots = new Slots(out);
    out.visitCode();
    slots.declare("arrays", "[Ljava/lang/Object;");
    slots.declare("sizes", "[I");
    slots.declare("thread", "I");
    slots.declare("threads", "I");
    slots.declare("barrier", "Ljava/lang/Runnable;");
    for (String counter : part.counters()) {
      slots.declare(names.symbol(counter), "I");
    }
    find(part.body());
    if (entry && plan.guard().isPresent()) {
      find(plan.guard().get());
    }
    unpack(out, slots);
    new Body(out, slots).pieces(part.body());
    if (entry) {
      new Body(out, slots).leave();
    } else {
      out.visitInsn(RETURN);
    }
    Label end = new Label();
    out.visitLabel(end);
    slots.visitTable();
    out.end();
    return end.getOffset();
  }

  /// Finds what the steps of this method use; parts unpack for themselves.
  private void find(List<StepPiece> pieces) {
    for (StepPiece piece : pieces) {
      if (piece instanceof StepPiece.Run(Step.Run run, int _, int _)) {
        for (Step.Argument argument : run.arguments()) {
          find(argument);
        }
        for (Dim dim : run.ints()) {
          dim.collectSymbols(symbols);
        }
        if (run.share() instanceof Step.Share.Parts parts) {
          parts.work(run).collectSymbols(symbols);
        }
      } else if (piece instanceof StepPiece.Repeat repeat) {
        repeat.step().count().collectSymbols(symbols);
      } else if (piece instanceof StepPiece.When when) {
        find(when.step().flag());
      }
      find(piece.inner());
    }
  }

  private void find(Step.Argument argument) {
    used.add(argument.buffer());
    argument.offset().collectSymbols(symbols);
  }

  private void unpack(MethodVisitor out, Slots slots) {
    for (Buffer buffer : used) {
      out.visitVarInsn(ALOAD, 0);
      IntCode.push(out, buffer.index());
      out.visitInsn(AALOAD);
      boolean aligned = buffer.slot().kind() == ArraySlot.Kind.ALIGNED;
      String type = aligned ? Slots.buffer(buffer.slot().dtype())
          : Slots.arrayDescriptor(buffer.slot().dtype());
      String descriptor = aligned ? "L" + type + ";" : type;
      out.visitTypeInsn(CHECKCAST, type);
      int slot = slots.reserve(descriptor);
      out.visitVarInsn(ASTORE, slot);
      slots.name(names.array(buffer), descriptor, slot);
    }
    List<String> known = plan.signature().symbols();
    for (String symbol : symbols) {
      if (known.contains(symbol)) {
        out.visitVarInsn(ALOAD, 1);
        IntCode.push(out, known.indexOf(symbol));
        out.visitInsn(IALOAD);
        int slot = slots.reserve("I");
        out.visitVarInsn(ISTORE, slot);
        slots.name(names.symbol(symbol), "I", slot);
      }
    }
  }

  /// Emits the steps.
  private final class Body {
    private final MethodCode out;
    private final Slots slots;
    private final SizeEmitter sizes;

    Body(MethodCode out, Slots slots) {
      this.out = out;
      this.slots = slots;
      this.sizes = new SizeEmitter(out, slots, names);
    }

    void pieces(List<StepPiece> pieces) {
      for (StepPiece piece : pieces) {
        line(piece.line());
        switch (piece) {
          case StepPiece.Run run -> share(run.step());
          case StepPiece.Barrier _ -> {
            out.visitVarInsn(ALOAD, BARRIER);
            out.visitMethodInsn(INVOKEINTERFACE, "java/lang/Runnable", "run", "()V", true);
          }
          case StepPiece.Repeat repeat -> repeat(repeat);
          case StepPiece.When when -> when(when);
          case StepPiece.Part called -> call(called);
        }
      }
    }

    private void line(int line) {
      if (line <= LAST_LINE) {
        Label label = new Label();
        out.visitLabel(label);
        out.visitLineNumber(line, label);
      }
    }

    /// What of a step is this thread's, if anything.
    private void share(Step.Run run) {
      Label end = new Label();
      switch (run.share()) {
        case Step.Share.One(int thread, var _) -> {
          out.visitVarInsn(ILOAD, THREAD);
          if (thread == 0) {
            out.visitJumpInsn(IFNE, end);
          } else {
            IntCode.push(out, thread);
            out.visitVarInsn(ILOAD, THREADS);
            out.visitInsn(IREM);
            out.visitJumpInsn(IF_ICMPNE, end);
          }
          call(run, () -> run.ints().forEach(sizes::asInt));
        }
        case Step.Share.Each _ -> call(run, () -> run.ints().forEach(sizes::asInt));
        case Step.Share.Parts parts -> part(run, parts, end);
      }
      out.visitLabel(end);
    }

    private void part(Step.Run run, Step.Share.Parts parts, Label end) {
      int mark = slots.enter();
      int part = slots.reserve("J");
      int last = run.ints().size() - 1;
      out.visitVarInsn(ILOAD, THREAD);
      out.visitVarInsn(ILOAD, THREADS);
      sizes.asLong(parts.work(run));
      out.visitLdcInsn(parts.least());
      sizes.asInt(run.ints().get(last - 1));
      sizes.asInt(run.ints().get(last));
      IntCode.push(out, parts.grain());
      PartBound.call(out, entryClass);
      out.visitVarInsn(LSTORE, part);
      PartBound.from(out, part);
      PartBound.to(out, part);
      out.visitJumpInsn(IF_ICMPGE, end);
      call(run, () -> {
        run.ints().subList(0, last - 1).forEach(sizes::asInt);
        PartBound.from(out, part);
        PartBound.to(out, part);
      });
      slots.leave(mark);
    }

    private void call(Step.Run run, Runnable ints) {
      List<ArrayParam> params = run.kernel().arrays();
      if (params.size() != run.arguments().size()
          || run.kernel().ints().size() != run.ints().size()) {
        throw new KotangentException(
            "step '" + run.name() + "': its kernel takes " + params.size() + " arrays and "
                + run.kernel().ints().size() + " sizes, got " + run.arguments().size() + " and "
                + run.ints().size());
      }
      for (int i = 0; i < params.size(); i++) {
        Step.Argument argument = run.arguments().get(i);
        out.visitVarInsn(ALOAD, slots.slot(names.array(argument.buffer())));
        if (!params.get(i).whole()) {
          sizes.asInt(argument.offset());
        } else if (!argument.offset().is(0)) {
          throw new KotangentException(
              "step '" + run.name() + "': argument " + i + " is whole, but has an offset");
        }
      }
      ints.run();
      out.visitMethodInsn(INVOKESTATIC, kernelNames.get(run.kernel()), "run",
          KernelEmitter.descriptor(run.kernel()), false);
    }

    private void call(StepPiece.Part called) {
      out.visitVarInsn(ALOAD, 0);
      out.visitVarInsn(ALOAD, 1);
      out.visitVarInsn(ILOAD, THREAD);
      out.visitVarInsn(ILOAD, THREADS);
      out.visitVarInsn(ALOAD, BARRIER);
      for (String counter : called.counters()) {
        out.visitVarInsn(ILOAD, slots.slot(names.symbol(counter)));
      }
      String owner = owners.get(called);
      if (owner == null) {
        throw new IllegalStateException("no class for " + called.name());
      }
      out.visitMethodInsn(INVOKESTATIC, owner, called.name(), descriptor(called), false);
    }

    private void repeat(StepPiece.Repeat piece) {
      Step.Repeat repeat = piece.step();
      int mark = slots.enter();
      int counter = slots.reserve("I");
      int bound = slots.reserve("I");
      sizes.asInt(repeat.count());
      if (repeat.reverse()) {
        out.visitInsn(ICONST_1);
        out.visitInsn(ISUB);
        out.visitVarInsn(ISTORE, counter);
      } else {
        out.visitVarInsn(ISTORE, bound);
        out.visitInsn(ICONST_0);
        out.visitVarInsn(ISTORE, counter);
      }
      slots.name(names.symbol(repeat.counter()), "I", counter);
      Label top = out.top();
      Label end = new Label();
      out.visitVarInsn(ILOAD, counter);
      if (repeat.reverse()) {
        out.visitJumpInsn(IFLT, end);
      } else {
        out.visitVarInsn(ILOAD, bound);
        out.visitJumpInsn(IF_ICMPGE, end);
      }
      pieces(piece.inner());
      line(piece.line());
      out.visitIincInsn(counter, repeat.reverse() ? -1 : 1);
      out.visitJumpInsn(GOTO, top);
      out.visitLabel(end);
      slots.leave(mark);
    }

    private void when(StepPiece.When piece) {
      Label otherwise = new Label();
      Label end = new Label();
      flag(piece.step().flag());
      out.visitJumpInsn(IFEQ, otherwise);
      pieces(piece.then());
      out.visitJumpInsn(GOTO, end);
      out.visitLabel(otherwise);
      pieces(piece.otherwise());
      out.visitLabel(end);
    }

    private void flag(Step.Argument flag) {
      out.visitVarInsn(ALOAD, slots.slot(names.array(flag.buffer())));
      sizes.asInt(flag.offset());
      out.visitInsn(BALOAD);
    }

    void leave() {
      line(PlanPrinter.firstLine(plan) + PlanPrinter.lines(plan.steps()));
      if (plan.guard().isPresent()) {
        flag(plan.guard().get());
      } else {
        out.visitInsn(ICONST_1);
      }
      out.visitInsn(IRETURN);
    }
  }
}
