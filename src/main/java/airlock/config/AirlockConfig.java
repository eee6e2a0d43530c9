package airlock.config;

import airlock.yaml.Setting;
import airlock.yaml.Values;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The operator's whole configuration. References between its parts have been checked.
@Setting.Group(title = "The file", about = "The keys at the top of the file.")
public record AirlockConfig(
        @Setting(
                        value =
                                "The URL at which people and forges reach Airlock. Hook URLs,"
                                        + " badges and links in statuses begin with it.",
                        type = "web",
                        example = "https://ci.example.org")
                URI baseUrl,
        @Setting(
                        value =
                                "The address to listen on. The server speaks plain HTTP: put a"
                                        + " reverse proxy with TLS before it.",
                        or = "127.0.0.1:8080")
                Listen listen,
        @Setting(
                        value =
                                "The address to serve `/metrics` on ([Metrics](metrics.md)),"
                                        + " without authentication.",
                        without = "no metrics",
                        example = "127.0.0.1:9464")
                Optional<Listen> metrics,
        @Setting(
                        value =
                                "The directory for all data: database, mirrors, logs, artifacts,"
                                        + " images.",
                        or = "/var/lib/airlock")
                Path state,
        @Setting(
                        name = "secret_key",
                        value =
                                "The file of the key that secrets are sealed with"
                                        + " ([Secrets](secrets.md)), created with the first"
                                        + " secret. Keep it outside of `state`: a copy of `state`"
                                        + " alone then reveals no secret.",
                        without =
                                "`$CREDENTIALS_DIRECTORY/airlock.key` if systemd provides it, else"
                                        + " `secret.key` in `state`",
                        example = "/etc/airlock/secret.key")
                Optional<Path> keyFile,
        @Setting(
                        value =
                                "How often each repository is compared with its forge, to find"
                                        + " events that no webhook delivered ([Sweep](sweep.md));"
                                        + " varies by a tenth.",
                        or = "5m",
                        range = "1m to 7d",
                        example = "15m")
                Duration sweepEvery,
        @Setting(
                        value = "Virtual machines that may run at once.",
                        or = "1",
                        range = "1 to 1000",
                        example = "2")
                int slots,
        @Setting(
                        name = "outside_per_hour",
                        value =
                                "Outside change requests per author, forge and hour that are"
                                        + " tested, each with all of its runs; the rest are"
                                        + " queued. Such runs start after all others.",
                        or = "10",
                        range = "1 to 1000")
                int outsideAnHour,
        @Setting(
                        value =
                                "How long a stopping server waits for running phases. Phases that"
                                        + " are cut off begin again at the next start, except a"
                                        + " post_plan that has begun.",
                        or = "1m",
                        range = "0s to 1h")
                Duration shutdownGrace,
        @Setting(
                        value =
                                "`kvm` (hardware), `tcg` (emulation: slow, and QEMU calls it no"
                                        + " security boundary), or `auto`: KVM if a test machine"
                                        + " boots with it, else TCG.",
                        or = "auto")
                Accelerator accelerator,
        @Setting(value = "The sandbox around QEMU.", or = "{}") ConfinementConfig confinement,
        @Setting(
                        name = "ready_clones",
                        value = "Virtual machines started ahead of runs.",
                        or = "{}")
                ReadyConfig ready,
        @Setting(value = "Virtual machines of failed phases, kept for inspection.", or = "{}")
                KeepConfig keepFailed,
        @Setting(
                        value = "Git hosting sites by names of your choice.",
                        pattern = NAME,
                        expected = NAME_IS)
                Map<String, ForgeConfig> forges,
        @Setting(
                        value = "The images for virtual machines, by a name of your choice.",
                        or = "{debian-13: {recipe: debian-13}}",
                        pattern = NAME,
                        expected = NAME_IS)
                Map<String, ImageConfig> images,
        @Setting(
                        name = "default_image",
                        value = "The image of repositories that don't name one.",
                        without = "`debian-13`",
                        type = "image",
                        example = "debian-13")
                Optional<String> ownImage,
        @Setting(
                        value =
                                "Whether actions of pre_plan and post_plan may run code of the"
                                        + " commit, as `shell` and `custom` do"
                                        + " ([which](plans.md#what-may-run-where-the-network-is))."
                                        + " `false` makes such plans invalid, whoever pushed them.",
                        or = "true")
                boolean trustedCode,
        @Setting(value = "Limits of a run.", or = "{}") Limits limits,
        @Setting(name = "retention", value = "What is kept, and for how long.", or = "{}")
                Housekeeping housekeeping,
        @Setting(value = "Servers that actions fetch packages from; none is built in.", or = "{}")
                Mirrors mirrors,
        @Setting(value = "The HTTP proxy between this machine and others.", without = "`none`")
                Optional<UpstreamProxy> upstreamProxy,
        @Setting(value = "The repositories to test.", range = "0 to 100000")
                List<RepositoryConfig> repositories,
        KeyPlace.OfService serviceKey)
        implements Setting.Checked {
    static final String NAME = "[a-z0-9][a-z0-9-]{0,62}";
    static final String NAME_IS = "a name of a-z, 0-9 and -";

    public AirlockConfig {
        forges = Collections.unmodifiableMap(new LinkedHashMap<>(forges));
        images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
        repositories = List.copyOf(repositories);
    }

    @Override
    public void check(Values values) {
        if (Addresses.isExposed(baseUrl)) {
            values.place("base_url").warning("http shows private pages to the network; use https");
        }
        if (metrics.isPresent() && !Addresses.isLoopback(metrics.get())) {
            values.place("metrics")
                    .warning(
                            "anyone on the network can read the metrics unless a firewall prevents"
                                    + " it");
        }
        checkImage(images, ownImage, values);
        if (!repositories.isEmpty()) {
            mirrors.check(values.place("mirrors"), repositories);
        }
    }

    /// Reports if no image is named and the default one is missing.
    static void checkImage(Map<String, ImageConfig> images, Optional<String> named, Values values) {
        if (named.isEmpty() && !images.containsKey(ImageConfig.DEFAULT)) {
            values.place()
                    .error(
                            "key 'default_image' is missing, and images has no '%s'"
                                    .formatted(ImageConfig.DEFAULT));
        }
    }

    /// The image of repositories that name none; a key of `images`.
    public String defaultImage() {
        return ownImage.orElse(ImageConfig.DEFAULT);
    }

    public KeyPlace keyPlace() {
        return keyFile.<KeyPlace>map(KeyPlace.Named::new).orElseGet(() -> serviceKey.orIn(state));
    }

    /// The repository of the hook URL `/hooks/FORGE/NAME`. Names ignore ASCII case, as on forges.
    public Optional<RepositoryConfig> repository(String forge, String name) {
        return repositories.stream()
                .filter(r -> r.forge().equals(forge) && r.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /// The retention of the repository with the hook path `FORGE/NAME`; the common one for
    /// repositories that were removed from the configuration.
    public Retention retention(String hook) {
        int slash = hook.indexOf('/');
        return (slash < 0
                        ? Optional.<RepositoryConfig>empty()
                        : repository(hook.substring(0, slash), hook.substring(slash + 1)))
                .map(RepositoryConfig::retention)
                .orElse(housekeeping.each());
    }

    public ForgeConfig forgeOf(RepositoryConfig repository) {
        ForgeConfig forge = forges.get(repository.forge());
        if (forge == null) {
            throw new IllegalArgumentException(
                    "repository '%s' is not of this configuration: no forge '%s'"
                            .formatted(repository.name(), repository.forge()));
        }
        return forge;
    }

    public enum Accelerator {
        AUTO,
        KVM,
        TCG
    }

    /// An address to listen on.
    ///
    /// @param host a name or address, IPv6 without brackets
    /// @param port 0 for any free one
    public record Listen(String host, int port) {}
}
