package airlock.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The figures of one run, for people and for programs.
final class Figures {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String ROW = "%-26s %12s %-13s %12s %8s%n";

    private Figures() {}

    /// A list of objects `name`, `value`, `unit`, `reference`, `ratio`; the last two are null where
    /// there is nothing to hold a figure against.
    static String json(List<Figure> figures) {
        var list = JSON.createArrayNode();
        for (Figure figure : figures) {
            var row = list.addObject();
            row.put("name", figure.name()).put("value", figure.value()).put("unit", figure.unit());
            put(row, "reference", figure.reference());
            put(row, "ratio", figure.ratio());
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(list) + "\n";
    }

    private static void put(ObjectNode row, String name, OptionalDouble number) {
        if (number.isPresent()) {
            row.put(name, number.getAsDouble());
        } else {
            row.putNull(name);
        }
    }

    /// A line a figure.
    static String table(List<Figure> figures) {
        var lines = new ArrayList<String>();
        lines.add(ROW.formatted("figure", "value", "unit", "reference", "ratio"));
        for (Figure figure : figures) {
            lines.add(
                    ROW.formatted(
                            figure.name(),
                            Figure.shown(figure.value()),
                            figure.unit(),
                            shown(figure.reference()),
                            shown(figure.ratio())));
        }
        return String.join("", lines);
    }

    private static String shown(OptionalDouble number) {
        return number.isPresent() ? Figure.shown(number.getAsDouble()) : "-";
    }
}
