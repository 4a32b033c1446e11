package io.kotangent.aot;

import io.kotangent.data.DataException;
import io.kotangent.data.DataException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;

/// Reads the text of a [Provenance]. Lines stand in one order, so a text has one meaning and a provenance one text.
final class ProvenanceReader {
  static final String HEAD = "kotangent network 1";
  private static final String FORMAT = "provenance";
  private static final String INDENT = "  ";

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final String source;
  private final List<String> lines = new ArrayList<>();
  private int at;

  ProvenanceReader(String source) {
    this.source = source;
  }

  Provenance read(byte[] utf8) {
    split(utf8);
    if (lines.isEmpty() || !lines.getFirst().equals(HEAD)) {
      throw error(Kind.HEADER, "'" + HEAD + "'");
    }
    at = 1;
    String compiler = value("compiler");
    String className = className();
    boolean fma = flag("fma");
    int simd = bits();
    boolean stabilize = flag("stabilize");
    boolean relaxed = flag("relaxed");
    Set<String> without = new LinkedHashSet<>();
    while (at("without")) {
      if (!without.add(value("without"))) {
        at--;
        throw error(Kind.SYNTAX, "each name once");
      }
    }
    Map<String, String> notes = pairs("note", false);
    Map<String, String> digests = digests();
    Map<String, String> methods = methods();
    if (at < lines.size()) {
      throw error(Kind.SYNTAX, "'without', 'note', 'sha256' and 'method', in this order");
    }
    return new Provenance(compiler, className, fma, simd, stabilize, relaxed, without, notes,
        digests,
        methods);
  }

  /// The width of vectors.
  private int bits() {
    int before = at;
    String bits = value("simd");
    if (!Aot.WIDTHS.contains(bits)) {
      at = before;
      throw error(Kind.SYNTAX, "'simd' and one of " + Aot.WIDTHS);
    }
    return Integer.parseInt(bits);
  }

  private void split(byte[] utf8) {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      if (text.indexOf('\r') >= 0 || !text.endsWith("\n")) {
        throw new DataException(FORMAT, Kind.SYNTAX, source, -1,
            "expected lines that end with a line feed");
      }
      lines.addAll(text.lines().toList());
      for (String line : lines) {
        if (line.chars().anyMatch(Character::isISOControl)) {
          throw new DataException(FORMAT, Kind.SYNTAX, source, -1,
              "line " + (lines.indexOf(line) + 1) + " has control characters");
        }
      }
    } catch (CharacterCodingException e) {
      throw new DataException(FORMAT, Kind.ENCODING, source, -1, "not UTF-8");
    }
  }

  private DataException error(Kind kind, String expected) {
    String got = at < lines.size() ? "'" + start(lines.get(at)) + "'" : "the end of the text";
    return new DataException(FORMAT, kind, source, -1,
        "line " + (at + 1) + ": expected " + expected + ", got " + got);
  }

  private static String start(String line) {
    int most = 60;
    return line.length() <= most ? line : line.substring(0, most) + "…";
  }

  private boolean at(String key) {
    return at < lines.size() && lines.get(at).startsWith(key + " ");
  }

  private String value(String key) {
    if (!at(key) || lines.get(at).length() == key.length() + 1) {
      throw error(Kind.SYNTAX, "'" + key + " …'");
    }
    return lines.get(at++).substring(key.length() + 1);
  }

  private String className() {
    String name = value("class");
    if (!SourceVersion.isName(name, SourceVersion.RELEASE_17)) {
      at--;
      throw error(Kind.VALUE, "the name of a class");
    }
    return name;
  }

  private boolean flag(String key) {
    String value = value(key);
    if (!value.equals("true") && !value.equals("false")) {
      at--;
      throw error(Kind.VALUE, "'" + key + " true' or '" + key + " false'");
    }
    return value.equals("true");
  }

  /// Lines of two words, the second of which may have blanks.
  ///
  /// @param reversed whether the second is the key
  private Map<String, String> pairs(String key, boolean reversed) {
    Map<String, String> pairs = new LinkedHashMap<>();
    while (at(key)) {
      String[] words = value(key).split(" ", 2);
      if (words.length < 2 || words[0].isEmpty()
          || pairs.putIfAbsent(words[reversed ? 1 : 0], words[reversed ? 0 : 1]) != null) {
        at--;
        throw error(Kind.SYNTAX, "'" + key + " … …', each once");
      }
    }
    return pairs;
  }

  private Map<String, String> digests() {
    int begin = at;
    Map<String, String> digests = pairs("sha256", true);
    for (String digest : digests.values()) {
      if (!DIGEST.matcher(digest).matches()) {
        at = begin;
        throw error(Kind.VALUE, "64 digits from 0 to f after each 'sha256'");
      }
    }
    return digests;
  }

  private Map<String, String> methods() {
    Map<String, String> methods = new LinkedHashMap<>();
    while (at("method")) {
      String name = value("method");
      if (!SourceVersion.isIdentifier(name)) {
        at--;
        throw error(Kind.VALUE, "the name of a method");
      }
      StringBuilder text = new StringBuilder();
      while (at < lines.size() && lines.get(at).startsWith(INDENT)) {
        text.append(lines.get(at++), INDENT.length(), lines.get(at - 1).length()).append('\n');
      }
      if (text.isEmpty()) {
        throw error(Kind.SYNTAX, "a line of the graph of method " + name);
      }
      if (methods.putIfAbsent(name, text.toString()) != null) {
        at--;
        throw error(Kind.SYNTAX, "each method once, not '" + name + "' again");
      }
    }
    return methods;
  }
}
