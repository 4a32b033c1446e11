/// From graph to gradient to plan to bytecode. Rewrites, the loop IR and plans (`rewrite`, `loop`, `plan`) are the compiler's own;
/// `docs/api.md` says what is stable in the rest.
module io.kotangent.compiler {
  requires transitive io.kotangent.runtime;
  requires java.compiler;
  requires java.management;
  requires static jdk.jfr;
  requires static jdk.management;
  requires static jdk.incubator.vector;
  requires static transitive org.jspecify;
  requires org.objectweb.asm;
  requires org.objectweb.asm.commons;

  uses io.kotangent.bytecode.load.ClassInspector;

  exports io.kotangent.aot;
  exports io.kotangent.assertions;
  exports io.kotangent.autodiff;
  exports io.kotangent.bytecode;
  exports io.kotangent.eval;
  exports io.kotangent.formula;
  exports io.kotangent.explain;
  exports io.kotangent.ir;
  exports io.kotangent.pass;
  exports io.kotangent.text;
  exports io.kotangent.vmap;
}
