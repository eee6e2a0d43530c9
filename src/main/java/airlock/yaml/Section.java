package airlock.yaml;

import airlock.yaml.Key.Presence;
import airlock.yaml.Node.Entry;
import airlock.yaml.Node.Mapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// A mapping with known keys. It reports all problems before it fails; `make` runs even if
/// unrelated problems exist, as long as every required value is there.
///
/// @param title such as `forges.NAME`
/// @param about a sentence or two for the documentation
/// @param make may report to the places of its values, which makes the section fail
public record Section<T>(String title, String about, List<Key<?>> keys, Function<Values, T> make)
        implements Type<T> {
    public Section {
        keys = List.copyOf(keys);
    }

    @Override
    public String expected() {
        return "a mapping with the keys " + String.join(", ", names());
    }

    /// This section with further rules, which report to the places of the [Values].
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

    /// This section with only these keys; the others have their defaults.
    public Section<T> only(List<String> names) {
        var some = keys.stream().filter(key -> names.contains(key.name())).toList();
        return new Section<>(title, about, some, make);
    }

    /// This section, ignoring other keys of these names.
    public Section<T> beside(List<String> others) {
        var all = new ArrayList<>(keys);
        others.forEach(name -> all.add(Key.unread(name)));
        return new Section<>(title, about, all, make);
    }

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

    /// Reads from some entries of a mapping.
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
            var entry = entries.stream().filter(e -> e.key().equals(key.name())).findFirst();
            if (entry.isPresent()) {
                Node node = entry.get().value();
                places.put(key.name(), place.key(key.name(), node.at()));
                var value = key.type().read(node, place.key(key.name(), entry.get().at()));
                value.ifPresent(v -> values.put(key.name(), v));
                complete &= value.isPresent();
            } else if (key.presence() instanceof Presence.Required<?>) {
                place.error("key '" + key.name() + "' is missing", key.type().expected());
                complete = false;
            }
        }
        if (!complete) {
            return Optional.empty();
        }
        T made = make.apply(new Values(values, places, place));
        return place.errors() > errorsBefore ? Optional.empty() : Optional.of(made);
    }

    /// The value of an empty mapping: all defaults.
    public T ofNothing() {
        var problems = new Problems(title);
        return read(List.of(), problems.top())
                .orElseThrow(() -> new IllegalStateException("" + problems.listErrors()));
    }
}
