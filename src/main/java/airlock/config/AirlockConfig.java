package airlock.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The operator's whole configuration, checked: what one part names in another is there.
///
/// @param baseUrl where people and forges reach Airlock, without a slash at its end
/// @param listen where the server listens
/// @param metricsPlace where metrics are served
/// @param state the directory of everything that must survive a restart, absolute
/// @param keyPlace where the key is that secrets are sealed with
/// @param sweepEvery how often each repository is compared with its forge
/// @param slots how many phases' VMs may run at once, at least 1
/// @param outsideAnHour how many runs from outside one author has in an hour, at least 1 (T11)
/// @param shutdownGrace how long a server that is stopped lets running phases go on
/// @param accelerator how virtual machines are run
/// @param confinement what stands around them
/// @param ready those that wait for runs
/// @param keepFailed those of failed phases that stay
/// @param forges by the name that hook URLs use
/// @param images by name, never empty
/// @param defaultImage the image of repositories that name none; a key of `images`
/// @param limits for repositories that set none of their own
/// @param housekeeping what is kept, how long and how much
/// @param upstreamProxy through which trusted VMs connect; empty where this machine can by itself
/// @param repositories in the order of the file
public record AirlockConfig(
        URI baseUrl,
        Listen listen,
        MetricsPlace metricsPlace,
        Path state,
        KeyPlace keyPlace,
        Duration sweepEvery,
        int slots,
        int outsideAnHour,
        Duration shutdownGrace,
        Accelerator accelerator,
        ConfinementConfig confinement,
        ReadyConfig ready,
        KeepConfig keepFailed,
        Map<String, ForgeConfig> forges,
        Map<String, ImageConfig> images,
        String defaultImage,
        Limits limits,
        Housekeeping housekeeping,
        Optional<UpstreamProxy> upstreamProxy,
        List<RepositoryConfig> repositories) {
    public AirlockConfig {
        forges = Collections.unmodifiableMap(new LinkedHashMap<>(forges));
        images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
        repositories = List.copyOf(repositories);
    }

    /// The repository that the hook URL `/hooks/FORGE/NAME` stands for. Names are compared without
    /// regard to ASCII case, as forges do.
    public Optional<RepositoryConfig> repository(String forge, String name) {
        return repositories.stream()
                .filter(r -> r.forge().equals(forge) && r.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /// What is kept of the repository with the hook path `FORGE/NAME`; that of all where it is not
    /// configured any more.
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

    /// Where metrics are served, if they are.
    public Optional<Listen> metrics() {
        return switch (metricsPlace) {
            case MetricsPlace.Nowhere _ -> Optional.empty();
            case MetricsPlace.At(Listen listen) -> Optional.of(listen);
        };
    }

    /// Where metrics are served.
    public sealed interface MetricsPlace {
        /// They are not.
        record Nowhere() implements MetricsPlace {}

        /// At an address of their own.
        record At(Listen listen) implements MetricsPlace {}
    }

    /// An address to listen on.
    ///
    /// @param host a name or address, IPv6 without brackets
    /// @param port 0 for any free one
    public record Listen(String host, int port) {}
}
