package io.kotangent.examples;

import io.kotangent.data.DataException;
import java.util.Arrays;
import java.util.List;

/// The table of examples: `examples/run NAME [arguments]` starts the one called NAME.
public final class Launcher {
  /// A program to run.
  @FunctionalInterface
  interface Main {
    void main(String[] args) throws Exception;
  }

  /// One row of the table: what is typed, what it shows, what is started.
  record Example(String name, String shows, Main main) {}

  // @formatter:off
  static final List<Example> EXAMPLES = List.of(
      new Example("mnist", "a network learns handwritten digits: --seed N, --epochs N, --save FILE", Mnist::main),
      new Example("mnist-kotlin", "the same, written in Kotlin", MnistKotlin::main),
      new Example("digit-cnn", "a convolutional network learns them: --seed N, --epochs N, --save FILE", DigitCnn::main),
      new Example("digit-cnn-kotlin", "the same, written in Kotlin", DigitCnnKotlin::main),
      new Example("aot-digits", "the network as a jar for Java 17, measured: --epochs N, --seed N, --seconds N, --out FOLDER, --simd BITS", AotDigits::main),
      new Example("aot-digits-page", "a page on which you draw, and the network learns, in a browser: FILE", Launcher::ofBrowser),
      new Example("logistic", "one neuron tells benign tumors from malignant ones: --seed N, --epochs N", Logistic::main),
      new Example("logistic-kotlin", "the same, written in Kotlin", LogisticKotlin::main),
      new Example("xor", "two layers learn exclusive or: --seed N, --epochs N", Xor::main),
      new Example("xor-kotlin", "the same, written in Kotlin", XorKotlin::main),
      new Example("formula", "a formula is differentiated, printed and run", FormulaExample::main),
      new Example("formula-kotlin", "the same, written in Kotlin", FormulaKotlin::main),
      new Example("formulas", "networks and their gradients as a textbook has them", FormulaTour::main),
      new Example("playground", "a formula as a page with sliders, values and gradients: \"FORMULA\" [x=1 …] --out FILE", PlaygroundExample::main),
      new Example("backprop", "every value and gradient of a formula, as text and as a picture: --out FOLDER", Backprop::main),
      new Example("explain-digits", "what becomes of their training steps, as pages with pictures: FILE --measured", ExplainDigits::main),
      new Example("warm-up", "compiles a network and ends: what examples/run records for quicker starts", Launcher::warmUp),
      new Example("jdk", "the Java that runs the examples", Launcher::jdk));
  // @formatter:on

  private static final List<String> HELP = List.of("--help", "-h", "help");

  private Launcher() {}

  public static void main(String[] args) throws Exception {
    if (args.length == 0 || HELP.contains(args[0])) {
      System.out.print(usage());
      return;
    }
    for (Example example : EXAMPLES) {
      if (example.name().equals(args[0])) {
        start(example, Arrays.copyOfRange(args, 1, args.length));
        return;
      }
    }
    System.err.print("There is no example '" + args[0] + "'.\n" + usage());
    System.exit(2);
  }

  /// Runs an example, or tells what it shows; what the user can mend is told without a stack trace.
  private static void start(Example example, String[] args) throws Exception {
    if (Arrays.stream(args).anyMatch(HELP::contains)) {
      System.out.printf("examples/run %s: %s%n", example.name(), example.shows());
      return;
    }
    try {
      example.main().main(args);
    } catch (Arguments.Refused | DataException e) {
      System.err.printf("examples/run %s: %s%n", example.name(), e.getMessage());
      System.exit(2);
    }
  }

  static String usage() {
    StringBuilder text = new StringBuilder("usage: examples/run NAME [arguments]\n");
    for (Example example : EXAMPLES) {
      text.append("  %-16s %s%n".formatted(example.name(), example.shows()));
    }
    return text.toString();
  }

  private static void warmUp(String[] args) {
    Digits.Network network = Mnist.network();
    network.training().compile(network.scores()).initialize(0);
  }

  /// Of another module, which only who wants it builds.
  private static void ofBrowser(String[] args) {
    throw new Arguments.Refused(
        "it is in integrations/browser/digits, whose class path is another; examples/run starts it");
  }

  private static void jdk(String[] args) {
    System.out.println(Runtime.version() + ", " + System.getProperty("java.vm.name"));
  }
}
