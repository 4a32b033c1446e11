package io.kotangent.assertions;

import io.kotangent.bytecode.Compilation;
import io.kotangent.ir.Graph;
import java.util.Map;

/// Where assertions begin:
///
/// ```java
/// import static io.kotangent.assertions.Assertions.assertThat;
///
/// assertThat(graph).has("log(sum(exp(a)))").hasNo("exp(a) / b").compiled().hasAtMostKernels(3);
/// assertThat(graph).gradientOf("w").agreesWithFiniteDifferences();
/// ```
///
/// What does not hold is an [AssertionError] that shows what was expected and what there is.
public final class Assertions {
  private Assertions() {
  }

  public static GraphAssert assertThat(Graph graph) {
    return new GraphAssert(graph);
  }

  public static CompiledAssert assertThat(Compilation compilation) {
    return new CompiledAssert(compilation);
  }

  /// Class files by their paths: what `aot.files()` gives of a network that is compiled ahead of time.
  public static ClassesAssert assertThatClasses(Map<String, byte[]> files) {
    return new ClassesAssert(files);
  }

  /// A text such as a listing.
  public static TextAssert assertThatText(String text) {
    return new TextAssert(text, "the text");
  }
}
