package io.kotangent.aot;

import io.kotangent.type.KotangentException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The classes and resources among which definitions are looked for; none is loaded for that.
final class DefinitionModule {
  private static final String DEFINITION = NetworkDefinition.class.getName().replace('.', '/');

  private final NavigableMap<String, ClassFacts> classes = new TreeMap<>();
  private final List<String> resources = new ArrayList<>();
  private final Map<String, Boolean> defining = new HashMap<>(Map.of(DEFINITION, true));

  /// Reads a folder of classes or a jar.
  ///
  /// @param written files that are none of the module's own, since a build wrote them there
  void read(Path place, Set<String> written) {
    try {
      Contents.visit(place, (name, content) -> {
        if (!written.contains(name)) {
          read(name, content, place);
        }
      });
    } catch (IOException e) {
      throw new KotangentException("the definitions in " + place + " cannot be read: " + e
          + "; expected a folder of classes or a jar", e);
    }
  }

  private void read(String name, InputStream content, Path place) throws IOException {
    if (!name.endsWith(".class") || name.startsWith("META-INF/")) {
      resources.add(Contents.digest(content) + " " + name);
      return;
    }
    try {
      ClassFacts facts = ClassFacts.of(content.readAllBytes());
      classes.putIfAbsent(facts.name(), facts);
    } catch (IllegalArgumentException e) {
      throw new KotangentException(name + " in " + place + " is no class file that Java "
          + Runtime.version().feature() + " reads: " + e.getMessage() + "; compile it again", e);
    }
  }

  boolean has(String className) {
    return classes.containsKey(className.replace('.', '/'));
  }

  /// The names of the classes that implement [NetworkDefinition], themselves or through what they extend.
  ///
  /// @param loader finds the files of classes outside of the module
  List<String> definitions(ClassLoader loader) {
    List<String> found = new ArrayList<>();
    classes.forEach((name, facts) -> {
      if (facts.concrete() && defines(name, loader)) {
        if (name.chars().anyMatch(Character::isISOControl)) {
          throw new KotangentException("a definition has control characters in its name, '" + name
              + "': give it one that can be printed");
        }
        found.add(name.replace('/', '.'));
      }
    });
    return found;
  }

  private boolean defines(String name, ClassLoader loader) {
    Boolean before = defining.get(name);
    if (before != null) {
      return before;
    }
    defining.put(name, false); // a class that extends itself is none
    boolean defines = parents(name, loader).stream().anyMatch(parent -> defines(parent, loader));
    defining.put(name, defines);
    return defines;
  }

  private List<String> parents(String name, ClassLoader loader) {
    ClassFacts own = classes.get(name);
    if (own != null) {
      return own.parents();
    }
    if (name.startsWith("java/")) {
      return List.of();
    }
    try (InputStream file = loader.getResourceAsStream(name + ".class")) {
      return file == null ? List.of() : ClassFacts.of(file.readAllBytes()).parents();
    } catch (IOException | IllegalArgumentException e) {
      throw new KotangentException(
          "class " + name.replace('/', '.') + " cannot be read from the class path: " + e, e);
    }
  }

  /// What is in the module that a definition depends on, a line each: all resources, and the classes that it mentions, or that those do.
  List<String> dependencies(String definition) {
    List<String> lines = new ArrayList<>();
    resources.stream().sorted().forEach(resource -> lines.add("resource " + resource));
    Set<String> reached = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(definition.replace('.', '/')));
    while (!open.isEmpty()) {
      String next = open.pop();
      ClassFacts facts = classes.get(next);
      if (facts != null && reached.add(next)) {
        lines.add("class " + facts.digest() + " " + next);
        open.addAll(facts.mentioned(classes::containsKey));
      }
    }
    lines.sort(null);
    return lines;
  }
}
