package io.kotangent.data;

import static io.kotangent.runtime.Complaints.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.Csv.Header;
import io.kotangent.data.Csv.Options;
import io.kotangent.data.DataException.Kind;
import io.kotangent.type.KotangentException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {
  private static final Options PLAIN = Options.of(Header.NONE);

  private static Table read(String text, Options options) {
    return Csv.read(text.getBytes(StandardCharsets.UTF_8), "t.csv", options);
  }

  private static void refused(Kind kind, byte[] bytes, Options options, String... words) {
    assertEquals(kind,
        assertRefused(DataException.class, () -> Csv.read(bytes, "t.csv", options), words).kind());
  }

  private static void refused(Kind kind, String text, Options options, String... words) {
    refused(kind, text.getBytes(StandardCharsets.UTF_8), options, words);
  }

  @Test
  void aTableWithoutHeaderIsRead() {
    Table table = read("1,2.5,0\n-3e1,+.5,2\n", PLAIN);
    assertArrayEquals(new float[] {1, 2.5f, -30, 0.5f}, table.features());
    assertArrayEquals(new int[] {0, 2}, table.labels());
    assertEquals("2 examples, x f32[2], y i32[1]", table.dataset("x", "y").toString());
  }

  @Test
  void aHeaderOfCountsAndClassesIsRead(@TempDir Path directory) throws IOException {
    byte[] text = "3,2,cat,dog\n1,2,0\n3,4,1\n5,6,dog\n".getBytes(StandardCharsets.UTF_8);
    Path file = Files.write(directory.resolve("a.csv.gz"), IdxTest.gzip(text));
    Table table = Csv.read(file, Options.of(Header.COUNTS));
    assertEquals(List.of("cat", "dog"), table.classes());
    assertArrayEquals(new int[] {0, 1, 1}, table.labels());
    assertArrayEquals(new float[] {0, 1, 1}, table.labelsAsFloats());
    assertEquals(3, table.rows());
  }

  @Test
  void aHeaderOfNamesIsRead() {
    Table table = read("kind;a;b\nx;1;2\ny;3;4",
        Options.of(Header.NAMES).separatedBy(';').labeled(0).classes("x", "y"));
    assertEquals(List.of("a", "b"), table.names());
    assertArrayEquals(new int[] {0, 1}, table.labels());
    Table unlabeled = read("a,b\n1,2\n", Options.of(Header.NAMES).unlabeled());
    assertArrayEquals(new float[] {1, 2}, unlabeled.features());
    assertEquals("1 examples, x f32[2]", unlabeled.features("x").toString());
    assertRefused(KotangentException.class, () -> unlabeled.dataset("x", "y"),
        "read without labels");
  }

  @Test
  void anyLineEndsQuotesBlanksAndAByteOrderMarkAreRead() {
    float[] expected = {1, 2};
    for (String text : List.of("1,0\r2,1", "1,0\r\n2,1\n", "\ufeff1,0\n\n2,1\n",
        "\"1\",0\n\" 2\",\"1\"\n",
        " 1 ,0\n2, 1")) {
      assertArrayEquals(expected, read(text, PLAIN).features(), text);
    }
  }

  @Test
  void veryShortFilesAreRead() {
    for (String text : List.of("1", "1\n", "\n1", "\n\n1", "1,2")) {
      assertEquals(1, read(text, PLAIN.unlabeled()).features()[0], text);
    }
  }

  @Test
  void malformedFilesAreRefused() {
    refused(Kind.EMPTY, "", PLAIN, "CSV file t.csv, byte 0: the file is empty");
    refused(Kind.EMPTY, "\n\n", PLAIN, "no line");
    refused(Kind.EMPTY, "a,b\n", Options.of(Header.NAMES), "a header but no data");
    refused(Kind.ENCODING, "1,0".getBytes(StandardCharsets.UTF_16), PLAIN);
    refused(Kind.ENCODING, new byte[] {'1', ',', (byte) 0xc0, (byte) 0x80}, PLAIN,
        "byte 2: not UTF-8");
    refused(Kind.ENCODING, "1,\0,0", PLAIN, "byte 2: a zero byte");
    refused(Kind.TRUNCATED, "1,\"2\n3,4\n", PLAIN, "byte 2: a quote is not closed");
    refused(Kind.VALUE, "1\"2\",0\n", PLAIN);
    refused(Kind.SYNTAX, "\"1\"2,0\n", PLAIN);
    refused(Kind.SIZE, "1,2,0\n1,0\n", PLAIN, "line 2: expected 3 cells, got 2");
    refused(Kind.SIZE, "1,2,0\n1,2,3,0\n", PLAIN, "line 2: expected 3 cells, got 4");
    refused(Kind.SIZE, "1,2,0\n  \n", PLAIN, "line 2: expected 3 cells, got 1");
    refused(Kind.SYNTAX, "1,".repeat(1_000_000), PLAIN, "line 1");
    refused(Kind.SYNTAX, "1".repeat(20_000_000), PLAIN, "maximum buffer size");
    refused(Kind.VALUE, "1,2,0\n1,,0\n", PLAIN,
        "line 2: column 2: expected a decimal number, got ''");
    refused(Kind.HEADER, "a,a,b\n1,2,3", Options.of(Header.NAMES),
        "line 1: two columns are called 'a'");
    refused(Kind.VALUE, "a,y\nz,1\n", Options.of(Header.NAMES), "column 1 (a)", "got 'z'");
    refused(Kind.VALUE, "1,x\n", PLAIN.classes("a", "b"),
        "column 2: label 'x', expected one of [a, b]");
    refused(Kind.VALUE, "1,2\n", PLAIN.classes("a", "b"), "label '2'");
    refused(Kind.VALUE, "1,-1\n", PLAIN, "label '-1', expected an integer from 0");
    refused(Kind.MISMATCH, "1,2\n", PLAIN.labeled(2), "the label is in column 2 of 2");
  }

  @ParameterizedTest @ValueSource(strings = {"NaN", "inf", "Infinity", "1e400", "1e39", "1e-400",
      "0x1p3", "1_000", "1d", "1f", "1L",
      "１２", "=1+1", "1 2", "1e", "e1", ".", "+", "--1", "1.2.3", "1e+", "true"})
  void whatIsNoDecimalNumberIsRefused(String text) {
    refused(Kind.VALUE, "1,2,0\n1," + text + ",0\n", PLAIN, "line 2: column 2");
  }

  @Test
  void aLocalesDecimalCommaIsARaggedRow() {
    refused(Kind.SIZE, "1.5,0\n1,5,0\n", PLAIN, "line 2: expected 2 cells, got 3");
  }

  @Test
  void aNumberOfTenThousandDigitsIsRefused() {
    refused(Kind.VALUE, "1".repeat(10_000) + ",0\n", PLAIN, "line 1: column 1", "1…'");
  }

  @Test
  void aHeaderThatLiesIsRefused() {
    Options counts = Options.of(Header.COUNTS);
    refused(Kind.TRUNCATED, "3,1,a,b\n1,0\n2,1\n", counts,
        "the header announces 3 rows, but there are 2");
    refused(Kind.TRAILING, "1,1,a,b\n1,0\n2,1\n", counts,
        "the header announces 1 rows, but there are 2");
    refused(Kind.SIZE, "2,2,a,b\n1,0\n2,1\n", counts, "line 2: expected 3 cells, got 2");
    refused(Kind.SIZE, "999999999,999999999,a,b\n1,0\n", counts);
    refused(Kind.HEADER, "x,1,a\n1,0\n", counts, "line 1: expected the number of rows, got 'x'");
    refused(Kind.HEADER, "3\n1,0\n", counts, "expected rows,features,classes");
  }

  @Test
  void damagedCopiesAreRefusedOrRead() throws IOException {
    byte[] plain = "4,3,cat,dog\n1,2.5,-3e-2,0\n4,5,6,1\n7,\"8\",9,dog\n1,2,3,cat\n"
        .getBytes(StandardCharsets.UTF_8);
    int refused =
        Mutations.run(plain, 4, 3000, 64, b -> Csv.read(b, "mutated", Options.of(Header.COUNTS)));
    assertTrue(refused > 1500, () -> refused + " refused");
    int free = Mutations.run(plain, 5, 3000, 64, b -> Csv.read(b, "mutated", PLAIN.unlabeled()));
    assertTrue(free > 1500, () -> free + " refused");
    assertThrows(DataException.class, () -> Csv.read(Path.of("no such file"), PLAIN));
  }
}
