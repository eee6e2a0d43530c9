package airlock.plan;

import airlock.config.Destinations;
import airlock.config.Mirror;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// An action that fetches from a mirror which the operator has named.
interface MirrorAction extends ApartAction {
    /// The mirror without which it is a mistake of the plan.
    Mirror mirror();

    /// What it runs, in order.
    ///
    /// @param mirror without a slash at its end
    List<Script> scripts(URI mirror);

    @Override
    default Optional<String> lacks(Destinations given) {
        return given.mirror(mirror()).isPresent() ? Optional.empty() : Optional.of(mirror().path());
    }

    @Override
    default List<String> places(Destinations given) {
        return given.mirror(mirror()).stream().map(ApartAction::place).toList();
    }

    @Override
    default List<Script> scripts(Destinations given) {
        return given.mirror(mirror())
                .map(this::scripts)
                .orElseGet(
                        () ->
                                List.of(
                                        Script.refusal(
                                                name(),
                                                ApartAction.needs(lacks(given).orElseThrow()))));
    }
}
