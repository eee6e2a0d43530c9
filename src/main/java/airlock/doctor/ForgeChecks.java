package airlock.doctor;

import airlock.config.AirlockConfig;
import airlock.config.ForgeConfig;
import airlock.config.RepositoryConfig;
import airlock.forge.Forge;
import airlock.forge.HttpRights;
import airlock.forge.HttpRights.RightsAnswer;
import airlock.forge.HttpRights.RightsAnswer.Cause;
import airlock.forge.HttpRights.RightsAnswer.Writing;
import airlock.machine.Finding;
import airlock.site.Configured;
import airlock.text.SafeText;
import airlock.webhook.DefaultBranch;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Checks with forges: whether the token can see and write each repository, the name of its default
/// branch, and the forge's clock.
public record ForgeChecks(InstantSource clock) {
    /// Largest difference of clocks that is fine, including the time that an answer takes.
    private static final Duration NEAR = Duration.ofMinutes(1);

    private static final int MOST = 50;

    List<Finding> look(AirlockConfig config) {
        var findings = new ArrayList<Finding>();
        config.forges()
                .forEach(
                        (name, forge) ->
                                findings.addAll(
                                        look(
                                                forge,
                                                config.baseUrl(),
                                                repositories(config, name, MOST))));
        return findings;
    }

    private static List<RepositoryConfig> repositories(
            AirlockConfig config, String forge, int most) {
        return config.repositories().stream()
                .filter(r -> r.forge().equals(forge))
                .limit(most)
                .toList();
    }

    /// Why a forge refuses its token and what to do; empty if the forge accepts it, does not
    /// answer, or has no configured repository.
    public Optional<String> refusedToken(AirlockConfig config, ForgeConfig forge) {
        return repositories(config, forge.name(), 1).stream()
                .flatMap(one -> new HttpRights(forge, clock).refusedToken(one.name()).stream())
                .map(
                        why ->
                                "%s; until then no status is set: %s"
                                        .formatted(SafeText.line(why), newToken(forge)))
                .findFirst();
    }

    private List<Finding> look(
            ForgeConfig forge, URI baseUrl, List<RepositoryConfig> repositories) {
        var findings = new ArrayList<Finding>();
        var rights = new HttpRights(forge, clock);
        Optional<Instant> forgeTime = Optional.empty();
        for (var repository : repositories) {
            var look = rights.of(repository.name());
            var answer = look.answer();
            findings.add(finding(forge, baseUrl, repository, answer));
            if (answer instanceof RightsAnswer.Shown shown) {
                DefaultBranch.difference(repository.defaultBranch(), shown.defaultBranch())
                        .map(
                                found ->
                                        Finding.warning(
                                                "default branch of " + Configured.hook(repository),
                                                found.seen(),
                                                found.cure()))
                        .ifPresent(findings::add);
            }
            forgeTime = look.forgeTime();
            if (concernsAll(answer)) {
                break;
            }
        }
        if (repositories.size() == MOST) {
            findings.add(
                    Finding.good(
                            "forge " + forge.name(),
                            "only its first " + MOST + " repositories were asked for"));
        }
        forgeTime.ifPresent(
                time -> findings.add(time(forge, Duration.between(time, clock.instant()))));
        return findings;
    }

    /// Whether the answer would be the same for every other repository.
    private static boolean concernsAll(RightsAnswer answer) {
        return switch (answer) {
            case RightsAnswer.Silent _ -> true;
            case RightsAnswer.Refused refused ->
                    refused.cause() == Cause.TOKEN || refused.cause() == Cause.LIMIT;
            case RightsAnswer.Shown _, RightsAnswer.Moved _ -> false;
        };
    }

    private static Finding finding(
            ForgeConfig forge, URI baseUrl, RepositoryConfig repository, RightsAnswer answer) {
        String what = "token for " + Configured.hook(repository);
        return switch (answer) {
            case RightsAnswer.Silent(String reason) ->
                    Finding.bad(
                            "forge " + forge.name(),
                            "does not answer: " + SafeText.line(reason),
                            "is " + forge.api() + " its API, and can this machine reach it?");
            case RightsAnswer.Refused refused -> refused(forge, repository, refused);
            case RightsAnswer.Moved(String name) ->
                    Finding.bad(
                            "name of " + Configured.hook(repository),
                            name.isEmpty()
                                    ? "the forge has it under another name, which this token may"
                                            + " not see"
                                    : "the forge has renamed it to " + name,
                            "set the repository's `name` and `url` to the new ones, and the hook's"
                                    + " target URL to %s/hooks/%s/%s"
                                            .formatted(
                                                    baseUrl,
                                                    forge.name(),
                                                    name.isEmpty() ? "OWNER/NAME" : name));
            case RightsAnswer.Shown(Writing writing, _) ->
                    switch (writing) {
                        case Writing.Allowed _ -> Finding.good(what, "may write");
                        case Writing.UserLacksAccess _ ->
                                Finding.bad(
                                        what,
                                        "its user may read and not write, so no status can be set",
                                        "give the token's user write access to "
                                                + repository.name());
                        case Writing.TokenLacksScope(String reason) ->
                                Finding.bad(
                                        what,
                                        "may not set statuses: " + SafeText.line(reason),
                                        scope(forge));
                    };
        };
    }

    private static Finding refused(
            ForgeConfig forge, RepositoryConfig repository, RightsAnswer.Refused refused) {
        String seen = SafeText.line(refused.reason());
        String what = "token for " + Configured.hook(repository);
        return switch (refused.cause()) {
            case TOKEN -> Finding.bad("token of forge " + forge.name(), seen, newToken(forge));
            case SCOPE -> Finding.bad(what, seen, scope(forge));
            case MISSING ->
                    Finding.bad(
                            what,
                            seen,
                            "if `name: %s` is right, give the token's user access to it, %s"
                                    .formatted(
                                            repository.name(),
                                            Forge.of(forge.kind())
                                                    .traits()
                                                    .advice()
                                                    .showRepository()));
            case LIMIT -> Finding.warning("forge " + forge.name(), seen, "look again later");
            case OTHER -> Finding.bad("forge " + forge.name(), seen, "is its `api` right?");
        };
    }

    private static String newToken(ForgeConfig forge) {
        return "make a new token at %s, put it where `token` of forge '%s' points, and restart Airlock"
                .formatted(forge.url(), forge.name());
    }

    private static String scope(ForgeConfig forge) {
        return Forge.of(forge.kind()).traits().advice().grantScopes();
    }

    private static Finding time(ForgeConfig forge, Duration ahead) {
        String what = "clock against " + forge.name();
        if (ahead.abs().compareTo(NEAR) <= 0) {
            return Finding.good(what, "they agree");
        }
        return Finding.bad(
                what,
                "this machine's is %d s %s"
                        .formatted(
                                ahead.abs().toSeconds(), ahead.isNegative() ? "behind" : "ahead"),
                "timedatectl set-ntp true, or set the forge's clock if that is the one that is"
                        + " off");
    }
}
