package airlock.forge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The headers of an HTTP message; names in any case.
public final class Headers {
    private final Map<String, List<String>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private Headers() {}

    /// Copies `headers`; names that differ only by case are one header with several values.
    public static Headers of(Map<String, ? extends List<String>> headers) {
        var copy = new Headers();
        headers.forEach(
                (name, list) ->
                        copy.values.computeIfAbsent(name, _ -> new ArrayList<>()).addAll(list));
        return copy;
    }

    /// The same for headers that come once each.
    public static Headers ofSingle(Map<String, String> headers) {
        var copy = new Headers();
        headers.forEach(
                (name, value) ->
                        copy.values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value));
        return copy;
    }

    /// Whether the header came at all, even empty.
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /// The header's only value; empty text where it is missing or came more than once, since then
    /// nobody can say which one was meant.
    public String only(String name) {
        List<String> all = values.getOrDefault(name, List.of());
        return all.size() == 1 ? all.getFirst().strip() : "";
    }
}
