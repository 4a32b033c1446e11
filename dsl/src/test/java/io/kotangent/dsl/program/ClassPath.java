package io.kotangent.dsl.program;

import io.kotangent.dsl.Model;
import io.kotangent.dsl.ModelsKt;
import io.kotangent.ir.Graph;
import io.kotangent.type.DType;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/// What users of the DSL compile against, wherever the tests run.
final class ClassPath {
  private ClassPath() {
  }

  static String ofUsers() {
    return Stream
        .of(Model.class, ModelsKt.class, Graph.class, DType.class, NullMarked.class,
            kotlin.Unit.class)
        .map(ClassPath::of)
        .distinct().collect(Collectors.joining(File.pathSeparator));
  }

  private static String of(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
