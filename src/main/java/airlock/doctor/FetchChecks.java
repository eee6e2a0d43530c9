package airlock.doctor;

import airlock.config.AirlockConfig;
import airlock.config.RepositoryConfig;
import airlock.event.RepositoryId;
import airlock.machine.Finding;
import airlock.site.Configured;
import airlock.source.Listing;
import airlock.source.Refused;
import airlock.source.RemoteRepository;
import airlock.source.SourceException;
import airlock.source.SourceFetcher;
import airlock.source.SourceLimits;
import airlock.source.Unreachable;
import airlock.text.SafeText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Checks whether each repository can be fetched: asks its git server for the default branch, as a
/// run does. Downloads nothing.
record FetchChecks(SourceFetcher fetcher) {
    /// Number of forges asked at the same time, one repository each.
    static final int AT_ONCE = 4;

    private static final int MOST = 50;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    List<Finding> look(AirlockConfig config) throws InterruptedException {
        var factory = Thread.ofVirtual().name("doctor-fetch-", 0).factory();
        var asked = new ArrayList<Future<List<Finding>>>();
        try (var pool = Executors.newFixedThreadPool(AT_ONCE, factory)) {
            for (String forge : config.forges().keySet()) {
                asked.add(pool.submit(() -> ofForge(forge, config)));
            }
            var findings = new ArrayList<Finding>();
            for (var each : asked) {
                findings.addAll(each.get());
            }
            return findings;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            asked.forEach(each -> each.cancel(true));
        }
    }

    private List<Finding> ofForge(String forge, AirlockConfig config) throws InterruptedException {
        var findings = new ArrayList<Finding>();
        var all = config.repositories().stream().filter(r -> r.forge().equals(forge)).toList();
        for (var repository : all.subList(0, Math.min(MOST, all.size()))) {
            Listing answer;
            try {
                answer = fetcher.tips(remote(repository), List.of(branch(repository)));
            } catch (SourceException e) {
                findings.add(cannot(repository, String.valueOf(e.getMessage()), "see the message"));
                return findings; // a fault of this machine
            }
            findings.add(finding(repository, answer));
            if (answer instanceof Unreachable away && away.retryable()) {
                return findings; // no need to ask for the others
            }
        }
        if (all.size() > MOST) {
            findings.add(
                    Finding.good(
                            "fetching from " + forge,
                            "only its first " + MOST + " repositories were tried"));
        }
        return findings;
    }

    private static String branch(RepositoryConfig repository) {
        return "refs/heads/" + repository.defaultBranch();
    }

    /// A listing makes no mirror, so the id does not matter.
    private static RemoteRepository remote(RepositoryConfig repository) {
        var usual = SourceLimits.of(repository.limits());
        var limits =
                new SourceLimits(
                        usual.size(),
                        usual.files(),
                        usual.fileSize(),
                        usual.pathLength(),
                        usual.depth(),
                        usual.planFileSize(),
                        LIMIT);
        return new RemoteRepository(
                new RepositoryId(repository.forge(), "0"),
                repository.url(),
                repository.credentials(),
                limits);
    }

    private static Finding finding(RepositoryConfig repository, Listing answer) {
        return switch (answer) {
            case Listing.Tips(var tips) ->
                    tips.stream().anyMatch(tip -> tip.ref().equals(branch(repository)))
                            ? Finding.good("fetching " + Configured.hook(repository), "works")
                            : Finding.warning(
                                    "fetching " + Configured.hook(repository),
                                    "works, but there is no branch " + repository.defaultBranch(),
                                    "set `default_branch`, unless the repository is still empty");
            case Refused(String why) -> cannot(repository, why, "see the message");
            case Unreachable away ->
                    cannot(
                            repository,
                            away.why(),
                            away.retryable()
                                    ? "can this machine reach %s?"
                                            .formatted(repository.url().getHost())
                                    : "correct the repository's `url` or `credentials`"
                                            + " (docs/configuration.md)");
        };
    }

    private static Finding cannot(RepositoryConfig repository, String why, String cure) {
        return Finding.bad("fetching " + Configured.hook(repository), SafeText.line(why), cure);
    }
}
