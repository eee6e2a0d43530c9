package airlock.config;

import airlock.yaml.Node;
import airlock.yaml.Node.Entry;
import airlock.yaml.Node.Mapping;
import airlock.yaml.Problems;
import airlock.yaml.Reading;
import airlock.yaml.YamlLimits;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads the operator's configuration file and the files that it refers to.
public final class ConfigReader {
    /// Enough for some ten thousand repositories.
    private static final YamlLimits LIMITS =
            new YamlLimits(16 << 20, 1_000_000, 32 << 20, 16, 100_000);

    private static final String MISSING = "; `airlock init` writes one to start from";

    private final Map<String, String> environment;

    /// Creates a reader that resolves `env:` references in `environment`.
    public ConfigReader(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /// Reads `file`; relative paths in it are resolved against its directory.
    public Reading<AirlockConfig> read(Path file) {
        return Reading.of(file, LIMITS, (node, problems) -> whole(node, file, problems), MISSING);
    }

    /// Reads the keys of `file` that a run without a server uses, and ignores the others.
    public Reading<LocalConfig> readLocal(Path file) {
        return Reading.of(file, LIMITS, (node, problems) -> local(node, file, problems), MISSING);
    }

    Reading<AirlockConfig> read(Path file, byte[] bytes) {
        return Reading.of(file, bytes, LIMITS, (node, problems) -> whole(node, file, problems));
    }

    private Optional<AirlockConfig> whole(Node node, Path file, Problems problems) {
        Surroundings around = surroundings(node, file);
        // problems are reported when the whole file is read
        var common =
                ConfigTypes.all(around)
                        .part(RepositoryConfig.Common.class, AirlockConfig.class)
                        .read(node, new Problems("").top());
        return ConfigTypes.whole(around, common.orElse(RepositoryConfig.Common.STANDARD))
                .read(node, problems.top());
    }

    private Optional<LocalConfig> local(Node node, Path file, Problems problems) {
        Surroundings around = surroundings(node, file);
        var common =
                ConfigTypes.all(around)
                        .part(LocalConfig.Common.class, AirlockConfig.class)
                        .read(node, new Problems("").top());
        return ConfigTypes.local(around, common.orElse(LocalConfig.Common.STANDARD))
                .read(node, problems.top());
    }

    private Surroundings surroundings(Node node, Path file) {
        Set<String> images = names(node, "images");
        return new Surroundings(
                Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file),
                environment,
                names(node, "forges"),
                images.isEmpty() ? Set.of(ImageConfig.DEFAULT) : images);
    }

    private static Set<String> names(Node file, String key) {
        return file instanceof Mapping top
                        && top.find(key).isPresent()
                        && top.find(key).get().value() instanceof Mapping below
                ? below.entries().stream().map(Entry::key).collect(Collectors.toSet())
                : Set.of();
    }
}
