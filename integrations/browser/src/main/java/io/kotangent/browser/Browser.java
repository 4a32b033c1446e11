package io.kotangent.browser;

import io.kotangent.aot.Aot;
import java.util.Map;

/// Compiles networks for browsers: the classes that [Aot] makes become WebAssembly, with the JVM's bits.
///
/// ```java
/// Browser.compile(session.trainableAot("org.example.Digits").withoutFma())
///     .to(Path.of("digits.html"), html);
/// ```
///
/// and there, in a page that has a line `<!-- network -->` before it:
///
/// ```html
/// <script>
///   const digits = await Digits.load();
///   const scores = digits.predict(new Float32Array(784));
/// </script>
/// ```
public final class Browser {
  private Browser() {
  }

  /// @param network made by `withoutFma()`
  /// @throws BrowserException if it has fma, functions of F64 that browsers compute with other bits, or methods of tensors
  public static BrowserNetwork compile(Aot network) {
    return compile(network.files());
  }

  /// @param files of a network that was made by `withoutFma()`: those of [Aot#files]
  /// @throws BrowserException if they are no network, or it has fma, functions of F64 that browsers compute with other bits, or
  /// methods of tensors
  public static BrowserNetwork compile(Map<String, byte[]> files) {
    NetworkClasses classes = NetworkClasses.of(files);
    return new BrowserNetwork(classes.simpleName(), classes.methods(),
        WasmCompiler.compile(classes),
        WasmCompiler.loader(), classes.weights());
  }
}
