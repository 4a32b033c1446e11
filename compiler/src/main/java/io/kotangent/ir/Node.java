package io.kotangent.ir;

import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import io.kotangent.type.Type;
import java.util.HashMap;
import java.util.List;

/// One computation: an op applied to operands. Compared by identity; made only by [GraphBuilder], which makes
/// equal computations the same object.
public final class Node {
  private final int id;
  private final Op op;
  private final List<Node> operands;
  private final Type type;
  private final Origin origin;

  Node(int id, Op op, List<Node> operands, Type type, Origin origin) {
    this.id = id;
    this.op = op;
    this.operands = operands;
    this.type = type;
    this.origin = origin;
  }

  /// Whether it applies that function, lane by lane.
  public boolean applies(ScalarFn fn) {
    return op instanceof Op.Map map && map.fn() == fn;
  }

  /// The number of nodes that its builder made before it; operands have smaller ones.
  public int id() {
    return id;
  }

  public Op op() {
    return op;
  }

  public List<Node> operands() {
    return operands;
  }

  public Node operand(int index) {
    return operands.get(index);
  }

  /// The type, whatever it is; most nodes are tensors and are asked for [#type()].
  public Type valueType() {
    return type;
  }

  /// The type of a tensor.
  public TensorType type() {
    if (type instanceof TensorType tensor) {
      return tensor;
    }
    throw new KotangentException(
        op.mnemonic() + " is a tuple " + type + ": take one of its items (" + origin + ")");
  }

  public DType dtype() {
    return type().dtype();
  }

  public Shape shape() {
    return type().shape();
  }

  public Origin origin() {
    return origin;
  }

  /// The scope of a call whose body draws random bits: it names their streams, so calls at two scopes are two computations.
  /// Empty for all else.
  String stream() {
    return stream(op, origin);
  }

  static String stream(Op op, Origin origin) {
    return op instanceof Op.Call call && call.bodies().stream().anyMatch(Graph::draws)
        ? origin.scope() : "";
  }

  /// As a line of a text of graphs, but numbered as its builder did: `%7 = slice[starts=1, limits=n] x : f32[n-1]  ; Model.java:5`.
  /// An input's is its port's.
  @Override
  public String toString() {
    if (op instanceof Op.Input(var port)) {
      return port.toString();
    }
    StringBuilder text = new StringBuilder("%" + id + " = ").append(
        new OpPrinter(body -> "@" + body.name(), LiteralText.LONGEST, new HashMap<>())
            .print(this));
    for (int i = 0; i < operands.size(); i++) {
      text.append(i == 0 ? " " : ", ").append(operand(i).name());
    }
    text.append(" : ").append(type);
    return origin.equals(Origin.UNKNOWN) ? text.toString()
        : text.append("  ; ").append(origin).toString();
  }

  /// How other nodes' lines refer to it.
  String name() {
    return op instanceof Op.Input(var port) ? NameText.print(port.name()) : "%" + id;
  }
}
