package io.kotangent.aot;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.data.NamedTensor;
import io.kotangent.data.SafeTensors;
import io.kotangent.ir.Graph;
import io.kotangent.plan.Target;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.StateLayout;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.CodegenLimit;
import io.kotangent.type.Fact;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.lang.model.SourceVersion;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.MethodTooLargeException;

/// Compiles a network ahead of time: to classes that need nothing but Java 17 or later, under a name and in a package of the user's
/// choice, with a method for each of its programs.
///
/// ```java
/// Aot.of("org.example.Digits").method("predict", graph).weights(state).to(Path.of("digits.jar"));
/// ```
///
/// and there, without this library:
///
/// ```java
/// float[] scores = Digits.load().predict(pixels);
/// ```
///
/// Beside its classes and weights lies where it comes from, its [Provenance].
public final class Aot {
  /// Names of classes that the source of a network uses.
  private static final Set<String> TAKEN = Set.of("State", "Workspace", "Frame", "Entry", "Slots",
      "Layout", "Place", "Elements", "TensorFile", "Tensors", "Crew", "Hand", "SimdEntry",
      "SimdTrial", "String", "Object",
      "Math", "StrictMath", "Integer", "Long", "Float", "Double", "Boolean", "Character", "System",
      "Thread", "Class", "Runnable", "Override", "Error", "RuntimeException", "StringBuilder",
      "ArithmeticException", "IllegalArgumentException", "IllegalStateException",
      "IndexOutOfBoundsException", "NumberFormatException", "SuppressWarnings", "IOException",
      "InputStream", "UncheckedIOException", "ByteBuffer", "ByteOrder", "FileChannel",
      "StandardCharsets", "Files", "Path", "StandardCopyOption", "StandardOpenOption", "Arrays",
      "Base64", "HashMap", "Map", "TreeMap", "Objects", "Executor", "AtomicBoolean",
      "AtomicInteger", "AtomicReference", "LockSupport", "CRC32C", "var", "record", "yield",
      "sealed", "permits");

  /// Of vectors, in bits; 0 for none.
  static final List<String> WIDTHS = List.of("0", "128", "256", "512");

  private final String packageName;
  private final String simpleName;
  private final Map<String, Graph> methods = new LinkedHashMap<>();
  private Optional<ModelState> state = Optional.empty();
  private CompileOptions options = CompileOptions.standard();
  private Target target = Target.JAVA_17;
  private boolean simdEverywhere;
  private final Map<String, String> notes = new LinkedHashMap<>();

  private Aot(String packageName, String simpleName) {
    this.packageName = packageName;
    this.simpleName = simpleName;
  }

  /// A network that becomes the class of that name, `org.example.Digits`.
  ///
  /// @throws KotangentException if it is no name of a class in Java
  public static Aot of(String className) {
    if (!SourceVersion.isName(className, SourceVersion.RELEASE_17)) {
      throw new KotangentException("'" + className
          + "' cannot be the name of a class in Java: expected such as org.example.Digits");
    }
    int dot = className.lastIndexOf('.');
    String packageName = className.substring(0, Math.max(dot, 0));
    String simple = className.substring(dot + 1);
    if (simple.indexOf('_') >= 0 || simple.indexOf('$') >= 0) {
      throw new KotangentException("'" + className + "' cannot be the name of a network: _ and $ "
          + "are for the classes that it consists of; expected such as " + withoutMarks(simple));
    }
    if (TAKEN.contains(simple) || packageName.equals("java") || packageName.startsWith("java.")
        || packageName.equals("io.kotangent.alone")) {
      throw new KotangentException("'" + className + "' cannot be the name of a network: "
          + "Java, or a class that every network has, uses it; choose another");
    }
    return new Aot(packageName, simple);
  }

  /// `digits_v2` without what no name of a network has: `DigitsV2`.
  private static String withoutMarks(String name) {
    StringBuilder text = new StringBuilder();
    for (String word : name.split("[_$]", -1)) {
      text.append(word.isEmpty() ? ""
          : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return text.isEmpty() ? "Network" : text.toString();
  }

  /// Gives it a method that runs a graph: its inputs are the parameters, its results what is returned.
  public Aot method(String name, Graph graph) {
    if (methods.putIfAbsent(name, graph) != null) {
      throw new KotangentException("there are two methods '" + name + "'; rename one");
    }
    return this;
  }

  /// The values of its parameters and states.
  public Aot weights(ModelState values) {
    state = Optional.of(values);
    return this;
  }

  /// Its name with its package.
  String className() {
    return packageName.isEmpty() ? simpleName : packageName + "." + simpleName;
  }

  /// How its graphs are optimized.
  public Aot with(CompileOptions other) {
    options = other;
    return this;
  }

  /// Without `Math.fma`: the same bits by products and sums, for machines that have no fused multiply-add, where it takes microseconds.
  public Aot withoutFma() {
    target = target.withFma(false);
    return this;
  }

  /// With SIMD code for the Vector API beside the plain loops, in classes that are loaded only where Java runs with
  /// `--add-modules jdk.incubator.vector`. A thread in the background tries it on copies of what a method is called with, once for
  /// each combination of sizes, and where it is faster, calls take it from then on: the same bits. What [#source] gives has none.
  ///
  /// @param bits the width of its vectors: 128, 256 or 512; a processor with narrower ones will not find it faster
  /// @throws KotangentException if the width is another, or together with [#withoutFma]
  public Aot simd(int bits) {
    if (bits == 0 || !WIDTHS.contains(String.valueOf(bits))) {
      throw new KotangentException(
          "vectors of " + bits + " bits: expected 128, 256 or 512, as wide as the processor's");
    }
    target = target.withVectors(bits);
    return this;
  }

  /// For tests: SIMD code for all that can have it, however little it is.
  Aot simdEverywhere(int bits) {
    simdEverywhere = true;
    return simd(bits);
  }

  /// Says something of it that its provenance keeps, such as what it was trained on; of two notes of one key the later stays.
  ///
  /// @param key one word
  /// @param value one line
  /// @throws KotangentException if they are not
  public Aot note(String key, String value) {
    if (key.isEmpty() || !key.chars().allMatch(c -> c > ' ' && c <= '~')) {
      throw new KotangentException("the note '" + key + "': expected a key that is one word of"
          + " ASCII, such as data");
    }
    if (!value.strip().equals(value) || value.isEmpty()
        || value.codePoints().anyMatch(c -> Character.isISOControl(c) || c == 0x2028
            || c == 0x2029 || Character.getType(c) == Character.SURROGATE)) {
      throw new KotangentException("the note '" + key
          + "': expected one line of text, without blanks around it and control characters");
    }
    notes.put(key, value);
    return this;
  }

  /// A method as it is planned.
  ///
  /// @param sizes those that no input determines: its first parameters
  /// @param plan its arrays and steps
  /// @param kernels what the steps run, by name
  public record Listing(List<String> sizes, String plan, Map<String, String> kernels) {
    public Listing {
      sizes = List.copyOf(sizes);
      kernels = Collections.unmodifiableMap(new LinkedHashMap<>(kernels));
    }
  }

  /// What each method does, as text for people. No weights are needed.
  ///
  /// @throws KotangentException as [#files()]
  public Map<String, Listing> listings() {
    Network network = new Network(packageName, simpleName, layout(), options, target);
    methods.forEach(network::add);
    return network.listings();
  }

  /// All files, by their paths in a jar.
  ///
  /// @throws KotangentException if there is no method, a name is none in Java, or a graph needs weights and there are none
  public Map<String, byte[]> files() {
    Map<String, byte[]> files = new TreeMap<>();
    make(target, (network, weights) -> network.finish(weights)
        .forEach((type, bytes) -> files.put(type + ".class", bytes)), files);
    return files;
  }

  /// The same network as Java source, with its weights: what [#sourceTo] writes.
  public Map<String, byte[]> source() {
    Map<String, byte[]> files = new TreeMap<>();
    make(target.withVectors(0), (network, weights) -> network.source(weights).forEach(
        (path, text) -> files.put(path, text.getBytes(StandardCharsets.UTF_8))), files);
    return files;
  }

  /// Puts a network together.
  private interface Form {
    void put(Network network, Weights weights);
  }

  private void make(Target made, Form form, Map<String, byte[]> files) {
    if (made.vectorBits() > 0 && !made.fma()) {
      throw new KotangentException("class " + simpleName
          + " cannot have SIMD code without Math.fma: leave out simd(bits) or withoutFma()");
    }
    if (methods.isEmpty()) {
      throw new KotangentException(
          "class " + simpleName + " would have no method: expected one, by method(name, graph)");
    }
    StateLayout layout = layout();
    byte[] weights = weights(layout, values(layout));
    Network network = new Network(packageName, simpleName, layout, options, made);
    if (simdEverywhere) {
      network.simdEverywhere();
    }
    methods.forEach(network::add);
    String folder = packageName.isEmpty() ? "" : packageName.replace('.', '/') + "/";
    String resource = simpleName + ".safetensors";
    try {
      form.put(network, Weights.of(weightNames(), resource, weights));
    } catch (MethodTooLargeException | ClassTooLargeException e) {
      throw new CodegenLimit("the network " + simpleName + " does not fit into classes: "
          + e.getMessage() + "; make several of it", e);
    }
    if (!layout.places().isEmpty()) {
      files.put(folder + resource, weights);
    }
    Provenance provenance = provenance(made, files);
    files.put(provenance.path(), provenance.bytes());
  }

  private Provenance provenance(Target made, Map<String, byte[]> files) {
    Map<String, String> digests = new TreeMap<>();
    files.forEach((path, bytes) -> digests.put(path, Sha256.of(bytes)));
    Map<String, String> graphs = new LinkedHashMap<>();
    methods.forEach((name, graph) -> graphs.put(name, GraphPrinter.whole(graph)));
    String className = packageName.isEmpty() ? simpleName : packageName + "." + simpleName;
    return new Provenance(CompilerVersion.text(), className, made.fma(), made.vectorBits(),
        options.stabilize(),
        options.relaxed(), new TreeSet<>(options.skipped()), notes, digests, graphs);
  }

  private StateLayout layout() {
    return StateLayout.of(List.copyOf(ports().values()));
  }

  /// The parameters and states of all methods by name, each with all that some method says of it.
  private Map<String, Port> ports() {
    Map<String, Port> ports = new LinkedHashMap<>();
    for (Graph graph : methods.values()) {
      for (Port port : graph.ports()) {
        if (port.role() != Role.INPUT) {
          ports.merge(port.name(), port, Aot::both);
        }
      }
    }
    return ports;
  }

  private static Port both(Port one, Port other) {
    if (!one.type().equals(other.type())) {
      throw new KotangentException("'" + one.name() + "' is " + one.type() + " for one method and "
          + other.type() + " for another; rename one");
    }
    Set<Fact> facts = new LinkedHashSet<>(one.facts());
    facts.addAll(other.facts());
    return new Port(one.name(), one.role() == Role.PARAM ? other.role() : one.role(), one.type(),
        List.copyOf(facts));
  }

  private ModelState values(StateLayout layout) {
    if (state.isEmpty() && !layout.places().isEmpty()) {
      throw new KotangentException("class " + simpleName + " has the parameters "
          + layout.places().stream().map(place -> place.port().name()).toList()
          + ", but no values: give them by weights(state)");
    }
    return state.orElse(ModelState.NONE);
  }

  /// What a file of weights must have: all but counters and what an optimizer remembers.
  private List<String> weightNames() {
    return ports().values().stream()
        .filter(port -> port.slot().isEmpty()
            && (port.role() == Role.PARAM || port.type().dtype().isFloat()))
        .map(Port::name).toList();
  }

  private static byte[] weights(StateLayout layout, ModelState values) {
    List<NamedTensor> tensors = new ArrayList<>();
    if (!values.missing().isEmpty()) {
      throw new KotangentException("the weights " + values.missing()
          + " have no values yet: initialize or load them first");
    }
    for (StateLayout.Place place : layout.places()) {
      String port = place.port().name();
      if (!values.layout().has(port)
          || !values.layout().place(port).port().type().equals(place.port().type())) {
        throw new KotangentException("the network needs '" + port + "' of type "
            + place.port().type() + ", but the weights have "
            + (values.layout().has(port) ? values.layout().place(port).port() : "none of that name")
            + "; give it the state of the same model");
      }
      tensors.add(new NamedTensor(port, place.port().type(), values.array(port)));
    }
    return SafeTensors.bytes(Map.of(), tensors);
  }

  /// Writes the classes: into a jar if the path ends with `.jar`, else into a folder. What was there of other names stays.
  ///
  /// @throws KotangentException if it cannot be written; then nothing is
  public void to(Path path) {
    Output.write(path, files());
  }

  /// Writes Java source that gives the same bits, for review and check-in: files to be compiled for Java 17 or later, and the
  /// weights, which belong beside the classes.
  ///
  /// @throws KotangentException if it cannot be written; then nothing is
  public void sourceTo(Path folder) {
    Output.writeFolder(folder, source());
  }
}
