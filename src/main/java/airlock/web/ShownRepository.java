package airlock.web;

import airlock.event.CommitId;
import airlock.event.ForgeKind;
import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.forge.Forge;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// A repository that everybody may see.
///
/// @param id its id
/// @param kind what software its forge runs
/// @param name as in the hook URL, `owner/repository`
/// @param page the forge's page of it, `http` or `https`, without a slash at its end
/// @param defaultBranch the default branch's short name
public record ShownRepository(
        RepositoryId id, ForgeKind kind, String name, URI page, String defaultBranch) {
    public ShownRepository {
        String scheme = String.valueOf(page.getScheme());
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IllegalArgumentException(
                    "not a page that a browser may be sent to: '" + page + "' (http or https)");
        }
    }

    /// `FORGE/OWNER/REPOSITORY`, as in URLs and filters.
    public String path() {
        return id.forge() + "/" + name;
    }

    /// The forge's page of a commit.
    public String commitUrl(CommitId commit) {
        return page + "/commit/" + commit.hex();
    }

    /// The forge's page of a branch, tag or change request.
    public String subjectUrl(Subject subject) {
        return page
                + switch (subject) {
                    case Subject.Branch _ -> tree("branch") + encoded(subject.shortName());
                    case Subject.MergeGroup _ -> tree("branch") + encoded(subject.shortName());
                    case Subject.Tag _ -> tree("tag") + encoded(subject.shortName());
                    case Subject.Change change -> Forge.of(kind).changePath(change.number());
                };
    }

    private String tree(String what) {
        return Forge.of(kind).treePath(what);
    }

    /// Percent-encoded, with its slashes as they are.
    private static String encoded(String ref) {
        return URLEncoder.encode(ref, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }
}
