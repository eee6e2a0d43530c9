package airlock.ambient;

import airlock.text.SafeText;
import airlock.yaml.Binder;
import airlock.yaml.Node;
import airlock.yaml.Node.ScalarType;
import airlock.yaml.Problems;
import airlock.yaml.Reading;
import airlock.yaml.ScalarReader;
import airlock.yaml.Section;
import airlock.yaml.Setting;
import airlock.yaml.Type;
import airlock.yaml.YamlLimits;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Ambient's own configuration: only what its files set. Unknown keys are errors, as in Ambient.
@Setting.Group(title = "config.yaml", about = "Ambient's configuration.")
public record AmbientConfig(
        @Setting Optional<String> tmpdir,
        @Setting Optional<String> state,
        @Setting Optional<String> projects,
        @Setting Optional<String> imageStore,
        @Setting Optional<String> executor,
        @Setting Optional<String> rsyncTarget,
        @Setting Optional<String> target,
        @Setting Optional<String> rsyncTargetBase,
        @Setting Optional<String> dputTarget,
        @Setting(type = "size") Optional<Long> artifactsMaxSize,
        @Setting(type = "size") Optional<Long> cacheMaxSize,
        @Setting(type = "size") Optional<Long> dependenciesMaxSize,
        @Setting(range = "0 to 1048576") Optional<Integer> cpus,
        @Setting(type = "size") Optional<Long> memory,
        @Setting Optional<Boolean> lint,
        @Setting Optional<Boolean> uefi,
        @Setting(pattern = "(?s).*", expected = "a project's name")
                Optional<Map<String, String>> rsyncTargetMap,
        @Setting(range = "0 to 1000") Optional<List<SecretFile>> secrets,
        @Setting(or = "{}") Qemu qemu) {
    private static final Section<AmbientConfig> SECTION =
            Binder.standard().with("size", AmbientSize.type()).section(AmbientConfig.class);

    public static final AmbientConfig NONE = SECTION.ofNothing();

    @Setting.Group(title = "qemu", about = "Ambient's machines.")
    public record Qemu(
            @Setting Optional<String> kvmBinary,
            @Setting Optional<String> ovmfCodeFile,
            @Setting Optional<String> ovmfVarsFile,
            @Setting(range = "0 to 1048576") Optional<Integer> cpus,
            @Setting(type = "size") Optional<Long> memory) {}

    /// A secret of Ambient's.
    ///
    /// @param source a file on the host
    /// @param dest its last part is the name in the VM
    @Setting.Group(title = "secrets[]", about = "A file for post_plan.")
    public record SecretFile(@Setting String source, @Setting String dest) {
        public String name() {
            return dest.substring(dest.lastIndexOf('/') + 1);
        }
    }

    public static Reading<AmbientConfig> read(Path file) {
        return Reading.of(file, YamlLimits.HAND_WRITTEN, AmbientConfig::of, "");
    }

    static Reading<AmbientConfig> read(Path file, byte[] bytes) {
        return Reading.of(file, bytes, YamlLimits.HAND_WRITTEN, AmbientConfig::of);
    }

    private static Optional<AmbientConfig> of(Node node, Problems problems) {
        return SECTION.read(withoutNulls(node), problems.top());
    }

    /// Ignores known keys without a value.
    private static Node withoutNulls(Node node) {
        if (!(node instanceof Node.Mapping(var at, var entries))) {
            return node;
        }
        List<String> known = SECTION.names();
        return new Node.Mapping(
                at,
                entries.stream()
                        .filter(e -> !e.value().isNothing() || !known.contains(e.key()))
                        .toList());
    }

    /// Overrides this with what `later` sets.
    public AmbientConfig with(AmbientConfig later) {
        var both = Binder.filled(later, this);
        return Binder.changed(both, Map.of("qemu", Binder.filled(later.qemu, qemu)));
    }

    Optional<Integer> actualCpus() {
        return qemu.cpus().or(() -> cpus);
    }

    Optional<Long> actualMemory() {
        return qemu.memory().or(() -> memory);
    }

    /// A project's rsync target: one for all projects takes precedence over a base and a map.
    Optional<String> rsyncTarget(String project) {
        var names = rsyncTargetMap.orElse(Map.of());
        return rsyncTarget
                .or(() -> target)
                .or(() -> rsyncTargetBase.map(b -> b + "/" + names.getOrDefault(project, project)));
    }

    /// Sizes in Ambient's configuration: bytes, or a number with a unit in any case, of thousands
    /// (`2G`, `10 MB`) or 1024s (`1 GiB`).
    static final class AmbientSize {
        private static final Pattern SIZE =
                Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?) *([A-Za-z]{0,3})");
        private static final Map<String, Integer> POWERS =
                Map.of("", 0, "k", 1, "m", 2, "g", 3, "t", 4, "p", 5);
        private static final int THOUSAND = 1000;
        private static final int BINARY = 1024;

        private AmbientSize() {}

        static Type<Long> type() {
            return new ScalarReader<>(
                    "a size such as 2G, 10 MB or 1 GiB",
                    "",
                    Set.of(ScalarType.TEXT, ScalarType.INTEGER),
                    scalar -> of(scalar.text()));
        }

        private static long of(String text) {
            Matcher matcher = SIZE.matcher(text.strip());
            if (matcher.matches()) {
                String unit = matcher.group(2).toLowerCase(Locale.ROOT);
                boolean binary = unit.endsWith("i") || unit.endsWith("ib");
                Integer power = POWERS.get(unit.replaceFirst("i?b?$", ""));
                if (power != null && !unit.equals("i") && !unit.equals("ib")) {
                    var bytes =
                            new BigDecimal(matcher.group(1))
                                    .multiply(
                                            BigDecimal.valueOf(binary ? BINARY : THOUSAND)
                                                    .pow(power))
                                    .setScale(0, RoundingMode.DOWN);
                    if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
                        return bytes.longValueExact();
                    }
                }
            }
            throw new IllegalArgumentException(SafeText.quoted(text) + " is not a size");
        }
    }
}
