package io.kotangent.alone;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Where each parameter and state lies, read from the table that was emitted with the network. */
final class Layout {
  /** One of them. */
  static final class Place {
    final String name;
    final char type;
    final String shape;
    final int group;
    final int offset;
    final int length;
    /** Prediction may need it. */
    final boolean weight;
    /** Where the updates keep it finite; nothing is said of it if the first is greater. */
    final double finiteFrom;
    final double finiteTo;
    /** Where it has to be; anywhere if the first is greater. */
    final long low;
    final long high;

    Place(String... words) {
      name = words[0];
      type = words[1].charAt(0);
      shape = words[2];
      group = Integer.parseInt(words[3]);
      offset = Integer.parseInt(words[4]);
      length = Integer.parseInt(words[5]);
      weight = words[6].equals("weight");
      finiteFrom = Double.longBitsToDouble(Long.parseLong(words[7]));
      finiteTo = Double.longBitsToDouble(Long.parseLong(words[8]));
      low = Long.parseLong(words[9]);
      high = Long.parseLong(words[10]);
    }

    String describe() {
      return "'" + name + "' of type " + Elements.name(type) + " and shape [" + shape + "]";
    }
  }

  private static final int COLUMNS = 11;

  final Place[] places;
  final int groups;
  private final Map<String, Place> byName = new HashMap<>();

  /** @param table a line for each, its words between tabs */
  Layout(String... table) {
    String[] words = String.join("", table).split("[\t\n]", -1);
    places = new Place[words.length / COLUMNS];
    int last = -1;
    for (int i = 0; i < places.length; i++) {
      places[i] = new Place(Arrays.copyOfRange(words, i * COLUMNS, (i + 1) * COLUMNS));
      byName.put(places[i].name, places[i]);
      last = Math.max(last, places[i].group);
    }
    groups = last + 1;
  }

  Place place(String name) {
    Place place = byName.get(name);
    if (place == null) {
      throw new IllegalArgumentException(
          "no parameter or state '" + name + "': expected one of " + byName.keySet());
    }
    return place;
  }

  Object[] zeros() {
    int[] lengths = new int[groups];
    char[] types = new char[groups];
    for (Place place : places) {
      lengths[place.group] = Math.max(lengths[place.group], place.offset + place.length);
      types[place.group] = place.type;
    }
    Object[] arrays = new Object[groups];
    for (int i = 0; i < groups; i++) {
      arrays[i] = Elements.make(types[i], lengths[i], "state");
    }
    return arrays;
  }
}
