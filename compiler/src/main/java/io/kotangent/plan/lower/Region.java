package io.kotangent.plan.lower;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.plan.Place;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPass;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.Step;
import io.kotangent.plan.form.ChunkForm;
import io.kotangent.plan.group.Group;
import io.kotangent.plan.group.Grouping;
import io.kotangent.plan.group.Reading;
import io.kotangent.plan.group.Uses;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.op.LayoutLoops;
import io.kotangent.plan.op.OpNest;
import io.kotangent.plan.rows.ScalarsNest;
import io.kotangent.plan.sum.HolesNest;
import io.kotangent.runtime.ArraySlot.Kind;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Role;
import io.kotangent.type.ShapeException;
import io.kotangent.type.TensorType;
import io.kotangent.type.TupleType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The steps of one graph: of a whole program, of a loop's body, or of one side of a branch.
final class Region {
  /// Elements up to which weights are transposed by each thread for itself.
  private static final int COPIED = 1 << 16;

  private final PlanOptions options;
  private final Storage storage;
  private final Dim iteration;
  private final Graph graph;
  private final Grouping grouping;
  private final Map<Node, Place> places = new IdentityHashMap<>();
  private final Map<Node, List<Place>> tuples = new IdentityHashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<Group> inner = new ArrayList<>();
  private Optional<Place> kept = Optional.empty();
  private final ChunkSteps chunks;
  private final Ways ways;

  /// @param inputs where the graph's inputs are
  /// @param iteration the linear number of the enclosing loops' iteration, for random numbers
  Region(Graph graph, Map<Node, Place> inputs, Storage storage, Dim iteration,
      PlanOptions options) {
    this.graph = graph;
    this.storage = storage;
    this.iteration = iteration;
    this.options = options;
    this.grouping = Grouping.of(new Uses(graph), options);
    this.chunks = new ChunkSteps(this, grouping, storage, options);
    this.ways = new Ways(this, grouping, storage, chunks, options);
    places.putAll(inputs);
  }

  /// The steps that put the graph's results where they are wanted; of a graph without updates.
  List<Step> into(List<Place> targets) {
    Map<Node, Place> taken = new IdentityHashMap<>();
    List<Runnable> copies = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      target(graph.results().get(i).node(), targets.get(i), taken, copies);
    }
    assign(taken);
    emit(false);
    copies.forEach(Runnable::run);
    return steps;
  }

  /// The steps of a program: results, then the updates once the guard holds.
  List<Step> program(Map<Graph.Result, Place> results) {
    Map<Node, Place> taken = new IdentityHashMap<>();
    List<Runnable> early = new ArrayList<>();
    List<Runnable> late = new ArrayList<>();
    results.forEach((result, place) -> target(result.node(), place, taken, early));
    Updates updates = new Updates(graph, grouping, options);
    for (Graph.Update update : graph.updates()) {
      Node base = Reading.base(update.value());
      Place port = places.get(update.port());
      if (!taken.containsKey(base) && updates.isInPlace(update)) {
        taken.put(base, port);
      } else if (base.op() instanceof Op.Input && base != update.port()) {
        Place before =
            storage.workspace(Graph.port(update.port()).name() + "_next", update.value().type());
        early.add(() -> copy(placeOf(update.value()), before, update.value()));
        late.add(() -> copy(before, port, update.value()));
      } else if (base != update.port()) {
        late.add(() -> copy(placeOf(update.value()), port, update.value()));
      }
    }
    keepGuard(early);
    if (options.has(PlanPass.ALIGN_WITH_STATE)) {
      updates.align(taken, storage);
    }
    assign(taken);
    emit(false);
    early.forEach(Runnable::run);
    if (graph.updates().isEmpty()) {
      return steps;
    }
    List<Step> commit = aside(() -> {
      emit(true);
      late.forEach(Runnable::run);
    });
    graph.guard().ifPresentOrElse(
        guard -> steps.add(new Step.When(guardFlag(guard), commit, List.of())),
        () -> steps.addAll(commit));
    return steps;
  }

  Optional<Step.Argument> guard() {
    return graph.guard().map(this::guardFlag);
  }

  private Step.Argument flag(Node scalar) {
    return placeOf(scalar).argument(Dim.ONE);
  }

  private Step.Argument guardFlag(Node guard) {
    return kept.map(place -> place.argument(Dim.ONE)).orElseGet(() -> flag(guard));
  }

  /// A guard that is an updated state is kept as it was: whoever asks afterwards whether the updates were committed must not see the new
  /// one.
  private void keepGuard(List<Runnable> early) {
    graph.guard().filter(guard -> graph.updates().stream()
        .anyMatch(update -> update.port() == Reading.base(guard))).ifPresent(guard -> {
          Place before = storage.workspace("guard", guard.type());
          early.add(() -> copy(placeOf(guard), before, guard));
          kept = Optional.of(before);
        });
  }

  // ---- places

  /// Has a value computed right where it is wanted, or copied there at the end.
  private void target(Node node, Place place, Map<Node, Place> taken, List<Runnable> copies) {
    Node base = Reading.base(node);
    boolean computed = !isTuple(base) && grouping.makerOf(base).isPresent();
    if (computed && !taken.containsKey(base)) {
      taken.put(base, place);
    } else {
      copies.add(() -> copy(placeOf(node), place, node));
    }
  }

  private static boolean isTuple(Node node) {
    return node.valueType() instanceof TupleType;
  }

  private void assign(Map<Node, Place> taken) {
    for (Group group : grouping.groups()) {
      for (Node node : group.outputs()) {
        if (node.valueType() instanceof TupleType(var items)) {
          List<Place> parts = new ArrayList<>();
          for (TensorType item : items) {
            parts.add(storage.workspace(node.op().mnemonic(), item));
          }
          tuples.put(node, parts);
        } else if (grouping.reading().parts().of(node).isEmpty()) {
          Place place = taken.get(node);
          places.put(node, place != null ? place : own(node));
        }
      }
    }
  }

  /// A place for a value. Transposed weights, which all threads read from end to end, each makes for itself.
  private Place own(Node node) {
    boolean scratch = options.has(PlanPass.SHARE_WORK) && node.op() instanceof Op.Transpose
        && node.shape().size().isConstant() && node.shape().size().constant() <= COPIED
        && Reading.base(node.operand(0)).op() instanceof Op.Input(var port)
        && port.role() != Role.INPUT;
    return storage.place(node.op().mnemonic(), node.type(),
        scratch ? Kind.SCRATCH : Kind.WORKSPACE);
  }

  /// A place in the workspace for what is no output of its group.
  void provide(Node node, String name) {
    places.put(node, storage.workspace(name, node.type()));
  }

  Place placeOf(Node node) {
    Node base = Reading.base(node);
    Place place = places.get(base);
    if (place != null) {
      return place;
    }
    return switch (base.op()) {
      case Op.Constant(var value) -> storage.constant(value);
      case Op.Item(var index) -> tuples.get(base.operand(0)).get(index);
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _ ->
          throw new KotangentException("no place for " + base + " in graph " + graph.name());
    };
  }

  /// Which nodes share kernels, in the regions inside this one and then here.
  List<Group> groups() {
    List<Group> groups = new ArrayList<>(inner);
    groups.addAll(grouping.groups());
    return groups;
  }

  private List<Step> inside(Region region, List<Place> targets) {
    List<Step> made = region.into(targets);
    inner.addAll(region.groups());
    return made;
  }

  // ---- steps

  private void emit(boolean commits) {
    for (Group group : grouping.groups()) {
      boolean made = grouping.reading().parts().isMade(group.nodes().getFirst())
          || group.kind() == Group.Kind.ROWS && group.outputs().isEmpty();
      if (group.commits() == commits && !made) {
        chunks.before(group);
        emit(group);
      }
    }
    chunks.join();
  }

  /// What an error says of sizes is said with the lines that they are from.
  private void emit(Group group) {
    try {
      emitKind(group);
    } catch (ArithmeticException | ShapeException e) {
      String origins = PlanPrinter.origins(group.nodes());
      boolean said = group.kind() == Group.Kind.CONTROL && e instanceof ShapeException;
      throw said ? e : new ShapeException(graph.name() + ": a size or place of " + group.stepName()
          + (origins.isEmpty() ? "" : ", which computes what was written at " + origins + ",")
          + " is too large: " + e.getMessage());
    }
  }

  private void emitKind(Group group) {
    switch (group.kind()) {
      case ROWS -> ways.rows(group);
      case CONTRACTION -> ways.contraction(group);
      case COLUMNS -> ways.columns(group);
      case SCALARS -> ways.run(group, ScalarsNest.of(group, grouping, chunks.checks(group)));
      case SINGLE -> single(group.nodes().getFirst());
      case CONTROL -> {
        Node node = group.nodes().getFirst();
        if (!tuples.containsKey(node)) {
          return;
        }
        switch (node.op()) {
          case Op.Loop loop -> loop(node, loop);
          case Op.Branch(var then, var otherwise) -> branch(node, then, otherwise);
          case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Call _, Op.Item _ ->
              throw new KotangentException("not a control operation: " + node);
        }
      }
    }
  }

  void add(Step step) {
    steps.add(step);
  }

  /// The steps that `emit` would add.
  List<Step> aside(Runnable emit) {
    int start = steps.size();
    emit.run();
    List<Step> tail = steps.subList(start, steps.size());
    List<Step> added = List.copyOf(tail);
    tail.clear();
    return added;
  }

  private void single(Node node) {
    Optional<ChunkForm> chunked = grouping.chunked(node);
    if (chunked.isPresent()) {
      chunks.add(node, chunked.get());
      return;
    }
    Optional<Nest> holes = options.has(PlanPass.ROW_CONTRACTIONS)
        ? HolesNest.of(node, options.target().rowTile()) : Optional.empty();
    String name = node.op().mnemonic().replace('.', '_');
    for (Nest nest : holes.map(List::of).orElseGet(() -> OpNest.all(node, iteration))) {
      ways.choose(storage.mayChoose(1) ? LayoutLoops.blocks(node, options) : Optional.empty(), nest,
          each -> step(name, each, argumentsOf(each), List.of(node)));
    }
  }

  List<Step.Argument> argumentsOf(Nest nest) {
    List<Step.Argument> held = new ArrayList<>();
    for (Nest.Held value : nest.values()) {
      if (chunks.totals(value).isPresent()) {
        held.add(chunks.totals(value).get());
      } else if (value.node().valueType() instanceof TupleType(var items)) {
        held.add(tuples.get(value.node()).get(value.item())
            .argument(items.get(value.item()).shape().size()));
      } else {
        held.add(placeOf(value.node()).argument(value.node().shape().size()));
      }
    }
    return held;
  }

  /// Adds a step; scratch arrays get buffers of their own.
  void step(String name, Nest nest, List<Step.Argument> arrays, List<Node> nodes) {
    Kernel kernel = nest.kernel();
    List<Step.Argument> arguments = new ArrayList<>();
    int next = 0;
    int scratch = 0;
    for (ArrayParam array : kernel.arrays()) {
      if (array.access().isScratch()) {
        Dim length = nest.dimOf(kernel.scratch().get(scratch));
        arguments.add(new Step.Argument(
            storage.buffer("scratch" + scratch++, array.dtype(), length,
                array.access() == ArrayParam.Access.ALIGNED ? Kind.ALIGNED : Kind.SCRATCH),
            Dim.ZERO));
      } else {
        Step.Argument argument = arrays.get(next++);
        arguments.add(array.whole() ? new Step.Argument(argument.buffer(), Dim.ZERO) : argument);
      }
    }
    nest.ints().forEach(Region::checkInt);
    arguments.forEach(argument -> checkInt(argument.offset()));
    Step.Share share = nest.parts().<Step.Share>map(parts -> parts).orElse(Step.Share.One.FIRST);
    steps.add(new Step.Run(name, kernel, arguments, nest.ints(), nodes, share));
  }

  private static void checkInt(Dim size) {
    if (size.isConstant() && size.constant() != (int) size.constant()) {
      throw new ShapeException(size + " is no int");
    }
  }

  private void copy(Place from, Place to, Node node) {
    Dim size = node.shape().size();
    step("copy", LayoutLoops.copy(node), List.of(from.argument(size), to.argument(size)),
        List.of(node));
  }

  // ---- control

  private void loop(Node node, Op.Loop loop) {
    String counter = storage.counter();
    Dim at = Dim.symbol(counter);
    List<Place> parts = tuples.get(node);
    Map<Node, Place> inputs = new IdentityHashMap<>();
    for (int i = 0; i < node.operands().size(); i++) {
      Node input = loop.body().inputs().get(i);
      Place operand = placeOf(node.operand(i));
      if (i < loop.carried()) {
        copy(operand, parts.get(i), node.operand(i));
        inputs.put(input, parts.get(i));
      } else {
        boolean sliced = i < loop.carried() + loop.sliced();
        inputs.put(input, sliced ? operand.plus(at.times(input.shape().size())) : operand);
      }
    }
    List<Place> targets = new ArrayList<>();
    for (int i = 0; i < loop.body().results().size(); i++) {
      Node result = loop.body().results().get(i).node();
      targets.add(i < loop.carried() ? storage.workspace("next", result.type())
          : parts.get(i).plus(at.times(result.shape().size())));
    }
    Dim within = iteration.times(loop.count()).plus(at);
    List<Step> body =
        new ArrayList<>(inside(new Region(loop.body(), inputs, storage, within, options), targets));
    List<Step> outside = List.copyOf(steps);
    steps.clear();
    for (int i = 0; i < loop.carried(); i++) {
      copy(targets.get(i), parts.get(i), loop.body().results().get(i).node());
    }
    body.addAll(steps);
    steps.clear();
    steps.addAll(outside);
    steps.add(new Step.Repeat(counter, loop.count(), loop.reverse(), body));
  }

  private void branch(Node node, Graph then, Graph otherwise) {
    List<List<Step>> sides = new ArrayList<>();
    for (Graph side : List.of(then, otherwise)) {
      Map<Node, Place> inputs = new IdentityHashMap<>();
      for (int i = 0; i < side.inputs().size(); i++) {
        inputs.put(side.inputs().get(i), placeOf(node.operand(i + 1)));
      }
      sides.add(List.copyOf(inside(new Region(side, inputs, storage, iteration, options),
          tuples.get(node))));
    }
    steps.add(new Step.When(flag(node.operand(0)), sides.get(0), sides.get(1)));
  }
}
