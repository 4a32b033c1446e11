package io.kotangent.plan.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.LoopInterpreter;
import io.kotangent.loop.Value;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The published known-answer vectors of Philox4x32-10, through the kernels' own code.
@Tag("fast")
class PhiloxNestTest {
  private static Node port(GraphBuilder builder, String name, int length) {
    return builder.input(new Port(name, Role.INPUT, TensorType.of(DType.I32, length), List.of()));
  }

  private static int[] words(int[] counter, int[] key) {
    GraphBuilder builder = new GraphBuilder();
    NestBuilder nest = new NestBuilder();
    ArrayParam counters = nest.read(port(builder, "counter", 4), false);
    ArrayParam keys = nest.read(port(builder, "key", 2), false);
    ArrayParam result = nest.write(port(builder, "result", 4), false);
    List<Value> words = RandomLoops.words(nest, loads(nest, counters, 4), loads(nest, keys, 2));
    for (int i = 0; i < 4; i++) {
      nest.store(result, Value.i32(i), words.get(i));
    }
    int[] made = new int[4];
    new LoopInterpreter(nest.finish().kernel()).run(new Object[] {counter, key, made}, new int[3],
        new int[0]);
    return made;
  }

  private static List<Value> loads(NestBuilder nest, ArrayParam array, int count) {
    return IntStream.range(0, count).mapToObj(i -> nest.load(array, Value.i32(i))).toList();
  }

  @Test
  void givesThePublishedWords() {
    assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
        words(new int[4], new int[2]));
    assertArrayEquals(new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
        words(new int[] {-1, -1, -1, -1}, new int[] {-1, -1}));
    assertArrayEquals(new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
        words(new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
            new int[] {0xa4093822, 0x299f31d0}));
  }
}
