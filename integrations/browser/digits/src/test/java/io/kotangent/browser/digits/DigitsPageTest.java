package io.kotangent.browser.digits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.browser.Bits;
import io.kotangent.browser.BrowserNetwork;
import io.kotangent.browser.Chromium;
import io.kotangent.browser.NetworkMethod.Kind;
import io.kotangent.data.Dataset;
import io.kotangent.dsl.Session;
import io.kotangent.examples.Data;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The page of digits in a headless Chromium gives the bits of the JVM, whether a digit is drawn by the mouse or passed to the
/// network, and whatever it has learned there.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DigitsPageTest {
  private static final int PIXELS = 784;
  private static final int LARGEST = 1_000_000;

  @TempDir static Path folder;
  private final Dataset test = Data.mnist("test");
  private Session session;
  private Path page;
  private Chromium browser;

  @BeforeAll
  void openAPage() throws Exception {
    browser = Chromium.start();
    session = DigitsPage.trained(2);
    BrowserNetwork network = DigitsPage.network(session);
    page = folder.resolve("digits.html");
    network.to(page, DigitsPage.html());
  }

  @BeforeEach
  void open() throws Exception {
    browser.resize(1400, 900);
    browser.open(page);
    browser.evaluate("ready");
    browser.evaluate(Bits.SCRIPT + "globalThis.Bits = Bits; 0");
  }

  @AfterAll
  void close() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  /// The network's class in this JVM, compiled ahead of time.
  private Object onTheJvm() throws Exception {
    Map<String, byte[]> files = session.trainableAot(DigitsPage.NAME).withoutFma().files();
    ClassLoader loader = new ClassLoader(null) {
      @Override
      protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = files.get(name.replace('.', '/') + ".class");
        if (bytes == null) {
          throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
      }

      @Override
      public java.io.InputStream getResourceAsStream(String name) {
        return new java.io.ByteArrayInputStream(files.get(name));
      }
    };
    return loader.loadClass(DigitsPage.NAME).getMethod("load").invoke(null);
  }

  private static float[] predict(Object network, float[] image) throws Exception {
    Method predict = network.getClass().getMethod("predict", float[].class);
    return (float[]) predict.invoke(network, image);
  }

  private float[] image(int number) {
    return Arrays.copyOfRange(test.floats("image"), number * PIXELS, (number + 1) * PIXELS);
  }

  private float[] floats(String expression) throws Exception {
    return (float[]) Bits.array(Kind.F32,
        (String) browser.evaluate("Bits.text(\"F32\", " + expression + ")"));
  }

  @Test
  void aDigitDrawnByTheMouseHasTheScoresOfTheJvm() throws Exception {
    Object jvm = onTheJvm();
    int right = 0;
    int drawn = 8;
    for (int number = 0; number < drawn; number++) {
      browser.evaluate("document.getElementById('clear').click()");
      draw(image(number));
      float[] pixels = floats("image");
      float[] scores = floats("scores");
      assertTrue(Arrays.equals(scores, predict(jvm, pixels)), "image " + number);
      assertArrayEquals(inProcess(pixels), scores, 0f);
      assertEquals(String.valueOf(best(scores)),
          browser.evaluate("document.getElementById('digit').textContent"));
      checkCentered(pixels);
      right += best(scores) == test.ints("label")[number] ? 1 : 0;
    }
    assertTrue(right >= drawn - 2, right + " of " + drawn + " drawings are recognized");
    quiet();
  }

  private float[] inProcess(float[] pixels) {
    return session.predict(Dataset.of(1).with("image", pixels)).floats("scores");
  }

  private static int best(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  /// Presses the mouse and moves it along each run of ink in a stored image of 28 by 28.
  private void draw(float[] image) throws Exception {
    String[] box = ((String) browser.evaluate("""
        (() => {
          const box = document.getElementById("paper").getBoundingClientRect();
          return `${box.left} ${box.top} ${box.width}`;
        })()
        """)).split(" ");
    double left = Double.parseDouble(box[0]);
    double top = Double.parseDouble(box[1]);
    double pixel = Double.parseDouble(box[2]) / 28;
    for (int y = 0; y < 28; y++) {
      for (int x = 0; x < 28; x++) {
        if (image[28 * y + x] > 0.5) {
          int from = x;
          while (x < 27 && image[28 * y + x + 1] > 0.5) {
            x++;
          }
          double height = top + (y + 0.5) * pixel;
          browser.mouse("mousePressed", left + (from + 0.5) * pixel, height);
          browser.mouse("mouseMoved", left + (x + 0.5) * pixel, height);
          browser.mouse("mouseReleased", left + (x + 0.5) * pixel, height);
        }
      }
    }
  }

  /// As MNIST's images are: whole 1/255, inside of 20 by 20 pixels, the center of mass in the middle.
  private static void checkCentered(float[] pixels) {
    double mass = 0;
    double x = 0;
    double y = 0;
    int left = 28;
    int right = -1;
    for (int i = 0; i < PIXELS; i++) {
      assertEquals((float) (Math.round(pixels[i] * 255) / 255.0), pixels[i]);
      mass += pixels[i];
      x += pixels[i] * (i % 28 + 0.5);
      y += pixels[i] * (i / 28 + 0.5);
      if (pixels[i] > 0) {
        left = Math.min(left, i % 28);
        right = Math.max(right, i % 28);
      }
    }
    assertTrue(right - left < 20, left + " to " + right);
    assertTrue(Math.abs(x / mass - 14) <= 0.5001 && Math.abs(y / mass - 14) <= 0.5001,
        x / mass + ", " + y / mass);
  }

  @Test
  void allTestImagesHaveTheScoresOfTheJvm() throws Exception {
    float[] all = test.floats("image");
    float[] expected = predict(onTheJvm(), all);
    assertArrayEquals(session.predict(test).floats("scores"), expected, 0f);
    int part = 250;
    for (int from = 0; from < test.size(); from += part) {
      float[] images = Arrays.copyOfRange(all, from * PIXELS, (from + part) * PIXELS);
      float[] scores =
          floats("network.predict(Bits.array(\"F32\", \"" + Bits.text(images) + "\"))");
      assertTrue(Arrays.equals(Arrays.copyOfRange(expected, from * 10, (from + part) * 10),
          scores), "images from " + from);
    }
    quiet();
  }

  @Test
  void whatItLearnsInThePageIsWhatItLearnsOnTheJvm() throws Exception {
    Object jvm = onTheJvm();
    Method step = jvm.getClass().getMethod("step", float[].class, int[].class);
    Object state = jvm.getClass().getMethod("state").invoke(jvm);
    Method bytes = state.getClass().getMethod("bytes");
    String before = sha256((byte[]) bytes.invoke(state));
    assertEquals(before, saved());
    Dataset train = Data.mnist("train");
    for (int i = 0; i < 40; i++) {
      int batch = i % 4 == 0 ? 1 : 16;
      float[] images =
          Arrays.copyOfRange(train.floats("image"), 32 * i * PIXELS, (32 * i + batch) * PIXELS);
      int[] labels = Arrays.copyOfRange(train.ints("label"), 32 * i, 32 * i + batch);
      float loss = (float) step.invoke(jvm, images, labels);
      assertEquals(loss,
          floats("Float32Array.of(network.step(Bits.array(\"F32\", \"" + Bits.text(images)
              + "\"), Bits.array(\"I32\", \"" + Bits.text(labels) + "\")))")[0]);
    }
    String after = sha256((byte[]) bytes.invoke(state));
    assertEquals(after, saved());
    assertNotEquals(before, after);
    Object loaded = jvm.getClass().getMethod("withWeights", byte[].class).invoke(null, download());
    assertArrayEquals(predict(jvm, image(0)), predict(loaded, image(0)), 0f);
    browser.evaluate("network.restore(Digits.weights())");
    assertEquals(before, saved());
    quiet();
  }

  private String saved() throws Exception {
    return sha256(download());
  }

  private byte[] download() throws Exception {
    return Base64.getDecoder()
        .decode((String) browser.evaluate("Bits.text(\"BOOL\", network.save())"));
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void aLessonLowersTheLossAndCanBeForgotten() throws Exception {
    draw(image(3));
    float[] scores = floats("scores");
    int other = (best(scores) + 1) % 10;
    browser.evaluate("document.querySelectorAll('#teach button')[" + other + "].click()");
    String said = (String) browser.evaluate("document.getElementById('lesson').textContent");
    Matcher losses = Pattern.compile("for a " + other + ", its loss was (.+), now (.+)\\. It .*")
        .matcher(said.replace("Lesson 1: ", ""));
    assertTrue(losses.matches(), said);
    assertTrue(Double.parseDouble(losses.group(2)) < Double.parseDouble(losses.group(1)), said);
    assertTrue(floats("scores")[other] > scores[other], said);
    browser.evaluate("document.getElementById('reset').click()");
    assertArrayEquals(scores, floats("scores"), 0f);
    quiet();
  }

  @Test
  void itCanBeDrawnOnByTheKeyboard() throws Exception {
    browser.evaluate("document.getElementById('paper').focus()");
    browser.key(" ", "Space", 32);
    for (int i = 0; i < 8; i++) {
      browser.key("ArrowDown", "ArrowDown", 40);
    }
    browser.evaluate("ask()");
    assertEquals("1", browser.evaluate("document.getElementById('digit').textContent"));
    browser.key("Delete", "Delete", 46);
    assertEquals("–", browser.evaluate("document.getElementById('digit').textContent"));
    quiet();
  }

  @Test
  void wrongUseIsAnErrorThatSaysWhatIsWrong() throws Exception {
    assertEquals("""
        TypeError: Digits.predict: argument 1 should be a Float32Array, got Array
        TypeError: Digits.predict: expected 1 arguments, got 0
        Error: Digits: digits_predict, input image: f32[batch,784]: got an array of 3 elements
        Error: Digits: step, input label: element 0 is 11, expected 0 to 9
        Error: Digits: the weights: it is no safetensors file, or cut off
        TypeError: Digits: the weights should be a Uint8Array, got String
        true""", browser.evaluate("""
        (() => {
          const before = Bits.text("F32", network.predict(image));
          const said = [() => network.predict([1, 2]), () => network.predict(), () => network.predict(new Float32Array(3)),
              () => network.step(image, Int32Array.of(11)), () => network.restore(new Uint8Array(5)), () => network.restore("w")]
              .map(call => {
                try {
                  return call();
                } catch (e) {
                  return e.toString();
                }
              });
          return [...said, Bits.text("F32", network.predict(image)) === before].join("\\n");
        })()
        """));
    quiet();
  }

  @Test
  void thePageIsOneSmallFile() throws IOException {
    assertTrue(Files.size(page) < LARGEST, Files.size(page) + " bytes");
    String text = Files.readString(page);
    assertTrue(text.contains("default-src 'none'"));
    assertTrue(text.contains("TeaVM") && text.contains("Apache License 2.0"));
  }

  /// It requested nothing but itself, and nothing was said on the console.
  private void quiet() {
    assertEquals(List.of(page.toUri().toString()), browser.requests());
    assertEquals(List.of(), browser.errors());
  }
}
