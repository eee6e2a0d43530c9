package airlock.plan;

import airlock.config.Destinations;
import airlock.config.PlanRules;
import airlock.event.Phase;
import airlock.text.SafeText;
import airlock.yaml.Place;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What the operator's configuration says of a repository's plans.
///
/// @param destinations the servers that are given; empty where actions are taken without
/// @param images those that a plan may have, the repository's own first; empty where any name is
///     taken
/// @param trustedCode whether trusted phases may have actions that may run what the commit's files
///     say
public record OperatorsWord(
        Optional<Destinations> destinations, Optional<List<String>> images, boolean trustedCode) {
    /// None is known: what lacks something of the operator's fails when it is run.
    static final OperatorsWord UNKNOWN =
            new OperatorsWord(Optional.empty(), Optional.empty(), true);

    private static final String FORBIDDEN =
            "may run what the commit's files say, which `trusted_code: false` in the configuration"
                    + " forbids in pre_plan and post_plan";

    /// What it says of a repository.
    ///
    /// @param image the repository's own
    public static OperatorsWord of(Destinations destinations, String image, PlanRules rules) {
        return new OperatorsWord(
                Optional.of(destinations),
                Optional.of(
                        Stream.concat(Stream.of(image), rules.images().stream().sorted())
                                .distinct()
                                .toList()),
                rules.trustedCode());
    }

    /// Why an action may not stand in a phase, as what follows its name; empty where nothing
    /// hinders.
    Optional<String> hinders(Action action, Phase phase) {
        Optional<String> lacks = destinations.flatMap(action::lacks).map(OperatorsWord::needs);
        return action.runsCommit() ? lacks.or(() -> forbidden(phase)) : lacks;
    }

    /// What people read if an action needs something of the operator's.
    ///
    /// @param key of the configuration
    static String needs(String key) {
        return ("needs `%s` in the configuration, which whoever runs Airlock can set; `airlock init"
                        + " --from-plan FILE` prints all that a plan needs")
                .formatted(key);
    }

    /// Reports an image that the repository may not have.
    void refuseImage(String image, Place place) {
        images.filter(known -> !known.contains(image))
                .ifPresent(
                        known ->
                                place.unknown(
                                        "this repository has no image " + SafeText.quoted(image),
                                        image,
                                        known));
    }

    /// Why code of the commit's may not run there; empty where it may.
    Optional<String> forbidden(Phase phase) {
        return trustedCode || phase == Phase.PLAN ? Optional.empty() : Optional.of(FORBIDDEN);
    }
}
