package io.kotangent.aot;

import java.io.IOException;

/// Says which network a build is to compile ahead of time. The Maven plugin, or [BuildNetworks], finds the classes that
/// implement this, makes one of each, and writes what [#network()] returns:
///
/// ```java
/// public final class DigitsDefinition implements NetworkDefinition {
///   public Aot network() throws IOException {
///     Session session = Digits.session();
///     SafeTensors.load(Path.of("digits.safetensors"), session.state()); // or train here
///     return session.aot("org.example.Digits");
///   }
/// }
/// ```
///
/// The class is public and has a public constructor without parameters, or is an `object` of Kotlin. Such a class that is
/// abstract is for others to extend, and none itself.
///
/// A network is made again when something changed that its definition depends on: its class and the classes of the same module that
/// it mentions, directly or through others; any resource of the module; any library; the JVM and its arguments. So what else a definition reads
/// (files that are no resources, the time, the environment) is not noticed; and a definition that trains does so from a fixed seed,
/// or each build has other weights.
@FunctionalInterface
public interface NetworkDefinition {
  /// The network, with its name and weights.
  ///
  /// @throws IOException if what it reads cannot be read
  Aot network() throws IOException;
}
