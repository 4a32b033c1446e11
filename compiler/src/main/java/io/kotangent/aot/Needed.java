package io.kotangent.aot;

import static org.objectweb.asm.Opcodes.ACC_PUBLIC;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/// The methods of a network that its users can reach; what they cannot is left out. (A network that only predicts cannot save.)
final class Needed {
  /// A method: `owner.name(descriptor)`.
  private record Key(String owner, String method) {
  }

  private final Map<String, byte[]> classes;
  private final Map<String, String> parents = new HashMap<>();
  private final Map<String, Set<String>> methods = new HashMap<>();
  private final Map<Key, List<Key>> calls = new HashMap<>();
  /// Methods that Java's own classes may call: the public ones of what implements its interfaces.
  private final Set<Key> called = new HashSet<>();
  private final Set<Key> reached = new LinkedHashSet<>();
  private final Set<String> reachedTypes = new LinkedHashSet<>();
  private final Deque<Key> pending = new ArrayDeque<>();

  private Needed(Map<String, byte[]> classes) {
    this.classes = classes;
  }

  /// @param users the classes whose public methods users call
  static Map<String, byte[]> of(Map<String, byte[]> classes, Set<String> users) {
    Needed needed = new Needed(classes);
    classes.values().forEach(bytes -> new ClassReader(bytes).accept(needed.new Scan(users), 0));
    needed.reach();
    return needed.rewritten();
  }

  private void reach() {
    while (!pending.isEmpty()) {
      Key key = pending.poll();
      type(key.owner);
      for (Key call : calls.getOrDefault(key, List.of())) {
        call(call);
      }
    }
  }

  private void add(Key key) {
    if (reached.add(key)) {
      pending.add(key);
    }
  }

  private void type(String type) {
    if (classes.containsKey(type) && reachedTypes.add(type)) {
      for (String method : methods.getOrDefault(type, Set.of())) {
        boolean overrides = ancestors(type).stream()
            .anyMatch(ancestor -> reached.contains(new Key(ancestor, method)));
        if (method.equals("<clinit>()V") || called.contains(new Key(type, method)) || overrides) {
          add(new Key(type, method));
        }
      }
    }
  }

  /// What a call may lead to: the method where it is defined, and those that override it.
  private void call(Key call) {
    if (!classes.containsKey(call.owner)) {
      return;
    }
    type(call.owner);
    String type = call.owner;
    while (classes.containsKey(type)
        && !methods.getOrDefault(type, Set.of()).contains(call.method)) {
      type = parents.getOrDefault(type, "");
    }
    add(new Key(type, call.method));
    for (String heir : reachedTypes.toArray(String[]::new)) {
      if (ancestors(heir).contains(type)
          && methods.getOrDefault(heir, Set.of()).contains(call.method)) {
        add(new Key(heir, call.method));
      }
    }
  }

  /// The classes that a class extends, as far as they are the network's.
  private List<String> ancestors(String type) {
    List<String> ancestors = new ArrayList<>();
    String parent = parents.getOrDefault(type, "");
    while (classes.containsKey(parent)) {
      ancestors.add(parent);
      parent = parents.getOrDefault(parent, "");
    }
    return ancestors;
  }

  private Map<String, byte[]> rewritten() {
    Map<String, byte[]> left = new LinkedHashMap<>();
    classes.forEach((type, bytes) -> {
      if (reachedTypes.contains(type)) {
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(bytes).accept(new Rest(writer, type), 0);
        left.put(type, writer.toByteArray());
      }
    });
    return left;
  }

  /// A class without what nobody reaches.
  private final class Rest extends ClassVisitor {
    private final String type;

    Rest(ClassWriter writer, String type) {
      super(Opcodes.ASM9, writer);
      this.type = type;
    }

    @Override
    public @Nullable MethodVisitor visitMethod(int access, String name, String descriptor,
        @Nullable String signature, String @Nullable [] exceptions) {
      return reached.contains(new Key(type, name + descriptor))
          ? super.visitMethod(access, name, descriptor, signature, exceptions) : null;
    }

    @Override
    public void visitNestMember(String member) {
      if (reachedTypes.contains(member)) {
        super.visitNestMember(member);
      }
    }
  }

  /// What the methods of a class call.
  private final class Scan extends ClassVisitor {
    private final Set<String> users;
    private String type = "";
    private boolean isTask;

    Scan(Set<String> users) {
      super(Opcodes.ASM9);
      this.users = users;
    }

    @Override
    public void visit(int version, int access, String name, String signature, String parent,
        String[] interfaces) {
      type = name;
      parents.put(name, parent);
      isTask = interfaces.length > 0;
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
        String[] exceptions) {
      Key key = new Key(type, name + descriptor);
      methods.computeIfAbsent(type, owner -> new LinkedHashSet<>()).add(key.method);
      boolean isPublic = (access & ACC_PUBLIC) != 0;
      if (users.contains(type) && isPublic) {
        add(key);
      }
      if (isTask && isPublic) {
        called.add(key);
      }
      List<Key> used = calls.computeIfAbsent(key, method -> new ArrayList<>());
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public void visitMethodInsn(int opcode, String owner, String method, String types,
            boolean ofInterface) {
          used.add(new Key(owner, method + types));
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String field, String types) {
          used.add(new Key(owner, "<clinit>()V"));
        }

        @Override
        public void visitInvokeDynamicInsn(String method, String types, Handle bootstrap,
            Object... arguments) {
          for (Object argument : arguments) {
            if (argument instanceof Handle handle) {
              used.add(new Key(handle.getOwner(), handle.getName() + handle.getDesc()));
            }
          }
        }
      };
    }
  }
}
