package io.kotangent.bytecode.emit;

import io.kotangent.plan.Plan;
import io.kotangent.plan.SimdWay;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.runtime.Signature;
import io.kotangent.runtime.StateLayout;
import io.kotangent.type.DType;
import io.kotangent.type.Fact;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/// What a program that is compiled ahead of time says of itself: the text that `io.kotangent.alone.Slots` reads.
///
/// @param text a line for each size, input, result and array
/// @param data the elements of its constants, one after the other, little-endian, in base 64
public record SlotTable(String text, String data) {
  /// @param entry the name of the method
  /// @param finite the states that it must leave finite
  /// @param layout of the state that all programs of the network share
  public static SlotTable of(Plan plan, String entry, Set<String> finite, StateLayout layout) {
    Signature signature = plan.signature();
    StringBuilder text = new StringBuilder("entry " + entry
        + (signature.updates() ? " updates" : " reads") + "\n");
    for (String symbol : signature.symbols()) {
      text.append("size ").append(symbol).append('\n');
    }
    for (int i = 0; i < layout.places().size(); i++) {
      if (finite.contains(layout.places().get(i).port().name())) {
        text.append("finite ").append(i).append('\n');
      }
    }
    for (Port input : signature.inputs()) {
      Fact.Range range = input.range().orElse(new Fact.Range(0, 0));
      text.append("in ").append(word(input.name())).append(' ')
          .append(letter(input.type().dtype())).append(' ')
          .append(input.range().isPresent() ? range.low() : 1).append(' ')
          .append(range.high()).append('\n');
    }
    for (Signature.Result result : signature.results()) {
      text.append("out ").append(word(result.name())).append(' ')
          .append(letter(result.type().dtype())).append('\n');
    }
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    int constants = 0;
    int ways = SimdWay.of(plan.steps()).stream().mapToInt(SimdWay::flag).max().orElse(-1) + 1;
    for (ArraySlot slot : signature.arrays()) {
      int index = index(slot, signature, layout, ways);
      if (slot.kind() == ArraySlot.Kind.CONSTANT) {
        Object constant = signature.constants().get(constants++);
        index = Array.getLength(constant);
        data.writeBytes(littleEndian(constant, slot.dtype()));
      }
      text.append("array ").append(kind(slot)).append(' ').append(letter(slot.dtype()))
          .append(' ').append(index).append('\n');
    }
    return new SlotTable(text.toString(), Base64.getEncoder().encodeToString(data.toByteArray()));
  }

  /// Names for messages, without spaces.
  private static String word(String name) {
    return name.replaceAll("\\s", "_");
  }

  private static int index(ArraySlot slot, Signature signature, StateLayout layout, int ways) {
    return switch (slot.kind()) {
      case INPUT -> signature.inputs().stream().map(Port::name).toList().indexOf(slot.name());
      case RESULT ->
          signature.results().stream().map(Signature.Result::name).toList().indexOf(slot.name());
      case STATE ->
          layout.groups().stream().map(StateLayout.Group::name).toList().indexOf(slot.name());
      case CHOICES -> ways;
      case CONSTANT, WORKSPACE, SCRATCH, ALIGNED -> 0;
    };
  }

  private static char kind(ArraySlot slot) {
    return switch (slot.kind()) {
      case INPUT -> 'i';
      case STATE -> 's';
      case RESULT -> 'r';
      case CONSTANT -> 'c';
      case WORKSPACE -> 'w';
      case SCRATCH -> 'x';
      case CHOICES -> 'v';
      case ALIGNED ->
          throw new KotangentException("a plan for any JVM has no " + slot.kind() + " arrays");
    };
  }

  /// Whether a workspace makes it.
  public static boolean isOwn(ArraySlot.Kind kind) {
    return kind == ArraySlot.Kind.WORKSPACE || kind == ArraySlot.Kind.SCRATCH;
  }

  /// As `io.kotangent.alone.Elements` calls them.
  public static char letter(DType dtype) {
    return switch (dtype) {
      case F32 -> 'f';
      case F64 -> 'd';
      case I32 -> 'i';
      case I64 -> 'l';
      case BOOL -> 'b';
    };
  }

  private static byte[] littleEndian(Object array, DType dtype) {
    int length = Array.getLength(array);
    int width = dtype == DType.BOOL ? 1 : dtype.bytes();
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(length, width)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < length; i++) {
      switch (dtype) {
        case F32 -> bytes.putInt(Float.floatToRawIntBits(((float[]) array)[i]));
        case F64 -> bytes.putLong(Double.doubleToRawLongBits(((double[]) array)[i]));
        case I32 -> bytes.putInt(((int[]) array)[i]);
        case I64 -> bytes.putLong(((long[]) array)[i]);
        case BOOL -> bytes.put((byte) (((boolean[]) array)[i] ? 1 : 0));
      }
    }
    return bytes.array();
  }

  /// The lines of `io.kotangent.alone.Layout`.
  public static String ofState(StateLayout layout, List<String> weights) {
    StringBuilder text = new StringBuilder();
    List<String> groups = layout.groups().stream().map(StateLayout.Group::name).toList();
    for (StateLayout.Place place : layout.places()) {
      Port port = place.port();
      double[] finite = finite(port);
      long low = port.range().map(Fact.Range::low).orElse(1L);
      long high = port.range().map(Fact.Range::high).orElse(0L);
      String shape = String.join(",",
          port.type().shape().dims().stream().map(Object::toString).toList());
      String line = String.join("\t", port.name(), String.valueOf(letter(port.type().dtype())),
          shape, String.valueOf(groups.indexOf(place.group())), String.valueOf(place.offset()),
          String.valueOf(place.length()), weights.contains(port.name()) ? "weight" : "state",
          String.valueOf(Double.doubleToRawLongBits(finite[0])),
          String.valueOf(Double.doubleToRawLongBits(finite[1])), String.valueOf(low),
          String.valueOf(high));
      text.append(line).append('\n');
    }
    return text.toString();
  }

  /// Where the guard of a step keeps it finite; an empty range if it says nothing.
  private static double[] finite(Port port) {
    if (port.finite().isEmpty()) {
      return new double[] {1, 0};
    }
    double high = Math.nextDown(Math.scalb(1.0, port.finite().get().exponent()));
    return new double[] {port.finite().get().negative() ? -high : 0, high};
  }
}
