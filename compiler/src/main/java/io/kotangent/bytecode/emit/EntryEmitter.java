package io.kotangent.bytecode.emit;

import static org.objectweb.asm.Opcodes.*;

import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.plan.SimdWay;
import io.kotangent.plan.Step;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/// Emits what stands around a program that is compiled ahead of time: how sizes follow from its inputs, what must hold of them, how long
/// its arrays are. A class that extends `io.kotangent.alone.Entry`.
public final class EntryEmitter {
  private static final String ENTRY = "io/kotangent/alone/Entry";
  private static final String SIMD_ENTRY = "io/kotangent/alone/SimdEntry";
  private static final String SLOTS = "io/kotangent/alone/Slots";
  private static final String TABLE = "L" + SLOTS + ";";
  private static final int LONGEST_STRING = 20_000;

  private final Plan plan;
  private final PlanNames names;
  private final SizeSolution solution;
  private final String name;
  private final String parent;
  private final List<SimdWay> ways;
  private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
  private final List<EmittedClass.Method> methods = new ArrayList<>();

  private EntryEmitter(Plan plan, PlanNames names, SizeSolution solution, String program) {
    this.plan = plan;
    this.names = names;
    this.solution = solution;
    this.name = program + "_entry";
    this.ways = SimdWay.of(plan.steps());
    this.parent = ways.isEmpty() ? ENTRY : SIMD_ENTRY;
  }

  /// @param program the class of its program, with slashes
  /// @param table what [io.kotangent.alone.Slots] reads
  /// @param data the elements of constants, in base 64
  public static EmittedClass emit(Plan plan, PlanNames names, SizeSolution solution,
      String program, String table, String data, Emission emission) {
    EntryEmitter emitter = new EntryEmitter(plan, names, solution, program);
    emitter.writer.visit(emission.target().classVersion(), ACC_FINAL | ACC_SUPER, emitter.name,
        null, emitter.parent, null);
    emitter.slots(table, data);
    emitter.constructor();
    emitter.methods.add(ProgramEmitter.run(emitter.writer, 0, program));
    emitter.sizes("solve", "([J[I)V", 1, emitter::solve);
    emitter.sizes("check", "([I)V", 0, emitter::check);
    emitter.sizes("lengths", "([I[J[J[J)V", 0, emitter::lengths);
    if (!emitter.ways.isEmpty()) {
      emitter.sizes("fits", "([I[Z)V", 0, emitter::fits);
    }
    emitter.writer.visitEnd();
    return new EmittedClass(emitter.name, emitter.writer.toByteArray(), emitter.methods);
  }

  private void slots(String table, String data) {
    writer.visitField(ACC_PRIVATE | ACC_STATIC | ACC_FINAL, "SLOTS", TABLE, null, null).visitEnd();
    MethodVisitor out = writer.visitMethod(ACC_STATIC, "<clinit>", "()V", null, null);
    out.visitCode();
    out.visitTypeInsn(NEW, SLOTS);
    out.visitInsn(DUP);
    text(out, table);
    List<String> pieces = StringPieces.of(data, LONGEST_STRING);
    StringPieces.array(out, pieces);
    out.visitMethodInsn(INVOKESPECIAL, SLOTS, "<init>",
        "(Ljava/lang/String;[Ljava/lang/String;)V", false);
    out.visitFieldInsn(PUTSTATIC, name, "SLOTS", TABLE);
    out.visitInsn(RETURN);
    end("<clinit>", out);
    MethodVisitor slots = writer.visitMethod(0, "slots", "()" + TABLE, null, null);
    slots.visitCode();
    slots.visitFieldInsn(GETSTATIC, name, "SLOTS", TABLE);
    slots.visitInsn(ARETURN);
    end("slots", slots);
  }

  private static void text(MethodVisitor out, String text) {
    StringPieces.array(out, StringPieces.of(text, LONGEST_STRING));
    out.visitLdcInsn("");
    out.visitInsn(SWAP);
    out.visitMethodInsn(INVOKESTATIC, "java/lang/String", "join",
        "(Ljava/lang/CharSequence;[Ljava/lang/CharSequence;)Ljava/lang/String;", false);
  }

  private void constructor() {
    MethodVisitor init = writer.visitMethod(0, "<init>", "()V", null, null);
    init.visitCode();
    init.visitVarInsn(ALOAD, 0);
    init.visitMethodInsn(INVOKESPECIAL, parent, "<init>", "()V", false);
    init.visitInsn(RETURN);
    end("<init>", init);
  }

  private void end(String method, MethodVisitor out) {
    methods.add(new EmittedClass.Method(method, ProgramEmitter.end(out)));
  }

  /// A static method with its sizes in locals, and the method of `Entry` that calls it.
  private void sizes(String method, String descriptor, int sizesAt,
      BiConsumer<MethodCode, SizeEmitter> body) {
    MethodCode code = new MethodCode(writer, ACC_PRIVATE, method + "Of", descriptor);
    code.visitCode();
    Slots slots = new Slots(code);
    int parameters = descriptor.indexOf(')') - descriptor.replace("[", "").indexOf(')');
    for (int i = 0; i < parameters; i++) {
      slots.reserve("[I");
    }
    List<String> symbols = plan.signature().symbols();
    for (int i = 0; i < symbols.size(); i++) {
      code.visitVarInsn(ALOAD, sizesAt);
      IntCode.push(code, i);
      code.visitInsn(IALOAD);
      int slot = slots.reserve("I");
      code.visitVarInsn(ISTORE, slot);
      slots.name(names.symbol(symbols.get(i)), "I", slot);
    }
    body.accept(code, new SizeEmitter(code, slots, names));
    code.visitInsn(RETURN);
    Label end = new Label();
    code.visitLabel(end);
    code.end();
    methods.add(new EmittedClass.Method(method + "Of", end.getOffset()));
    MethodVisitor call = writer.visitMethod(0, method, descriptor, null, null);
    call.visitCode();
    for (int i = 1; i <= parameters; i++) {
      call.visitVarInsn(ALOAD, i);
    }
    call.visitMethodInsn(INVOKESTATIC, name, method + "Of", descriptor, false);
    call.visitInsn(RETURN);
    end(method, call);
  }

  private void solve(MethodCode out, SizeEmitter sizes) {
    List<String> symbols = plan.signature().symbols();
    List<Port> inputs = plan.signature().inputs();
    for (SizeSolution.Solved solved : solution.solved()) {
      int symbol = symbols.indexOf(solved.symbol());
      elements(out, solved.input());
      sizes.asLong(solved.offset());
      sizes.asLong(solved.slope());
      out.visitLdcInsn(what(inputs.get(solved.input())));
      out.visitMethodInsn(INVOKESTATIC, ENTRY, "whole", "(JJJLjava/lang/String;)I", false);
      out.visitVarInsn(ISTORE, sizes.slot(solved.symbol()));
      out.visitVarInsn(ALOAD, 1);
      IntCode.push(out, symbol);
      out.visitVarInsn(ILOAD, sizes.slot(solved.symbol()));
      out.visitInsn(IASTORE);
    }
    for (int i = 0; i < inputs.size(); i++) {
      elements(out, i);
      sizes.asLong(inputs.get(i).type().shape().size());
      out.visitLdcInsn(what(inputs.get(i)));
      out.visitMethodInsn(INVOKESTATIC, ENTRY, "same", "(JJLjava/lang/String;)V", false);
    }
  }

  private static void elements(MethodCode out, int input) {
    out.visitVarInsn(ALOAD, 0);
    IntCode.push(out, input);
    out.visitInsn(LALOAD);
  }

  private String what(Port input) {
    return plan.signature().name() + ", input " + input.name() + ": " + input.type();
  }

  private void check(MethodCode out, SizeEmitter sizes) {
    for (Port input : plan.signature().inputs()) {
      for (Dim dim : input.type().shape().dims()) {
        if (!dim.isAtLeast(0)) {
          require(out, sizes, dim, Dim.ZERO, "atLeast", dim + " >= 0 for " + what(input));
        }
      }
    }
    for (Requirement requirement : plan.signature().requirements()) {
      String method = switch (requirement.relation()) {
        case EQUAL -> "equal";
        case AT_LEAST -> "atLeast";
        case MULTIPLE_OF -> "multiple";
      };
      require(out, sizes, requirement.left(), requirement.right(), method,
          requirement + (requirement.origin().isEmpty() ? "" : " (at " + requirement.origin()
              + ")"));
    }
  }

  private static void require(MethodCode out, SizeEmitter sizes, Dim left, Dim right,
      String method, String what) {
    sizes.asLong(left);
    sizes.asLong(right);
    out.visitLdcInsn(what);
    out.visitMethodInsn(INVOKESTATIC, ENTRY, method, "(JJLjava/lang/String;)V", false);
  }

  private void lengths(MethodCode out, SizeEmitter sizes) {
    List<Port> inputs = plan.signature().inputs();
    for (int i = 0; i < inputs.size(); i++) {
      length(out, sizes, 1, i, inputs.get(i).type().shape().size());
    }
    for (int i = 0; i < plan.signature().results().size(); i++) {
      length(out, sizes, 2, i, plan.signature().results().get(i).type().shape().size());
    }
    for (int i = 0; i < plan.signature().arrays().size(); i++) {
      if (SlotTable.isOwn(plan.signature().arrays().get(i).kind())) {
        length(out, sizes, 3, i, plan.signature().arrays().get(i).length());
      }
    }
  }

  private static void length(MethodCode out, SizeEmitter sizes, int array, int index, Dim length) {
    out.visitVarInsn(ALOAD, array);
    IntCode.push(out, index);
    sizes.asLong(length);
    out.visitInsn(LASTORE);
  }

  /// Sets the flags of the SIMD code that is for these sizes.
  private void fits(MethodCode out, SizeEmitter sizes) {
    for (SimdWay way : ways) {
      out.visitVarInsn(ALOAD, 1);
      IntCode.push(out, way.flag());
      needs(out, sizes, way.needs());
      if (!way.others().isEmpty()) {
        needs(out, sizes, way.others());
        out.visitInsn(ICONST_1);
        out.visitInsn(IXOR);
        out.visitInsn(IAND);
      }
      out.visitInsn(BASTORE);
    }
  }

  private static void needs(MethodCode out, SizeEmitter sizes, List<Step.Share.Needs> needs) {
    out.visitInsn(ICONST_1);
    for (Step.Share.Needs need : needs) {
      sizes.asLong(need.size());
      out.visitLdcInsn((long) need.least());
      out.visitMethodInsn(INVOKESTATIC, SIMD_ENTRY, "has", "(JJ)I", false);
      out.visitInsn(IAND);
    }
  }
}
