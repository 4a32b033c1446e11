package io.kotangent.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.NamedTensor;
import io.kotangent.data.Npy;
import io.kotangent.data.SafeTensors;
import io.kotangent.type.DType;
import io.kotangent.type.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands of `docs/command-line.md` and of the README are run as they stand there.
class PageTest {
  private static final Pattern BLOCK = Pattern.compile("(?s)\n```(\\w*)\n(.*?)```");
  private static final int IMAGES = 7;

  @TempDir private Path folder;

  private static String page(String name) throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("README.md"))) {
      root = Objects.requireNonNull(root.getParent());
    }
    return Files.readString(root.resolve(name));
  }

  @BeforeEach
  void writeFiles() throws IOException {
    String graph = "";
    for (Matcher block = BLOCK.matcher(page("docs/command-line.md")); block.find();) {
      graph = block.group(1).equals("graph") ? block.group(2) : graph;
    }
    Files.writeString(folder.resolve("digits.txt"), graph);
    Files.writeString(folder.resolve("before.txt"), graph);
    Files.writeString(folder.resolve("after.txt"), graph.replace("  return scores=%2",
        "  %3 = tanh %2 : f32[batch,10]\n  return scores=%3"));
    Random random = new Random(1);
    float[] w = new float[7840];
    for (int i = 0; i < w.length; i++) {
      w[i] = (float) random.nextGaussian();
    }
    SafeTensors.write(folder.resolve("digits.safetensors"), Map.of(),
        List.of(new NamedTensor("w", TensorType.of(DType.F32, 784, 10), w),
            new NamedTensor("b", TensorType.of(DType.F32, 10), new float[10])));
    ByteBuffer images = ByteBuffer.allocate(16 + IMAGES * 784);
    images.putInt(0x803).putInt(IMAGES).putInt(28).putInt(28);
    byte[] pixels = new byte[IMAGES * 784];
    random.nextBytes(pixels);
    Files.write(folder.resolve("t10k-images-idx3-ubyte"), images.put(pixels).array());
  }

  /// Arguments as a shell has them, with files in the folder.
  private Object[] arguments(String line) {
    List<Object> arguments = new ArrayList<>();
    for (String word : line.replaceFirst(" #.*", "").split("\\s+")) {
      arguments.add(word.replaceFirst("(?<==|^)(?=[\\w-]+\\.(txt|jar|npy|csv|safetensors)$|t10k)",
          Matcher.quoteReplacement(folder + "/")));
    }
    return arguments.subList(1, arguments.size()).toArray();
  }

  private int runAll(String text) {
    String printed = "";
    int commands = 0;
    for (Matcher block = BLOCK.matcher(text); block.find();) {
      if (block.group(1).equals("sh")) {
        for (String line : block.group(2).replace("\\\n", " ").lines().toList()) {
          if (!line.startsWith("kotangent ")) {
            continue;
          }
          Ran ran = Ran.of(arguments(line));
          assertEquals("", ran.err(), line);
          assertEquals(line.contains("# exit code 1") ? 1 : 0, ran.code(), line);
          printed = ran.out();
          commands++;
        }
      } else if (block.group(1).equals("text")) {
        assertEquals(block.group(2), printed);
      }
    }
    return commands;
  }

  @Test
  void theCommandsOfThePageDoWhatItSays() throws IOException {
    assertTrue(runAll(page("docs/command-line.md")) >= 8);
    float[] scores = (float[]) Npy.read(folder.resolve("scores.npy")).values();
    assertEquals(IMAGES * 10, scores.length);
    String csv = Ran.good("run", folder.resolve("digits.txt"), "--weights",
        folder.resolve("digits.safetensors"), "--input",
        "image=" + folder.resolve("t10k-images-idx3-ubyte"), "--scale", "image=1/255");
    float[] read = new float[scores.length];
    String[] fields = csv.strip().split("[,\n]");
    for (int i = 0; i < read.length; i++) {
      read[i] = Float.parseFloat(fields[i]);
    }
    assertArrayEquals(scores, read, Arrays.toString(fields));
  }

  @Test
  void theCommandsOfTheReadmeWork() throws IOException {
    String readme = page("README.md");
    int start = readme.indexOf("\n## On the command line\n");
    assertTrue(start > 0);
    assertTrue(runAll(readme.substring(start, readme.indexOf("\n## ", start + 1))) >= 4);
  }
}
