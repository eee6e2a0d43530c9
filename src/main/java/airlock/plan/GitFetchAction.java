package airlock.plan;

import airlock.config.Destinations;
import airlock.text.Shown;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `git_fetch`: fetches one commit of another repository to `/ci/deps/git/DIRECTORY`. Ambient has
/// no such action.
///
/// @param commit its whole id
/// @param ref what is asked for in its place; empty for the commit itself
record GitFetchAction(String url, String commit, String directory, Optional<String> ref)
        implements ApartAction {
    private static final String FOLDER = "/ci/deps/git";
    private static final int LONGEST_URL = 4_000;
    private static final int LONGEST_TITLE = 80;
    private static final Set<String> SCHEMES = Set.of("http", "https", "ssh");
    private static final Key<String> URL =
            Key.required("url", address(), "Where it is.")
                    .example("https://forge.example/other.git");
    private static final Key<String> COMMIT =
            Key.required(
                            "commit",
                            Texts.matching("a commit's whole id", "[0-9a-f]{40}|[0-9a-f]{64}"),
                            "The commit.")
                    .example("a94a8fe5ccb19ba61c4c0873d391e987982fbbd3");
    private static final Key<String> DIRECTORY =
            Key.required("directory", Texts.filename(), "Its name in `/ci/deps/git`.")
                    .example("other");
    private static final Key<String> REF =
            Key.free(
                            "ref",
                            Texts.matching("a ref", "refs/[A-Za-z0-9][A-Za-z0-9._/+-]{0,199}"),
                            "the commit is asked for by its id",
                            "A ref at that commit, for servers that give out nothing else.")
                    .example("refs/tags/v1.2");

    static final ActionKind KIND =
            new ActionKind(
                    "git_fetch",
                    Set.of(),
                    new Section<>(
                            "git_fetch",
                            "Fetches a commit of another repository.",
                            List.of(URL, COMMIT, DIRECTORY, REF),
                            values ->
                                    new GitFetchAction(
                                            values.get(URL),
                                            values.get(COMMIT),
                                            values.get(DIRECTORY),
                                            values.find(REF))));

    private static Type<String> address() {
        return Scalars.TEXT.as(
                "an https, http or ssh URL without a password", GitFetchAction::checked);
    }

    private static String checked(String text) {
        try {
            var uri = new URI(text);
            String user = Optional.ofNullable(uri.getRawUserInfo()).orElse("");
            boolean isSsh = "ssh".equals(uri.getScheme());
            if (uri.getHost() != null
                    && SCHEMES.contains(uri.getScheme())
                    && user.matches(isSsh ? "[A-Za-z0-9_.][A-Za-z0-9_.-]*|" : "")
                    && text.length() <= LONGEST_URL
                    && text.chars().allMatch(c -> c > ' ' && c < 127)) {
                return text;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is no URL: " + e.getReason(), e);
        }
        throw new IllegalArgumentException(
                text.contains("@") ? "does not fit" : Shown.quoted(text) + " does not fit");
    }

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public ReadFiles reads() {
        return ReadFiles.NONE;
    }

    @Override
    public List<String> places(Destinations given) {
        return List.of(ApartAction.place(URI.create(url)));
    }

    @Override
    public List<Script> scripts(Destinations given) {
        return List.of(
                Script.of(
                        Shown.line("git_fetch " + directory, LONGEST_TITLE),
                        name(),
                        List.of(FOLDER, directory, url, commit, ref.orElse("")),
                        ""));
    }
}
