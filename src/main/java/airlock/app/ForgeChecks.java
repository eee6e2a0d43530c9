package airlock.app;

import airlock.config.AirlockConfig;
import airlock.config.ForgeConfig;
import airlock.config.RepositoryConfig;
import airlock.event.Texts;
import airlock.forge.HttpRights;
import airlock.forge.RightsAnswer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// What the doctor asks forges: whether the token sees each repository and may write to it, and
/// what time it is there.
record ForgeChecks(InstantSource clock) {
    /// A forge that is further away in time than this sees statuses and limits of another hour; it
    /// is also how long an answer may have been on its way.
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
                                                config.repositories().stream()
                                                        .filter(r -> r.forge().equals(name))
                                                        .limit(MOST)
                                                        .toList())));
        return findings;
    }

    private List<Finding> look(ForgeConfig forge, List<RepositoryConfig> repositories) {
        var findings = new ArrayList<Finding>();
        var rights = new HttpRights(forge, clock);
        Instant said = Instant.EPOCH;
        for (var repository : repositories) {
            var answer = rights.of(repository.name());
            findings.add(finding(forge, repository, answer));
            switch (answer) {
                case RightsAnswer.Silent _ -> {
                    return findings; // the others would be asked in vain
                }
                case RightsAnswer.Refused refused -> said = refused.said();
                case RightsAnswer.Shown shown -> said = shown.said();
            }
        }
        if (repositories.size() == MOST) {
            findings.add(
                    Finding.good(
                            "forge " + forge.name(),
                            "only its first " + MOST + " repositories were asked for"));
        }
        if (said.isAfter(Instant.EPOCH)) {
            findings.add(time(forge, Duration.between(said, clock.instant())));
        }
        return findings;
    }

    private static Finding finding(
            ForgeConfig forge, RepositoryConfig repository, RightsAnswer answer) {
        String what = "token for " + Configured.hook(repository);
        return switch (answer) {
            case RightsAnswer.Silent(String reason) ->
                    Finding.bad(
                            "forge " + forge.name(),
                            "does not answer: " + Texts.line(reason),
                            "is " + forge.api() + " its API, and can this machine reach it?");
            case RightsAnswer.Refused(String reason, _) ->
                    Finding.bad(what, Texts.line(reason), token(forge));
            case RightsAnswer.Shown(boolean mayWrite, _) ->
                    mayWrite
                            ? Finding.good(what, "may write")
                            : Finding.bad(
                                    what,
                                    "may read and not write, so no status can be set",
                                    token(forge));
        };
    }

    private static String token(ForgeConfig forge) {
        return switch (forge.kind()) {
            case GITHUB ->
                    "make a token that may write commit statuses and read contents and pull requests";
            case GITEA, FORGEJO ->
                    "give the token's user write access, and the token the scope write:repository";
        };
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
                "timedatectl set-ntp true, or set the forge's clock if that is the one that is off");
    }
}
