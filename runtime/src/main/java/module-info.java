/**
 * What compiled programs and training need while they run: the vocabulary of types, programs and
 * their state, data, the training loop.
 */
module io.kotangent.runtime {
  requires static transitive org.jspecify;

  exports io.kotangent.runtime;
  exports io.kotangent.type;
}
