package io.kotangent.bytecode.emit;

import static org.objectweb.asm.Opcodes.*;

import io.kotangent.loop.Kernel;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.runtime.Code;
import io.kotangent.type.CodegenLimit;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/// Emits a plan as a class with `static boolean run(Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier)`,
/// the part of [Code#run]: it calls the kernels in order, one line of the listing each. Large programs are several methods, very large ones several classes.
public final class ProgramEmitter {
  private static final int SMALLEST_BUDGET = 200;

  /// What was emitted.
  ///
  /// @param classes the first has the entry
  /// @param parts for each method, `Digits.part3`, the first and last line of its steps
  public record Emitted(List<EmittedClass> classes, Map<String, int[]> parts) {
  }

  private final Plan plan;
  private final PlanNames names;
  private final Map<Kernel, String> kernelNames;
  private final Emission emission;
  private final List<EmittedClass> classes = new ArrayList<>();
  private int largest;
  private final Map<String, int[]> partLines = new TreeMap<>();
  private final Map<StepPiece.Part, String> owners = new IdentityHashMap<>();

  private ProgramEmitter(Plan plan, PlanNames names, Map<Kernel, String> kernelNames,
      Emission emission) {
    this.plan = plan;
    this.names = names;
    this.kernelNames = kernelNames;
    this.emission = emission;
  }

  /// @param kernelNames the class of each kernel, with slashes
  public static Emitted emit(Plan plan, PlanNames names, Map<Kernel, String> kernelNames,
      Emission emission) {
    for (int tried = emission.budget(); tried >= SMALLEST_BUDGET; tried = tried * 2 / 3) {
      ProgramEmitter emitter = new ProgramEmitter(plan, names, kernelNames, emission);
      try {
        emitter.emit(new StepOutliner(tried).entry(plan));
      } catch (MethodTooLargeException e) {
        continue;
      } catch (ClassTooLargeException e) {
        throw new CodegenLimit(
            "the program of " + names.fileName() + " does not fit into classes: " + e.getMessage(),
            e);
      }
      if (emitter.largest <= KernelEmitter.HARD_LIMIT) {
        return new Emitted(List.copyOf(emitter.classes), emitter.partLines);
      }
    }
    throw new CodegenLimit(
        "the program of " + names.fileName() + " has a method of over " + KernelEmitter.HARD_LIMIT
            + " bytes that cannot be split");
  }

  private void emit(List<StepPiece> entry) {
    List<List<StepPiece.Part>> groups = ProgramParts.assign(entry, kernelNames);
    for (int i = 0; i < groups.size(); i++) {
      for (StepPiece.Part part : groups.get(i)) {
        owners.put(part, className(i));
        partLines.put(className(i).replace('/', '.') + "." + part.name(),
            new int[] {part.line(), part.lastLine()});
      }
    }
    for (int i = 0; i < groups.size(); i++) {
      emitClass(className(i), i == 0 ? entry : List.of(), groups.get(i), i == 0);
    }
  }

  private String className(int index) {
    String name = emission.names().internal(names.className());
    return index == 0 ? name : name + "_" + (index + 1);
  }

  private void emitClass(String name, List<StepPiece> entry, List<StepPiece.Part> parts,
      boolean first) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(emission.target().classVersion(), ACC_PUBLIC | ACC_FINAL | ACC_SUPER, name, null,
        "java/lang/Object", null);
    writer.visitSource(names.fileName(), null);
    List<EmittedClass.Method> methods = new ArrayList<>();
    if (first) {
      StepPiece.Part run = new StepPiece.Part("run", List.of(), entry, 0);
      methods.add(method(writer, run, true));
      methods.addAll(PartBound.emit(writer, name, emission.compact()));
    }
    for (StepPiece.Part part : parts) {
      methods.add(method(writer, part, false));
    }
    writer.visitEnd();
    EmittedClass emitted = new EmittedClass(name, writer.toByteArray(), methods);
    largest = Math.max(largest, emitted.largestMethod());
    classes.add(emitted);
  }

  private EmittedClass.Method method(ClassWriter writer, StepPiece.Part part, boolean entry) {
    int size = new ProgramMethod(writer, plan, names, kernelNames, owners, className(0), part)
        .emit(entry);
    return new EmittedClass.Method(part.name(), size);
  }

  /// The one class that knows the runtime: it implements [Code] by calling the program.
  public static EmittedClass adapter(PlanNames names, Emission emission) {
    String program = emission.names().internal(names.className());
    String name = program + "_adapter";
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(emission.target().classVersion(), ACC_PUBLIC | ACC_FINAL | ACC_SUPER, name, null,
        "java/lang/Object",
        new String[] {Type.getInternalName(Code.class)});
    EmittedClass.Method init = constructor(writer);
    EmittedClass.Method run = run(writer, ACC_PUBLIC, program);
    writer.visitEnd();
    return new EmittedClass(name, writer.toByteArray(),
        List.of(init, run));
  }

  /// A method of an object that runs a program.
  static EmittedClass.Method run(ClassWriter writer, int access, String program) {
    MethodVisitor run = writer.visitMethod(access, "run", ProgramMethod.DESCRIPTOR, null, null);
    run.visitCode();
    run.visitVarInsn(ALOAD, 1);
    run.visitVarInsn(ALOAD, 2);
    run.visitVarInsn(ILOAD, 3);
    run.visitVarInsn(ILOAD, 4);
    run.visitVarInsn(ALOAD, 5);
    run.visitMethodInsn(INVOKESTATIC, program, "run", ProgramMethod.DESCRIPTOR, false);
    run.visitInsn(IRETURN);
    return new EmittedClass.Method("run", end(run));
  }

  /// One that takes nothing, of a class that has no fields.
  static EmittedClass.Method constructor(ClassWriter writer) {
    MethodVisitor init = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
    init.visitCode();
    init.visitVarInsn(ALOAD, 0);
    init.visitMethodInsn(INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    init.visitInsn(RETURN);
    return new EmittedClass.Method("<init>", end(init));
  }

  /// Ends a method, and says how many bytes of bytecode it has.
  static int end(MethodVisitor method) {
    Label end = new Label();
    method.visitLabel(end);
    method.visitMaxs(0, 0);
    method.visitEnd();
    return end.getOffset();
  }
}
