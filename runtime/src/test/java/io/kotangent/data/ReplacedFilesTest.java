package io.kotangent.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.type.DType;
import io.kotangent.type.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A file that others replace while it is read is one version or another, of whatever lengths they are. */
@DisabledOnOs(OS.WINDOWS)
class ReplacedFilesTest {
  private static final int READS = 4000;

  @TempDir Path folder;

  private interface Reading {
    void one(Path file) throws IOException;
  }

  private void whileReplaced(byte[] one, byte[] other, Reading reading) throws Exception {
    Path file = Files.write(folder.resolve("file"), one);
    AtomicBoolean ends = new AtomicBoolean();
    AtomicInteger replaced = new AtomicInteger();
    Thread writer = new Thread(() -> {
      try {
        while (!ends.get()) {
          Path next = folder.resolve("next");
          Files.write(next, replaced.incrementAndGet() % 2 == 0 ? one : other);
          Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    });
    writer.start();
    try {
      for (int i = 0; i < READS; i++) {
        reading.one(file);
      }
    } finally {
      ends.set(true);
      writer.join();
    }
    assertTrue(replaced.get() > 10, "replaced " + replaced.get() + " times");
  }

  private static byte[] tensors(int length, String note) {
    float[] floats = new float[length];
    return SafeTensors.bytes(Map.of("note", note),
        List.of(new NamedTensor("w", TensorType.of(DType.F32, length), floats)));
  }

  @Test
  void tensorsAreOfOneVersion() throws Exception {
    whileReplaced(tensors(100, "short"), tensors(3000, "long".repeat(100)), file -> {
      SafeTensors read = SafeTensors.read(file);
      float[] values = (float[]) read.tensor("w").values();
      assertEquals(values.length == 100, "short".equals(read.metadata().get("note")));
    });
  }

  @Test
  void bytesAreOfOneVersion() throws Exception {
    byte[] one = new byte[1000];
    byte[] other = new byte[70_000];
    Arrays.fill(other, (byte) 1);
    whileReplaced(one, other, file -> {
      byte[] read = FileBytes.read("csv", file);
      assertTrue(Arrays.equals(read, one) || Arrays.equals(read, other));
    });
  }
}
