package io.kotangent.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.dsl.Session;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// How much code the predicting digit CNN is, and whether C2 can compile it.
class AotSizeTest {
  private static final int MOST_BYTES = 60_000;
  /// C2 of JDK 17 and 25 leaves methods with more arguments to C1; some 40 were too many, 31 are not.
  private static final int MOST_ARGUMENTS = 32;

  private static Map<String, byte[]> classes() {
    Digits.Network network = DigitCnn.network();
    Session session = network.training().compile(network.scores()).initialize(0);
    Map<String, byte[]> classes = new TreeMap<>(session.aot("org.example.Digits").files());
    classes.keySet().removeIf(name -> !name.endsWith(".class"));
    return classes;
  }

  @Test
  void theCodeOfThePredictingCnnIsSmall() {
    Map<String, Integer> sizes = new TreeMap<>();
    classes().forEach((name, bytes) -> sizes.put(name, bytes.length));
    int sum = sizes.values().stream().mapToInt(Integer::intValue).sum();
    assertTrue(sum < MOST_BYTES, sum + " bytes: " + sizes);
  }

  @Test
  void noMethodTakesMoreThanC2Compiles() {
    Map<String, Integer> many = new TreeMap<>();
    classes().forEach((name, bytes) -> {
      for (MethodModel method : ClassFile.of().parse(bytes).methods()) {
        int arguments = method.methodTypeSymbol().parameterCount();
        if (arguments > MOST_ARGUMENTS) {
          many.put(name + " " + method.methodName().stringValue(), arguments);
        }
      }
    });
    assertEquals(Map.of(), many);
  }
}
