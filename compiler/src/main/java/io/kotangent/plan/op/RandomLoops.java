package io.kotangent.plan.op;

import io.kotangent.ir.Basic;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Value;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.nest.Work;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/// Random bits by Philox4x32-10, four words at a time, all 32-bit words as `i32`.
///
/// The key of a draw is made of stream, step and seed; the counter of a block of four words is the block's number
/// within its example, the iteration of the enclosing loops, and the example.
final class RandomLoops {
  private static final int ROUNDS = 10;
  private static final long FIRST_MULTIPLIER = 0xD2511F53L;
  private static final long SECOND_MULTIPLIER = 0xCD9E8D57L;
  private static final int FIRST_WEYL = 0x9E3779B9;
  private static final int SECOND_WEYL = 0xBB67AE85;
  private static final int WORDS = 4;

  private final NestBuilder nest;

  private RandomLoops(NestBuilder nest) {
    this.nest = nest;
  }

  /// The four words that Philox makes of a counter of four words under a key of two.
  static List<Value> words(NestBuilder nest, List<Value> counter, List<Value> key) {
    RandomLoops loops = new RandomLoops(nest);
    return loops.words(counter, loops.schedule(key));
  }

  static Nest of(Node node, Op.Random op, Dim iteration) {
    NestBuilder nest = new NestBuilder();
    RandomLoops loops = new RandomLoops(nest);
    ArrayParam target = nest.write(node, false);
    long stream = stream(op.stream());
    int word = (int) stream;
    Value seed = nest.load(nest.read(node.operand(0), false), Value.i32(0));
    Value step = nest.load(nest.read(node.operand(1), false), Value.i32(0));
    List<Value> streamAndStep =
        List.of(nest.parameter(Dim.of(word)), nest.parameter(Dim.of(stream >> 32)),
            loops.low(step), loops.high(step));
    List<Value> key =
        loops.words(streamAndStep, loops.schedule(List.of(loops.low(seed), loops.high(seed))));
    List<List<Value>> keys = loops.schedule(key.subList(0, 2));
    Value loop = nest.dim(iteration);
    Dim length = op.perExample()
        ? new Shape(op.shape().dims().subList(1, op.shape().rank())).size() : op.shape().size();
    if (!op.perExample()) {
      loops.example(target, keys, loop, List.of(Value.i32(0), Value.i32(0)), Value.i32(0), length);
      return nest.finish();
    }
    NestBuilder.Span part =
        nest.parallel(Dim.ZERO, op.shape().dim(0), 1, length.times(2 * Work.ELEMENT));
    nest.loop("i", part.from(), part.to(), 1, false, i -> {
      List<Value> example = List.of(i, Value.i32(0));
      if (node.operands().size() > 2) {
        Value index = nest.load(nest.read(node.operand(2), false), i);
        example = List.of(loops.low(index), loops.high(index));
      }
      loops.example(target, keys, loop, example, nest.times(i, nest.dim(length)), length);
    });
    return nest.finish();
  }

  /// Fills the `length` elements of an example from `base` on.
  private void example(ArrayParam target, List<List<Value>> keys, Value iteration,
      List<Value> example, Value base,
      Dim length) {
    Value end = nest.dim(length);
    boolean whole = length.isConstant() && length.constant() % WORDS == 0;
    nest.loop("b", Value.i32(0), nest.dim(length.ceilDiv(Dim.of(WORDS))), 1, false, b -> {
      List<Value> words = words(List.of(b, iteration, example.get(0), example.get(1)), keys);
      Value first = nest.times(b, Value.i32(WORDS));
      for (int w = 0; w < WORDS; w++) {
        Value word = words.get(w);
        Value place = nest.plus(first, Value.i32(w));
        if (whole || w == 0) {
          nest.store(target, nest.plus(base, place), word);
        } else {
          nest.when(Value.apply(Basic.LT, place, end),
              () -> nest.store(target, nest.plus(base, place), word), () -> {
              });
        }
      }
    });
  }

  /// The first 8 bytes, little-endian, of the SHA-256 of a scope path.
  static long stream(String path) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).order(ByteOrder.LITTLE_ENDIAN).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new KotangentException("this Java has no SHA-256, which names random streams", e);
    }
  }

  private Value low(Value word) {
    return nest.cast(word, DType.I32);
  }

  private Value high(Value word) {
    return nest.cast(nest.let(Value.apply(Basic.USHR, word, i64(32))), DType.I32);
  }

  private static Value i64(long value) {
    return new Value.Const(DType.I64, value);
  }

  /// The two key words of each round.
  private List<List<Value>> schedule(List<Value> key) {
    List<List<Value>> rounds = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      rounds.add(List.of(nest.plus(key.get(0), Value.i32(round * FIRST_WEYL)),
          nest.plus(key.get(1), Value.i32(round * SECOND_WEYL))));
    }
    return rounds;
  }

  private List<Value> words(List<Value> counter, List<List<Value>> keys) {
    Value a = counter.get(0);
    Value b = counter.get(1);
    Value c = counter.get(2);
    Value d = counter.get(3);
    for (List<Value> key : keys) {
      Value first = product(a, FIRST_MULTIPLIER);
      Value second = product(c, SECOND_MULTIPLIER);
      a = xor(xor(high(second), b), key.get(0));
      b = low(second);
      c = xor(xor(high(first), d), key.get(1));
      d = low(first);
    }
    return List.of(a, b, c, d);
  }

  /// The 64 bits of a product of words without sign.
  private Value product(Value word, long multiplier) {
    Value wide = nest.let(Value.apply(Basic.AND, nest.cast(word, DType.I64), i64(0xFFFFFFFFL)));
    return nest.let(Value.apply(Basic.MUL, wide, i64(multiplier)));
  }

  private Value xor(Value a, Value b) {
    return nest.let(Value.apply(Basic.XOR, a, b));
  }
}
