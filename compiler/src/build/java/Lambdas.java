import static java.lang.constant.ConstantDescs.*;

import java.lang.classfile.*;
import java.lang.classfile.attribute.*;
import java.lang.classfile.instruction.*;
import java.lang.constant.*;
import java.util.*;
import java.util.stream.*;

/// All lambdas of one interface in one nest: a class that keeps what they capture, and a number that says which it is.
final class Lambdas {
  /// A place where one is made: where each captured value is kept.
  record Site(InvokeDynamicInstruction call, int line, List<Integer> slots) {
  }

  final ClassDesc type;
  private final ClassModel host;
  private final ClassDesc kind;
  private final String method;
  private final MethodTypeDesc erased;
  private final List<Site> sites = new ArrayList<>();
  private final List<ClassDesc> slots = new ArrayList<>();

  Lambdas(ClassModel host, InvokeDynamicInstruction call) {
    this.host = host;
    kind = call.typeSymbol().returnType();
    method = call.name().stringValue();
    erased = (MethodTypeDesc) call.bootstrapArgs().getFirst();
    String name = LinkEarly.internalName(kind).replaceFirst("^java/util/(function/)?", "");
    type = ClassDesc.ofInternalName(
        host.thisClass().asInternalName() + "$$" + name.replace('/', '_'));
  }

  /// Returns the name of the factory for a new site.
  String add(InvokeDynamicInstruction call, int line) {
    List<Integer> used = new ArrayList<>();
    for (ClassDesc captured : call.typeSymbol().parameterList()) {
      ClassDesc kept = TypeKind.from(captured).asLoadable().upperBound();
      used.add(IntStream.range(0, slots.size())
          .filter(slot -> slots.get(slot).equals(kept) && !used.contains(slot)).findFirst()
          .orElseGet(() -> {
            slots.add(kept);
            return slots.size() - 1;
          }));
    }
    sites.add(new Site(call, line, used));
    return "of" + (sites.size() - 1);
  }

  byte[] build() {
    return ClassFile.of().build(type, all -> {
      all.withVersion(host.majorVersion(), host.minorVersion());
      all.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC | ClassFile.ACC_SUPER);
      all.withInterfaceSymbols(kind).with(NestHostAttribute.of(host.thisClass()));
      host.findAttribute(Attributes.sourceFile())
          .ifPresent(file -> all.with(SourceFileAttribute.of(file.sourceFile().stringValue())));
      all.withField("number", CD_int, ClassFile.ACC_FINAL);
      IntStream.range(0, slots.size())
          .forEach(i -> all.withField("kept" + i, slots.get(i), ClassFile.ACC_FINAL));
      all.withMethodBody(INIT_NAME, constructor(), 0, this::construct);
      for (int i = 0; i < sites.size(); i++) {
        int number = i;
        if (sites.get(i).slots.isEmpty()) {
          all.withField("only" + i, type, ClassFile.ACC_STATIC);
        }
        all.withMethodBody("of" + i, sites.get(i).call.typeSymbol(), ClassFile.ACC_STATIC,
            body -> make(body, number, sites.get(number)));
      }
      all.withMethodBody(method, erased, ClassFile.ACC_PUBLIC, this::choose);
    });
  }

  private MethodTypeDesc constructor() {
    return MethodTypeDesc.of(CD_void, slots).insertParameterTypes(0, CD_int);
  }

  private void construct(CodeBuilder body) {
    body.aload(0).invokespecial(CD_Object, INIT_NAME, MethodTypeDesc.of(CD_void));
    body.aload(0).iload(1).putfield(type, "number", CD_int);
    for (int i = 0; i < slots.size(); i++) {
      body.aload(0).loadLocal(TypeKind.from(slots.get(i)), body.parameterSlot(i + 1))
          .putfield(type, "kept" + i, slots.get(i));
    }
    body.return_();
  }

  private void make(CodeBuilder body, int number, Site site) {
    Label known = body.newLabel();
    boolean only = site.slots.isEmpty();
    if (only) {
      body.getstatic(type, "only" + number, type).dup().ifnonnull(known).pop();
    }
    body.new_(type).dup().loadConstant(number);
    for (int i = 0; i < slots.size(); i++) {
      TypeKind slot = TypeKind.from(slots.get(i));
      if (site.slots.contains(i)) {
        body.loadLocal(slot, body.parameterSlot(site.slots.indexOf(i)));
      } else if (slot == TypeKind.REFERENCE) {
        body.aconst_null();
      } else {
        body.iconst_0().conversion(TypeKind.INT, slot);
      }
    }
    body.invokespecial(type, INIT_NAME, constructor());
    if (only) {
      body.dup().putstatic(type, "only" + number, type).labelBinding(known);
    }
    body.areturn();
  }

  private void choose(CodeBuilder body) {
    List<SwitchCase> cases = IntStream.range(0, sites.size())
        .mapToObj(i -> SwitchCase.of(i, body.newLabel())).toList();
    if (cases.size() > 1) {
      body.aload(0).getfield(type, "number", CD_int).tableswitch(cases.getFirst().target(), cases);
    }
    for (int i = 0; i < sites.size(); i++) {
      body.labelBinding(cases.get(i).target());
      if (sites.get(i).line > 0) {
        body.lineNumber(sites.get(i).line);
      }
      call(body, sites.get(i));
    }
  }

  private void call(CodeBuilder body, Site site) {
    var target = (DirectMethodHandleDesc) site.call.bootstrapArgs().get(1);
    var promised = (MethodTypeDesc) site.call.bootstrapArgs().get(2);
    MethodTypeDesc wanted = target.invocationType();
    if (target.kind() == DirectMethodHandleDesc.Kind.CONSTRUCTOR) {
      body.new_(target.owner()).dup();
    }
    int captured = site.slots.size();
    for (int i = 0; i < wanted.parameterCount(); i++) {
      if (i < captured) {
        ClassDesc kept = slots.get(site.slots.get(i));
        body.aload(0).getfield(type, "kept" + site.slots.get(i), kept);
        adapt(body, kept, kept, wanted.parameterType(i));
      } else {
        ClassDesc given = erased.parameterType(i - captured);
        body.loadLocal(TypeKind.from(given), body.parameterSlot(i - captured));
        adapt(body, given, promised.parameterType(i - captured), wanted.parameterType(i));
      }
    }
    invoke(body, target, wanted);
    if (!erased.returnType().equals(CD_void)) {
      adapt(body, wanted.returnType(), promised.returnType(), erased.returnType());
    }
    body.return_(TypeKind.from(erased.returnType()));
  }

  private static void invoke(CodeBuilder body, DirectMethodHandleDesc target,
      MethodTypeDesc wanted) {
    ClassDesc owner = target.owner();
    String name = target.methodName();
    switch (target.kind()) {
      case STATIC, INTERFACE_STATIC -> body.invokestatic(owner, name, wanted,
          target.isOwnerInterface());
      case CONSTRUCTOR -> body.invokespecial(owner, INIT_NAME, wanted.changeReturnType(CD_void));
      case VIRTUAL, SPECIAL -> body.invokevirtual(owner, name, wanted.dropParameterTypes(0, 1));
      case INTERFACE_VIRTUAL, INTERFACE_SPECIAL -> body.invokeinterface(owner, name,
          wanted.dropParameterTypes(0, 1));
      default -> throw new IllegalStateException("a lambda that is " + target);
    }
  }

  /// From how a value is passed, over what it is known to be, to what is wanted.
  private static void adapt(CodeBuilder body, ClassDesc given, ClassDesc known, ClassDesc wanted) {
    if (given.isPrimitive() && wanted.isPrimitive()) {
      body.conversion(TypeKind.from(given), TypeKind.from(wanted));
    } else if (given.isPrimitive()) {
      body.invokestatic(box(given), "valueOf", MethodTypeDesc.of(box(given), given));
    } else if (wanted.isPrimitive()) {
      ClassDesc inside = Stream.of(TypeKind.values()).filter(k -> k.slotSize() > 0)
          .map(TypeKind::upperBound).filter(t -> t.isPrimitive() && box(t).equals(known))
          .findFirst()
          .orElse(wanted);
      body.checkcast(box(inside)).invokevirtual(box(inside), inside.displayName() + "Value",
          MethodTypeDesc.of(inside)).conversion(TypeKind.from(inside), TypeKind.from(wanted));
    } else if (!wanted.equals(given) && !wanted.equals(CD_Object)) {
      body.checkcast(wanted);
    }
  }

  static ClassDesc box(ClassDesc primitive) {
    return ClassDesc.of("java.lang." + switch (primitive.displayName()) {
      case "int" -> "Integer";
      case "char" -> "Character";
      case String name -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    });
  }
}
