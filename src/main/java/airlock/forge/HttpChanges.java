package airlock.forge;

import airlock.config.ForgeConfig;
import airlock.event.CommitId;
import airlock.event.ForgeEvent;
import airlock.forge.ChangeLister.ChangesAnswer;
import airlock.forge.EventReader.ChangeFields;
import airlock.forge.Forge.EventReading;
import airlock.forge.ForgeApi.Outcome;
import airlock.forge.JsonFields.MalformedBodyException;
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

/// Change requests of Gitea, Forgejo and GitHub (docs.gitea.com "API", docs.github.com "Pull
/// requests"; recordings 152 to 163 of Gitea 1.25.5).
///
/// Every entry names its target repository. If that is another one, the name now belongs to someone
/// else, so the new name is requested by the id.
public final class HttpChanges implements ChangeLister {
    /// Gitea's maximum.
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
            return new ChangesAnswer.Closed(); // not the repository: its list was just received
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
                    yield retry(
                            "gave no readable answer about change requests: "
                                    + new EventReading.Malformed(String.valueOf(e.getMessage()))
                                            .why());
                }
            }
            case Outcome.Answered answer -> refusal.of(answer, repository, ApiRefusal.Access.READ);
            case Outcome.Failed(String reason, _) -> retry("does not answer: " + reason);
        };
    }

    private ChangesAnswer retry(String why) {
        return new ApiFailure.Retry(Duration.ZERO, "forge '%s' %s".formatted(api.name(), why));
    }

    private ChangesAnswer page(Outcome.Answered answer, ForgeRepository repository, int page) {
        var open = new ArrayList<ForgeEvent.ChangeOffered>();
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
            } catch (MalformedBodyException | IllegalArgumentException _) {
                // one malformed entry must not hide the others
            }
        }
        return new ChangesAnswer.Page(
                open,
                hasMore(answer.headers(), entries.size(), page),
                etag(answer.headers()),
                restUntil(answer.headers()));
    }

    private ChangeFields change(JsonFields fields, ForgeRepository repository) {
        return new ChangeFields(api.forge(), repository.id(), fields, "");
    }

    /// A proxy may drop `Link`; then a full page may have a next one.
    private static boolean hasMore(Headers headers, int entries, int page) {
        String link = headers.get("Link");
        if (link != null) {
            return link.contains("rel=\"next\"");
        }
        return ForgeApi.number(headers, "X-Total-Count")
                .map(total -> entries > 0 && total > (long) page * PAGE)
                .orElse(entries >= PAGE);
    }

    private static String etag(Headers headers) {
        String etag = Objects.requireNonNullElse(headers.get("ETag"), "");
        return etag.length() <= LONGEST_ETAG && etag.matches("[\\x21-\\x7e]*") ? etag : "";
    }

    /// A tenth of the rate limit is left to statuses (docs.github.com, "Rate limits for the REST
    /// API"); Gitea has none.
    private Optional<Instant> restUntil(Headers headers) {
        long limit = ForgeApi.number(headers, "x-ratelimit-limit").orElse(0L);
        long remaining = ForgeApi.number(headers, "x-ratelimit-remaining").orElse(limit);
        if (limit == 0 || remaining > limit / 10) {
            return Optional.empty();
        }
        Instant latest = clock.instant().plus(Duration.ofHours(1));
        return ForgeApi.number(headers, "x-ratelimit-reset")
                .map(Instant::ofEpochSecond)
                .map(until -> until.isAfter(latest) ? latest : until);
    }

    private ChangesAnswer elsewhere(ForgeRepository repository) {
        return refusal.renamed(
                repository,
                "forge '%s' gives another repository for the name %s, which was that of %s"
                        .formatted(api.name(), repository.fullName(), repository.id()));
    }
}
