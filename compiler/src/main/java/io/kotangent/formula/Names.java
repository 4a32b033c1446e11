package io.kotangent.formula;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How names of inputs and values look in formulas: Greek letters by their names, numbers at the end as subscripts.
final class Names {
  private static final Map<String, String> GREEK = new LinkedHashMap<>();
  private static final Pattern NUMBERED = Pattern.compile("(.*?[^0-9_])_?([0-9]+)");
  private static final Pattern SUBSCRIPTED = Pattern.compile("([^_]+)_(.+)");

  static {
    String letters = "αβγδεζηθικλμνξοπρστυφχψω";
    String[] names =
        ("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau"
            + " upsilon phi chi psi omega").split(" ");
    for (int i = 0; i < names.length; i++) {
      GREEK.put(names[i], letters.substring(i, i + 1));
    }
    String capitals = "ΓΔΘΛΞΠΣΥΦΨΩ";
    String[] capitalNames = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split(" ");
    for (int i = 0; i < capitalNames.length; i++) {
      GREEK.put(capitalNames[i], capitals.substring(i, i + 1));
    }
  }

  private Names() {
  }

  static String unicode(String name) {
    Matcher numbered = NUMBERED.matcher(name);
    if (numbered.matches()) {
      StringBuilder text = new StringBuilder(unicode(numbered.group(1)));
      numbered.group(2).chars().forEach(digit -> text.append((char) (digit - '0' + '₀')));
      return text.toString();
    }
    String greek = GREEK.get(name);
    return greek == null ? name : greek;
  }

  /// Never two subscripts side by side, which LaTeX refuses: `x1_2` is x with 1,2 below, `df_dw2` is df with dw₂ below.
  static String latex(String name) {
    Matcher subscripted = SUBSCRIPTED.matcher(name);
    if (subscripted.matches()) {
      String rest = latex(subscripted.group(2));
      Matcher head = NUMBERED.matcher(subscripted.group(1));
      return head.matches() ? letter(head.group(1)) + "_{" + head.group(2) + "," + rest + "}"
          : letter(subscripted.group(1)) + "_{" + rest + "}";
    }
    Matcher numbered = NUMBERED.matcher(name);
    return numbered.matches() ? letter(numbered.group(1)) + "_{" + numbered.group(2) + "}"
        : letter(name);
  }

  private static String letter(String name) {
    if (name.equals("omicron") || name.equals("ο")) {
      return "o";
    }
    if (GREEK.containsKey(name)) {
      return "\\" + name;
    }
    for (Map.Entry<String, String> letter : GREEK.entrySet()) {
      if (letter.getValue().equals(name)) {
        return "\\" + letter.getKey();
      }
    }
    return name.codePointCount(0, name.length()) == 1 && !name.equals("_")
        || name.chars().allMatch(Character::isDigit) ? name
            : "\\mathrm{" + name.replace("_", "\\_") + "}";
  }
}
