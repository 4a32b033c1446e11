package io.kotangent.bytecode.emit;

/// A class file.
///
/// @param methods how many methods it has
/// @param largestMethod the bytes of bytecode of the largest
public record EmittedClass(String name, byte[] bytes, int methods, int largestMethod) {
}
