package io.kotangent.data;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Malformed safetensors files, by the ids of the reliability notes (S01 to S62). */
final class SafeTensorsCorpus {
  private static final String W = "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

  private final Map<String, byte[]> cases = new LinkedHashMap<>();

  private SafeTensorsCorpus() {
  }

  static Map<String, byte[]> all() {
    SafeTensorsCorpus corpus = new SafeTensorsCorpus();
    corpus.lengths();
    corpus.json();
    corpus.keysAndTypes();
    corpus.shapes();
    corpus.offsets();
    corpus.metadataAndNames();
    corpus.rest();
    return corpus.cases;
  }

  /** A file of that header and so many data bytes. */
  static byte[] file(String header, int data) {
    return file(header.getBytes(StandardCharsets.UTF_8), new byte[data]);
  }

  static byte[] file(byte[] header, byte[] data) {
    return ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header).put(data).array();
  }

  private static byte[] length(long length, int more) {
    return ByteBuffer.allocate(8 + more).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
  }

  private static String tensor(String fields) {
    return "{\"w\":{" + fields + "}}";
  }

  private void bad(String id, String header, int data) {
    cases.put(id, file(header, data));
  }

  private void lengths() {
    cases.put("S01 empty", new byte[0]);
    cases.put("S02 seven bytes", new byte[7]);
    cases.put("S03 length only", length(10, 0));
    cases.put("S04 header longer than the file", length(1000, 20));
    cases.put("S05 2^63", length(Long.MIN_VALUE, 20));
    cases.put("S06 2^64-1", length(-1, 20));
    cases.put("S07 100000001", length(100_000_001, 20));
    cases.put("S08 length 0", length(0, 8));
  }

  private void json() {
    cases.put("S09 bad UTF-8",
        file(new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"', '}'}, new byte[0]));
    bad("S10 byte order mark", "\ufeff{" + W + "}", 8);
    bad("S11 array", "[" + W + "]", 8);
    bad("S12 number", "12345678", 0);
    bad("S13 leading blanks", "   {" + W + "}", 8);
    bad("S15 trailing zeros", "{" + W + "}\0\0\0", 8);
    bad("S16 two documents", "{" + W + "}{}", 8);
    bad("S46 nested brackets", "{\"w\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}", 0);
    bad("S46b nested braces", "{\"w\":" + "{\"a\":".repeat(50_000), 0);
    bad("S51 NaN", tensor("\"dtype\":\"F32\",\"shape\":[NaN],\"data_offsets\":[0,8]"), 8);
    bad("S54 comment", "{/* two */" + W + "}", 8);
    bad("S54b trailing comma", "{" + W + ",}", 8);
    bad("S54c no closing brace", "{" + W, 8);
    bad("S54d unclosed name", "{\"w", 0);
    bad("S54e unknown escape", "{\"\\x\":1}", 0);
    bad("S54f short escape", "{\"\\u00", 0);
  }

  private void keysAndTypes() {
    bad("S17 duplicate name", "{" + W + "," + W + "}", 8);
    bad("S18 duplicate name with a hole", "{" + W + "," + W.replace("[0,8]", "[16,24]") + "}", 24);
    bad("S19 duplicate metadata", "{\"__metadata__\":{},\"__metadata__\":{}," + W + "}", 8);
    bad("S20 duplicate field",
        tensor("\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]"), 8);
    bad("S21 unknown dtype", tensor("\"dtype\":\"Q7\",\"shape\":[2],\"data_offsets\":[0,8]"), 8);
    bad("S22 lower-case dtype", tensor("\"dtype\":\"f32\",\"shape\":[2],\"data_offsets\":[0,8]"),
        8);
    bad("S23 no dtype", tensor("\"shape\":[2],\"data_offsets\":[0,8]"), 8);
    bad("S24 no offsets", tensor("\"dtype\":\"F32\",\"shape\":[2]"), 8);
    bad("S24b no shape", tensor("\"dtype\":\"F32\",\"data_offsets\":[0,8]"), 8);
    bad("S25 extra field",
        tensor("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"more\":1"), 8);
    bad("S59 sub-byte dtype", tensor("\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,2]"), 2);
  }

  private void shape(String id, String shape, int data) {
    bad(id, tensor("\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":[0," + data + "]"),
        data);
  }

  private void shapes() {
    shape("S26 negative size", "[-2]", 8);
    shape("S27 fraction", "[2.0]", 8);
    shape("S28 text", "[\"2\"]", 8);
    shape("S29 product overflows", "[2147483647,2147483647,2147483647]", 8);
    shape("S30 bytes overflow", "[2147483647,2147483647,2]", 8);
    shape("S31 huge x huge x 0", "[4294967296,4294967296,0]", 0);
    shape("S31b huge x huge x 0 of ints", "[2147483647,2147483647,2147483647,0]", 0);
    shape("S32 2^64", "[18446744073709551616]", 0);
    shape("S52 exponent", "[2e0]", 8);
    shape("S53 leading zero", "[02]", 8);
    shape("S55 rank 100000", "[" + "1,".repeat(99_999) + "1]", 4);
    shape("S57 2^32 without data", "[4294967296]", 0);
  }

  private void offsets(String id, String offsets, int data) {
    bad(id, tensor("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":" + offsets), data);
  }

  private void offsets() {
    offsets("S33 end before begin", "[8,0]", 8);
    offsets("S34 past the end", "[0,8]", 4);
    bad("S35 overlap", "{" + W + "," + W.replace("\"w\"", "\"v\"").replace("[0,8]", "[4,12]") + "}",
        12);
    bad("S36 hole", "{" + W + "," + W.replace("\"w\"", "\"v\"").replace("[0,8]", "[12,20]") + "}",
        20);
    offsets("S37 not from 0", "[8,16]", 16);
    bad("S38 trailing bytes", "{" + W + "}", 30);
    offsets("S39 size mismatch", "[0,12]", 12);
    offsets("S40 three offsets", "[0,8,8]", 8);
    offsets("S41 2^63", "[0,9223372036854775808]", 8);
    offsets("S41b one offset", "[8]", 8);
    offsets("S41c negative", "[-8,0]", 8);
  }

  private void metadataAndNames() {
    bad("S42 metadata number", "{\"__metadata__\":{\"a\":1}," + W + "}", 8);
    bad("S43 nested metadata", "{\"__metadata__\":{\"a\":{}}," + W + "}", 8);
    bad("S44 metadata null", "{\"__metadata__\":null," + W + "}", 8);
    bad("S45 metadata like a tensor",
        "{\"__metadata__\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8);
    bad("S45b duplicate metadata key", "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}," + W + "}", 8);
    bad("S48 zero in a name", "{" + W.replace("\"w\"", "\"w\\u0000\"") + "}", 8);
    bad("S50 lone surrogate", "{" + W.replace("\"w\"", "\"\\ud800\"") + "}", 8);
  }

  private void rest() {
    StringBuilder many = new StringBuilder("{");
    for (int i = 0; i < 200_000; i++) {
      many.append(i == 0 ? "" : ",").append("\"").append(i)
          .append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
    }
    bad("S56 200000 empty tensors", many.append('}').toString(), 0);
    ByteArrayOutputStream bool = new ByteArrayOutputStream();
    bool.writeBytes(new byte[] {1, 2});
    cases.put("S58 BOOL of 2",
        file(tensor("\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[0,2]")
            .getBytes(StandardCharsets.UTF_8), bool.toByteArray()));
    cases.put("S60 git-lfs pointer",
        ("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n")
            .getBytes(StandardCharsets.UTF_8));
    cases.put("S61 web page",
        "<!DOCTYPE html><html><body>Not found</body></html>".getBytes(StandardCharsets.UTF_8));
    cases.put("S62 zip",
        ByteBuffer.allocate(64).put(new byte[] {'P', 'K', 3, 4, 20, 0, 8, 8}).array());
  }
}
