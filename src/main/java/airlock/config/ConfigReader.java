package airlock.config;

import airlock.base.FileFaults;
import airlock.yaml.Node;
import airlock.yaml.Node.Entry;
import airlock.yaml.Node.Mapping;
import airlock.yaml.Problems;
import airlock.yaml.YamlLimits;
import airlock.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads the operator's configuration file with all that it refers to.
public final class ConfigReader {
    /// Room for some ten thousand repositories.
    private static final YamlLimits LIMITS =
            new YamlLimits(16 << 20, 1_000_000, 32 << 20, 16, 100_000);

    private final Map<String, String> environment;

    /// @param environment where `env:` references are looked up
    public ConfigReader(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /// Reads `file`; relative paths in it start from its directory.
    public ConfigReading read(Path file) {
        var problems = new Problems(file.toString());
        return answer(bytes(file, problems).flatMap(b -> read(file, b, problems)), problems);
    }

    /// Reads of `file` what a run without a server takes: its other keys are not looked at.
    public LocalReading readLocal(Path file) {
        var problems = new Problems(file.toString());
        var config =
                bytes(file, problems)
                        .flatMap(b -> new YamlReader(LIMITS).read(b, problems.top()))
                        .flatMap(node -> readLocal(node, file, problems));
        return config.isPresent() && problems.errors() == 0
                ? new LocalReading.Read(config.get(), problems.listWarnings())
                : new LocalReading.Invalid(problems.listErrors());
    }

    /// Reads `bytes` as if they were in `file`.
    ConfigReading read(Path file, byte[] bytes) {
        var problems = new Problems(file.toString());
        return answer(read(file, bytes, problems), problems);
    }

    private Optional<AirlockConfig> read(Path file, byte[] bytes, Problems problems) {
        return new YamlReader(LIMITS)
                .read(bytes, problems.top())
                .flatMap(node -> read(node, file, problems));
    }

    private Optional<AirlockConfig> read(Node node, Path file, Problems problems) {
        Surroundings around = surroundings(node, file);
        // what is wrong with it is found again, and told, when the whole file is read
        var common = ConfigTypes.common(around).read(node, new Problems("").top());
        return ConfigTypes.whole(around, common.orElse(RepositoryConfig.Common.STANDARD))
                .read(node, problems.top());
    }

    private Optional<LocalConfig> readLocal(Node node, Path file, Problems problems) {
        Surroundings around = surroundings(node, file);
        var common = ConfigTypes.localCommon(around).read(node, new Problems("").top());
        return ConfigTypes.local(around, common.orElse(LocalConfig.Common.STANDARD))
                .read(node, problems.top());
    }

    private static ConfigReading answer(Optional<AirlockConfig> config, Problems problems) {
        return config.isPresent() && problems.errors() == 0
                ? new ConfigReading.Read(config.get(), problems.listWarnings())
                : new ConfigReading.Invalid(problems.listErrors(), problems.listWarnings());
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

    private static Optional<byte[]> bytes(Path file, Problems problems) {
        try {
            if (Files.size(file) <= LIMITS.bytes()) {
                return Optional.of(Files.readAllBytes(file));
            }
            problems.top().error("larger than %,d bytes".formatted(LIMITS.bytes()));
        } catch (NoSuchFileException e) {
            problems.top().error("no such file; `airlock init` writes one to start from");
        } catch (IOException e) {
            problems.top().error("can't be read: " + FileFaults.words(e));
        }
        return Optional.empty();
    }
}
