package airlock.local;

import airlock.config.Limits;
import airlock.config.LocalConfig;
import airlock.config.NetworkConfig;
import airlock.event.Phase;
import airlock.machine.AppException;
import airlock.plan.Plan;
import airlock.source.LocalSource;
import airlock.source.SourceLimits;
import airlock.text.SafeText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The configuration for a person's checkout.
///
/// @param isGiven whether there is a configuration
/// @param repository whose image, network and limits apply
public record LocalSettings(
        boolean isGiven, LocalConfig config, Optional<LocalConfig.Repository> repository) {
    /// Settings without a configuration.
    public static final LocalSettings NONE =
            new LocalSettings(false, LocalConfig.NONE, Optional.empty());

    /// Finds the repository of a checkout in a configuration.
    ///
    /// @param name of the repository; empty to find it by the checkout's remotes
    /// @throws AppException if it is missing
    public static LocalSettings of(LocalConfig config, Optional<String> name, Path checkout) {
        if (name.isEmpty()) {
            var remotes = new LocalSource(SourceLimits.DEFAULT).remotes(checkout);
            String folder = String.valueOf(checkout.getFileName());
            return new LocalSettings(true, config, config.repositoryOf(remotes, folder));
        }
        var found = config.repository(name.get());
        if (found.isEmpty()) {
            throw new AppException(
                    "the configuration has no repository %s; it has %s"
                            .formatted(SafeText.quoted(name.get()), repositories(config)));
        }
        return new LocalSettings(true, config, found);
    }

    private static String repositories(LocalConfig config) {
        return config.repositories().isEmpty()
                ? "none"
                : config.repositories().stream()
                        .map(LocalConfig.Repository::name)
                        .collect(Collectors.joining(", "));
    }

    Limits limits() {
        return repository.map(LocalConfig.Repository::limits).orElse(config.limits());
    }

    NetworkConfig network() {
        return repository.map(LocalConfig.Repository::network).orElse(NetworkConfig.NOTHING);
    }

    String image(Plan plan) {
        return plan.settings()
                .image()
                .or(() -> repository.map(LocalConfig.Repository::image))
                .orElse(config.defaultImage());
    }

    /// Lines about what may surprise a person in a run of `plan`.
    List<String> notes(Plan plan) {
        var notes = new ArrayList<String>();
        repository
                .filter(r -> plan.settings().image().filter(i -> !has(r, i)).isPresent())
                .ifPresent(
                        r ->
                                notes.add(
                                        "a server refuses this plan: `images` of %s does not have %s"
                                                .formatted(
                                                        r.name(), SafeText.quoted(image(plan)))));
        if (!plan.actionsOf(Phase.PRE_PLAN).isEmpty()) {
            notes.add(networkNote());
        }
        return notes;
    }

    private static boolean has(LocalConfig.Repository repository, String image) {
        return repository.image().equals(image) || repository.others().contains(image);
    }

    private String networkNote() {
        if (!isGiven) {
            return "pre_plan has no network and no mirrors; `--config FILE` takes them from an"
                    + " Airlock configuration";
        }
        return repository
                .map(r -> "pre_plan has the network of " + r.name())
                .orElseGet(
                        () ->
                                "pre_plan has no network: this checkout matches none of the"
                                        + " configured repositories (%s); `--repository NAME`"
                                                .formatted(repositories(config))
                                        + " says which one it is");
    }
}
