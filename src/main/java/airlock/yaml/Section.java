package airlock.yaml;

import airlock.yaml.Key.Presence;
import airlock.yaml.Node.Entry;
import airlock.yaml.Node.Mapping;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// A mapping with known keys. All of its problems are found, then it is made, or not: what the
/// maker reports is told even where something else is wrong, as long as no value is missing.
///
/// @param title how documentation calls it, such as `forges.NAME`
/// @param about a sentence or two for people
/// @param make makes the value from complete [Values]; what it reports to their places makes the
///     section fail
public record Section<T>(String title, String about, List<Key<?>> keys, Function<Values, T> make)
        implements Type<T> {
    public Section {
        keys = List.copyOf(keys);
    }

    @Override
    public String expected() {
        return "a mapping with the keys " + String.join(", ", names());
    }

    @Override
    public Shape shape() {
        return new Shape.Keys(this, true);
    }

    /// The same with rules that the value has to keep, too: they are reported to the places of the
    /// [Values].
    public Section<T> checked(BiConsumer<T, Values> rules) {
        return new Section<>(
                title,
                about,
                keys,
                values -> {
                    T made = make.apply(values);
                    rules.accept(made, values);
                    return made;
                });
    }

    /// The keys' names.
    public List<String> names() {
        return keys.stream().map(Key::name).toList();
    }

    @Override
    public Optional<T> read(Node node, Place place) {
        if (node.isNothing()) {
            return read(List.of(), place);
        }
        if (!(node instanceof Mapping mapping)) {
            place.at(node.at()).error("found " + node.kind(), expected());
            return Optional.empty();
        }
        return read(mapping.entries(), place);
    }

    /// The same for the entries of a mapping, or some of them.
    public Optional<T> read(List<Entry> entries, Place place) {
        int errorsBefore = place.errors();
        List<String> known = names();
        for (Entry entry : entries) {
            if (!known.contains(entry.key())) {
                place.key(entry.key(), entry.at()).unknownKey(entry.key(), known);
            }
        }
        boolean complete = true;
        Map<String, Object> values = new HashMap<>();
        Map<String, Place> places = new HashMap<>();
        for (Key<?> key : keys) {
            Optional<Entry> entry =
                    entries.stream().filter(e -> e.key().equals(key.name())).findFirst();
            Optional<?> value =
                    entry.isPresent() ? read(key, entry.get(), place) : fallBack(key, place);
            value.ifPresent(v -> values.put(key.name(), v));
            entry.ifPresent(e -> places.put(key.name(), place.key(key.name(), e.value().at())));
            boolean needed = entry.isPresent() || !(key.presence() instanceof Presence.Free<?>);
            complete &= value.isPresent() || !needed;
        }
        if (!complete) {
            return Optional.empty();
        }
        T made = make.apply(new Values(values, places, place));
        return place.errors() > errorsBefore ? Optional.empty() : Optional.of(made);
    }

    /// What an empty mapping is: all defaults.
    public T ofNothing() {
        var problems = new Problems(title);
        return read(List.of(), problems.top())
                .orElseThrow(() -> new IllegalStateException("" + problems.listErrors()));
    }

    private static <V> Optional<V> read(Key<V> key, Entry entry, Place place) {
        return key.type().read(entry.value(), place.key(key.name(), entry.at()));
    }

    private static <V> Optional<V> fallBack(Key<V> key, Place place) {
        return switch (key.presence()) {
            case Presence.Required<V> _ -> {
                place.error("key '" + key.name() + "' is missing", key.type().expected());
                yield Optional.empty();
            }
            case Presence.Free<V> _ -> Optional.empty();
            case Presence.Default<V> fallback -> Optional.of(fallback.value());
        };
    }

    @Override
    public List<Section<?>> sections() {
        return List.of(this);
    }
}
