package airlock.operator;

import airlock.config.AllowedHost;
import airlock.config.HostName;
import airlock.config.RepositoryConfig;
import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.RunId;
import airlock.event.TrustClass;
import airlock.results.PhaseView;
import airlock.results.PhaseView.PlaceUse;
import airlock.results.RunQuery;
import airlock.results.StoredViews;
import airlock.results.SubjectFilter;
import airlock.site.Configured;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Lists the connections of VMs.
record NetworkCommands(Configured configured, StoredViews views) {
    Reply ofRun(RunId run, Consumer<Reply> replies) {
        var found = views.head(run);
        if (found.isEmpty()) {
            return RunCommands.unknown(run);
        }
        var trust = found.get().trust();
        var repository = configured.configOf(found.get().repository());
        for (var phase : views.phases(run)) {
            for (var place : phase.places()) {
                var comment =
                        repository
                                .flatMap(config -> entry(config, phase, trust, place.place()))
                                .map(AllowedHost::comment);
                replies.accept(reply(phase, place, place.place(), comment));
            }
        }
        return new Reply.Done("");
    }

    /// Leaves out runs from outside: they always run in `enforce`, so their connections show only
    /// what strangers tried.
    Reply suggest(Command.SuggestNetwork command, Consumer<Reply> replies) {
        var repository = configured.named(command.repository());
        var id = configured.idNamed(command.repository());
        int most = Math.clamp(command.most(), 1, 1000);
        var query = new RunQuery(Set.of(id), SubjectFilter.ANY, "", most);
        var inside = views.runs(query).runs().stream().filter(r -> r.trust() != TrustClass.OUTSIDE);
        for (var run : inside.toList()) {
            for (var phase : views.phases(run.id())) {
                for (var place : phase.places()) {
                    String shown =
                            entry(repository, phase, run.trust(), place.place())
                                    .map(AllowedHost::yaml)
                                    .orElse(place.place());
                    replies.accept(reply(phase, place, shown, Optional.empty()));
                }
            }
        }
        return new Reply.Done("");
    }

    /// The entry that allows a place today.
    private static Optional<AllowedHost> entry(
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
            PhaseView phase, PlaceUse place, String shown, Optional<String> comment) {
        return new Reply.Place(
                phase.phase().key(),
                shown,
                comment.filter(text -> !text.isEmpty()),
                place.connections(),
                place.sent(),
                place.received(),
                place.refused(),
                Optional.of(place.reason()).filter(text -> !text.isEmpty()));
    }
}
