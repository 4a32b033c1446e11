/**
 * What compiled programs and training need while they run: the vocabulary of types, programs and
 * their state, data, the training loop.
 */
module io.kotangent.runtime {
  requires static transitive org.jspecify;

  requires de.siegmar.fastcsv;
  requires static jdk.jfr;
  requires static me.tongfei.progressbar;

  exports io.kotangent.data;
  exports io.kotangent.runtime;
  exports io.kotangent.train;
  exports io.kotangent.type;
}
