package airlock.operator;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.StateChange.State;
import airlock.machine.AppException;
import airlock.results.RequestView;
import airlock.results.RunHead;
import airlock.results.RunQuery;
import airlock.results.StoredLogs;
import airlock.results.StoredViews;
import airlock.results.SubjectFilter;
import airlock.site.Configured;
import airlock.site.Core;
import airlock.web.ApiJson;
import airlock.web.LogFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Lists runs, and waits until they end.
final class RunCommands {
    private static final int MOST = 1000;

    /// Characters of one reply, well below the protocol's longest line.
    private static final int PIECE = 64 << 10;

    private static final Duration LOOK = Duration.ofMillis(200);

    private final Configured configured;
    private final StoredViews views;
    private final Upkeep upkeep;
    private final InstantSource clock;

    RunCommands(Core core, Upkeep upkeep) {
        this.configured = core.configured();
        this.upkeep = upkeep;
        this.clock = core.clock();
        this.views =
                new StoredViews(
                        core.database(), () -> upkeep.gate().shutBecause(), _ -> Optional.empty());
    }

    Reply list(Command.Runs command, Consumer<Reply> replies) {
        var subject = SubjectFilter.of(command.subject());
        if (subject.isEmpty()) {
            return new Reply.Problem(
                    "'%s' is no branch (main), full ref (refs/tags/v1) or change request (#7)"
                            .formatted(command.subject()));
        }
        var repositories =
                command.repository().isEmpty()
                        ? configured.repositories().stream()
                                .flatMap(repository -> configured.idOf(repository).stream())
                                .collect(Collectors.toSet())
                        : Set.of(configured.idNamed(command.repository()));
        return list(command, repositories, subject.get(), replies);
    }

    private Reply list(
            Command.Runs command,
            Set<RepositoryId> repositories,
            SubjectFilter subject,
            Consumer<Reply> replies) {
        int most = Math.clamp(command.most(), 1, MOST);
        boolean isAny = command.state().isEmpty();
        var query = new RunQuery(repositories, subject, "", isAny ? most : MOST);
        var list = views.runs(query);
        var runs =
                list.runs().stream()
                        .filter(run -> isAny || word(run.state()).equals(command.state()))
                        .limit(most)
                        .toList();
        var requests =
                Stream.concat(
                                views.waiting(repositories, most).stream(),
                                views.withoutRun(query, list.oldest()).stream())
                        .filter(request -> isAny || word(request.state()).equals(command.state()))
                        .filter(
                                request ->
                                        subject.equals(SubjectFilter.ANY) || is(subject, request))
                        .toList();
        if (command.json()) {
            json(runs, requests, repositories, replies);
            return new Reply.Done("");
        }
        requests.stream().map(this::line).forEach(replies);
        runs.stream().map(this::line).forEach(replies);
        String shut = upkeep.gate().shutBecause();
        return new Reply.Done(shut.isEmpty() ? "" : "new work " + shut);
    }

    private static boolean is(SubjectFilter filter, RequestView request) {
        var subject = request.revision().subject();
        return filter.kind().equals(subject.kind()) && filter.key().equals(subject.key());
    }

    private void json(
            List<RunHead> runs,
            List<RequestView> requests,
            Set<RepositoryId> repositories,
            Consumer<Reply> replies) {
        var shown =
                configured.repositories().stream()
                        .flatMap(repository -> configured.shown(repository).stream())
                        .filter(repository -> repositories.contains(repository.id()))
                        .toList();
        String text = ApiJson.of(shown, runs, requests) + "\n";
        for (int at = 0; at < text.length(); at += PIECE) {
            String piece = text.substring(at, Math.min(text.length(), at + PIECE));
            replies.accept(new Reply.Text("", 0, 0, piece));
        }
    }

    /// Waits until the run has ended, and reports how.
    Reply await(RunId id, Consumer<Reply> replies) throws InterruptedException {
        while (true) {
            var run = views.head(id);
            if (run.isEmpty()) {
                return unknown(id);
            }
            if (run.get().isOver()) {
                replies.accept(line(run.get()));
                return new Reply.Done("");
            }
            Thread.sleep(LOOK);
        }
    }

    static Reply unknown(RunId run) {
        return unknown("run " + run);
    }

    static Reply unknown(String what) {
        return new Reply.Problem("there is no " + what + "; `airlock runs` lists them");
    }

    private Reply.Run line(RequestView request) {
        return new Reply.Run(
                request.id().text(),
                configured.nameOf(request.repository()),
                request.revision().subject().shortName(),
                request.revision().commit().hex(),
                Optional.empty(),
                word(request.state()),
                request.reason(),
                request.created(),
                Optional.empty());
    }

    private Reply.Run line(RunHead run) {
        return new Reply.Run(
                run.id().text(),
                configured.nameOf(run.repository()),
                run.revision().subject().shortName(),
                run.revision().commit().hex(),
                Optional.of(run.planAndCell()),
                word(run.state()),
                reason(run.state()),
                run.times().when(),
                Optional.of(run.times().took(clock.instant())).filter(Duration::isPositive));
    }

    private static String word(State state) {
        return switch (state) {
            case State.Queued _ -> "queued";
            case State.Running _ -> "running";
            case State.Ended ended -> ended.verdict().word();
        };
    }

    private String reason(State state) {
        return switch (state) {
            case State.Ended ended -> ended.reason();
            case State.Queued _ -> upkeep.gate().shutBecause();
            case State.Running _ -> "";
        };
    }

    /// Sends a run's whole log, in the formats of the pages.
    record LogCommands(Core core) {
        Reply file(Command.LogFile command, Consumer<Reply> replies) {
            var format =
                    switch (command.format()) {
                        case "json" -> LogFormat.JSON;
                        case "html" -> LogFormat.HTML;
                        default -> throw new AppException("no format: " + command.format());
                    };
            var run = core.kept().views().run(command.run());
            if (run.isEmpty()) {
                return RunCommands.unknown(command.run());
            }
            var log = new StoredLogs(core.kept().logs(), core.kept().views()).open(command.run());
            try (var out = new Pieces(replies)) {
                if (log.size() == 0) {
                    return new Reply.Problem(
                            run.get().logRemoved().isPresent()
                                    ? "the log of "
                                            + command.run()
                                            + " was removed to give room back"
                                    : command.run() + " has no log yet");
                }
                String name = core.configured().hookOf(run.get().head().repository());
                format.write(out, name, run.get(), log);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Reply.Done("");
        }

        /// Sends what is written to it, in pieces of about 64 KiB.
        private static final class Pieces extends ByteArrayOutputStream {
            private static final int PIECE = 64 << 10;

            private final Consumer<Reply> replies;

            Pieces(Consumer<Reply> replies) {
                this.replies = replies;
            }

            /// Each write is of whole characters.
            @Override
            public synchronized void write(byte[] some, int offset, int length) {
                super.write(some, offset, length);
                if (size() >= PIECE) {
                    flush();
                }
            }

            @Override
            public void flush() {
                if (size() > 0) {
                    replies.accept(new Reply.Text("", 0, 0, toString(StandardCharsets.UTF_8)));
                    reset();
                }
            }

            @Override
            public void close() {
                flush();
            }
        }
    }
}
