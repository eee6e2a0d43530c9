package airlock.forge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The headers of an HTTP message; names are case-insensitive.
public final class Headers {
    private final Map<String, List<String>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private Headers() {}

    /// Copies `headers`; names that differ only in case become one header.
    public static Headers of(Map<String, ? extends List<String>> headers) {
        var copy = new Headers();
        headers.forEach(
                (name, list) ->
                        copy.values.computeIfAbsent(name, _ -> new ArrayList<>()).addAll(list));
        return copy;
    }

    public static Headers ofSingle(Map<String, String> headers) {
        var lists = new HashMap<String, List<String>>();
        headers.forEach((name, value) -> lists.put(name, List.of(value)));
        return of(lists);
    }

    /// Whether the header is present, even if empty.
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /// The header's only value; empty if it is missing or ambiguous because it has several.
    public String only(String name) {
        List<String> all = values.getOrDefault(name, List.of());
        return all.size() == 1 ? all.getFirst().strip() : "";
    }
}
