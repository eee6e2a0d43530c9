package airlock.yaml;

import airlock.yaml.Key.Presence;
import airlock.yaml.Setting.Checked;
import airlock.yaml.Setting.Group;
import airlock.yaml.Setting.Name;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Makes a [Section] from a record whose components are annotated with [Setting].
///
/// The class of a component decides how its value is read: `int` is a whole number, `long` a size,
/// an enum one of its constants in lower case, a record a mapping. [#with] adds other classes, and
/// words for types that share a class.
public final class Binder {
    private final Map<Object, Function<Setting, Type<?>>> types;
    private final Map<Class<?>, Object> given;

    private Binder(Map<Object, Function<Setting, Type<?>>> types, Map<Class<?>, Object> given) {
        this.types = types;
        this.given = given;
    }

    /// A binder that knows only the classes named above.
    public static Binder standard() {
        return new Binder(Map.of(), Map.of());
    }

    public <T> Binder with(Class<T> of, Type<? extends T> type) {
        return new Binder(plus(types, of, _ -> type), given);
    }

    /// Registers types for the words of [Setting#type].
    public Binder with(Map<String, Type<?>> words) {
        var more = new HashMap<>(types);
        words.forEach((word, type) -> more.put(word, _ -> type));
        return new Binder(more, given);
    }

    public Binder with(String word, Type<?> type) {
        return with(word, _ -> type);
    }

    /// Registers a type that depends on other attributes of its [Setting].
    public Binder with(String word, Function<Setting, Type<?>> type) {
        return new Binder(plus(types, word, type), given);
    }

    /// Passes `value` to components of its class that are not settings.
    public Binder given(Object value) {
        return new Binder(types, plus(given, value.getClass(), value));
    }

    private static <K, V> Map<K, V> plus(Map<K, V> map, K key, V value) {
        var more = new HashMap<>(map);
        more.put(key, value);
        return more;
    }

    public <R extends Record> Section<R> section(Class<R> record) {
        return part(record, record);
    }

    /// The keys of `record` under another title.
    public <R extends Record> Section<R> section(Class<R> record, String title, String about) {
        return new Bound<>(record, record, component -> Optional.empty()).section(title, about);
    }

    /// The keys of a record whose defaults are the values of `others`.
    ///
    /// @param without describes those defaults in the documentation
    public <R extends Record> Section<R> over(
            R others, String without, String title, String about) {
        @SuppressWarnings("unchecked") // the class of an R
        var record = (Class<R>) others.getClass();
        Function<RecordComponent, Optional<Presence<Object>>> presence =
                component ->
                        Optional.of(new Presence.Default<>(valueOf(component, others), without));
        return new Bound<>(record, record, presence).section(title, about);
    }

    /// The keys of `whole` that `part` has components for. Its other keys are ignored.
    public <R extends Record> Section<R> part(Class<R> part, Class<? extends Record> whole) {
        Group group = whole.getAnnotation(Group.class);
        if (group == null) {
            throw new IllegalArgumentException(whole + " has no title");
        }
        return new Bound<>(part, whole, component -> Optional.empty())
                .section(group.title(), group.about());
    }

    /// A copy of `record` with the components that `changes` names replaced.
    public static <R extends Record> R changed(R record, Map<String, Object> changes) {
        var left = new HashMap<>(changes);
        Object[] values =
                Stream.of(record.getClass().getRecordComponents())
                        .map(
                                component -> {
                                    Object value = left.remove(component.getName());
                                    return value == null ? valueOf(component, record) : value;
                                })
                        .toArray();
        if (!left.isEmpty()) {
            throw new IllegalArgumentException(record.getClass() + " has no " + left.keySet());
        }
        @SuppressWarnings("unchecked") // the class of an R
        var of = (Class<R>) record.getClass();
        return made(of, values);
    }

    /// A copy of `record` with empty Optionals taken from `others`.
    public static <R extends Record> R filled(R record, R others) {
        var changes = new HashMap<String, Object>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            if (valueOf(component, record).equals(Optional.empty())) {
                changes.put(component.getName(), valueOf(component, others));
            }
        }
        return changed(record, changes);
    }

    private static <R extends Record> R made(Class<R> record, Object[] values) {
        Class<?>[] classes =
                Stream.of(record.getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray(Class<?>[]::new);
        try {
            Constructor<R> constructor = record.getDeclaredConstructor(classes);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(
                    record + " refuses " + Arrays.toString(classes), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("can't make a " + record, e);
        }
    }

    private static Object valueOf(RecordComponent component, Object of) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("can't read " + component, e);
        }
    }

    private static String nameOf(RecordComponent component, Setting setting) {
        return setting.name().isEmpty()
                ? component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)
                : setting.name();
    }

    private Type<?> type(java.lang.reflect.Type of, Setting setting) {
        if (of instanceof ParameterizedType form) {
            return type((Class<?>) form.getRawType(), form.getActualTypeArguments(), setting);
        }
        if (!setting.type().isEmpty()) {
            return known(setting);
        }
        var own = types.get(of);
        return own == null ? scalar((Class<?>) of, setting) : own.apply(setting);
    }

    private Type<?> type(Class<?> of, java.lang.reflect.Type[] parts, Setting setting) {
        if (of == Optional.class) {
            return type(parts[0], setting);
        }
        if (of == Map.class) {
            var names = Pattern.compile(setting.pattern()).asMatchPredicate();
            return Compounds.mapping(type(parts[1], setting), names, setting.expected());
        }
        if (of == Set.class) {
            return list(type(parts[0], setting), setting)
                    .map(items -> Collections.unmodifiableSet(new LinkedHashSet<>(items)));
        }
        return of == List.class ? list(type(parts[0], setting), setting) : known(setting);
    }

    private static <T> Type<List<T>> list(Type<T> item, Setting setting) {
        String[] range = setting.range().split(" to ", 2);
        int most = Integer.parseInt(range[1]);
        if (setting.bare()) {
            return Compounds.oneOrList(item, most);
        }
        var list = Compounds.list(item, Integer.parseInt(range[0]), most);
        return setting.orNothing() ? Compounds.orNothing(list, List.of()) : list;
    }

    private Type<?> known(Setting setting) {
        var type = types.get(setting.type());
        if (type == null) {
            throw new IllegalArgumentException("no type is called '" + setting.type() + "'");
        }
        return type.apply(setting);
    }

    private Type<?> scalar(Class<?> of, Setting setting) {
        if (of == String.class) {
            return setting.pattern().isEmpty()
                    ? Scalars.TEXT
                    : Scalars.matching(
                            setting.expected(),
                            Pattern.compile(setting.pattern()).asMatchPredicate());
        }
        if (of == boolean.class || of == Boolean.class) {
            return Scalars.FLAG;
        }
        if (of.isEnum()) {
            return words(of);
        }
        String[] range = setting.range().split(" to ", 2);
        if (of == int.class || of == Integer.class) {
            return Scalars.integer(Long.parseLong(range[0]), Long.parseLong(range[1]))
                    .map(Math::toIntExact);
        }
        if (of == long.class || of == Long.class) {
            return Scalars.size(size(range[0]), size(range[1]));
        }
        return of == Duration.class
                ? Scalars.duration(duration(range[0]), duration(range[1]))
                : section(of.asSubclass(Record.class));
    }

    private static long size(String text) {
        return Units.size(text).longValueExact();
    }

    private static Duration duration(String text) {
        return Duration.ofSeconds(Units.seconds(text).longValueExact());
    }

    private static Type<?> words(Class<?> of) {
        return Scalars.choice(
                List.of(of.getEnumConstants()),
                constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT));
    }

    /// A record's constructor and the keys that fill its parameters.
    private final class Bound<R extends Record> {
        private final Class<R> record;
        private final Map<String, Key<?>> keys = new LinkedHashMap<>();
        private final List<Key<?>> unread = new ArrayList<>();

        Bound(
                Class<R> record,
                Class<? extends Record> whole,
                Function<RecordComponent, Optional<Presence<Object>>> presence) {
            this.record = record;
            Map<String, RecordComponent> all = new LinkedHashMap<>();
            Stream.of(whole.getRecordComponents()).forEach(c -> all.put(c.getName(), c));
            for (RecordComponent component : record.getRecordComponents()) {
                String name = component.getName();
                Stream.of(component, all.getOrDefault(name, component))
                        .flatMap(declared -> setting(declared).stream())
                        .findFirst()
                        .ifPresent(
                                setting -> {
                                    all.remove(name);
                                    keys.put(
                                            name,
                                            key(component, setting, presence.apply(component)));
                                });
            }
            all.values()
                    .forEach(
                            other ->
                                    setting(other)
                                            .map(setting -> Key.unread(nameOf(other, setting)))
                                            .ifPresent(unread::add));
        }

        private static Optional<Setting> setting(RecordComponent component) {
            return Optional.ofNullable(component.getAnnotation(Setting.class));
        }

        private Key<?> key(
                RecordComponent component, Setting setting, Optional<Presence<Object>> presence) {
            String name = nameOf(component, setting);
            @SuppressWarnings("unchecked") // values go to the component whose type they come from
            var type = (Type<Object>) type(component.getGenericType(), setting);
            return new Key<>(
                    name,
                    type,
                    presence.orElseGet(() -> presence(component, setting, type)),
                    setting.value(),
                    example(setting));
        }

        private static String example(Setting setting) {
            if (!setting.example().isEmpty() || setting.or().matches("[\\[{].*")) {
                return setting.example();
            }
            return switch (setting.or()) {
                case "true" -> "false";
                case "false" -> "true";
                default -> setting.or();
            };
        }

        private static Presence<Object> presence(
                RecordComponent component, Setting setting, Type<Object> type) {
            if (!setting.or().isEmpty()) {
                return new Presence.Default<>(
                        written(component, setting.or(), type), "`" + setting.or() + "`");
            }
            return component.getType() == Optional.class
                    ? new Presence.Free<>(setting.without())
                    : new Presence.Required<>();
        }

        private static Object written(RecordComponent component, String text, Type<Object> type) {
            var problems = new Problems(component.toString());
            return new YamlReader(YamlLimits.HAND_WRITTEN)
                    .read(text.getBytes(StandardCharsets.UTF_8), problems.top())
                    .flatMap(node -> type.read(node, problems.top()))
                    .orElseThrow(() -> new IllegalArgumentException("" + problems.listErrors()));
        }

        Section<R> section(String title, String about) {
            Section<R> section =
                    new Section<>(
                            title,
                            about,
                            Stream.concat(keys.values().stream(), unread.stream()).toList(),
                            this::make);
            return Checked.class.isAssignableFrom(record)
                    ? section.checked((made, values) -> ((Checked) made).check(values))
                    : section;
        }

        private R make(Values values) {
            return made(
                    record,
                    Stream.of(record.getRecordComponents()).map(c -> value(c, values)).toArray());
        }

        private Object value(RecordComponent component, Values values) {
            Key<?> key = keys.get(component.getName());
            if (key != null) {
                return component.getType() == Optional.class ? values.find(key) : values.get(key);
            }
            if (component.isAnnotationPresent(Name.class)) {
                return values.place().name();
            }
            if (component.getType() == Values.class) {
                return values;
            }
            Object value = given.get(component.getType());
            if (value == null) {
                throw new IllegalArgumentException(component + " is neither a setting nor given");
            }
            return value;
        }
    }
}
