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

/// The operator's whole configuration, checked: what one part names in another is there.
@Setting.Group(title = "The file", about = "The keys at the top of the file.")
public record AirlockConfig(
        @Setting(
                        value =
                                "Where people and forges reach Airlock. Hook URLs, links in"
                                        + " statuses and badges begin with it.",
                        type = "web",
                        example = "https://ci.example.org")
                URI baseUrl,
        @Setting(
                        value =
                                "Where the server listens. It speaks plain HTTP: put a reverse"
                                        + " proxy with TLS before it.",
                        or = "127.0.0.1:8080",
                        example = "127.0.0.1:8080")
                Listen listen,
        @Setting(
                        value =
                                "Where Prometheus gets `/metrics` ([Metrics](metrics.md)): an"
                                        + " address of its own; everyone who reaches it may read them.",
                        without = "no metrics",
                        example = "127.0.0.1:9464")
                Optional<Listen> metrics,
        @Setting(
                        value =
                                "The directory of everything that Airlock keeps: database, mirrors,"
                                        + " logs, artifacts, images.",
                        or = "/var/lib/airlock",
                        example = "/var/lib/airlock")
                Path state,
        @Setting(
                        name = "secret_key",
                        value =
                                "The file of the key that secrets are sealed with"
                                        + " ([Secrets](secrets.md)), made when the first secret is."
                                        + " It belongs elsewhere than `state`: a copy of that alone"
                                        + " then opens nothing.",
                        without =
                                "`$CREDENTIALS_DIRECTORY/airlock.key` where systemd gives one, else"
                                        + " `secret.key` in `state`",
                        example = "/etc/airlock/secret.key")
                Optional<Path> keyFile,
        @Setting(
                        value =
                                "How often each repository is compared with its forge, to find what"
                                        + " no webhook told ([Sweep](sweep.md)); a tenth more or less.",
                        or = "5m",
                        range = "1m to 7d",
                        example = "15m")
                Duration sweepEvery,
        @Setting(
                        value = "How many virtual machines may run at once.",
                        or = "1",
                        range = "1 to 1000",
                        example = "2")
                int slots,
        @Setting(
                        name = "outside_per_hour",
                        value =
                                "How often in an hour change requests from outside of one author"
                                        + " are tested, each with all of its runs, over all"
                                        + " repositories of a forge; the rest are queued. Such runs"
                                        + " also wait until all others have begun.",
                        or = "10",
                        range = "1 to 1000")
                int outsideAnHour,
        @Setting(
                        value =
                                "How long a server that is stopped lets running phases go on. What"
                                        + " is not done then begins again at the next start, but for a"
                                        + " post_plan that had begun.",
                        or = "1m",
                        range = "0s to 1h")
                Duration shutdownGrace,
        @Setting(
                        value =
                                "`kvm` (hardware), `tcg` (emulation, slow, and no security boundary"
                                        + " by QEMU's own words), or `auto`: KVM if a test machine"
                                        + " boots with it, else TCG.",
                        or = "auto",
                        example = "auto")
                Accelerator accelerator,
        @Setting(value = "The walls around QEMU.", or = "{}") ConfinementConfig confinement,
        @Setting(name = "ready_clones", value = "Virtual machines that wait for runs.", or = "{}")
                ReadyConfig ready,
        @Setting(
                        value =
                                "Virtual machines of failed phases that stay for a person to look"
                                        + " at.",
                        or = "{}")
                KeepConfig keepFailed,
        @Setting(
                        value = "The git hosting sites, by a name of your choice.",
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
                        value = "The image of repositories that name none.",
                        without = "`debian-13`",
                        type = "image",
                        example = "debian-13")
                Optional<String> ownImage,
        @Setting(
                        value =
                                "Whether plans may have actions in pre_plan and post_plan that may"
                                        + " run what the commit's files say, `shell` and `custom` among"
                                        + " them ([which](plans.md#what-may-run-where-the-network-is))."
                                        + " `false` makes such a plan invalid, whoever pushed it.",
                        or = "true",
                        example = "false")
                boolean trustedCode,
        @Setting(value = "What a run may take.", or = "{}") Limits limits,
        @Setting(name = "retention", value = "What is kept, how long and how much.", or = "{}")
                Housekeeping housekeeping,
        @Setting(value = "Where actions fetch packages from; nowhere is built in.", or = "{}")
                Mirrors mirrors,
        @Setting(value = "The proxy behind which this machine's network ends.", without = "`none`")
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
                    .warning("the network may read metrics, if no firewall keeps it from it");
        }
        checkImage(images, ownImage, values);
        if (!repositories.isEmpty()) {
            mirrors.check(values.place("mirrors"), repositories);
        }
    }

    /// Reports images without the one that holds if none is named.
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

    /// Where the key is that secrets are sealed with.
    public KeyPlace keyPlace() {
        return keyFile.<KeyPlace>map(KeyPlace.Named::new).orElseGet(() -> serviceKey.orIn(state));
    }

    /// The repository that the hook URL `/hooks/FORGE/NAME` stands for. Names are compared without
    /// regard to ASCII case, as forges do.
    public Optional<RepositoryConfig> repository(String forge, String name) {
        return repositories.stream()
                .filter(r -> r.forge().equals(forge) && r.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /// What is kept of the repository with the hook path `FORGE/NAME`; that of all if it is no
    /// longer configured.
    public Retention retention(String hook) {
        int slash = hook.indexOf('/');
        return (slash < 0
                        ? Optional.<RepositoryConfig>empty()
                        : repository(hook.substring(0, slash), hook.substring(slash + 1)))
                .map(RepositoryConfig::retention)
                .orElse(housekeeping.each());
    }

    /// The forge of a repository of this configuration.
    public ForgeConfig forgeOf(RepositoryConfig repository) {
        ForgeConfig forge = forges.get(repository.forge());
        if (forge == null) {
            throw new IllegalArgumentException(
                    "repository '%s' is not of this configuration: no forge '%s'"
                            .formatted(repository.name(), repository.forge()));
        }
        return forge;
    }

    /// How virtual machines are run.
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
