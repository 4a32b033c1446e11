package io.kotangent.browser;

import io.kotangent.browser.wasm.Arithmetic;
import io.kotangent.browser.wasm.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.teavm.diagnostics.DefaultProblemTextConsumer;
import org.teavm.diagnostics.Problem;
import org.teavm.tooling.EmptyTeaVMToolLog;
import org.teavm.tooling.TeaVMTargetType;
import org.teavm.tooling.TeaVMTool;
import org.teavm.tooling.TeaVMToolException;
import org.teavm.vm.TeaVMOptimizationLevel;

/// Runs TeaVM. The target is WebAssembly with garbage collection and no other: TeaVM's JavaScript does not round to f32.
final class WasmCompiler {
  private static final String FILE = "network.wasm";
  private static final String LOADER = "/org/teavm/backend/wasm/wasm-gc-runtime.min.js";

  private WasmCompiler() {
  }

  /// The WebAssembly of a network and its bridge.
  ///
  /// @throws BrowserException with all that TeaVM finds wrong
  static byte[] compile(NetworkClasses network) {
    try {
      Path folder = Files.createTempDirectory("kotangent-browser");
      try {
        write(network, folder.resolve("classes"));
        return compile(network, folder);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new BrowserException(
          "the network cannot be compiled, since no temporary files can be written: " + e, e);
    }
  }

  /// The JavaScript that starts TeaVM's WebAssembly.
  static String loader() {
    try (InputStream in = TeaVMTargetType.class.getResourceAsStream(LOADER)) {
      if (in == null) {
        throw new BrowserException("this TeaVM has no " + LOADER + "; use the version that"
            + " kotangent-browser was made for");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(NetworkClasses network, Path folder) throws IOException {
    Map<String, byte[]> classes = new LinkedHashMap<>();
    network.classes().forEach(
        (name, bytes) -> classes.put(name, ForTeaVM.of(bytes, network.simpleName())));
    classes.put(Bridge.name(network), Bridge.of(network));
    for (Class<?> own : List.of(Arithmetic.class, Text.class)) {
      classes.put(Type.getInternalName(own), own(own));
    }
    for (Map.Entry<String, byte[]> type : classes.entrySet()) {
      Path file = folder.resolve(type.getKey() + ".class");
      Files.createDirectories(file.resolveSibling(""));
      Files.write(file, type.getValue());
    }
  }

  /// As of Java 17: TeaVM does not read the class files of newer ones.
  private static byte[] own(Class<?> type) throws IOException {
    ClassWriter writer = new ClassWriter(0);
    try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
      new ClassReader(in).accept(new ClassVisitor(Opcodes.ASM9, writer) {
        @Override
        public void visit(int version, int access, String name, String signature, String parent,
            String[] interfaces) {
          super.visit(Opcodes.V17, access, name, signature, parent, interfaces);
        }
      }, ClassReader.SKIP_DEBUG);
    }
    return writer.toByteArray();
  }

  private static byte[] compile(NetworkClasses network, Path folder) throws IOException {
    URL[] classes = {folder.resolve("classes").toUri().toURL()};
    // its own first: the parent has Arithmetic and Text, too
    try (URLClassLoader loader = new OwnFirst(classes, WasmCompiler.class.getClassLoader())) {
      TeaVMTool tool = new TeaVMTool();
      tool.setTargetType(TeaVMTargetType.WEBASSEMBLY_GC);
      tool.setOptimizationLevel(TeaVMOptimizationLevel.ADVANCED);
      tool.setStrict(true);
      tool.setObfuscated(true);
      tool.setDebugInformationGenerated(false);
      tool.setMainClass(Bridge.name(network).replace('/', '.'));
      tool.setClassLoader(loader);
      tool.setLog(new EmptyTeaVMToolLog());
      tool.setTargetDirectory(folder.resolve("out").toFile());
      tool.setTargetFileName(FILE);
      tool.generate();
      List<Problem> problems = tool.getProblemProvider().getSevereProblems();
      if (!problems.isEmpty()) {
        throw new BrowserException("TeaVM cannot compile the network " + network.simpleName()
            + ": " + problems.stream().map(WasmCompiler::text).collect(Collectors.joining("; ")));
      }
      return Files.readAllBytes(folder.resolve("out").resolve(FILE));
    } catch (TeaVMToolException e) {
      throw new BrowserException(
          "TeaVM cannot compile the network " + network.simpleName() + ": " + e, e);
    }
  }

  private static String text(Problem problem) {
    DefaultProblemTextConsumer text = new DefaultProblemTextConsumer();
    problem.render(text);
    return text.getText()
        + (problem.getLocation() == null ? "" : ", in " + problem.getLocation().getMethod());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /// Looks for classes in its own folder before it asks its parent.
  private static final class OwnFirst extends URLClassLoader {
    OwnFirst(URL[] classes, ClassLoader parent) {
      super(classes, parent);
    }

    @Override
    public @Nullable URL getResource(String name) {
      URL own = findResource(name);
      return own == null ? super.getResource(name) : own;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      Enumeration<URL> own = findResources(name);
      return own.hasMoreElements() ? own : super.getResources(name);
    }
  }
}
