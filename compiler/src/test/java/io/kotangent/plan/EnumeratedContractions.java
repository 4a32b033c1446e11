package io.kotangent.plan;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Contractions: which labels there are × every order of them in both operands and the result × which of them is long ×
/// every epilogue × every set of axes that its operand has × types.
public final class EnumeratedContractions implements Enumeration {
  private static final int ORDERS = 24;
  /// `b` is a batch label, `k` and `l` are summed, `m`, `a` free in the left operand, `n`, `c` in the right one.
  private static final List<String> LABELS = List.of("mk,kn->mn", "k,kn->n", "mk,k->m", "k,k->",
      "m,n->mn", "bmk,bkn->bmn", "bk,bkn->bn", "bmk,bk->bm", "bk,bk->b", "bm,bn->bmn",
      "mkl,kln->mn", "mkl,kl->m", "amk,kn->amn", "mk,kcn->mcn", "amk,kcn->amcn", "bmkl,bkln->bmn",
      "bamk,bkn->bamn", "bmk,bkcn->bmcn");
  private static final List<Integer> LENGTHS = List.of(32, 33, 40, 64, 130, 300, 600);

  @Override
  public long size() {
    Digits digits = new Digits(0);
    choose(digits);
    return digits.size();
  }

  private record Choice(String labels, String left, String right, String result, int longest,
      int length, int second, boolean symbolic, Epilogues epilogue, int axes, DType dtype) {
  }

  private static Choice choose(Digits digits) {
    String labels = digits.of(LABELS);
    int comma = labels.indexOf(',');
    int arrow = labels.indexOf("->");
    return new Choice(labels,
        Enumeration.permutation(labels.substring(0, comma), digits.below(ORDERS)),
        Enumeration.permutation(labels.substring(comma + 1, arrow), digits.below(ORDERS)),
        Enumeration.permutation(labels.substring(arrow + 2), digits.below(ORDERS)),
        digits.below(4), digits.of(LENGTHS), digits.below(4), digits.below(2) == 1,
        digits.of(List.of(Epilogues.values())), digits.below(Epilogues.SUBSETS),
        digits.of(List.of(DType.F64, DType.F32)));
  }

  @Override
  public Optional<Member> member(long number) {
    Choice c = choose(new Digits(number));
    GraphBuilder builder = new GraphBuilder();
    Node left = input(builder, "x", c, c.left());
    Node right = input(builder, "w", c, c.right());
    Node sum = builder.contract(c.left() + "," + c.right() + "->" + c.result(), left, right);
    List<Node> inputs = new ArrayList<>(List.of(left, right));
    List<Graph.Result> results = c.epilogue().of(builder, sum, c.axes(), inputs);
    Graph graph = builder.graph("contraction", inputs, results);
    return Optional.of(new Member(number, c.labels() + " " + c.epilogue(), graph, graph,
        Map.of("b", (long) size(c, c.labels().charAt(0)))));
  }

  /// One label is long, another (or the same) has some dozen elements, all others have two or three.
  private static int size(Choice c, char label) {
    String all = "mnkb";
    return all.indexOf(label) == c.longest() ? c.length()
        : all.indexOf(label) == c.second() ? 9 : label == 'k' ? 3 : 2;
  }

  private static Dim dim(Choice c, char label) {
    return c.symbolic() && label == c.labels().charAt(0) ? Dim.symbol("b")
        : Dim.of(size(c, label));
  }

  private static Node input(GraphBuilder builder, String name, Choice c, String labels) {
    List<Dim> dims = labels.chars().mapToObj(label -> dim(c, (char) label)).toList();
    return builder.input(new Port(name, Role.INPUT, new TensorType(c.dtype(), new Shape(dims))));
  }
}
