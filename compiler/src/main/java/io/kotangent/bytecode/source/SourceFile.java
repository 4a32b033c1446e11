package io.kotangent.bytecode.source;

/// A Java file.
///
/// @param path from the root of sources, with slashes: `org/example/Digits.java`
/// @param text in ASCII
public record SourceFile(String path, String text) {
}
