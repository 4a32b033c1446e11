package io.kotangent.plan;

import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import io.kotangent.type.ShapeException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Slices, reversals, pads and concatenations along every axis of a shape × of everything × read by everything, as built,
/// optimized, and in the optimized gradient of it.
public final class EnumeratedCuts implements Enumeration {
  private static final List<Integer> LENGTHS = List.of(33, 40, 79, 130, 300);
  private static final int SHAPES = 8;
  private static final Map<String, Long> SYMBOLS = Map.of("b", 3L);

  private enum Stage {
    BUILT, OPTIMIZED, GRADIENT
  }

  @Override
  public long size() {
    Digits digits = new Digits(0);
    choose(digits);
    return digits.size();
  }

  private record Choice(CutSource source, CutSource other, Cut cut, CutReader reader, int axis,
      Shape shape, DType dtype, Stage stage) {
  }

  private static Choice choose(Digits digits) {
    CutSource source = digits.of(List.of(CutSource.values()));
    CutSource other = digits.of(List.of(CutSource.values()));
    Cut cut = digits.of(List.of(Cut.values()));
    CutReader reader = digits.of(List.of(CutReader.values()));
    int axis = digits.below(2);
    Shape shape = shape(digits.below(SHAPES), digits.of(LENGTHS));
    return new Choice(source, other, cut, reader, axis, shape,
        digits.of(List.of(DType.F64, DType.F32, DType.I32)), digits.of(List.of(Stage.values())));
  }

  private static Shape shape(int form, int length) {
    return switch (form) {
      case 0 -> Shape.of(length);
      case 1 -> Shape.of(3, length);
      case 2 -> Shape.of(length, 3);
      case 3 -> Shape.of(Dim.symbol("b"), Dim.of(length));
      case 4 -> Shape.of(3, 2, length);
      case 5 -> Shape.of(3, length, 3);
      case 6 -> Shape.of(Dim.symbol("b"), Dim.of(8), Dim.of(40));
      case 7 -> Shape.of(1024 + length);
      default -> throw new IllegalArgumentException("shape " + form);
    };
  }

  @Override
  public Optional<Member> member(long number) {
    Choice c = choose(new Digits(number));
    boolean symbolic = !c.shape().dim(0).isConstant();
    // sizes of state are constants
    if (symbolic && c.reader() == CutReader.UPDATE) {
      return Optional.empty();
    }
    try {
      Graph built = build(c);
      Optional<Graph> meant = c.stage() == Stage.GRADIENT ? gradient(c, built) : Optional.of(built);
      return meant.map(graph -> new Member(number, c.cut() + " " + c.reader(), graph,
          c.stage() == Stage.BUILT ? graph
              : Compiler.optimize(graph, CompileOptions.standard()),
          SYMBOLS));
    } catch (ShapeException e) {
      return Optional.empty();
    }
  }

  private static Graph build(Choice c) {
    CutSite site = CutSite.of(c.shape(), c.dtype());
    Node whole = c.source().make(site);
    Node other = c.other().make(site);
    int axis = c.axis() == 0 ? 0 : c.shape().rank() - 1;
    c.reader().read(site, c.cut().of(site.builder(), whole, other, axis), whole);
    return site.builder().graph("cut", site.inputs(), site.results(), site.updates(),
        Optional.empty());
  }

  /// The sum of the first result, with its gradients by all inputs that there are some by.
  private static Optional<Graph> gradient(Choice c, Graph built) {
    GraphBuilder builder = new GraphBuilder();
    Map<Node, Node> copies = builder.copy(built);
    Node result = copies.get(built.results().getFirst().node());
    if (!result.dtype().isFloat() || !built.updates().isEmpty()) {
      return Optional.empty();
    }
    Node loss = builder.sum(result, CutSite.axesBut(result.shape().rank(), -1));
    Graph graph = builder.graph("loss", built.inputs().stream().map(copies::get).toList(),
        List.of(new Graph.Result("loss", loss)));
    List<String> by = new RandomGraph(0, RandomGraphs.Options.LOSS, graph, Map.of(), SYMBOLS)
        .parameters();
    return by.isEmpty() ? Optional.empty()
        : Optional.of(Gradient.gradients(graph, "loss", by));
  }
}
