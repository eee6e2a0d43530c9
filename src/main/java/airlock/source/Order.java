package airlock.source;

import airlock.event.CommitId;
import airlock.event.GitDepth;
import airlock.event.Secret;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/// An order to a fetch process, which carries out one.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
sealed interface Order {
    Target target();

    /// The same with another way to log in.
    default Order with(Login login) {
        var other = new Target(target().url(), login, target().limits());
        return switch (this) {
            case Fetch(_, var ref, var commit, var place, var planFiles, var git, var cached) ->
                    new Fetch(other, ref, commit, place, planFiles, git, cached);
            case Tips(_, var prefixes) -> new Tips(other, prefixes);
            case Compare(_, var ref, var from, var to) -> new Compare(other, ref, from, to);
            case Reach(_, var commit, var refs) -> new Reach(other, commit, refs);
        };
    }

    /// The repository; its mirror is lent ([GitMirror#LENT]).
    ///
    /// @param url the address to fetch from
    record Target(String url, Login login, SourceLimits limits) {}

    /// Like [airlock.config.FetchCredentials], but with the content of files.
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
    sealed interface Login {
        record Anonymous() implements Login {}

        record Basic(String user, Secret password) implements Login {}

        /// A key and the hosts that may see it.
        ///
        /// @param knownHosts lines in the format of sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"
        record Key(Secret privateKey, String knownHosts) implements Login {}
    }

    /// Packs one commit's files.
    ///
    /// @param cached the keys of tars that need not be made again
    record Fetch(
            Target target,
            String ref,
            CommitId commit,
            CommitPlace place,
            List<String> planFiles,
            GitDepth git,
            List<String> cached)
            implements Order {}

    record Tips(Target target, List<String> prefixes) implements Order {}

    record Compare(Target target, String ref, CommitId from, CommitId to) implements Order {}

    record Reach(Target target, CommitId commit, List<String> refs) implements Order {}
}
