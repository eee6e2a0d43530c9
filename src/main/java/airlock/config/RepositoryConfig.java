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

@Setting.Group(title = "repositories[]", about = "A repository to test.")
public record RepositoryConfig(
        @Setting(
                        value =
                                "Owner and repository as in the hook's URL,"
                                        + " `BASE_URL/hooks/FORGE/NAME`.",
                        type = "repository",
                        example = "alice/hello")
                String name,
        @Setting(value = "The forge's name in `forges`.", type = "forge", example = "codeberg")
                String forge,
        @Setting(
                        value =
                                "The forge's own id for the repository, which never changes."
                                        + " Deliveries with another one are refused.",
                        without = "the id of the first verified delivery, kept from then on",
                        type = "forge id",
                        example = "4711")
                Optional<String> id,
        @Setting(
                        value = "The URL to fetch commits from. URLs in webhooks are ignored.",
                        type = "git",
                        example = "https://codeberg.org/alice/hello.git")
                URI url,
        @Setting(
                        name = "credentials",
                        value =
                                "Credentials for fetching. For a private repository, use a"
                                        + " read-only token: the fetch process parses untrusted"
                                        + " data ([Security](security.md)).",
                        without =
                                "the forge's token, if the git server asks for a login and is at"
                                        + " the forge's own `url`; else none")
                Optional<FetchCredentials.Keys> ownCredentials,
        @Setting(
                        name = "hook_secret",
                        value =
                                "The secret that the forge signs deliveries with, or two while it"
                                        + " is being changed. Those of `airlock hook new` are"
                                        + " accepted, too.",
                        without = "that of `airlock hook new`",
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
                        value = "Further names in `images` that its plans may choose with `image`.",
                        or = "[]",
                        type = "image",
                        range = "0 to 100",
                        example = "[debian-13]")
                Set<String> others,
        @Setting(
                        value =
                                "The branch of badges, whose outputs are the first that other"
                                        + " branches start from.",
                        or = "main",
                        type = "branch")
                String defaultBranch,
        @Setting(
                        name = "listed_refs",
                        value =
                                "Refs whose pushes get secrets and a post_plan. For patterns see"
                                        + " above; `[]` lists none.",
                        without = "the default branch alone",
                        range = "0 to 100",
                        example = "[main, release/*, refs/tags/v*]")
                Optional<List<RefPattern>> ownListedRefs,
        @Setting(value = "The secrets of trusted phases.", or = "{}") SecretsConfig secrets,
        @Setting(value = "The network of trusted phases.", or = "{}") NetworkConfig network,
        @Setting(name = "targets", value = "Where actions of post_plan publish to.", or = "{}")
                Destinations destinations,
        @Setting(value = "Limits in place of the common ones.", or = "{}") Limits limits,
        @Setting(value = "Retention in place of the common one.", or = "{}") Retention retention,
        @Setting(
                        name = "public",
                        value =
                                "Whether its runs, logs, artifacts and badge are public. `ask`: if"
                                        + " the repository is public on its forge ([the web"
                                        + " pages](web.md#who-sees-what)).",
                        or = "false")
                Exposure exposure,
        @Setting(value = "Whether to test drafts of change requests.", or = "false") boolean drafts,
        @Setting(
                        value = "Whether newer pushes cancel running runs, not only waiting ones.",
                        or = "false")
                boolean cancelRunning,
        Common common)
        implements Setting.Checked {
    private static final int SHORT = 16;

    /// Keys of the whole file that repositories fall back to.
    public record Common(
            Optional<String> ownImage,
            boolean trustedCode,
            Limits limits,
            Housekeeping housekeeping,
            Mirrors mirrors,
            Map<String, ForgeConfig> forges) {
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

    /// Reports a name or id that `seen` already has for the same forge, and adds both.
    void checkOnce(Set<String> seen, Values values) {
        if (!seen.add(forge + "/" + name.toLowerCase(Locale.ROOT))) {
            values.place("name").error("duplicate repository");
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

    /// An agent signs only for hosts whose key it knows.
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

    /// The credentials for fetching. The forge's token is sent only to the forge, and never in
    /// clear text over a network.
    public FetchCredentials credentials() {
        if (ownCredentials.isPresent()) {
            return ownCredentials.get().credentials();
        }
        ForgeConfig site = common.forges().get(forge);
        return site != null && Addresses.isSameOrigin(site.url(), url) && !Addresses.isExposed(url)
                ? new FetchCredentials.ForgeToken(site.token())
                : new FetchCredentials.None();
    }

    /// One, or two while it is being changed; empty if only those of the store are valid.
    public List<Secret> hookSecrets() {
        return ownHookSecrets.orElse(List.of());
    }

    public String image() {
        return ownImage.or(common::ownImage).orElse(ImageConfig.DEFAULT);
    }

    public PlanRules planRules() {
        return new PlanRules(others, common.trustedCode());
    }

    /// Refs whose runs may have secrets and a post_plan (T2).
    public List<RefPattern> listedRefs() {
        return ownListedRefs.orElseGet(() -> List.of(RefPattern.of(defaultBranch)));
    }

    /// Who may see its runs without a token (T10).
    public enum Exposure {
        PRIVATE,
        PUBLIC,
        /// Public as long as the forge shows the repository to everyone.
        AS_THE_FORGE
    }

    /// The id in the configuration, if any.
    public Optional<RepositoryId> pinnedId() {
        return id.map(pinned -> new RepositoryId(forge, pinned));
    }

    /// Whether `subject` is a push to a listed ref (T2). Change requests, merge groups and a merge
    /// queue's own branches never are, whatever patterns match. For a tag, the caller must also
    /// check that its commit is reachable from a listed branch.
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
