package io.kotangent.architecture;

import io.kotangent.dsl.Model;
import io.kotangent.ir.Graph;
import io.kotangent.type.KotangentException;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What others can see of our modules, as their descriptors and class files say; of jars or of class folders.
///
/// @param types the public top-level types of each package that is exported to all, by simple name
/// @param hidden the packages that are not exported to all
record Exported(Map<String, Set<String>> types, Set<String> hidden) {
  private static final String DESCRIPTOR = "module-info.class";

  /// Of all our modules.
  static Exported read() throws IOException, URISyntaxException {
    Exported exported = new Exported(new TreeMap<>(), new TreeSet<>());
    for (Path home : homes()) {
      if (Files.isDirectory(home)) {
        exported.add(home);
      } else {
        try (FileSystem jar = FileSystems.newFileSystem(home)) {
          exported.add(jar.getPath("/"));
        }
      }
    }
    return exported;
  }

  /// The jar or class folder of each module, by a type in it.
  static List<Path> homes() throws URISyntaxException {
    List<Path> homes = new ArrayList<>();
    for (Class<?> type : List.of(KotangentException.class, Graph.class, Model.class)) {
      homes.add(home(type));
    }
    return homes;
  }

  static Path home(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private void add(Path root) throws IOException {
    Map<String, Set<String>> inModule = new TreeMap<>();
    try (var walk = Files.walk(root)) {
      for (Path file : walk.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        if (!name.equals("module-info")) {
          Set<String> types =
              inModule.computeIfAbsent(packageOf(root, file), _ -> new TreeSet<>());
          if (!name.equals("package-info") && !name.contains("$") && isPublic(file)) {
            types.add(name);
          }
        }
      }
    }
    Set<String> open = exports(root, inModule.keySet());
    inModule.forEach((name, publicTypes) -> {
      if (open.contains(name)) {
        types.put(name, publicTypes);
      } else {
        hidden.add(name);
      }
    });
  }

  /// The packages that are exported to all; of an automatic module, which has no descriptor, all are.
  private static Set<String> exports(Path root, Set<String> packages) throws IOException {
    Path descriptor = root.resolve(DESCRIPTOR);
    if (!Files.exists(descriptor)) {
      return packages;
    }
    Set<String> open = new TreeSet<>();
    try (var in = Files.newInputStream(descriptor)) {
      for (ModuleDescriptor.Exports exports : ModuleDescriptor.read(in).exports()) {
        if (!exports.isQualified()) {
          open.add(exports.source());
        }
      }
    }
    return open;
  }

  private static String packageOf(Path root, Path file) {
    return root.relativize(file.getParent()).toString().replace('\\', '/').replace('/', '.');
  }

  private static boolean isPublic(Path file) throws IOException {
    ClassModel model = ClassFile.of().parse(Files.readAllBytes(file));
    return model.flags().has(AccessFlag.PUBLIC) && !model.flags().has(AccessFlag.SYNTHETIC);
  }
}
