package io.kotangent.text;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Fact;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import io.kotangent.type.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads one graph, from its ports on.
final class BlockParser {
  private final Scanner scanner;
  private final String name;
  private final GraphBuilder builder;
  private final Map<String, Literal> constants;
  private final OpParser.References references;
  private final Map<String, Node> inputs = new HashMap<>();
  private final Map<String, Node> values = new HashMap<>();
  private final List<Node> ports = new ArrayList<>();
  private final List<Requirement> requirements = new ArrayList<>();
  private final List<Graph.Update> updates = new ArrayList<>();
  private final Set<Node> updated = new HashSet<>();
  private Optional<Node> guard = Optional.empty();
  private Optional<List<Graph.Result>> results = Optional.empty();

  BlockParser(Scanner scanner, String name, GraphBuilder builder, Map<String, Literal> constants,
      OpParser.References references) {
    this.scanner = scanner;
    this.name = name;
    this.builder = builder;
    this.constants = constants;
    this.references = references;
  }

  Graph parse() {
    int start = scanner.place();
    scanner.expect("(");
    scanner.lines();
    if (!scanner.take(')')) {
      do {
        scanner.lines();
        port();
        scanner.lines();
      } while (scanner.take(','));
      scanner.expect(")");
    }
    scanner.expect("{");
    scanner.comment();
    scanner.lines();
    while (!scanner.take('}')) {
      statement();
      scanner.lines();
    }
    List<Graph.Result> returned =
        results.orElseThrow(() -> scanner.error(start, "a 'return' in the graph " + name, "none"));
    requirements.addAll(builder.requirements());
    return new Graph(name, ports, returned, updates, guard, requirements);
  }

  private void port() {
    int place = scanner.place();
    String portName = scanner.name("a port");
    scanner.expect(":");
    int rolePlace = scanner.place();
    String word = scanner.word();
    Role role = List.of(Role.values()).stream().filter(r -> r.toString().equals(word)).findFirst()
        .orElseThrow(
            () -> scanner.error(rolePlace, "a role (input, param or state)", "'" + word + "'"));
    TensorType type = new TypeParser(scanner).tensorType();
    List<Fact> facts = new ArrayList<>();
    while (scanner.peek() == 'i' || scanner.peek() == 'a' || scanner.peek() == 'f') {
      facts.add(fact());
    }
    if (inputs.containsKey(portName)) {
      throw scanner.error(place, "each port once", "'" + portName + "' twice");
    }
    Node node = builder.input(new Port(portName, role, type, facts));
    inputs.put(portName, node);
    ports.add(node);
  }

  private Fact fact() {
    int place = scanner.place();
    String word = scanner.word();
    if (word.equals("in")) {
      long low = scanner.integer();
      scanner.expect("..");
      long high = scanner.integer();
      if (low > high) {
        throw scanner.error(place, "a range that is not empty", low + ".." + high);
      }
      return new Fact.Range(low, high);
    }
    if (word.equals("finite")) {
      boolean negative = scanner.peek() != '0';
      if (!negative) {
        scanner.expect("0..");
      }
      scanner.expect("2^");
      return new Fact.Finite(negative, Math.clamp(scanner.integer(), 0, Double.MAX_EXPONENT + 1));
    }
    if (!word.equals("as")) {
      throw scanner.error(place, "'in', 'as', 'finite', ',' or ')'", "'" + word + "'");
    }
    String kind = scanner.name("a kind of slot");
    scanner.expect("of");
    return new Fact.Slot(kind, scanner.name("a port"));
  }

  private void statement() {
    if (scanner.take('%')) {
      node();
      return;
    }
    int place = scanner.place();
    switch (scanner.word()) {
      case "require" -> require();
      case "guard" -> {
        Node value = tensor();
        if (guard.isPresent() || !value.type().equals(TensorType.scalar(DType.BOOL))) {
          throw scanner.error(place, "one guard, a bool scalar",
              guard.isPresent() ? "another guard" : value.type().toString());
        }
        guard = Optional.of(value);
        scanner.comment();
      }
      case "update" -> update(place);
      case "return" -> returns(place);
      default -> throw scanner.error(place,
          "a statement (%0 = …, require, guard, update or return) or '}'",
          scanner.from(place).got());
    }
  }

  private void require() {
    Dim left = new TypeParser(scanner).dim();
    int place = scanner.place();
    for (Requirement.Relation relation : Requirement.Relation.values()) {
      if (scanner.take(relation.toString())) {
        Dim right = new TypeParser(scanner).dim();
        requirements.add(
            new Requirement(left, relation, right, OriginText.parse(scanner.comment()).toString()));
        return;
      }
    }
    throw scanner.error(place, "'==', '>=' or '%'", scanner.got());
  }

  private void update(int place) {
    Node port = operand();
    scanner.expect("=");
    Node value = tensor();
    if (!(port.op() instanceof Op.Input(var declared)) || declared.role() != Role.STATE
        || !updated.add(port)) {
      throw scanner.error(place, "one update for a port of role state",
          port + (updated.contains(port) ? " again" : ""));
    }
    if (!value.type().equals(port.type())) {
      throw scanner.error(place, "an update of type " + port.type(), value.type().toString());
    }
    updates.add(new Graph.Update(port, value));
    scanner.comment();
  }

  private void returns(int place) {
    List<Graph.Result> list = new ArrayList<>();
    Set<String> names = new HashSet<>();
    if (scanner.peek() != '\n' && scanner.peek() != ';') {
      do {
        int resultPlace = scanner.place();
        String result = scanner.name("a result's name");
        scanner.expect("=");
        list.add(new Graph.Result(result, tensor()));
        if (!names.add(result)) {
          throw scanner.error(resultPlace, "each result once", "'" + result + "' twice");
        }
      } while (scanner.take(','));
    }
    if (results.isPresent()) {
      throw scanner.error(place, "one 'return'", "another");
    }
    results = Optional.of(list);
    scanner.comment();
  }

  private void node() {
    int start = scanner.place();
    String value = scanner.valueName();
    scanner.expect("=");
    int place = scanner.place();
    String mnemonic = scanner.word();
    Attributes attributes = new Attributes(scanner, place, references);
    List<Node> operands = new ArrayList<>();
    if (scanner.peek() != ':') {
      do {
        operands.add(operand());
      } while (scanner.take(','));
    }
    scanner.expect(":");
    int typePlace = scanner.place();
    Type type = new TypeParser(scanner).type();
    builder.at(OriginText.parse(scanner.comment()));
    Node node = add(mnemonic, attributes, operands, type, place);
    if (!node.valueType().equals(type)) {
      throw scanner.error(typePlace, node.valueType().toString(), type.toString());
    }
    if (values.put(value, node) != null) {
      throw scanner.error(start, "each value once", "'%" + value + "' twice");
    }
  }

  private Node add(String mnemonic, Attributes attributes, List<Node> operands, Type type,
      int place) {
    try {
      return builder.add(new OpParser(attributes, operands, type, constants).parse(mnemonic),
          operands);
    } catch (ParseException e) {
      throw e;
    } catch (KotangentException e) {
      throw scanner.error(place, "an operation that fits its operands",
          String.valueOf(e.getMessage()));
    }
  }

  private Node tensor() {
    int place = scanner.place();
    Node node = operand();
    if (node.valueType() instanceof TensorType) {
      return node;
    }
    throw scanner.error(place, "a tensor", "a tuple " + node.valueType());
  }

  private Node operand() {
    int place = scanner.place();
    if (scanner.take('%')) {
      String value = scanner.valueName();
      Node node = values.get(value);
      if (node == null) {
        throw scanner.error(place, "a value from a line above", "'%" + value + "'");
      }
      return node;
    }
    String input = scanner.name("an operand (%0 or a port)");
    Node node = inputs.get(input);
    if (node == null) {
      throw scanner.error(place, "a port of this graph", "'" + input + "'");
    }
    return node;
  }
}
