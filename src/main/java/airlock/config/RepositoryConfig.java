package airlock.config;

import airlock.event.RepositoryId;
import airlock.event.Secret;
import airlock.event.Subject;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// A repository that Airlock tests.
///
/// @param name as in the hook URL, `owner/repository`
/// @param forge the forge's name in the configuration
/// @param forgeId the forge's id for it; empty where the first verified delivery pins it (T8)
/// @param url the only address it is ever fetched from, `http`, `https` or `ssh` (T8)
/// @param hookSecrets one, or two while it is being changed
/// @param image the image's name
/// @param planRules what its plans may choose
/// @param defaultBranch the default branch's short name
/// @param listedRefs which refs may have secrets and a post_plan (T2)
/// @param secrets what trusted phases may use
/// @param network where trusted phases may connect to
/// @param destinations the servers that actions publish to and fetch from
/// @param retention what is kept of it
/// @param exposure who may see its runs without a token (T10)
/// @param drafts whether draft change requests are tested
/// @param cancelRunning whether a newer push cancels the running test of an older one
public record RepositoryConfig(
        String name,
        String forge,
        String forgeId,
        URI url,
        FetchCredentials credentials,
        List<Secret> hookSecrets,
        String image,
        PlanRules planRules,
        String defaultBranch,
        List<RefPattern> listedRefs,
        SecretsConfig secrets,
        NetworkConfig network,
        Destinations destinations,
        Limits limits,
        Retention retention,
        Exposure exposure,
        boolean drafts,
        boolean cancelRunning) {
    public RepositoryConfig {
        hookSecrets = List.copyOf(hookSecrets);
        listedRefs = List.copyOf(listedRefs);
    }

    /// Who may see a repository's runs without a token (T10).
    public enum Exposure {
        /// Nobody.
        PRIVATE,
        /// Everybody.
        PUBLIC,
        /// Everybody, while the forge shows the repository to everybody.
        AS_THE_FORGE
    }

    /// The id that the configuration pins, if it does.
    public Optional<RepositoryId> pinnedId() {
        return forgeId.isEmpty() ? Optional.empty() : Optional.of(new RepositoryId(forge, forgeId));
    }

    /// Whether a push to `subject` is one to a listed ref (T2). Change requests and merge groups
    /// never are, nor is a merge queue's own branch, whatever pattern its name matches; for a tag
    /// it remains to be checked that its commit is reachable from a listed branch.
    public boolean lists(Subject subject) {
        return switch (subject) {
            case Subject.Branch branch ->
                    !Subject.MergeGroup.isBranchOfOne(branch.ref()) && listed(branch.ref());
            case Subject.Tag tag -> listed(tag.ref());
            case Subject.Change _, Subject.MergeGroup _ -> false;
        };
    }

    private boolean listed(String ref) {
        return listedRefs.stream().anyMatch(pattern -> pattern.matches(ref));
    }
}
