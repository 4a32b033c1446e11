package io.kotangent.cli;

import io.kotangent.data.NamedTensor;
import io.kotangent.data.SafeTensors;
import io.kotangent.type.DType;
import io.kotangent.type.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A small network as files.
final class Example {
  static final String NET = """
      graph net(x: input f32[batch,4], w: param f32[4,3], b: param f32[3]) {
        %0 = contract[ab,bc->ac] x, w    : f32[batch,3]  ; dense1 Net.java:12
        %1 = broadcast[dims=1, to=(batch,3)] b : f32[batch,3]
        %2 = add %0, %1                  : f32[batch,3]  ; dense1 Net.java:12
        %3 = tanh %2                     : f32[batch,3]  ; Net.java:13
        return y=%3
      }
      """;
  private final Path folder;

  Example(Path folder) {
    this.folder = folder;
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  Path text(String name, String text) throws IOException {
    return Files.writeString(file(name), text);
  }

  Path net() throws IOException {
    return text("net.txt", NET);
  }

  Path weights() {
    return weights(new float[] {0.5f, -0.25f, 0.125f});
  }

  Path weights(float[] b) {
    float[] w = new float[12];
    for (int i = 0; i < w.length; i++) {
      w[i] = (i - 6) / 8f;
    }
    SafeTensors.write(file("net.safetensors"), Map.of(), List.of(
        new NamedTensor("w", TensorType.of(DType.F32, 4, 3), w),
        new NamedTensor("b", TensorType.of(DType.F32, b.length), b),
        new NamedTensor("more", TensorType.of(DType.F32, 1), new float[1])));
    return file("net.safetensors");
  }

  Path jar() throws IOException {
    Ran.good("compile", net(), "--weights", weights(), "--class", "org.example.Net", "--to",
        file("net.jar"), "--note", "data=four columns");
    return file("net.jar");
  }

  /// Two lines of four numbers, under names.
  Path table() throws IOException {
    return text("x.csv", "a,b,c,d\n1,2,3,4\n0.5,0,0,-1e-1\n");
  }
}
