package io.kotangent.data;

import static io.kotangent.runtime.Complaints.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.Csv.Header;
import io.kotangent.data.Csv.Missing;
import io.kotangent.data.Csv.Options;
import io.kotangent.data.DataException.Kind;
import io.kotangent.type.KotangentException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Files as people have them: classes that are numbers, dates, texts, missing cells, very many columns. */
class CsvFilesTest {
  private static final Options PLAIN = Options.of(Header.NONE);
  private static final Options NAMED = Options.of(Header.NAMES);
  private static final String PEOPLE = """
      born,name,height,weight,kind
      1999-01-02,"Müller, ""Max""
      junior",1.8,80,0
      2001-12-31,5" pipe,,70,1
      ,O'Neil,1.6,?,2
      x,,1.7,NA,1
      """;

  private static Table read(String text, Options options) {
    return Csv.read(text.getBytes(StandardCharsets.UTF_8), "t.csv", options);
  }

  private static void refused(Kind kind, String text, Options options, String... words) {
    assertEquals(kind,
        assertRefused(DataException.class, () -> read(text, options), words).kind());
  }

  private static boolean isNumber(String text) {
    try {
      return new BigDecimal(text) != null;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** What a label means, said in another way than the reader does; -1 if it means nothing. */
  private static int meaning(String label, List<String> classes) {
    for (int i = 0; i < classes.size(); i++) {
      if (classes.get(i).equals(label) || isNumber(label) && isNumber(classes.get(i))
          && new BigDecimal(label).compareTo(new BigDecimal(classes.get(i))) == 0) {
        return i;
      }
    }
    boolean index = isNumber(label) && classes.stream().noneMatch(CsvFilesTest::isNumber);
    for (int i = 0; index && i < (classes.isEmpty() ? 1000 : classes.size()); i++) {
      if (new BigDecimal(label).compareTo(BigDecimal.valueOf(i)) == 0) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void aLabelIsAClassOrAnError() {
    List<List<String>> all = List.of(List.of(), List.of("1", "2", "3"), List.of("3", "1", "2"),
        List.of("0", "1"), List.of("1", "0"), List.of("-1", "1"), List.of("1.0", "2.0"),
        List.of("a", "b"), List.of("1", "b"), List.of("b", "0"), List.of("0.5", "1e2"),
        List.of("01", "2"),
        List.of("cat", "dog", "1st"), List.of("1e999999999", "0"));
    List<String> labels = List.of("0", "1", "2", "3", "4", "-1", "+1", "-0", "00", "01", "1.0",
        "2.0",
        "3.", ".5", "1e0", "10e-1", "100", "1e2", "1.5", "a", "b", "cat", "A", "1st", "1e999999999",
        "1e-999999999", "99999999999999999999", "0.99999999999999999999");
    int tried = 0;
    for (List<String> classes : all) {
      for (boolean inHeader : new boolean[] {true, false}) {
        for (String label : labels) {
          int expected = meaning(label, classes);
          String rows = "7," + label + "\n";
          String text = inHeader ? "1,1," + String.join(",", classes) + "\n" + rows : rows;
          Options options = inHeader ? Options.of(Header.COUNTS)
              : PLAIN.classes(classes.toArray(String[]::new));
          if (expected >= 0) {
            assertArrayEquals(new int[] {expected}, read(text, options).labels(),
                label + " of " + classes);
          } else {
            refused(Kind.VALUE, text, options, (inHeader ? "line 2" : "line 1") + ": column 2",
                "label '" + label + "'");
          }
          tried++;
        }
      }
    }
    assertEquals(14 * 2 * 28, tried);
  }

  @Test
  void classesDiffer() {
    for (List<String> twins : List.of(List.of("a", "a"), List.of("1", "1.0"),
        List.of("2", "b", "+2"))) {
      assertRefused(KotangentException.class, () -> PLAIN.classes(twins.toArray(String[]::new)),
          "two classes are called");
      refused(Kind.HEADER, "1,1," + String.join(",", twins) + "\n1,0\n",
          Options.of(Header.COUNTS), "line 1: two classes are called");
    }
    Table padded = read("2,3, cat , dog,,\n1,2,3,dog\n4,5,6,1\n", Options.of(Header.COUNTS));
    assertEquals(List.of("cat", "dog"), padded.classes());
    assertArrayEquals(new int[] {1, 1}, padded.labels());
  }

  @Test
  void datesAndTextsAreSkippedByName() {
    Table table = read(PEOPLE, NAMED.skipping("born", "name", "height", "weight").labeled(-1));
    assertEquals(List.of(), table.names());
    assertArrayEquals(new int[] {0, 1, 2, 1}, table.labels());
    assertArrayEquals(new float[] {1.8f, -1, 1.6f, 1.7f},
        read(PEOPLE, NAMED.skipping("born", "name", "weight", "kind").unlabeled()
            .missing(Missing.value(-1))).features());
    refused(Kind.VALUE, PEOPLE, NAMED, "line 2: column 1 (born): expected a decimal number",
        "1999-01-02");
    refused(Kind.MISMATCH, PEOPLE, NAMED.skipping("Born"), "no columns [Born] to skip",
        "[born, name");
    refused(Kind.MISMATCH, PEOPLE, NAMED.skipping("kind"), "the label's column 'kind'");
    refused(Kind.MISMATCH, "a,b\n1,2\n", NAMED.skipping("a", "b").unlabeled(), "all columns");
    assertRefused(KotangentException.class, () -> PLAIN.skipping("a"),
        "expected a header of names");
  }

  @Test
  void missingCellsAreTreatedAsOneChooses() {
    Options people = NAMED.skipping("born", "name");
    refused(Kind.VALUE, PEOPLE, people, "line 4: column 3 (height)", "got ''",
        "say what becomes of missing cells by Options.missing");
    refused(Kind.VALUE, PEOPLE, people.missing(Missing.mean()), "line 5: column 4 (weight)",
        "got '?'");
    Missing mean = Missing.mean().marked("?", "NA");
    float height = (float) ((1.8f + (double) 1.6f + 1.7f) / 3);
    assertArrayEquals(new float[] {1.8f, 80, height, 70, 1.6f, 75, 1.7f, 75},
        read(PEOPLE, people.missing(mean)).features());
    assertArrayEquals(new float[] {1.8f, 80, 0, 70, 1.6f, 0, 1.7f, 0},
        read(PEOPLE, people.missing(Missing.value(0).marked("?", "NA"))).features());
    Table dropped = read(PEOPLE, people.missing(Missing.rowsDropped().marked("?", "NA")));
    assertArrayEquals(new float[] {1.8f, 80}, dropped.features());
    assertArrayEquals(new int[] {0}, dropped.labels());
    refused(Kind.EMPTY, "a,y\n,1\n", NAMED.missing(Missing.rowsDropped()), "all 1 rows");
    refused(Kind.EMPTY, "a,y\n,1\n", NAMED.missing(Missing.mean()),
        "feature 1 (a) is missing in all rows");
    refused(Kind.VALUE, "1,\n", PLAIN.missing(Missing.mean()), "label ''");
    assertArrayEquals(new int[] {3},
        read("1,\n2,3\n", PLAIN.missing(Missing.rowsDropped())).labels());
    assertEquals(2, read("2,1,a,b\n,a\n1,b\n", Options.of(Header.COUNTS)
        .missing(Missing.value(5))).rows());
    assertEquals(1, read("2,1,a,b\n,a\n1,b\n", Options.of(Header.COUNTS)
        .missing(Missing.rowsDropped())).rows());
    assertRefused(KotangentException.class, () -> Missing.value(Float.NaN), "expected a finite");
  }

  /** Random tables, written in random ways; the policies against a plain computation. */
  @Test
  void randomTablesAreRead() {
    SplittableRandom random = new SplittableRandom(11);
    for (int trial = 0; trial < 500; trial++) {
      int rows = 1 + random.nextInt(6);
      int columns = 1 + random.nextInt(5);
      Float[][] cells = new Float[rows][columns];
      StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "\ufeff" : "");
      String end = List.of("\n", "\r\n", "\r").get(random.nextInt(3));
      char separator = ",;\t|§".charAt(random.nextInt(5));
      text.append(IntStream.range(0, columns).mapToObj(c -> "c" + c + separator)
          .collect(Collectors.joining())).append("note").append(separator).append("y").append(end);
      for (Float[] row : cells) {
        for (int c = 0; c < columns; c++) {
          row[c] = random.nextInt(5) == 0 ? null : (float) random.nextInt(-50, 50) / 4;
          String cell = row[c] == null ? random.nextBoolean() ? "" : " ? " : row[c].toString();
          text.append(random.nextInt(4) == 0 ? '"' + cell + '"' : cell).append(separator);
        }
        text.append(random.nextBoolean() ? "\"a " + separator + " \"\" " + end + "b\"" : "5\" x")
            .append(separator).append("1.0").append(end);
      }
      check(cells, text.toString(),
          NAMED.separatedBy(separator).skipping("note").classes("0", "1"));
    }
  }

  private static void check(Float[][] cells, String text, Options options) {
    List<Float> kept = new ArrayList<>();
    List<Float> zeros = new ArrayList<>();
    for (Float[] row : cells) {
      List<Float> all = Arrays.asList(row);
      kept.addAll(all.contains(null) ? List.of() : all);
      all.forEach(cell -> zeros.add(cell == null ? 0f : cell));
    }
    assertEquals(zeros, list(read(text, options.missing(Missing.value(0).marked("?"))).features()),
        text);
    Options dropping = options.missing(Missing.rowsDropped().marked("?"));
    if (kept.isEmpty()) {
      refused(Kind.EMPTY, text, dropping);
    } else {
      Table table = read(text, dropping);
      assertEquals(kept, list(table.features()), text);
      assertTrue(Arrays.stream(table.labels()).allMatch(label -> label == 1));
    }
  }

  private static List<Float> list(float[] floats) {
    List<Float> list = new ArrayList<>();
    for (float value : floats) {
      list.add(value);
    }
    return list;
  }

  @Test
  void upTo16384ColumnsAreRead() {
    for (int columns : new int[] {4096, 4097, 16_384}) {
      String names = IntStream.range(0, columns).mapToObj(i -> "c" + i)
          .collect(Collectors.joining(","));
      String row = "1,".repeat(columns - 1) + "1\n";
      assertEquals(columns, read(names + "\n" + row + row, NAMED.unlabeled()).width());
      assertEquals(columns - 2, read(names + "\n" + row, NAMED.skipping("c0")).width());
      assertEquals(columns - 1, read(row, PLAIN).width());
    }
    refused(Kind.SYNTAX, "1,".repeat(16_384) + "1\n", PLAIN, "16384 fields");
  }

  @Test
  void quotesWithinTextAreText() {
    Options skipping = NAMED.skipping("t").unlabeled();
    assertArrayEquals(new float[] {1, 2},
        read("t,a\n5\" pipe,1\nx\"y\"z\"\",2\n", skipping).features());
    refused(Kind.TRUNCATED, "t,a\n5\" pipe,1\n\"open,2\n", skipping,
        "byte 14: a quote is not closed");
    refused(Kind.TRUNCATED, "t,a\n\"x\"\"y,1\n", skipping, "byte 4: a quote is not closed");
  }

  @Test
  void separatorsThatCannotBeAreRefused() {
    for (char separator : new char[] {'"', '\n', '\r', '\ud800'}) {
      assertRefused(KotangentException.class, () -> PLAIN.separatedBy(separator), "the separator");
    }
  }

  @Test
  void damagedCopiesAreRefusedOrRead() {
    Options options = NAMED.skipping("born", "name").missing(Missing.mean().marked("?", "NA"));
    int refused = Mutations.run(PEOPLE.getBytes(StandardCharsets.UTF_8), 6, 3000, 64,
        bytes -> Csv.read(bytes, "mutated", options));
    assertTrue(refused > 1000, () -> refused + " refused");
  }
}
