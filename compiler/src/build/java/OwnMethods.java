import static java.lang.constant.ConstantDescs.*;

import java.lang.classfile.*;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.*;
import java.util.List;
import java.util.stream.IntStream;

/// Bodies of the methods that a class is given for its type switches and for being a record.
final class OwnMethods {
  private static final ClassDesc OBJECTS = ClassDesc.of("java.util.Objects");

  private OwnMethods() {}

  /// (value, where to begin) → the number of the first of the types from there on that it has; -1 for null.
  static void typeSwitch(CodeBuilder body, List<ConstantDesc> types) {
    List<SwitchCase> asked =
        IntStream.range(0, types.size()).mapToObj(i -> SwitchCase.of(i, body.newLabel())).toList();
    Label some = body.newLabel();
    Label none = body.newLabel();
    body.aload(0).ifnonnull(some).iconst_m1().ireturn();
    body.labelBinding(some).iload(1).tableswitch(none, asked);
    for (int i = 0; i < types.size(); i++) {
      body.labelBinding(asked.get(i).target()).aload(0).instanceOf((ClassDesc) types.get(i))
          .ifeq(i + 1 < types.size() ? asked.get(i + 1).target() : none).loadConstant(i).ireturn();
    }
    body.labelBinding(none).loadConstant(types.size()).ireturn();
  }

  static void recordEquals(CodeBuilder body, ClassDesc owner, List<DirectMethodHandleDesc> fields) {
    Label differs = body.newLabel();
    body.aload(1).instanceOf(owner).ifeq(differs);
    for (DirectMethodHandleDesc field : fields) {
      ClassDesc type = field.invocationType().returnType();
      body.aload(0).getfield(field.owner(), field.methodName(), type);
      body.aload(1).checkcast(owner).getfield(field.owner(), field.methodName(), type);
      switch (TypeKind.from(type)) {
        case REFERENCE -> body.invokestatic(OBJECTS, "equals",
            MethodTypeDesc.of(CD_boolean, CD_Object, CD_Object)).ifeq(differs);
        case LONG, FLOAT, DOUBLE -> body
            .invokestatic(Lambdas.box(type), "compare", MethodTypeDesc.of(CD_int, type, type))
            .ifne(differs);
        default -> body.if_icmpne(differs);
      }
    }
    body.iconst_1().ireturn().labelBinding(differs).iconst_0().ireturn();
  }

  static void recordHash(CodeBuilder body, List<DirectMethodHandleDesc> fields) {
    body.iconst_0();
    for (DirectMethodHandleDesc field : fields) {
      ClassDesc type = field.invocationType().returnType();
      body.bipush(31).imul();
      body.aload(0).getfield(field.owner(), field.methodName(), type);
      body.invokestatic(type.isPrimitive() ? Lambdas.box(type) : OBJECTS, "hashCode",
          MethodTypeDesc.of(CD_int, type.isPrimitive() ? type : CD_Object)).iadd();
    }
    body.ireturn();
  }
}
