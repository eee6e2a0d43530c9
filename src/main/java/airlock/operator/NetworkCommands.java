package airlock.operator;

import airlock.config.AllowedHost;
import airlock.config.HostName;
import airlock.config.RepositoryConfig;
import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.RunId;
import airlock.event.TrustClass;
import airlock.results.PhaseView;
import airlock.results.PlaceUse;
import airlock.results.RunQuery;
import airlock.results.StoredViews;
import airlock.results.SubjectFilter;
import airlock.site.Configured;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Says what VMs connected to.
final class NetworkCommands {
    private final Configured configured;
    private final StoredViews views;

    NetworkCommands(Configured configured, StoredViews views) {
        this.configured = configured;
        this.views = views;
    }

    Reply ofRun(RunId run, Consumer<Reply> replies) {
        var found = views.head(run);
        if (found.isEmpty()) {
            return new Reply.Problem("no run " + run + "; `airlock runs` lists them");
        }
        var repository = configured.configOf(found.get().repository());
        for (var phase : views.phases(run)) {
            for (var place : phase.places()) {
                String comment =
                        repository
                                .flatMap(
                                        config ->
                                                listed(
                                                        config,
                                                        phase,
                                                        found.get().trust(),
                                                        place.place()))
                                .map(AllowedHost::comment)
                                .orElse("");
                replies.accept(reply(phase, place, place.place(), comment));
            }
        }
        return new Reply.Done("");
    }

    /// Runs from outside are left out: they are always in `enforce`, so their connections show only
    /// what strangers tried.
    Reply suggest(Command.SuggestNetwork command, Consumer<Reply> replies) {
        var repository = configured.named(command.repository());
        var id = configured.idNamed(command.repository());
        int most = Math.clamp(command.most(), 1, 1000);
        var query = new RunQuery(Set.of(id), SubjectFilter.ANY, "", most);
        for (var run : views.runs(query).runs()) {
            if (run.trust() == TrustClass.OUTSIDE) {
                continue;
            }
            for (var phase : views.phases(run.id())) {
                for (var place : phase.places()) {
                    String entry =
                            listed(repository, phase, run.trust(), place.place())
                                    .map(AllowedHost::yaml)
                                    .orElse(place.place());
                    replies.accept(reply(phase, place, entry, ""));
                }
            }
        }
        return new Reply.Done("");
    }

    /// The entry that lets a place today: what it says of an address or a domain is worth keeping.
    private static Optional<AllowedHost> listed(
            RepositoryConfig repository, PhaseView phase, TrustClass trust, String place) {
        int colon = place.lastIndexOf(':');
        if (colon < 0 || !place.substring(colon + 1).matches("[1-9][0-9]{0,4}")) {
            return Optional.empty();
        }
        int port = Integer.parseInt(place.substring(colon + 1));
        return switch (HostName.read(place.substring(0, colon))) {
            case HostName.Reading.Named(var host) ->
                    repository.network().of(phase.phase(), trust).allow().letting(host, port);
            case HostName.Reading.Refused _ -> Optional.empty();
        };
    }

    private static Reply.Place reply(
            PhaseView phase, PlaceUse place, String shown, String comment) {
        return new Reply.Place(
                phase.phase().key(),
                shown,
                comment,
                place.connections(),
                place.sent(),
                place.received(),
                place.refused(),
                place.reason());
    }
}
