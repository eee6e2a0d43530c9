package airlock.ambient;

import airlock.base.FileFaults;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Node;
import airlock.yaml.Problem;
import airlock.yaml.Problems;
import airlock.yaml.Report;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import airlock.yaml.Values;
import airlock.yaml.YamlLimits;
import airlock.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Reads Ambient's configuration file: unknown keys are errors, as they are to Ambient.
public final class AmbientConfigReader {
    private static final String OF_QEMU = "qemu.";
    private static final int MOST_CPUS = 1 << 20;
    private static final List<Key<String>> TEXTS =
            texts(
                    "tmpdir",
                    "state",
                    "projects",
                    "image_store",
                    "executor",
                    "rsync_target",
                    "target",
                    "rsync_target_base",
                    "dput_target");
    private static final List<Key<Long>> NUMBERS =
            List.of(
                    size("artifacts_max_size"),
                    size("cache_max_size"),
                    size("dependencies_max_size"),
                    cpus(),
                    size("memory"));
    private static final List<Key<Boolean>> FLAGS = List.of(flag("lint"), flag("uefi"));
    private static final List<Key<String>> QEMU_TEXTS =
            texts("kvm_binary", "ovmf_code_file", "ovmf_vars_file");
    private static final List<Key<Long>> QEMU_NUMBERS = List.of(cpus(), size("memory"));
    private static final Key<Map<String, String>> MAP =
            Key.free(
                    "rsync_target_map",
                    Compounds.mapping(Scalars.TEXT, _ -> true, "a project's name"),
                    "",
                    "");
    private static final Key<List<AmbientConfig.SecretFile>> SECRETS =
            Key.free("secrets", Compounds.list(secret(), 0, 1_000), "", "");
    private static final Key<AmbientConfig> QEMU = Key.free("qemu", qemu(), "", "");

    /// What came of reading one.
    public sealed interface Reading {
        /// It can be used.
        record Read(AmbientConfig config) implements Reading {}

        /// It can't.
        ///
        /// @param problems why, in the order of the file, at least one
        /// @param report all of them with the lines that they stand in, for people
        record Invalid(List<Problem> problems, String report) implements Reading {
            public Invalid {
                problems = List.copyOf(problems);
            }
        }
    }

    /// Reads `file`.
    public Reading read(Path file) {
        var problems = new Problems(file.toString());
        try (InputStream in = Files.newInputStream(file)) {
            return read(file, in.readNBytes(YamlLimits.HAND_WRITTEN.bytes() + 1));
        } catch (NoSuchFileException e) {
            problems.top().error("no such file");
        } catch (IOException e) {
            problems.top().error("can't be read: " + FileFaults.words(e));
        }
        return new Reading.Invalid(problems.listErrors(), "");
    }

    /// Reads `bytes` as if they were in `file`.
    Reading read(Path file, byte[] bytes) {
        var problems = new Problems(file.toString());
        Optional<AmbientConfig> config =
                new YamlReader(YamlLimits.HAND_WRITTEN)
                        .read(bytes, problems.top())
                        .flatMap(node -> section().read(withoutNulls(node), problems.top()));
        if (config.isPresent() && problems.errors() == 0) {
            return new Reading.Read(config.get());
        }
        var errors = problems.listErrors();
        return new Reading.Invalid(errors, new Report(bytes).of(errors));
    }

    /// A known key with nothing behind it is one that is not there.
    private static Node withoutNulls(Node node) {
        if (!(node instanceof Node.Mapping(var at, var entries))) {
            return node;
        }
        List<String> known = section().names();
        return new Node.Mapping(
                at,
                entries.stream()
                        .filter(e -> !e.value().isNothing() || !known.contains(e.key()))
                        .toList());
    }

    private static Section<AmbientConfig> section() {
        var keys = new ArrayList<Key<?>>(TEXTS);
        keys.addAll(NUMBERS);
        keys.addAll(FLAGS);
        keys.addAll(List.of(MAP, SECRETS, QEMU));
        return new Section<>(
                "config.yaml", "Ambient's configuration.", keys, AmbientConfigReader::make);
    }

    private static AmbientConfig make(Values values) {
        return new AmbientConfig(
                        found(values, TEXTS, key -> key),
                        found(values, NUMBERS, key -> key),
                        found(values, FLAGS, key -> key),
                        values.find(MAP),
                        values.find(SECRETS))
                .with(values.find(QEMU).orElse(AmbientConfig.NONE));
    }

    private static Section<AmbientConfig> qemu() {
        var keys = new ArrayList<Key<?>>(QEMU_TEXTS);
        keys.addAll(QEMU_NUMBERS);
        return new Section<>(
                "qemu",
                "Ambient's machines.",
                keys,
                values ->
                        new AmbientConfig(
                                found(values, QEMU_TEXTS, OF_QEMU::concat),
                                found(values, QEMU_NUMBERS, OF_QEMU::concat),
                                Map.of(),
                                Optional.empty(),
                                Optional.empty()));
    }

    private static Section<AmbientConfig.SecretFile> secret() {
        Key<String> source = Key.required("source", Scalars.TEXT, "");
        Key<String> dest = Key.required("dest", Scalars.TEXT, "");
        return new Section<>(
                "secrets[]",
                "A file for post_plan.",
                List.of(source, dest),
                values -> new AmbientConfig.SecretFile(values.get(source), values.get(dest)));
    }

    private static <T> Map<String, T> found(
            Values values, List<Key<T>> keys, UnaryOperator<String> called) {
        var found = new HashMap<String, T>();
        for (Key<T> key : keys) {
            values.find(key).ifPresent(value -> found.put(called.apply(key.name()), value));
        }
        return found;
    }

    private static List<Key<String>> texts(String... names) {
        return List.of(names).stream().map(name -> key(name, Scalars.TEXT)).toList();
    }

    private static Key<Long> size(String name) {
        return key(name, AmbientSize.type());
    }

    private static Key<Long> cpus() {
        return key("cpus", Scalars.integer(0, MOST_CPUS));
    }

    private static Key<Boolean> flag(String name) {
        return key(name, Scalars.FLAG);
    }

    private static <T> Key<T> key(String name, Type<T> type) {
        return Key.free(name, type, "", "");
    }
}
