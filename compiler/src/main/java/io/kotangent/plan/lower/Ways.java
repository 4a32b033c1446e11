package io.kotangent.plan.lower;

import io.kotangent.ir.Node;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.Step;
import io.kotangent.plan.form.RowForm;
import io.kotangent.plan.form.TileShape;
import io.kotangent.plan.group.Group;
import io.kotangent.plan.group.Grouping;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.rows.ColumnsNest;
import io.kotangent.plan.rows.LanesNest;
import io.kotangent.plan.rows.RowsNest;
import io.kotangent.plan.sum.ContractionNest;
import io.kotangent.plan.sum.RowChunks;
import io.kotangent.plan.sum.RowBlocks;
import io.kotangent.plan.sum.TileNest;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The steps of groups that there may be several ways to run: plain loops, and beside them, where that may pay, SIMD code or aligned
/// memory, in the order of preference. Which one is taken is chosen before each run.
final class Ways {
  private final Region region;
  private final Grouping grouping;
  private final Storage storage;
  private final ChunkSteps chunks;
  private final PlanOptions options;

  Ways(Region region, Grouping grouping, Storage storage, ChunkSteps chunks,
      PlanOptions options) {
    this.region = region;
    this.grouping = grouping;
    this.storage = storage;
    this.chunks = chunks;
    this.options = options;
  }

  void run(Group group, Nest nest) {
    if (group.outputs().isEmpty()) {
      return;
    }
    region.step(group.stepName(), nest, region.argumentsOf(nest), group.nodes());
  }

  /// Plain loops, and beside them, where these are cut into many, SIMD code.
  void rows(Group group) {
    Nest plain = RowsNest.of(group, grouping, region::placeOf);
    boolean simd = options.vectorBits() > 0 && mayChoose(group, 1)
        && LanesNest.pays(group, options.leastWork());
    choose(simd ? LanesNest.of(group, grouping) : Optional.empty(), plain,
        nest -> run(group, nest));
  }

  /// Rows with the epilogue fused, and beside them, where it may pay, SIMD code and the epilogue as a kernel of its own.
  void columns(Group group) {
    Runnable plain = () -> run(group, ColumnsNest.of(group, grouping));
    Node head = group.nodes().getFirst();
    if (options.vectorBits() == 0 || !mayChoose(group, 1)
        || !ColumnsNest.pays(head, options.leastWork())) {
      plain.run();
      return;
    }
    provideSums(group);
    region.add(new Step.When(storage.choice(), region.aside(() -> {
      Nest sums = ColumnsNest.lanes(head);
      region.step("sums", sums, region.argumentsOf(sums), List.of(head));
      epilogue(group);
    }), region.aside(plain)));
  }

  /// A place for the sums of a group, if its epilogue is a kernel of its own.
  private void provideSums(Group group) {
    Node head = group.nodes().getFirst();
    if (!group.outputs().contains(head)) {
      region.provide(head, "sums");
    }
  }

  private void epilogue(Group group) {
    group.epilogue().ifPresent(rest -> run(rest, LanesNest.of(rest, grouping)
        .orElseGet(() -> RowsNest.of(rest, grouping, region::placeOf))));
  }

  private boolean mayChoose(Group group, int choices) {
    return storage.mayChoose(choices) && !group.outputs().isEmpty();
  }

  void choose(Optional<Nest> simd, Nest plain, Consumer<Nest> add) {
    if (simd.isEmpty()) {
      add.accept(plain);
    } else {
      region.add(new Step.When(storage.choice(), region.aside(() -> add.accept(simd.get())),
          region.aside(() -> add.accept(plain))));
    }
  }

  /// Rows with the epilogue fused, and beside them, where it may pay, register tiles and the epilogue as a kernel of its own, or
  /// rows in aligned memory.
  void contraction(Group group) {
    Node head = group.nodes().getFirst();
    RowForm form = RowForm.of(head).orElseThrow();
    int rowTile = options.target().rowTile();
    boolean much = TileShape.pays(form, options.leastWork());
    boolean vectors = much && options.vectorBits() > 0;
    List<Integer> heights =
        vectors ? TileShape.of(form, options.vectorBits()).heights(form) : List.of();
    boolean choose = much && mayChoose(group, Math.max(1, heights.size()));
    if (!vectors || !choose) {
      choose(choose && !vectors && options.aligned()
          ? ContractionNest.aligned(group, grouping) : Optional.empty(),
          ContractionNest.of(group, grouping,
              much ? RowBlocks.large(rowTile) : RowBlocks.small(rowTile)),
          nest -> run(group, nest));
      return;
    }
    provideSums(group);
    TileShape shape = TileShape.of(form, options.vectorBits());
    List<Step> slower = region.aside(() -> run(group,
        ContractionNest.of(group, grouping, RowBlocks.small(rowTile))));
    for (int height : heights.reversed()) {
      List<Step> simd = region.aside(() -> tiles(group, form, shape, height));
      slower = List.of(new Step.When(storage.choice(), simd, slower));
    }
    slower.forEach(region::add);
  }

  private void tiles(Group group, RowForm form, TileShape shape, int height) {
    RowChunks.of(form, shape, height).ifPresentOrElse(sums -> chunks.addNow(form.node(), sums),
        () -> {
          Nest tiles = TileNest.of(form, shape, height);
          region.step("tiles", tiles, region.argumentsOf(tiles), group.nodes().subList(0, 1));
        });
    epilogue(group);
  }
}
