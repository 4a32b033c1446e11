package io.kotangent.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What is public is meant: it is written down in `docs/api.md`, has a name of its own, and speaks of nothing that is not.
class ApiTest {
  private static final String OURS = "io.kotangent.";

  /// What stable types show of internal ones: members that mention these are internal, too.
  private static final Map<String, Set<String>> SHOWN = Map.of(
      "bytecode.Compilation", Set.of("plan.Plan", "bytecode.GeneratedCode"),
      "bytecode.Compiler", Set.of("plan.Plan", "bytecode.CompileWatcher"),
      "bytecode.CompileOptions", Set.of("bytecode.load.KernelCache"),
      "explain.Pictures", Set.of("plan.Plan"),
      "ir.GraphBuilder", Set.of("ir.Term"),
      "ir.ScalarFn", Set.of("ir.Basic", "ir.Notation", "ir.Term"),
      "pass.Pass", Set.of("rewrite.Hits"),
      "pass.Specialize", Set.of("rewrite.Hits"),
      "runtime.Program", Set.of("runtime.Code"),
      "runtime.Signature", Set.of("runtime.ArraySlot"));

  @Test
  void exactlyThesePackagesAreExported() throws Exception {
    assertEquals(Set.of("io.kotangent.type", "io.kotangent.runtime", "io.kotangent.data",
        "io.kotangent.train", "io.kotangent.ir", "io.kotangent.text", "io.kotangent.eval",
        "io.kotangent.autodiff", "io.kotangent.pass", "io.kotangent.bytecode", "io.kotangent.aot",
        "io.kotangent.assertions", "io.kotangent.explain", "io.kotangent.dsl",
        "io.kotangent.formula", "io.kotangent.vmap"),
        Exported.read().types().keySet());
  }

  @Test
  void everyExportedTypeIsOnThePage() throws Exception {
    Exported exported = Exported.read();
    ApiPage page = ApiPage.read();
    Map<String, Set<String>> listed = new TreeMap<>();
    Stream.of(page.stable(), page.internal()).forEach(part -> part.forEach((room, types) -> {
      Set<String> all = listed.computeIfAbsent(room, _ -> new TreeSet<>());
      types.forEach(type -> assertTrue(all.add(type), () -> type + " is listed twice"));
    }));
    assertEquals(text(exported.types()), text(listed));
    assertEquals(exported.hidden(), page.hidden());
  }

  @Test
  void noTwoExportedTypesShareASimpleName() throws Exception {
    assertEquals(Map.of(), shared(Exported.read().types()));
    assertEquals(Map.of("State", List.of("a", "c")), shared(new TreeMap<>(
        Map.of("a", Set.of("State"), "b", Set.of("Tensor"), "c", Set.of("State")))));
  }

  @Test
  void whatIsStableSpeaksOfWhatIsStable() throws Exception {
    Map<String, Set<String>> shown = new TreeMap<>();
    Set<String> stable = names(ApiPage.read().stable());
    for (String name : stable) {
      Set<String> others = new TreeSet<>();
      mentioned(Class.forName(name, false, getClass().getClassLoader()), others);
      others.removeAll(stable);
      if (!others.isEmpty()) {
        shown.put(name.substring(OURS.length()), others);
      }
    }
    assertEquals(text(SHOWN), text(shown).replace(": " + OURS, ": "));
  }

  private static Map<String, List<String>> shared(Map<String, Set<String>> types) {
    Map<String, List<String>> rooms = new TreeMap<>();
    types.forEach((room, names) -> names.forEach(name -> rooms.merge(name, List.of(room),
        (a, b) -> Stream.concat(a.stream(), b.stream()).toList())));
    rooms.values().removeIf(list -> list.size() == 1);
    return rooms;
  }

  private static Set<String> names(Map<String, Set<String>> types) {
    Set<String> names = new TreeSet<>();
    types.forEach((room, simple) -> simple.forEach(name -> names.add(room + "." + name)));
    return names;
  }

  /// A line for each, so that a failure shows what is too much and what is missing.
  private static String text(Map<String, Set<String>> types) {
    Set<String> lines = new TreeSet<>();
    types.forEach((key, all) -> all.forEach(one -> lines.add(key + ": " + one)));
    return String.join("\n", lines);
  }

  /// Our types in what others see of a type: supertypes, fields, constructors, methods, public types inside.
  private static void mentioned(Class<?> type, Set<String> into) {
    Stream.of(type.getGenericInterfaces()).forEach(t -> add(t, into));
    for (Field field : type.getDeclaredFields()) {
      if (isVisible(field.getModifiers()) && !field.isSynthetic()) {
        add(field.getGenericType(), into);
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      parameters(constructor, into);
    }
    for (Method method : type.getDeclaredMethods()) {
      if (isVisible(method.getModifiers()) && !method.isSynthetic()) {
        add(method.getGenericReturnType(), into);
      }
      parameters(method, into);
    }
    for (Class<?> inner : type.getDeclaredClasses()) {
      if (isVisible(inner.getModifiers())) {
        mentioned(inner, into);
      }
    }
  }

  private static void parameters(Executable called, Set<String> into) {
    if (isVisible(called.getModifiers()) && !called.isSynthetic()) {
      Stream.of(called.getGenericParameterTypes()).forEach(t -> add(t, into));
    }
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static void add(Type type, Set<String> into) {
    switch (type) {
      case Class<?> c when c.isArray() -> add(c.getComponentType(), into);
      case Class<?> c when c.getName().startsWith(OURS) -> into.add(outermost(c).getName());
      case ParameterizedType p -> {
        add(p.getRawType(), into);
        Stream.of(p.getActualTypeArguments()).forEach(t -> add(t, into));
      }
      case GenericArrayType a -> add(a.getGenericComponentType(), into);
      case WildcardType w -> Stream.of(w.getUpperBounds()).forEach(t -> add(t, into));
      case TypeVariable<?> _ -> {
        // Its bounds name what declares it.
      }
      default -> {
        // Of another library.
      }
    }
  }

  private static Class<?> outermost(Class<?> type) {
    Class<?> outer = type;
    while (outer.getEnclosingClass() != null) {
      outer = outer.getEnclosingClass();
    }
    return outer;
  }
}
