package io.kotangent.bytecode.warm;

/// Calls of one kernel, as a program would call it: with a little to do, or with nothing.
interface Sample {
  /// Calls it with a little more than one grain of work: C2 leaves out what was never run, such as what whole passes leave.
  void odd();

  /// Calls it with one grain of work, and says how many nanoseconds that took.
  long timed();

  /// Calls it with nothing to do; where its SIMD code would not be called then, with a little.
  void none();

  /// Nanoseconds that the little work takes in compiled code, generously.
  long expected();

  /// How many times the little work is the whole.
  double whole();
}
