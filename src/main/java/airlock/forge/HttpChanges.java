package airlock.forge;

import airlock.config.ForgeConfig;
import airlock.event.CommitId;
import airlock.event.ForgeEvent;
import airlock.forge.ForgeApi.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import okhttp3.Headers;
import okhttp3.HttpUrl;

/// Change requests of Gitea, Forgejo and GitHub, whose lists differ little (docs.gitea.com "API",
/// docs.github.com "Pull requests"; recordings 152 to 163 of Gitea 1.25.5).
///
/// Every entry names the repository that it wants to get into. One of another repository means that
/// the name is somebody else's by now, and the forge is asked for the name by the id.
public final class HttpChanges implements ChangeLister {
    /// Gitea gives no more on a page.
    private static final int PAGE = 50;

    private static final int MOST_ON_A_PAGE = 1_000;
    private static final int LONGEST_ETAG = 256;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Set<String> WANTED = ChangeFields.wanted("");

    private final ForgeApi api;
    private final ApiRefusal refusal;
    private final InstantSource clock;

    public HttpChanges(ForgeConfig forge, InstantSource clock) {
        this.api = new ForgeApi(forge, LIMIT);
        this.refusal = new ApiRefusal(api, clock);
        this.clock = clock;
    }

    @Override
    public ChangesAnswer open(ForgeRepository repository, int page, String etag) {
        return asked(
                api.get(pageUrl(repository, page), etag),
                repository,
                answer ->
                        answer.status() == 304
                                ? new ChangesAnswer.Same(restUntil(answer.headers()))
                                : page(answer, repository, page));
    }

    @Override
    public ChangesAnswer one(ForgeRepository repository, long number) {
        var url = api.url("repos/" + repository.fullName() + "/pulls/" + number).build();
        var outcome = api.get(url);
        if (outcome instanceof Outcome.Answered(int status, _, _) && status == 404) {
            return new ChangesAnswer.Closed(); // its list was just given, so it is what is gone
        }
        return asked(
                outcome,
                repository,
                answer -> {
                    var change = change(JsonFields.read(answer.body(), WANTED), repository);
                    if (!change.isOfTheRepository()) {
                        return elsewhere(repository);
                    }
                    return change.isClosed()
                            ? new ChangesAnswer.Closed()
                            : new ChangesAnswer.Open(change.offered(CommitId.NONE));
                });
    }

    @Override
    public ChangesAnswer check(ForgeRepository repository) {
        return asked(
                api.get(api.url("repos/" + repository.fullName()).build()),
                repository,
                answer -> {
                    var fields = JsonFields.read(answer.body(), Set.of("id"));
                    return repository.id().id().equals(Long.toString(fields.id("id")))
                            ? new ChangesAnswer.SameRepository()
                            : elsewhere(repository);
                });
    }

    private HttpUrl pageUrl(ForgeRepository repository, int page) {
        var url =
                api.url("repos/" + repository.fullName() + "/pulls")
                        .addQueryParameter("state", "open")
                        .addQueryParameter("page", Integer.toString(page));
        return api.forge().pagesOf(PAGE, api.forge().oldestFirst(url)).build();
    }

    private ChangesAnswer asked(
            Outcome outcome,
            ForgeRepository repository,
            Function<Outcome.Answered, ChangesAnswer> read) {
        return switch (outcome) {
            case Outcome.Answered answer when answer.status() == 200 || answer.status() == 304 -> {
                try {
                    yield read.apply(answer);
                } catch (MalformedBodyException | IllegalArgumentException e) {
                    yield new ChangesAnswer.Retry(
                            Duration.ZERO,
                            "forge '%s' gave no readable answer about change requests: %s"
                                    .formatted(api.name(), shown(e)));
                }
            }
            case Outcome.Answered answer ->
                    refused(refusal.of(answer, repository, ApiRefusal.Access.READ));
            case Outcome.NotSent(String reason) -> away(reason);
            case Outcome.NoAnswer(String reason) -> away(reason);
        };
    }

    private ChangesAnswer away(String reason) {
        return new ChangesAnswer.Retry(
                Duration.ZERO, "forge '%s' does not answer: %s".formatted(api.name(), reason));
    }

    private ChangesAnswer page(Outcome.Answered answer, ForgeRepository repository, int page) {
        var open = new ArrayList<ForgeEvent.ChangeOffered>();
        int unreadable = 0;
        List<JsonFields> entries = JsonFields.readAll(answer.body(), WANTED, MOST_ON_A_PAGE);
        for (JsonFields entry : entries) {
            var change = change(entry, repository);
            if (!change.isOfTheRepository()) {
                return elsewhere(repository);
            }
            try {
                if (!change.isClosed()) {
                    open.add(change.offered(CommitId.NONE));
                }
            } catch (MalformedBodyException | IllegalArgumentException e) {
                unreadable++; // one odd entry hides no other
            }
        }
        return new ChangesAnswer.Page(
                open,
                hasMore(answer.headers(), entries.size(), page),
                etag(answer.headers()),
                unreadable,
                restUntil(answer.headers()));
    }

    private ChangeFields change(JsonFields fields, ForgeRepository repository) {
        return new ChangeFields(api.forge(), repository.id(), fields, "");
    }

    /// Where there is no `Link`, a proxy may have dropped it: a full page may have a next one.
    private static boolean hasMore(Headers headers, int entries, int page) {
        String link = headers.get("Link");
        if (link != null) {
            return link.contains("rel=\"next\"");
        }
        String total = Objects.requireNonNullElse(headers.get("X-Total-Count"), "");
        boolean counted = total.matches("[0-9]{1,9}");
        return counted
                ? entries > 0 && Long.parseLong(total) > (long) page * PAGE
                : entries >= PAGE;
    }

    private static String etag(Headers headers) {
        String etag = Objects.requireNonNullElse(headers.get("ETag"), "");
        return etag.length() <= LONGEST_ETAG && etag.matches("[\\x21-\\x7e]*") ? etag : "";
    }

    /// A tenth of the allowance stays for statuses (docs.github.com, "Rate limits for the REST
    /// API"); Gitea counts nothing.
    private Optional<Instant> restUntil(Headers headers) {
        long limit = number(headers, "x-ratelimit-limit");
        long remaining = number(headers, "x-ratelimit-remaining");
        long reset = number(headers, "x-ratelimit-reset");
        if (limit <= 0 || remaining < 0 || reset < 0 || remaining > limit / 10) {
            return Optional.empty();
        }
        Instant until = Instant.ofEpochSecond(reset);
        Instant latest = clock.instant().plus(Duration.ofHours(1));
        return Optional.of(until.isAfter(latest) ? latest : until);
    }

    private static long number(Headers headers, String name) {
        String text = headers.get(name);
        return text != null && text.matches("[0-9]{1,11}") ? Long.parseLong(text) : -1;
    }

    private ChangesAnswer elsewhere(ForgeRepository repository) {
        return refused(
                refusal.renamed(
                        repository,
                        "forge '%s' gives another repository for the name %s, which was that of %s"
                                .formatted(api.name(), repository.fullName(), repository.id())));
    }

    private static ChangesAnswer refused(PostAnswer answer) {
        return switch (answer) {
            case PostAnswer.Retry retry -> new ChangesAnswer.Retry(retry.after(), retry.reason());
            case PostAnswer.Refused refused -> new ChangesAnswer.GaveUp(refused.reason());
            case PostAnswer.GaveUp(String reason) -> new ChangesAnswer.GaveUp(reason);
            case PostAnswer.Renamed(String name) -> new ChangesAnswer.Renamed(name);
            case PostAnswer.Posted _, PostAnswer.Unknown _ ->
                    throw new IllegalStateException("an error answer was read as " + answer);
        };
    }

    private static String shown(RuntimeException e) {
        return new EventReading.Malformed(String.valueOf(e.getMessage())).why();
    }
}
