package io.kotangent.rewrite;

/// How classes of rewrites and passes are called in texts.
public final class Names {
  private Names() {
  }

  /// `MergeTransposes` as `merge-transposes`.
  public static String dashed(String camelCase) {
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
