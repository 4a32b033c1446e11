package io.kotangent.rewrite;

/// What a rewrite or a pass is called in texts: where it is skipped and counted.
public final class PartName {
  private PartName() {
  }

  /// `MergeTransposes` as `merge-transposes`.
  public static String of(Class<?> part) {
    String camelCase = part.getSimpleName();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < camelCase.length(); i++) {
      char c = camelCase.charAt(i);
      if (Character.isUpperCase(c)) {
        text.append(i == 0 ? "" : "-").append(Character.toLowerCase(c));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
