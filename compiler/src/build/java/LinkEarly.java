import java.io.File;
import java.io.IOException;
import java.lang.classfile.*;
import java.lang.classfile.attribute.*;
import java.lang.classfile.instruction.*;
import java.lang.constant.*;
import java.lang.reflect.AccessFlag;
import java.nio.file.*;
import java.util.*;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Rewrites compiled classes so that their lambdas, type switches and records need no linking at run time. A step of the
/// build: `java -cp CLASSPATH LinkEarly.java FOLDER [LIST PACKAGE…]`. With a list, it also writes there, below the folder, the
/// names of all classes of these packages and of those inside them, for `EarlyClasses`.
///
/// An `invokedynamic` costs a JVM about half a millisecond when it is reached first, and the first compilation of a model
/// reaches hundreds: a third of its time. Here each becomes a static call of the same type:
///
/// - a lambda or method reference: of a factory in a class `Host$$Interface`, which is one for all lambdas of that
///   interface in a nest, told apart by a number. It is a member of the nest, so it may call what is private;
/// - a `switch` over types: of a method that asks `instanceof` in order;
/// - `equals` and `hashCode` of a record: of a method that computes what the record's would.
///
/// Whatever else there is stays as it is, and so does what was rewritten before.
public final class LinkEarly {
  private final ClassFile classFile = ClassFile.of();
  private final Path folder;
  private final ClassModel host;
  private final Map<Path, byte[]> made = new LinkedHashMap<>();
  private final Map<String, Lambdas> lambdas = new LinkedHashMap<>();

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(file -> file.toString().endsWith(".class")).sorted().toList();
    }
    Map<String, Map<Path, ClassModel>> nests = new TreeMap<>();
    for (Path file : files) {
      ClassModel model = ClassFile.of().parse(file);
      String nest = model.findAttribute(Attributes.nestHost()).map(NestHostAttribute::nestHost)
          .orElse(model.thisClass()).asInternalName();
      nests.computeIfAbsent(nest, _ -> new LinkedHashMap<>()).put(file, model);
    }
    for (Map.Entry<String, Map<Path, ClassModel>> nest : nests.entrySet()) {
      ClassModel host = nest.getValue().get(folder.resolve(nest.getKey() + ".class"));
      if (host != null) {
        new LinkEarly(folder, host).rewrite(nest.getValue());
      }
    }
    if (args.length > 1) {
      list(folder, folder.resolve(args[1]), List.of(args).subList(2, args.length));
    }
  }

  private static void list(Path folder, Path list, List<String> packages) throws IOException {
    List<String> names = new ArrayList<>();
    for (String name : packages) {
      try (Stream<Path> files = Files.walk(folder.resolve(name.replace('.', '/')))) {
        files.map(file -> folder.relativize(file).toString())
            .filter(file -> file.endsWith(".class") && !file.endsWith("package-info.class"))
            .map(file -> file.replace(".class", "").replace(File.separatorChar, '.')).sorted()
            .forEach(names::add);
      }
    }
    Files.writeString(list, String.join("\n", names) + "\n");
  }

  private LinkEarly(Path folder, ClassModel host) {
    this.folder = folder;
    this.host = host;
  }

  private void rewrite(Map<Path, ClassModel> nest) throws IOException {
    Set<ClassDesc> members = new LinkedHashSet<>();
    host.findAttribute(Attributes.nestMembers())
        .ifPresent(list -> list.nestMembers().forEach(member -> members.add(member.asSymbol())));
    for (Map.Entry<Path, ClassModel> entry : nest.entrySet()) {
      ClassModel model = entry.getValue();
      if (model != host && !members.contains(model.thisClass().asSymbol())) {
        Files.delete(entry.getKey()); // made for a host that has been compiled anew
      } else if (calls(model).anyMatch(call -> !call.name().equalsString("toString"))) {
        made.put(entry.getKey(), new Calls(model).rewritten());
      }
    }
    for (Lambdas all : lambdas.values()) {
      members.add(all.type);
      made.put(folder.resolve(internalName(all.type) + ".class"), all.build());
    }
    if (!lambdas.isEmpty()) {
      made.compute(folder.resolve(host.thisClass().asInternalName() + ".class"),
          (_, bytes) -> classFile.transformClass(bytes == null ? host : classFile.parse(bytes),
              ClassTransform.dropping(NestMembersAttribute.class::isInstance)
                  .andThen(ClassTransform.endHandler(
                      end -> end.with(NestMembersAttribute.ofSymbols(List.copyOf(members)))))));
    }
    for (Map.Entry<Path, byte[]> entry : made.entrySet()) {
      Files.write(entry.getKey(), entry.getValue());
    }
  }

  private static Stream<InvokeDynamicInstruction> calls(ClassModel model) {
    return model.methods().stream().flatMap(method -> method.code().stream())
        .flatMap(CodeModel::elementStream).filter(InvokeDynamicInstruction.class::isInstance)
        .map(InvokeDynamicInstruction.class::cast);
  }

  static String internalName(ClassDesc type) {
    return type.descriptorString().substring(1, type.descriptorString().length() - 1);
  }

  /// The calls in one class.
  private final class Calls {
    private final ClassModel model;
    private final List<Consumer<ClassBuilder>> methods = new ArrayList<>();

    Calls(ClassModel model) {
      this.model = model;
    }

    byte[] rewritten() {
      ClassTransform all = ClassTransform.transformingMethodBodies(
          CodeTransform.ofStateful(() -> {
            int[] line = {0};
            return (code, element) -> {
              if (element instanceof LineNumber number) {
                line[0] = number.line();
              }
              if (!(element instanceof InvokeDynamicInstruction call)
                  || !replaced(code, call, line[0])) {
                code.with(element);
              }
            };
          }));
      return classFile.transformClass(model, all.andThen(
          ClassTransform.endHandler(end -> methods.forEach(method -> method.accept(end)))));
    }

    private boolean replaced(CodeBuilder code, InvokeDynamicInstruction call, int line) {
      String name = call.name().stringValue();
      switch (call.bootstrapMethod().methodName()) {
        case "metafactory" -> {
          ClassDesc type = call.typeSymbol().returnType();
          Lambdas all =
              lambdas.computeIfAbsent(type.descriptorString(), _ -> new Lambdas(host, call));
          code.invokestatic(all.type, all.add(call, line), call.typeSymbol());
          return true;
        }
        case "typeSwitch" -> {
          List<ConstantDesc> types = call.bootstrapArgs();
          return types.stream().allMatch(ClassDesc.class::isInstance)
              && own(code, call, body -> OwnMethods.typeSwitch(body, types));
        }
        case "bootstrap" -> {
          List<DirectMethodHandleDesc> fields = call.bootstrapArgs().stream()
              .filter(DirectMethodHandleDesc.class::isInstance)
              .map(DirectMethodHandleDesc.class::cast).toList();
          return name.equals("equals")
              && own(code, call,
                  body -> OwnMethods.recordEquals(body, model.thisClass().asSymbol(), fields))
              || name.equals("hashCode")
                  && own(code, call, body -> OwnMethods.recordHash(body, fields));
        }
        default -> {
          return false;
        }
      }
    }

    /// Calls a new method of this class instead.
    private boolean own(CodeBuilder code, InvokeDynamicInstruction call,
        Consumer<CodeBuilder> body) {
      String name = call.name().stringValue() + "$" + methods.size();
      methods.add(end -> end.withMethodBody(name, call.typeSymbol(),
          ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC, body));
      code.invokestatic(model.thisClass().asSymbol(), name, call.typeSymbol(),
          model.flags().has(AccessFlag.INTERFACE));
      return true;
    }
  }
}
