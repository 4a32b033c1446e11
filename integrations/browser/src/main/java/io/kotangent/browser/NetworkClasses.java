package io.kotangent.browser;

import io.kotangent.browser.NetworkMethod.Kind;
import io.kotangent.browser.NetworkMethod.Value;
import io.kotangent.data.SafeTensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/// A network's files: its classes, which of them users see, and its weights.
///
/// @param facade the name of the class that users see, with slashes
/// @param classes by their names, with slashes
/// @param weights a safetensors file
/// @param methods what JavaScript can call
/// @param learns whether it can be saved
record NetworkClasses(String facade, Map<String, byte[]> classes, byte[] weights,
    List<NetworkMethod> methods, boolean learns) {
  private static final String CLASS = ".class";
  private static final String WORKSPACE = "$Workspace";
  private static final String TENSORS = "$Tensors";

  /// @param files what `Aot.files` gives
  /// @throws BrowserException if they are no network, or a method takes or gives what JavaScript has no arrays for
  static NetworkClasses of(Map<String, byte[]> files) {
    Map<String, byte[]> classes = new TreeMap<>();
    byte[] weights = SafeTensors.bytes(Map.of(), List.of());
    String facade = "";
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (file.getKey().endsWith(CLASS)) {
        classes.put(file.getKey().substring(0, file.getKey().length() - CLASS.length()),
            file.getValue());
      } else if (file.getKey().endsWith(".safetensors")) {
        weights = file.getValue();
      }
    }
    for (String name : classes.keySet()) {
      if (name.endsWith(WORKSPACE)) {
        facade = name.substring(0, name.length() - WORKSPACE.length());
      }
    }
    if (!classes.containsKey(facade)) {
      throw new BrowserException("expected the files of a network that was compiled ahead of time,"
          + " got " + files.keySet() + "; give those of Aot.files()");
    }
    Scan scan = new Scan(facade, classes);
    new ClassReader(classes.get(facade)).accept(scan, ClassReader.SKIP_CODE);
    return new NetworkClasses(facade, classes, weights, scan.methods, scan.learns);
  }

  String simpleName() {
    return facade.substring(facade.lastIndexOf('/') + 1);
  }

  /// Finds the methods that return their results.
  private static final class Scan extends ClassVisitor {
    private final String facade;
    private final Map<String, byte[]> classes;
    private final List<NetworkMethod> methods = new ArrayList<>();
    private boolean learns;

    Scan(String facade, Map<String, byte[]> classes) {
      super(Opcodes.ASM9);
      this.facade = facade;
      this.classes = classes;
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
        String[] exceptions) {
      boolean callable = (access & (Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC)) == Opcodes.ACC_PUBLIC;
      if (callable && name.equals("state")) {
        learns = true;
      } else if (callable && !name.startsWith("<") && !name.equals("newWorkspace")
          && !descriptor.contains(WORKSPACE + ";")) {
            List<Value> takes = new ArrayList<>();
            for (Type type : Type.getArgumentTypes(descriptor)) {
              takes.add(value("", type, name));
            }
            methods
                .add(new NetworkMethod(name, takes, gives(name, Type.getReturnType(descriptor))));
          }
      return super.visitMethod(access, name, descriptor, signature, exceptions);
    }

    private List<Value> gives(String method, Type type) {
      if (type.getSort() == Type.VOID) {
        return List.of();
      }
      if (type.getSort() != Type.OBJECT || !classes.containsKey(type.getInternalName())
          || type.getInternalName().equals(facade + TENSORS)) {
        return List.of(value("", type, method));
      }
      Map<String, Type> fields = new LinkedHashMap<>();
      new ClassReader(classes.get(type.getInternalName())).accept(new ClassVisitor(Opcodes.ASM9) {
        @Override
        public FieldVisitor visitField(int access, String name, String descriptor,
            String signature, Object value) {
          fields.put(name, Type.getType(descriptor));
          return super.visitField(access, name, descriptor, signature, value);
        }
      }, ClassReader.SKIP_CODE);
      return fields.entrySet().stream()
          .map(field -> value(field.getKey(), field.getValue(), method)).toList();
    }

    private Value value(String name, Type type, String method) {
      if (type.getDescriptor().endsWith(TENSORS + ";")) {
        throw new BrowserException("method '" + method + "' takes or gives tensors by names with"
            + " dots, such as gradients, which have no form in JavaScript: leave it out, or give"
            + " its inputs and results names without dots");
      }
      boolean isNumber = type.getSort() != Type.ARRAY;
      String element = type.getDescriptor().substring(isNumber ? 0 : 1);
      return new Value(name, Kind.ofElement(element), isNumber);
    }
  }
}
