package airlock.config;

import airlock.event.RepositoryId;
import airlock.event.Secret;
import airlock.event.Subject;
import airlock.yaml.Setting;
import airlock.yaml.Values;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A repository that Airlock tests.
@Setting.Group(title = "repositories[]", about = "A repository to test.")
public record RepositoryConfig(
        @Setting(
                        value =
                                "As in the hook's URL, `BASE_URL/hooks/FORGE/NAME`: owner and"
                                        + " repository as the forge shows them.",
                        type = "repository",
                        example = "alice/hello")
                String name,
        @Setting(value = "The forge's name in `forges`.", type = "forge", example = "codeberg")
                String forge,
        @Setting(
                        value =
                                "The forge's own id for the repository, which never changes. A"
                                        + " delivery that tells of another one is refused.",
                        without = "the id of the first verified delivery, kept from then on",
                        type = "forge id",
                        example = "4711")
                Optional<String> id,
        @Setting(
                        value =
                                "Where commits are fetched from. Airlock fetches from nowhere else,"
                                        + " whatever a webhook says.",
                        type = "git",
                        example = "https://codeberg.org/alice/hello.git")
                URI url,
        @Setting(
                        name = "credentials",
                        value =
                                "What fetching takes. A token of its own that may only read is"
                                        + " safer for a private repository: a fetch process reads what"
                                        + " strangers wrote ([Security](security.md)).",
                        without =
                                "the forge's token, if the git server asks for a login at the"
                                        + " forge's own `url`; else nothing")
                Optional<FetchCredentials.Keys> ownCredentials,
        @Setting(
                        name = "hook_secret",
                        value =
                                "The secret that the forge signs deliveries with. While it is being"
                                        + " changed, a list of two: either is accepted. Those that"
                                        + " `airlock hook new` made are accepted, too.",
                        without = "what `airlock hook new` made",
                        type = "secret",
                        cure = "make it: `(umask 077; openssl rand -hex 32 > PATH)`",
                        range = "1 to 2",
                        bare = true,
                        example = "{file: secrets/hello-hook}")
                Optional<List<Secret>> ownHookSecrets,
        @Setting(
                        name = "image",
                        value = "The image's name in `images`.",
                        without = "`default_image`",
                        type = "image",
                        example = "debian-13")
                Optional<String> ownImage,
        @Setting(
                        name = "images",
                        value =
                                "Names in `images` that its plans may choose with `image` beside"
                                        + " its own.",
                        or = "[]",
                        type = "image",
                        range = "0 to 100",
                        example = "[debian-13]")
                Set<String> others,
        @Setting(
                        value = "The branch that badges show and whose outputs others start from.",
                        or = "main",
                        type = "branch",
                        example = "main")
                String defaultBranch,
        @Setting(
                        name = "listed_refs",
                        value =
                                "Pushes to these refs get secrets and a post_plan, all others"
                                        + " never. Patterns are explained above; `[]` lists none.",
                        without = "the default branch alone",
                        range = "0 to 100",
                        example = "[main, release/*, refs/tags/v*]")
                Optional<List<RefPattern>> ownListedRefs,
        @Setting(value = "What trusted phases may use, and how.", or = "{}") SecretsConfig secrets,
        @Setting(value = "Where trusted phases may connect to.", or = "{}") NetworkConfig network,
        @Setting(name = "targets", value = "Where actions of post_plan publish to.", or = "{}")
                Destinations destinations,
        @Setting(value = "Other limits than the common ones.", or = "{}") Limits limits,
        @Setting(value = "Something else to be kept than of the others.", or = "{}")
                Retention retention,
        @Setting(
                        name = "public",
                        value =
                                "Whether everyone may see its runs, logs, artifacts and badge."
                                        + " `ask`: while the forge shows the repository to everyone"
                                        + " ([the web pages](web.md#who-sees-what)).",
                        or = "false",
                        example = "true")
                Exposure exposure,
        @Setting(
                        value = "Whether change requests that are drafts are tested too.",
                        or = "false",
                        example = "true")
                boolean drafts,
        @Setting(
                        value =
                                "Whether a newer push to the same ref cancels a run that has begun."
                                        + " One that waits is superseded always.",
                        or = "false",
                        example = "true")
                boolean cancelRunning,
        Common common)
        implements Setting.Checked {
    private static final int SHORT = 16;

    /// Which keys of the whole file hold for repositories that set none of their own.
    public record Common(
            Optional<String> ownImage,
            boolean trustedCode,
            Limits limits,
            Housekeeping housekeeping,
            Mirrors mirrors,
            Map<String, ForgeConfig> forges) {
        /// Those of a file that sets nothing.
        static final Common STANDARD =
                new Common(
                        Optional.empty(),
                        true,
                        Limits.STANDARD,
                        Housekeeping.STANDARD,
                        Mirrors.NONE,
                        Map.of());
    }

    @Override
    public void check(Values values) {
        checkTargets(values);
        checkAgent(values);
        if (ownCredentials.isPresent()) {
            ownCredentials.get().check(url);
        } else if (url.getScheme().equals("ssh")) {
            values.place("url").error("ssh:// needs credentials with ssh_key and known_hosts");
        }
        if (hookSecrets().stream().anyMatch(secret -> secret.bytes().length < SHORT)) {
            values.place("hook_secret")
                    .warning("shorter than %d characters, so it can be guessed".formatted(SHORT));
        }
    }

    /// Reports a name or id that is among those `seen` on the same forge, and adds both.
    void checkOnce(Set<String> seen, Values values) {
        if (!seen.add(forge + "/" + name.toLowerCase(Locale.ROOT))) {
            values.place("name").error("the repository is there twice");
        }
        if (id.isPresent() && !seen.add(forge + ":" + id.get())) {
            values.place("id").error("another repository of this forge has the same id");
        }
    }

    private void checkTargets(Values values) {
        destinations.rsync().ifPresent(to -> checkReached(values, to.host(), to.port()));
        destinations
                .dput()
                .flatMap(DputTarget::server)
                .ifPresent(to -> checkReached(values, to.host(), to.actualPort()));
    }

    private void checkReached(Values values, HostName host, int port) {
        if (!network.postPlan().lets(host, port)) {
            values.place("targets")
                    .warning(
                            "no post_plan reaches %s:%d: it is not in network.post_plan.allow"
                                    .formatted(host, port));
        }
    }

    /// An agent only signs for hosts whose key it knows.
    private void checkAgent(Values values) {
        var known = network.postPlan().knownHosts();
        secrets.agent().stream()
                .flatMap(key -> key.hosts().stream())
                .filter(host -> known.stream().noneMatch(line -> line.isOf(host)))
                .forEach(
                        host ->
                                values.place("secrets")
                                        .error(
                                                "the agent knows no key of %s: network.known_hosts has no line of it"
                                                        .formatted(host),
                                                "the line that `ssh-keyscan %s` prints"
                                                        .formatted(host)));
    }

    /// What fetching takes. The forge's token goes to the forge alone, and never in clear over a
    /// network.
    public FetchCredentials credentials() {
        if (ownCredentials.isPresent()) {
            return ownCredentials.get().credentials();
        }
        ForgeConfig site = common.forges().get(forge);
        return site != null && Addresses.isSameOrigin(site.url(), url) && !Addresses.isExposed(url)
                ? new FetchCredentials.ForgeToken(site.token())
                : new FetchCredentials.None();
    }

    /// One, or two while it is being changed; none if only those of the store hold.
    public List<Secret> hookSecrets() {
        return ownHookSecrets.orElse(List.of());
    }

    /// The image's name.
    public String image() {
        return ownImage.or(common::ownImage).orElse(ImageConfig.DEFAULT);
    }

    /// What its plans may choose.
    public PlanRules planRules() {
        return new PlanRules(others, common.trustedCode());
    }

    /// Which refs may have secrets and a post_plan (T2).
    public List<RefPattern> listedRefs() {
        return ownListedRefs.orElseGet(() -> List.of(RefPattern.of(defaultBranch)));
    }

    /// Who may see a repository's runs without a token (T10).
    public enum Exposure {
        /// No one.
        PRIVATE,
        /// Everyone.
        PUBLIC,
        /// Everyone, while the forge shows the repository to everyone.
        AS_THE_FORGE
    }

    /// The id that the configuration pins, if it does.
    public Optional<RepositoryId> pinnedId() {
        return id.map(pinned -> new RepositoryId(forge, pinned));
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
        return listedRefs().stream().anyMatch(pattern -> pattern.matches(ref));
    }
}
