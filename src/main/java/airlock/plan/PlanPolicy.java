package airlock.plan;

import airlock.config.Destinations;
import airlock.config.PlanRules;
import airlock.event.Phase;
import airlock.text.SafeText;
import airlock.yaml.Place;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The operator's rules for the plans of a repository.
///
/// @param destinations empty to accept actions whose servers are missing
/// @param images the permitted ones, the repository's own first; empty to accept any
/// @param trustedCode whether trusted phases may run code of the commit
public record PlanPolicy(
        Optional<Destinations> destinations, Optional<List<String>> images, boolean trustedCode) {
    /// Accepts everything; actions whose servers are missing fail when they run.
    static final PlanPolicy UNKNOWN = new PlanPolicy(Optional.empty(), Optional.empty(), true);

    private static final String FORBIDDEN =
            "may run what the commit's files say, which `trusted_code: false` in the configuration"
                    + " forbids in pre_plan and post_plan";

    /// The rules for a repository with this image of its own.
    public static PlanPolicy of(Destinations destinations, String image, PlanRules rules) {
        return new PlanPolicy(
                Optional.of(destinations),
                Optional.of(
                        Stream.concat(Stream.of(image), rules.images().stream().sorted())
                                .distinct()
                                .toList()),
                rules.trustedCode());
    }

    /// Why an action is not allowed in a phase, as a phrase that follows its name.
    Optional<String> hinders(Action action, Phase phase) {
        Optional<String> lacks = destinations.flatMap(action::lacks).map(PlanPolicy::needs);
        return action.runsCommit() ? lacks.or(() -> forbidden(phase)) : lacks;
    }

    /// The message that an action needs `key` of the configuration.
    static String needs(String key) {
        return ("needs `%s` in the configuration, which the operator can set; `airlock init"
                        + " --from-plan FILE` prints all that a plan needs")
                .formatted(key);
    }

    void refuseImage(String image, Place place) {
        images.filter(known -> !known.contains(image))
                .ifPresent(
                        known ->
                                place.unknown(
                                        "this repository has no image " + SafeText.quoted(image),
                                        image,
                                        known));
    }

    /// Why code of the commit is not allowed in `phase`, if so.
    Optional<String> forbidden(Phase phase) {
        return trustedCode || phase == Phase.PLAN ? Optional.empty() : Optional.of(FORBIDDEN);
    }
}
