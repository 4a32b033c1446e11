/// From graph to gradient to plan to bytecode.
module io.kotangent.compiler {
  requires transitive io.kotangent.runtime;
  requires static jdk.incubator.vector;
  requires static transitive org.jspecify;
  requires org.objectweb.asm;

  uses io.kotangent.bytecode.load.ClassInspector;

  exports io.kotangent.autodiff;
  exports io.kotangent.bytecode;
  exports io.kotangent.eval;
  exports io.kotangent.ir;
  exports io.kotangent.loop;
  exports io.kotangent.pass;
  exports io.kotangent.plan;
  exports io.kotangent.rewrite;
  exports io.kotangent.text;
}
