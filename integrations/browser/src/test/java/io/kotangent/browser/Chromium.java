package io.kotangent.browser;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A headless Chromium with one page, driven over its DevTools protocol. It records what the page requests and what goes wrong in it.
public final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");
  private static final long PATIENCE_S = 120;

  private final Path profile;
  private final Process process;
  private final WebSocket socket;
  private final Map<Integer, CompletableFuture<Object>> waiting = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();
  private int last;

  private Chromium(Path profile, Process process) throws Exception {
    this.profile = profile;
    this.process = process;
    this.socket = HttpClient.newHttpClient().newWebSocketBuilder()
        .buildAsync(URI.create(pageSocket()), new Incoming()).get(PATIENCE_S, TimeUnit.SECONDS);
    for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
      call(domain + ".enable", Map.of());
    }
  }

  /// Starts one, or skips the test, loudly, if there is none on this machine: `KOTANGENT_BROWSER` says where one is, and
  /// `KOTANGENT_BROWSER=required` (also `-Dkotangent.browser=required`) forbids skipping.
  public static Chromium start() throws Exception {
    String told = System.getProperty("kotangent.browser",
        System.getenv().getOrDefault("KOTANGENT_BROWSER", ""));
    Optional<Path> command = find(told);
    if (command.isEmpty()) {
      String missing = "NO CHROMIUM ON THIS MACHINE: networks are not tried in a browser "
          + "(KOTANGENT_BROWSER says where one is; Debian: apt-get install chromium)";
      if (told.equals("required")) {
        throw new AssertionError(missing);
      }
      System.out.println("\n" + "*".repeat(missing.length()) + "\n" + missing + "\n"
          + "*".repeat(missing.length()));
      Assumptions.abort(missing);
    }
    Path profile = Files.createTempDirectory("kotangent-chromium");
    Process process = new ProcessBuilder(command.orElseThrow().toString(), "--headless=new",
        "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--mute-audio",
        "--remote-debugging-port=0", "--user-data-dir=" + profile, "about:blank")
        .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    try {
      return new Chromium(profile, process);
    } catch (Exception | Error e) {
      end(process, profile);
      throw e;
    }
  }

  private static Optional<Path> find(String told) {
    if (!told.isEmpty() && !told.equals("required")) {
      return Optional.of(Path.of(told));
    }
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable).findFirst();
  }

  private String pageSocket() throws Exception {
    Path port = profile.resolve("DevToolsActivePort");
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S); !Files.exists(port)
        || Files.readString(port).isEmpty();) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IOException("Chromium does not start");
      }
      Thread.sleep(20);
    }
    HttpResponse<String> pages = HttpClient.newHttpClient().send(
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + Files.readAllLines(port).getFirst() + "/json/list"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
    for (Object page : (List<?>) Json.read(pages.body())) {
      if ("page".equals(Json.at(page, "type"))) {
        return (String) Json.at(page, "webSocketDebuggerUrl");
      }
    }
    throw new IOException("Chromium has no page: " + pages.body());
  }

  /// Calls a method of the protocol.
  public Object call(String method, Map<String, ?> parameters) throws Exception {
    int id;
    CompletableFuture<Object> answer = new CompletableFuture<>();
    synchronized (this) {
      id = ++last;
      waiting.put(id, answer);
    }
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("id", id);
    message.put("method", method);
    message.put("params", parameters);
    socket.sendText(Json.write(message), true).get(PATIENCE_S, TimeUnit.SECONDS);
    Object got = answer.get(PATIENCE_S, TimeUnit.SECONDS);
    if (Json.at(got, "error") != null) {
      throw new IOException(method + ": " + Json.at(got, "error"));
    }
    return Json.at(got, "result");
  }

  /// Opens a file as the page.
  public void open(Path page) throws Exception {
    loaded = new CompletableFuture<>();
    requests.clear();
    call("Page.navigate", Map.of("url", page.toUri().toString()));
    loaded.get(PATIENCE_S, TimeUnit.SECONDS);
  }

  /// What an expression of JavaScript yields, awaited if it is a promise.
  public Object evaluate(String expression) throws Exception {
    Object answer = call("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true,
        "returnByValue", true));
    Object thrown = Json.at(answer, "exceptionDetails");
    if (thrown != null) {
      throw new IOException("JavaScript threw " + Json.at(thrown, "exception", "description") + " "
          + Json.at(thrown, "text"));
    }
    return Json.at(answer, "result", "value");
  }

  /// Presses, moves or releases the left button of the mouse: `mousePressed`, `mouseMoved`, `mouseReleased`.
  public void mouse(String type, double x, double y) throws Exception {
    call("Input.dispatchMouseEvent", Map.of("type", type, "x", x, "y", y, "button", "left",
        "buttons", type.equals("mouseReleased") ? 0 : 1, "clickCount",
        type.equals("mouseMoved") ? 0 : 1));
  }

  /// Presses and releases a key.
  public void key(String key, String code, int number) throws Exception {
    for (String type : List.of("rawKeyDown", "keyUp")) {
      call("Input.dispatchKeyEvent", Map.of("type", type, "key", key, "code", code,
          "windowsVirtualKeyCode", number));
    }
  }

  /// How large the page is seen.
  public void resize(int width, int height) throws Exception {
    call("Emulation.setDeviceMetricsOverride", Map.of("width", width, "height", height,
        "deviceScaleFactor", 1, "mobile", width < 600));
  }

  /// A picture of the page, as PNG.
  public byte[] picture(int width, int height, boolean dark) throws Exception {
    resize(width, height);
    call("Emulation.setEmulatedMedia", Map.of("features",
        new Raw("[{\"name\":\"prefers-color-scheme\",\"value\":\"" + (dark ? "dark" : "light")
            + "\"}]")));
    return Base64.getDecoder().decode(
        (String) Json.at(call("Page.captureScreenshot", Map.of("format", "png")), "data"));
  }

  private record Raw(String json) {
    @Override
    public String toString() {
      return json;
    }
  }

  /// Addresses that were requested since the page was opened, itself among them.
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /// Exceptions, errors on the console, and what the browser complains of.
  public List<String> errors() {
    return List.copyOf(errors);
  }

  @Override
  public void close() throws Exception {
    socket.abort();
    end(process, profile);
  }

  private static void end(Process process, Path profile) throws Exception {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    process.waitFor(10, TimeUnit.SECONDS);
    children.forEach(ProcessHandle::destroyForcibly);
    for (int tries = 0; tries < 50 && Files.exists(profile); tries++) {
      try (Stream<Path> all = Files.walk(profile)) {
        all.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      } catch (java.io.UncheckedIOException | IOException e) {
        Thread.sleep(20); // what is ending still writes
      }
    }
  }

  /// Answers and events.
  private final class Incoming implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
      text.append(part);
      if (isLast) {
        receive(Json.read(text.toString()));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      waiting.values().forEach(answer -> answer.completeExceptionally(error));
    }

    private void receive(Object message) {
      Object id = Json.at(message, "id");
      if (id != null) {
        waiting.remove(((Double) id).intValue()).complete(message);
        return;
      }
      Object given = Json.at(message, "params");
      switch ((String) Json.at(message, "method")) {
        case "Page.loadEventFired" -> loaded.complete(null);
        case "Network.requestWillBeSent" -> requests.add(
            (String) Json.at(given, "request", "url"));
        case "Runtime.exceptionThrown" -> errors.add(
            "thrown: " + Json.at(given, "exceptionDetails"));
        case "Runtime.consoleAPICalled" -> {
          if (List.of("error", "warning", "assert").contains(Json.at(given, "type"))) {
            errors.add("console: " + Json.at(given, "args"));
          }
        }
        case "Log.entryAdded" -> {
          if (!"verbose".equals(Json.at(given, "entry", "level"))
              && !"info".equals(Json.at(given, "entry", "level"))) {
            errors.add("log: " + Json.at(given, "entry"));
          }
        }
        default -> {
          // of no interest
        }
      }
    }
  }
}
