package io.kotangent.bytecode.fault;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.OtherJvm;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A server that loads an application again and again keeps none of its loaders.
class RedeployTest {
  /// The JDK itself keeps method handles of records by soft references, so these go at once here.
  private static final List<String> FLAGS =
      List.of("-XX:SoftRefLRUPolicyMSPerMB=0", "-XX:+UseSerialGC", "--add-modules",
          "jdk.incubator.vector");

  @Test
  void aDroppedApplicationIsCollectedWithItsThreads() throws Exception {
    String told = OtherJvm.run(RedeployProbe.class, FLAGS);
    assertTrue(told.contains("failed: 0"), told);
    assertFalse(told.contains("threads: 0\ncollected"), "no thread of a team waits: " + told);
    assertTrue(told.contains("collected after"), told);
  }
}
