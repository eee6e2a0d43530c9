package airlock.plan;

import airlock.text.SafeText;
import airlock.yaml.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Builds the cells of a matrix: all combinations in the order of the file, the last axis fastest,
/// without excluded cells and with included ones.
final class MatrixCells {
    /// Limits the combinations before any is excluded.
    private static final int MOST_COMBINATIONS = 1024;

    private final Map<String, List<String>> axes;
    private final Place place;
    private final List<Map<String, String>> cells = new ArrayList<>();
    private boolean good = true;

    MatrixCells(Map<String, List<String>> axes, Place place) {
        this.axes = axes;
        this.place = place;
        if (axes.isEmpty()) {
            return;
        }
        long number = 1;
        for (var values : axes.values()) {
            number = Math.min(MOST_COMBINATIONS + 1L, number * values.size());
        }
        if (number > MOST_COMBINATIONS) {
            bad(
                    place,
                    "more than %,d combinations, before any is excluded"
                            .formatted(MOST_COMBINATIONS));
            return;
        }
        cells.add(Map.of());
        axes.forEach(this::combine);
    }

    private void combine(String axis, List<String> values) {
        var before = List.copyOf(cells);
        cells.clear();
        for (var cell : before) {
            for (String value : values) {
                var longer = new LinkedHashMap<>(cell);
                longer.put(axis, value);
                cells.add(longer);
            }
        }
    }

    /// Removes the cells that match one of the entries.
    MatrixCells without(List<MatrixType.Listed> entries) {
        for (var entry : entries) {
            boolean known = !isEmpty(entry);
            for (String axis : entry.values().keySet()) {
                if (!axes.containsKey(axis)) {
                    entry.place()
                            .unknown(
                                    "there is no axis " + SafeText.quoted(axis),
                                    axis,
                                    axes.keySet());
                    good = false;
                    known = false;
                }
            }
            if (known
                    && !cells.removeIf(
                            cell -> cell.entrySet().containsAll(entry.values().entrySet()))) {
                entry.place().warning("excludes nothing");
            }
        }
        return this;
    }

    /// Adds the included cells. Returns empty if there was an error, which has been reported.
    Optional<List<MatrixCell>> with(List<MatrixType.Listed> entries) {
        for (var entry : entries) {
            if (isEmpty(entry) || hasTwins(entry)) {
                continue;
            }
            axes.keySet().stream()
                    .filter(axis -> !entry.values().containsKey(axis))
                    .forEach(axis -> bad(entry.place(), "has no value for the axis " + axis));
            cells.add(inOrder(entry.values()));
        }
        if (good && cells.isEmpty()) {
            bad(place, "no cell is left");
        }
        if (good && cells.size() > MatrixType.MOST_CELLS) {
            bad(place, "%,d cells, and at most %d".formatted(cells.size(), MatrixType.MOST_CELLS));
        }
        var all = cells.stream().map(MatrixCell::new).toList();
        if (good) {
            checkNames(all);
        }
        return good ? Optional.of(all) : Optional.empty();
    }

    private boolean isEmpty(MatrixType.Listed entry) {
        if (entry.values().isEmpty()) {
            bad(entry.place(), "names no axis");
        }
        return entry.values().isEmpty();
    }

    /// Names become variables in capitals, so case can't distinguish them.
    private boolean hasTwins(MatrixType.Listed entry) {
        var names = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(axes.keySet());
        for (String name : entry.values().keySet()) {
            if (!axes.containsKey(name) && !names.add(name)) {
                bad(entry.place(), "the name " + name + " differs from another in case alone");
                return true;
            }
        }
        return false;
    }

    /// Puts the axes first, so that an included cell is named like the others.
    private Map<String, String> inOrder(Map<String, String> values) {
        var ordered = new LinkedHashMap<String, String>();
        axes.keySet().stream()
                .filter(values::containsKey)
                .forEach(axis -> ordered.put(axis, String.valueOf(values.get(axis))));
        values.forEach(ordered::putIfAbsent);
        return ordered;
    }

    /// Forges compare contexts without case.
    private void checkNames(List<MatrixCell> all) {
        var names = new TreeSet<String>();
        for (var cell : all) {
            if (!names.add(cell.name().toLowerCase(Locale.ROOT))) {
                bad(place, "duplicate cell " + cell.name() + " (case is ignored)");
                return;
            }
        }
    }

    private void bad(Place where, String what) {
        where.error(what);
        good = false;
    }
}
