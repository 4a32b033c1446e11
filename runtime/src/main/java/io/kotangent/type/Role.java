package io.kotangent.type;

import java.util.Locale;

/** What a port is for. */
public enum Role {
  /** Fed anew for every call. */
  INPUT,
  /** Read from the state, never replaced. */
  PARAM,
  /** Read from the state and replaced by the graph's update of it. */
  STATE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
