package io.kotangent.ir;

/// Where a node came from: the user's source line and the name scope. Not part of a node's identity.
///
/// @param scope the name scopes, outermost first, joined by `/`; may be empty
/// @param place `Model.java:42`; empty when unknown
public record Origin(String scope, String place) {
  public static final Origin UNKNOWN = new Origin("", "");

  @Override
  public String toString() {
    return scope.isEmpty() ? place : place.isEmpty() ? scope : scope + " " + place;
  }
}
