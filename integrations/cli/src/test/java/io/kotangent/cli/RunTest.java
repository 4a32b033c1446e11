package io.kotangent.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.NamedTensor;
import io.kotangent.data.Npy;
import io.kotangent.type.DType;
import io.kotangent.type.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Graphs and networks, run on files.
class RunTest {
  @TempDir private Path folder;
  private Example example;

  @BeforeEach
  void begin() {
    example = new Example(folder);
  }

  private Path npy(String name, TensorType type, Object values) {
    Npy.write(example.file(name), new NamedTensor("x", type, values));
    return example.file(name);
  }

  private Path idx(String name, int[] sizes, byte... bytes) throws IOException {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * sizes.length + bytes.length);
    file.put(new byte[] {0, 0, 8, (byte) sizes.length});
    Arrays.stream(sizes).forEach(file::putInt);
    return Files.write(example.file(name), file.put(bytes).array());
  }

  private static String row(float[] x, float[] b) {
    StringBuilder row = new StringBuilder();
    for (int j = 0; j < 3; j++) {
      float sum = 0;
      for (int i = 0; i < 4; i++) {
        sum = Math.fma(x[i], (3 * i + j - 6) / 8f, sum);
      }
      row.append(j == 0 ? "" : ",").append(sum + b[j]);
    }
    return row + "\n";
  }

  @Test
  void aNetworkByItsClassesAndItsGraphByTheCompilerGiveTheSameBits() throws IOException {
    String expected = Ran.good("run", example.jar(), "--input", "x=" + example.table());
    assertEquals(2, expected.lines().count());
    assertEquals(expected, Ran.good("run", example.net(), "--weights", example.weights(),
        "--input", "x=" + example.table()));
    Path linear = example.text("linear.txt", Example.NET.replace("y=%3", "y=%2"));
    float[] b = {0.5f, -0.25f, 0.125f};
    assertEquals(row(new float[] {1, 2, 3, 4}, b) + row(new float[] {0.5f, 0, 0, -0.1f}, b),
        Ran.good("run", linear, "--weights", example.weights(), "--input",
            "x=" + example.table()));
  }

  @Test
  void filesOfAllKindsAreRead() throws IOException {
    Path jar = example.jar();
    float[] values = {1, 2, 3, 4, 0.5f, 0, 0, -0.1f};
    String expected = Ran.good("run", jar, "--input", "x=" + example.table());
    assertEquals(expected,
        Ran.good("run", jar, "--input", "x=" + npy("a.npy", TensorType.of(DType.F32, 2, 4),
            values)));
    double[] wide = {1, 2, 3, 4, 0.5, 0, 0, -0.1f};
    assertEquals(expected,
        Ran.good("run", jar, "--input", "x=" + npy("b.npy", TensorType.of(DType.F64, 2, 2, 2),
            wide)));
    String gray = Ran.good("run", jar, "--input",
        "x=" + example.text("gray.csv", "1,0.2,0,0\n"));
    Path images = idx("x-idx3-ubyte", new int[] {1, 2, 2}, (byte) 255, (byte) 51, (byte) 0,
        (byte) 0);
    assertEquals(gray, Ran.good("run", jar, "--input", "x=" + images, "--scale", "x=1/255"));
    assertEquals(gray, Ran.good("run", jar, "--input",
        "x=" + example.text("gray2.csv", "255,51,0,0\r\n\r\n"), "--scale", "x=1/255"));
  }

  @Test
  void resultsGoToFilesOfBothKinds() throws IOException {
    Path jar = example.jar();
    Path npy = example.file("y.npy");
    Path csv = example.file("y.csv");
    String text = Ran.good("run", jar, "--input", "x=" + example.table());
    assertEquals("", Ran.good("run", jar, "--input", "x=" + example.table(), "--output",
        "y=" + npy));
    assertEquals("", Ran.good("run", jar, "--input", "x=" + example.table(), "--output",
        "y=" + csv));
    assertEquals(text, Files.readString(csv));
    NamedTensor tensor = Npy.read(npy);
    assertEquals(TensorType.of(DType.F32, 2, 3), tensor.type());
    assertEquals(text.lines().toList().getFirst().split(",")[0],
        String.valueOf(((float[]) tensor.values())[0]));
    assertEquals(text, Ran.good("run", jar, "--input", "x=" + example.table(), "--output", "y"));
  }

  @Test
  void otherWeightsTakeThePlaceOfThoseInTheNetwork() throws IOException {
    Path jar = example.jar();
    String before = Ran.good("run", jar, "--input", "x=" + example.table());
    Path other = example.weights(new float[] {1, 1, 1});
    String after = Ran.good("run", jar, "--weights", other, "--input", "x=" + example.table());
    assertFalse(before.equals(after));
    assertEquals(after, Ran.good("run", example.net(), "--weights", other, "--input",
        "x=" + example.table()));
    Ran.bad("'b'", "run", jar, "--weights", example.weights(new float[4]), "--input",
        "x=" + example.table());
  }

  private static final String KINDS = """
      graph kinds(a: input i64[n], k: input i32 in 0..9, f: input bool[n], d: input f64[n,2]) {
        %0 = cast[to=i64] k : i64
        %1 = broadcast[dims=(), to=n] %0 : i64[n]
        %2 = add a, %1 : i64[n]
        %3 = not f : bool[n]
        %4 = reduce.sum[axes=1] d : f64[n]
        return sum=%2, other=%3, total=%4, k=k
      }
      """;

  @Test
  void everyElementTypeIsReadAndWritten() throws IOException {
    Path graph = example.text("kinds.txt", KINDS);
    Path jar = example.file("kinds.jar");
    Path net = example.text("kinds2.txt", KINDS.replace(", k=k", ""));
    Ran.good("compile", net, "--class", "Kinds", "--to", jar);
    Object[] inputs = {"--input", "a=" + example.text("a.csv", "9007199254740993\n-2\n"),
        "--input", "k=7", "--input", "f=" + example.text("f.csv", "true,0\n"), "--input",
        "d=" + example.text("d.csv", "0.1,0.2\n1e300,-1\n")};
    for (Path each : List.of(graph, jar)) {
      assertEquals("9007199254741000\n5\n", with(inputs, each, "sum"));
      assertEquals("false\ntrue\n", with(inputs, each, "other"));
      assertEquals("0.30000000000000004\n1.0E300\n", with(inputs, each, "total"));
    }
    assertEquals("7\n", with(inputs, graph, "k"));
    Ran.bad("the results are [sum, other, total, k]: say which by --output", all("run", graph,
        inputs));
    Ran.bad("only one result can go to the standard output", all("run", graph, inputs, "--output",
        "sum", "--output", "k"));
    Ran.of(all("run", graph, inputs, "--output", "sum=" + example.file("s.npy"), "--output",
        "k=" + example.file("k.csv")));
    assertArrayEquals(new long[] {9007199254741000L, 5},
        (long[]) Npy.read(example.file("s.npy")).values());
    assertEquals("7\n", Files.readString(example.file("k.csv")));
  }

  @Test
  void integersOfATableAreExact() throws IOException {
    Path graph = example.text("same.txt", """
        graph same(a: input i64[n]) {
          return y=a
        }
        """);
    String exact = "1234567890123456789\n-9223372036854775808\n9223372036854775807\n";
    assertEquals(exact, Ran.good("run", graph, "--input", "a=" + example.text("a.csv", exact)));
    assertEquals("9007199254740993\n-1200\n", Ran.good("run", graph, "--input",
        "a=" + example.text("b.csv", "9007199254740993.0\n-1.2e3\n")));
    for (String wrong : List.of("9223372036854775808", "0.5", "1e19", "1e-999999999",
        "1e99999999999", "NaN")) {
      Ran.bad("c.csv:1: error: field 1: expected an integer of 64 bits, got '" + wrong, "run",
          graph, "--input", "a=" + example.text("c.csv", wrong + "\n"));
    }
  }

  private static String with(Object[] inputs, Path file, String result) {
    return Ran.good(all("run", file, inputs, "--output", result));
  }

  private static Object[] all(String command, Path file, Object[] inputs, Object... more) {
    List<Object> all = new java.util.ArrayList<>(List.of(command, file));
    all.addAll(List.of(inputs));
    all.addAll(List.of(more));
    return all.toArray();
  }

  @Test
  void sizesThatNoInputHasAreAskedFor() throws IOException {
    Path graph = example.text("free.txt", """
        graph free(x: input f32) {
          %0 = broadcast[dims=(), to=n] x : f32[n]
          return y=%0
        }
        """);
    Path jar = example.file("free.jar");
    Ran.good("compile", graph, "--class", "Free", "--to", jar);
    for (Path each : List.of(graph, jar)) {
      assertEquals("1.5\n1.5\n1.5\n",
          Ran.good("run", each, "--input", "x=1.5", "--size", "n=3"));
      Ran.bad("follows from no input: give it by --size n=NUMBER", "run", each, "--input", "x=1.5");
      Ran.bad("--size m: ", "run", each, "--input", "x=1", "--size", "n=1", "--size", "m=1");
      Ran.bad("'n' is given twice", "run", each, "--input", "x=1", "--size", "n=1", "--size",
          "n=2");
    }
    Ran.bad("expected sizes [3, 4]", "run", example.jar(), "--input", "x=" + example.table(),
        "--size", "batch=3");
  }

  private static final String STEP = """
      graph step(x: input f32[n], b: state f32[3], step: state i64) {
        %0 = reduce.sum[axes=0] x : f32
        %1 = broadcast[dims=(), to=3] %0 : f32[3]
        %2 = add b, %1 : f32[3]
        %3 = constant[value=1] : i64
        %4 = add step, %3 : i64
        update b = %2
        update step = %4
        return loss=%0, grad.b=%2
      }
      """;

  @Test
  void whatLearnsGivesItsResultsAndDropsTheRest() throws IOException {
    Path graph = example.text("step.txt", STEP);
    Path jar = example.file("step.jar");
    Ran.good("compile", graph, "--weights", example.weights(), "--class", "Step", "--to", jar);
    Path x = example.text("ones.csv", "1\n1\n");
    for (Object[] run : new Object[][] {{"run", jar}, {"run", graph, "--weights",
        example.weights()}}) {
      for (int i = 0; i < 2; i++) {
        List<Object> arguments = new java.util.ArrayList<>(List.of(run));
        arguments.addAll(List.of("--input", "x=" + x, "--output"));
        arguments.add("grad.b");
        assertEquals("2.5\n1.75\n2.125\n", Ran.good(arguments.toArray()));
        arguments.set(arguments.size() - 1, "loss");
        assertEquals("2.0\n", Ran.good(arguments.toArray()));
      }
    }
  }

  @Test
  void inputsThatDoNotFitAreRefused() throws IOException {
    Path jar = example.jar();
    for (Path file : List.of(jar, example.net())) {
      Object[] start = file == jar ? new Object[] {"run", file}
          : new Object[] {"run", file, "--weights", example.weights()};
      refused("there is no input 'z': expected one of [x: input f32[batch,4]]", start, "z=a.csv");
      refused("the input x: input f32[batch,4] is missing", start);
      refused("expected --input NAME=FILE, got 'x'", start, "x");
      refused("'x' is given twice", start, "x=" + example.table(), "x=" + example.table());
      refused("none.csv: error: there is no such file", start, "x=" + folder + "/none.csv");
      refused("expected a file, got a folder", start, "x=" + folder);
      refused("cannot tell what it is by its name", start, "x=" + example.net());
      refused("three.csv has 1 lines of 3 numbers", start,
          "x=" + example.text("three.csv", "1,2,3\n"));
      refused("ragged.csv:3: error: expected 4 fields, as in the lines before, got 3", start,
          "x=" + example.text("ragged.csv", "1,2,3,4\n5,6,7,8\n1,2,3\n"));
      refused("word.csv:2: error: field 3: expected a number, got 'three'", start,
          "x=" + example.text("word.csv", "1,2,3,4\n1,2,three,4\n"));
      refused("hole.csv:1: error: field 2: expected a number, got ''", start,
          "x=" + example.text("hole.csv", "1,,3,4\n"));
      refused("hex.csv:2: error: field 1", start,
          "x=" + example.text("hex.csv", "1,2,3,4\n0x1p3,2,3,4\n"));
      refused("not UTF-8", start,
          "x=" + Files.write(example.file("bytes.csv"), new byte[] {'1', -1}));
      refused("quote.csv", start, "x=" + example.text("quote.csv", "1,2,3,\"4\n"));
      refused("expected sizes [2, 4]", start,
          "x=" + npy("flat.npy", TensorType.of(DType.F32, 2, 3), new float[6]));
      refused("npy file", start, "x=" + Files.write(example.file("cut.npy"),
          Arrays.copyOf(Files.readAllBytes(example.file("flat.npy")), 100)));
      refused("IDX file", start,
          "x=" + Files.write(example.file("cut.idx"), new byte[] {0, 0, 8, 2, 0, 0, 0, 1}));
    }
  }

  private static void refused(String message, Object[] start, String... inputs) {
    List<Object> arguments = new java.util.ArrayList<>(List.of(start));
    for (String input : inputs) {
      arguments.add("--input");
      arguments.add(input);
    }
    Ran.bad(message, arguments.toArray());
  }

  @Test
  void integersMustBeExact() throws IOException {
    Path graph = example.text("ints.txt", """
        graph ints(i: input i32[n] in 0..9, f: input bool[n]) {
          %0 = cast[to=i32] f : i32[n]
          %1 = add i, %0 : i32[n]
          return y=%1
        }
        """);
    Path f = example.text("f.csv", "1\n0\n");
    Path good = npy("i.npy", TensorType.of(DType.I64, 2), new long[] {3, 4});
    assertEquals("4\n4\n", Ran.good("run", graph, "--input", "i=" + good, "--input", "f=" + f));
    Path fraction = example.text("half.csv", "1\n0.5\n");
    Ran.bad("half.csv:2: error: field 1: expected an integer of 32 bits, got '0.5'", "run", graph,
        "--input", "i=" + fraction, "--input", "f=" + f);
    Ran.bad("half.csv:2: error: field 1: expected true, false, 1 or 0, got '0.5'", "run", graph,
        "--input", "i=" + good, "--input", "f=" + fraction);
    Path large = npy("large.npy", TensorType.of(DType.I64, 2), new long[] {3, 1L << 33});
    Ran.bad("large.npy: error: element 1 is 8589934592, which is none of i32, the type of input i",
        "run", graph, "--input", "i=" + large, "--input", "f=" + f);
    Path out = npy("out.npy", TensorType.of(DType.I32, 2), new int[] {3, 12});
    Ran.bad("0..9", "run", graph, "--input", "i=" + out, "--input", "f=" + f);
    Path jar = example.file("ints.jar");
    Ran.good("compile", graph, "--class", "Ints", "--to", jar);
    Ran.bad("12", "run", jar, "--input", "i=" + out, "--input", "f=" + f);
  }

  @Test
  void placesThatCannotBeWrittenAreRefusedBeforeAnythingIs() throws IOException {
    Path jar = example.jar();
    String x = "x=" + example.table();
    Ran.bad("there is no result 'z': expected one of [y]", "run", jar, "--input", x, "--output",
        "z=a.csv");
    Ran.bad("expected .csv or .npy", "run", jar, "--input", x, "--output", "y=a.txt");
    Ran.bad("there is no folder", "run", jar, "--input", x, "--output",
        "y=" + folder + "/none/a.csv");
    Ran.bad("y is given twice", "run", jar, "--input", x, "--output", "y", "--output", "y=a.csv");
    Files.createDirectories(example.file("taken.csv"));
    Ran.bad("expected a file to write, got a folder", "run", jar, "--input", x, "--output",
        "y=" + example.file("taken.csv"));
    Ran.bad("--scale …=1/0: expected a number", "run", jar, "--input", x, "--scale", "x=1/0");
    Ran.bad("there is no input 'z'", "run", jar, "--input", x, "--scale", "z=1");
  }

  @Test
  void aDamagedNetworkIsNotRun() throws IOException {
    byte[] jar = Files.readAllBytes(example.jar());
    int code = new String(jar, java.nio.charset.StandardCharsets.ISO_8859_1)
        .indexOf("Net_kernels.class\u00ca\u00fe") + 200;
    jar[code] ^= 1;
    Path damaged = Files.write(example.file("damaged.jar"), jar);
    Ran.bad("it is not run, since it is damaged: org/example/Net_kernels.class is not as it was",
        "run", damaged, "--input", "x=" + example.table());
  }

  @Test
  void wrongArgumentsAreRefused() throws IOException {
    Ran.bad("Missing required parameter: 'FILE'", "run");
    Ran.bad("Possible solutions: --input", "run", example.jar(), "--inputs", "x=a.csv");
    Path two = example.file("two.jar");
    Ran.good("compile", "a=" + example.net(), "b=" + example.net(), "--weights",
        example.weights(), "--class", "Two", "--to", two);
    Ran.bad("there are several methods [a, b]: say which by --method NAME", "run", two, "--input",
        "x=" + example.table());
    assertTrue(Ran.good("run", two, "--method", "b", "--input", "x=" + example.table())
        .contains(","));
  }
}
