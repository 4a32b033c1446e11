package io.kotangent.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each example runs and prints what it is to show.
class ExamplesTest {
  @ParameterizedTest @ValueSource(longs = {0, 1, 2})
  void oneNeuronTellsTumorsApart(long seed) throws Exception {
    String seeded = String.valueOf(seed);
    String java = Printed.untimed(Printed.by(Logistic::main, "--seed", seeded));
    String line = java.lines().filter(l -> l.startsWith("Test accuracy")).findFirst().orElseThrow();
    assertTrue(Double.parseDouble(line.split(" ")[2]) >= 0.95, line);
    if (seed == 0) {
      assertEquals(java, Printed.untimed(Printed.by(LogisticKotlin::main, "--seed", seeded)));
    }
  }

  @Test
  void xorIsLearnedFromTenOfTenSeeds() throws Exception {
    for (int seed = 0; seed < 10; seed++) {
      String text = Printed.by(Xor::main, "--seed", String.valueOf(seed));
      assertTrue(text.endsWith("\nLearned.\n"), "seed " + seed + "\n" + text);
    }
  }

  @Test
  void xorShowsItsTruthTable() throws Exception {
    String java = Printed.by(Xor::main);
    assertTrue(java.contains(" a  b   xor  by hand  learned\n 0  0    0     0      0.0"), java);
    assertTrue(java.contains("\n 0  1    1     1      0.9"), java);
    assertTrue(java.contains("\n 1  0    1     1      0.9"), java);
    assertTrue(java.endsWith("\n 1  1    0     0      0.0" + java.substring(java.length() - 13)),
        java);
    assertTrue(java.endsWith("Learned.\n"), java);
    assertEquals(java, Printed.by(XorKotlin::main));
  }

  @Test
  void theFormulaIsDifferentiatedAndRun() throws Exception {
    String java = Printed.by(FormulaExample::main);
    for (String line : List.of(
        "  f = σ(w₀·x₀ + w₁·x₁ + w₂)\n",
        "  ∂f/∂w₀ = x₀·f·(1 − f) ",
        " \\frac{\\partial f}{\\partial w_{0}} = x_{0} \\, f \\left(1 - f\\right)\n",
        "  ∂f/∂w₂ = f·(1 − f) ",
        " \\frac{\\partial f}{\\partial w_{2}} = f \\left(1 - f\\right)\n",
        "  f      =  0.7311\n  df_dw0 = -0.1966\n  df_dw1 = -0.3932\n  df_dw2 =  0.1966\n")) {
      assertTrue(java.contains(line), () -> line + "is not in\n" + java);
    }
    String kotlin = Printed.by(FormulaKotlin::main);
    assertEquals(withoutOrigins(java), withoutOrigins(kotlin));
  }

  private static String withoutOrigins(String text) {
    return text.replaceAll(" *; (grad )?\\w+\\.(java|kt):\\d+", "");
  }

  @Test
  void backpropagationIsShownAsTextAndAsPictures(@TempDir Path folder) throws Exception {
    String text = Printed.by(Backprop::main, "--out", folder.toString());
    assertTrue(text.contains("""
        node   computes           value  gradient
        x      given            -2.0000   -4.0000
        y      given             5.0000   -4.0000
        z      given            -4.0000    3.0000
        v₁     x + y             3.0000   -4.0000
        f      v₁·z            -12.0000    1.0000

        ∂f/∂x = z
        ∂f/∂y = z
        ∂f/∂z = x + y
        """), text);
    assertTrue(text.contains("""
        w₀     given             2.0000   -0.1966
        x₀     given            -1.0000    0.3932
        w₁     given            -3.0000   -0.3932
        x₁     given            -2.0000   -0.5898
        w₂     given            -3.0000    0.1966
        v₁     w₀·x₀            -2.0000    0.1966
        v₂     w₁·x₁             6.0000    0.1966
        v₃     v₁ + v₂           4.0000    0.1966
        v₄     v₃ + w₂           1.0000    0.1966
        f      σ(v₄)             0.7311    1.0000
        """), text);
    for (String name : List.of("backprop-product.svg", "backprop-neuron.svg")) {
      assertEquals(Files.readString(Repository.root().resolve("docs/pictures").resolve(name)),
          Files.readString(folder.resolve(name)),
          "docs/pictures shows what the example draws: examples/run backprop --out docs/pictures");
    }
  }

  @Test
  void theLauncherListsItsExamples() throws Exception {
    String usage = Printed.by(Launcher::main);
    for (Launcher.Example example : Launcher.EXAMPLES) {
      assertTrue(usage.contains("\n  " + example.name() + " "), usage);
    }
    assertEquals(usage, Printed.by(Launcher::main, "--help"));
    assertEquals("examples/run xor: two layers learn exclusive or: --seed N, --epochs N\n",
        Printed.by(Launcher::main, "xor", "--help"));
  }

  @Test
  void optionsThatDoNotFitAreToldBeforeTheWorkBegins(@TempDir Path folder) {
    String missing = folder.resolve("none").toString();
    assertEquals(
        "there is no option '--sede': expected some of --seed, --epochs, each with a value",
        refused(Xor::main, "--sede", "1"));
    assertEquals("expected a value after --seed", refused(Xor::main, "--seed"));
    assertEquals("--seed: expected a whole number, got 'x'", refused(Xor::main, "--seed", "x"));
    assertEquals("--epochs: expected 0 to 2147483647, got -1",
        refused(Mnist::main, "--epochs", "-1"));
    assertEquals("--save: there is no folder " + missing + "; make it, or choose another",
        refused(Mnist::main, "--save", missing + "/w.safetensors"));
    assertEquals("--save: expected a file, but " + folder + " is a folder",
        refused(Mnist::main, "--save", folder.toString()));
    assertEquals("--out: there is no folder " + missing + "; make it, or choose another",
        refused(Backprop::main, "--out", missing));
  }

  private static String refused(Launcher.Main main, String... arguments) {
    return assertThrows(Arguments.Refused.class, () -> main.main(arguments)).getMessage();
  }

  /// As a user sees it: one line, no stack trace, and the exit code of a wrong command.
  @Test
  void whatAUserCanMendHasNoStackTrace() throws Exception {
    Process process = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
        System.getProperty("java.class.path"), Launcher.class.getName(), "xor", "--seed", "x")
        .start();
    String error = new String(process.getErrorStream().readAllBytes());
    assertEquals("examples/run xor: --seed: expected a whole number, got 'x'",
        error.lines().filter(line -> line.startsWith("examples/run")).findFirst().orElse(error));
    assertFalse(error.contains("\tat "), error);
    assertEquals(2, process.waitFor());
  }
}
