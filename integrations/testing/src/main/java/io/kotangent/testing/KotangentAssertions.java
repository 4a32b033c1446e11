package io.kotangent.testing;

import io.kotangent.ir.Graph;

/// Where AssertJ's assertions of graphs begin:
///
/// ```java
/// import static io.kotangent.testing.KotangentAssertions.assertThat;
///
/// assertThat(graph).as("the loss of digits").hasNo("log(exp(a))").hasNodes(2, "contract");
/// ```
public final class KotangentAssertions {
  private KotangentAssertions() {
  }

  public static GraphSubject assertThat(Graph graph) {
    return new GraphSubject(graph);
  }
}
