package airlock.plan;

import airlock.yaml.Compounds;
import airlock.yaml.Node;
import airlock.yaml.Node.ScalarType;
import airlock.yaml.Place;
import airlock.yaml.ScalarReader;
import airlock.yaml.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Reads the `matrix` of a plan file: axes with their values, `include` and `exclude`.
final class MatrixType implements Type<List<MatrixCell>> {
    static final String INCLUDE = "include";
    static final String EXCLUDE = "exclude";

    /// The limit for cells of a plan, which is the number of runs of a request.
    static final int MOST_CELLS = 64;

    static final int MOST_EXCLUDED = 256;
    private static final int LONGEST_VALUE = 200;
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,31}");
    private static final String NAMES =
            "letters, digits and '_', a letter first, at most 32 characters";

    /// Numbers keep their text, so `3.10` stays that.
    private static final Type<String> VALUE =
            new ScalarReader<>(
                            "a value on one line of at most 200 characters",
                            "",
                            Set.of(
                                    ScalarType.TEXT,
                                    ScalarType.INTEGER,
                                    ScalarType.DECIMAL,
                                    ScalarType.FLAG),
                            Node.Scalar::text)
                    .as("a value on one line of at most 200 characters", MatrixType::checked);

    static final Type<List<String>> AXIS = Compounds.list(VALUE, 1, MOST_CELLS);
    static final Type<Map<String, String>> ENTRY =
            Compounds.mapping(VALUE, name -> NAME.matcher(name).matches(), NAMES);

    private static String checked(String text) {
        if (text.length() > LONGEST_VALUE) {
            throw new IllegalArgumentException("%,d characters".formatted(text.length()));
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("has a control character");
        }
        return text;
    }

    @Override
    public String expected() {
        return "a mapping from axes to lists of values, with include and exclude";
    }

    @Override
    public Optional<List<MatrixCell>> read(Node node, Place place) {
        if (!(node instanceof Node.Mapping mapping)) {
            place.at(node.at()).error("found " + node.kind(), expected());
            return Optional.empty();
        }
        var axes = new LinkedHashMap<String, List<String>>();
        boolean good = true;
        for (Node.Entry entry : mapping.entries()) {
            if (isAxis(entry.key())) {
                Place here = place.key(entry.key(), entry.at());
                boolean named = isNamed(entry.key(), axes, here);
                var values = AXIS.read(entry.value(), here);
                good &= named && values.isPresent();
                values.ifPresent(list -> axes.put(entry.key(), list));
            }
        }
        var excluded = entries(mapping, EXCLUDE, MOST_EXCLUDED, place);
        var included = entries(mapping, INCLUDE, MOST_CELLS, place);
        if (!good || excluded.isEmpty() || included.isEmpty()) {
            return Optional.empty();
        }
        return new MatrixCells(axes, place.at(node.at()))
                .without(excluded.get())
                .with(included.get());
    }

    private static boolean isAxis(String key) {
        return !key.equals(INCLUDE) && !key.equals(EXCLUDE);
    }

    /// Names become variables in capitals, so case can't distinguish them.
    private static boolean isNamed(String name, Map<String, List<String>> others, Place place) {
        if (!NAME.matcher(name).matches()) {
            place.error("the name does not fit", NAMES);
            return false;
        }
        var alike = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        alike.putAll(others);
        if (alike.containsKey(name)) {
            place.error("differs from another axis in case alone");
            return false;
        }
        return true;
    }

    record Listed(Map<String, String> values, Place place) {}

    private static Optional<List<Listed>> entries(
            Node.Mapping mapping, String key, int most, Place place) {
        var entry = mapping.find(key);
        if (entry.isEmpty()) {
            return Optional.of(List.of());
        }
        Place here = place.key(key, entry.get().at());
        return Compounds.list(ENTRY, 0, most)
                .read(entry.get().value(), here)
                .map(all -> listed(all, (Node.Sequence) entry.get().value(), here));
    }

    private static List<Listed> listed(
            List<Map<String, String>> all, Node.Sequence nodes, Place here) {
        return IntStream.range(0, all.size())
                .mapToObj(i -> new Listed(all.get(i), here.item(i, nodes.items().get(i).at())))
                .toList();
    }
}
