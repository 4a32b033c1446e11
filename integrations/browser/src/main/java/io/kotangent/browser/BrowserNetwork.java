package io.kotangent.browser;

import io.kotangent.data.TextFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/// A network as WebAssembly, and all that a page needs around it.
public final class BrowserNetwork {
  /// Where a page has the network's script.
  public static final String MARK = "<!-- network -->";

  private final String name;
  private final List<NetworkMethod> methods;
  private final byte[] wasm;
  private final String loader;
  private final byte[] weights;

  BrowserNetwork(String name, List<NetworkMethod> methods, byte[] wasm, String loader,
      byte[] weights) {
    this.name = name;
    this.methods = List.copyOf(methods);
    this.wasm = wasm;
    this.loader = loader;
    this.weights = weights;
  }

  /// The name that it has in JavaScript: that of its class, without the package.
  public String name() {
    return name;
  }

  /// What JavaScript can call.
  public List<NetworkMethod> methods() {
    return methods;
  }

  /// The WebAssembly.
  public byte[] wasm() {
    return wasm.clone();
  }

  /// TeaVM's JavaScript that starts it; Apache License 2.0.
  public String loader() {
    return loader;
  }

  /// The weights that it starts with, a safetensors file.
  public byte[] weights() {
    return weights.clone();
  }

  /// The same network with other weights, from a safetensors file such as `SafeTensors.save` writes.
  public BrowserNetwork withWeights(byte[] safetensors) {
    return new BrowserNetwork(name, methods, wasm, loader, safetensors.clone());
  }

  /// A script that needs nothing else and loads nothing: it defines one constant of the network's name, whose `load()` promises a
  /// network with a function for each method.
  public String script() {
    String glue = text("network.js")
        .replace("/*NAME*/", quoted(name))
        .replace("/*METHODS*/", "[" + methods.stream().map(BrowserNetwork::describe)
            .collect(Collectors.joining(", ")) + "]")
        .replace("/*WEIGHTS*/", quoted(Base64.getEncoder().encodeToString(weights)))
        .replace("/*WASM*/", quoted(Base64.getEncoder().encodeToString(wasm)))
        .replace("/*LOADER*/", loader.strip());
    return "// Made by Kotangent (Apache License 2.0). It embeds code of TeaVM, Copyright Alexey Andreev, Apache License 2.0:\n"
        + "// https://www.apache.org/licenses/LICENSE-2.0\n"
        + "const " + name + " = " + glue;
  }

  /// A page with the network in it, as one file that loads nothing.
  ///
  /// @param html with [#MARK] once, before the scripts that use the network
  /// @throws BrowserException if it has not
  public String page(String html) {
    int at = html.indexOf(MARK);
    if (at < 0 || html.indexOf(MARK, at + 1) >= 0) {
      throw new BrowserException("expected a page with the line " + MARK
          + " once, where the network's script goes, got one with "
          + (at < 0 ? "none" : "several"));
    }
    return html.substring(0, at) + "<script>\n" + script() + "</script>"
        + html.substring(at + MARK.length());
  }

  /// Writes [#page], wholly or not at all.
  ///
  /// @throws BrowserException if the page has no place for it
  /// @throws io.kotangent.data.DataException if it cannot be written
  public void to(Path file, String html) {
    TextFile.write(file, page(html));
  }

  private static String describe(NetworkMethod method) {
    return "{name: " + quoted(method.name()) + ", takes: " + describe(method.takes()) + ", gives: "
        + describe(method.gives()) + "}";
  }

  private static String describe(List<NetworkMethod.Value> values) {
    return values.stream()
        .map(value -> "{name: " + quoted(value.name()) + ", kind: " + quoted(value.kind().name())
            + ", isNumber: " + value.isNumber() + "}")
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  private static String text(String resource) {
    try (InputStream in = BrowserNetwork.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not beside " + BrowserNetwork.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
