package io.kotangent.examples;

import io.kotangent.data.Csv;
import io.kotangent.data.Dataset;
import io.kotangent.data.Idx;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The data sets that the examples bring along (`data/ATTRIBUTION.md`).
public final class Data {
  private Data() {}

  /// MNIST digits: `image` (784 numbers from 0 to 1 each) and `label` (0 to 9).
  ///
  /// @param part `train` (8000) or `test` (2000)
  public static Dataset mnist(String part) {
    Idx images = idx("mnist10k-" + part + "-images-idx3-ubyte.gz");
    Idx labels = idx("mnist10k-" + part + "-labels-idx1-ubyte.gz");
    return Dataset.of(images.sizes()[0])
        .with("image", images.floats(1 / 255.0))
        .with("label", labels.labels(10));
  }

  /// The Wisconsin tumors: 569 examples with 30 `features` and a `label`, 0 malignant, 1 benign.
  public static io.kotangent.data.Table tumors() {
    String file = "breast_cancer.csv";
    return Csv.read(bytes(file), file, Csv.Options.of(Csv.Header.COUNTS).labeled(-1));
  }

  private static Idx idx(String file) {
    return Idx.read(bytes(file), file);
  }

  private static byte[] bytes(String file) {
    try (InputStream in = Data.class.getResourceAsStream("/data/" + file)) {
      if (in == null) {
        throw new IllegalStateException("data/" + file + " is not on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
