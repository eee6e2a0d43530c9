package airlock.config;

import airlock.config.AirlockConfig.Listen;
import airlock.config.ProxyToken.Target;
import airlock.config.RepositoryConfig.Exposure;
import airlock.event.Phase;
import airlock.event.Refs;
import airlock.event.RepositoryId;
import airlock.text.SafeText;
import airlock.yaml.Binder;
import airlock.yaml.Node;
import airlock.yaml.Place;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The types of all keys of the configuration, by the class of their record component or by the
/// word in its declaration.
final class ConfigTypes {
    private static final Predicate<String> REPOSITORY =
            Pattern.compile("[A-Za-z0-9_.-]{1,100}(?:/[A-Za-z0-9_.-]{1,100}){1,20}")
                    .asMatchPredicate();
    private static final Predicate<String> DOTS =
            Pattern.compile("(?:^|/)\\.\\.?(?:/|$)").asPredicate();

    private ConfigTypes() {}

    /// The whole file, whose repositories fall back to `common`. Make a new one for each file: it
    /// remembers the repositories it has seen, to find duplicates.
    static Section<AirlockConfig> whole(Surroundings around, RepositoryConfig.Common common) {
        Binder all = all(around);
        Binder repository =
                all.given(common)
                        .with(Limits.class, ofRepository(all, common.limits()))
                        .with(Retention.class, RetentionSection.over(common.housekeeping().each()))
                        .with(
                                Destinations.class,
                                all.section(Destinations.Keys.class)
                                        .map(keys -> keys.with(common.mirrors())));
        var seen = new HashSet<String>();
        var repositories =
                repository
                        .section(RepositoryConfig.class)
                        .checked((made, values) -> made.checkOnce(seen, values));
        return all.given(KeyPlace.OfService.of(around.environment()))
                .with(RepositoryConfig.class, repositories)
                .section(AirlockConfig.class);
    }

    /// The keys that a run without a server uses.
    static Section<LocalConfig> local(Surroundings around, LocalConfig.Common common) {
        Binder all = all(around);
        var repository =
                all.given(common)
                        .with(Limits.class, ofRepository(all, common.limits()))
                        .part(LocalConfig.Repository.class, RepositoryConfig.class);
        return all.with(LocalConfig.Repository.class, repository)
                .part(LocalConfig.class, AirlockConfig.class);
    }

    private static Section<Limits> ofRepository(Binder all, Limits common) {
        return all.over(
                common,
                "that of `limits`",
                "repositories[].limits",
                "Limits for this repository alone.");
    }

    private static boolean isBranch(String name) {
        return Refs.valid("refs/heads/" + name, "refs/heads/") && !name.startsWith("refs/");
    }

    static Binder all(Surroundings around) {
        Binder simple =
                secrets(addresses(Binder.standard()))
                        .with(Path.class, around.path())
                        .with("secret", setting -> new SecretType(around, setting.cure(), false))
                        .with("key file", setting -> new SecretType(around, setting.cure(), true))
                        .with("recipe", new RecipeType(around.path()))
                        .with("forge", new Among(around.forges(), "forges"))
                        .with("image", new Among(around.images(), "images"))
                        .with(
                                "repository",
                                Scalars.matching(
                                        "owner and repository, such as alice/hello",
                                        REPOSITORY.and(DOTS.negate())))
                        .with(
                                "forge id",
                                Scalars.WORD.as("the forge's id, such as 4711", ConfigTypes::id))
                        .with(
                                "branch",
                                Scalars.matching(
                                        "a branch's short name, such as main",
                                        ConfigTypes::isBranch))
                        .with(RefPattern.class, RefPattern.TYPE)
                        .with(Mirrors.class, Mirrors.section())
                        .with(
                                Exposure.class,
                                Scalars.flagOr(
                                        Exposure.PUBLIC,
                                        Exposure.PRIVATE,
                                        "ask",
                                        Exposure.AS_THE_FORGE));
        return withSections(simple);
    }

    private static Binder withSections(Binder simple) {
        return simple.with(
                        ImageConfig.class,
                        simple.section(ImageConfig.Keys.class).map(ImageConfig.Keys::image))
                .with(
                        NetworkConfig.class,
                        simple.section(NetworkConfig.Keys.class).map(NetworkConfig.Keys::network))
                .with("file", named(simple, "files", SecretName.FILE_TYPE))
                .with("variable", named(simple, "variables", SecretName.VARIABLE_TYPE))
                .with(Housekeeping.class, RetentionSection.ofAll());
    }

    private static Section<NamedSecret> named(Binder types, String list, Type<String> name) {
        return types.with("name on the drive", name)
                .section(
                        NamedSecret.class,
                        "repositories[].secrets." + list + "[]",
                        "One of the " + list + ".");
    }

    private static Binder secrets(Binder types) {
        return types.with("secret name", SecretName.WORD_TYPE)
                .with("phase", Scalars.choice(List.of(Phase.PRE_PLAN, Phase.POST_PLAN), Phase::key))
                .with(Target.class, ProxyToken.TARGET)
                .with("header", ProxyToken.HEADER)
                .with("header value", ProxyToken.HEADER_VALUE)
                .with("method", ProxyToken.METHOD);
    }

    private static Binder addresses(Binder types) {
        Binder known =
                types.with(Listen.class, Addresses.listen())
                        .with("web", Addresses.web())
                        .with("proxy", Addresses.proxy())
                        .with("git", Addresses.fetch())
                        .with("port", Scalars.integer(1, 65_535).map(Math::toIntExact))
                        .with(HostName.class, Scalars.TEXT.as("a host's name", HostName::of))
                        .with(AllowedHost.class, AllowedHost.type())
                        .with(
                                KnownHost.class,
                                Scalars.TEXT.as(
                                        "a line HOST TYPE KEY, as ssh-keyscan prints it",
                                        KnownHost::of))
                        .with(
                                RsyncTarget.class,
                                Scalars.TEXT.as(
                                        "USER@HOST:PATH or ssh://USER@HOST:PORT/PATH",
                                        RsyncTarget::of))
                        .with("dput name", DputTarget.NAME);
        return known.with(DputTarget.class, DputTarget.type(known.section(DputTarget.Server.class)))
                .with("pre_plan network", listed(known, "pre_plan"))
                .with("post_plan network", listed(known, "post_plan"));
    }

    private static Section<NetworkConfig.Listed> listed(Binder types, String phase) {
        return types.section(
                NetworkConfig.Listed.class,
                "repositories[].network." + phase,
                "The network of " + phase + ".");
    }

    private static String id(String text) {
        return new RepositoryId("forge", text).id(); // refuses what forges don't use
    }

    /// A key of another mapping of the file. An unknown name still counts as read, so that further
    /// problems are found.
    private record Among(Set<String> known, String key) implements Type<String> {
        @Override
        public String expected() {
            return "a name in `" + key + "`";
        }

        @Override
        public Optional<String> read(Node node, Place place) {
            Optional<String> name = Scalars.TEXT.read(node, place);
            name.filter(text -> !known.contains(text))
                    .ifPresent(
                            text ->
                                    place.at(node.at())
                                            .unknown(
                                                    "%s is not in %s"
                                                            .formatted(SafeText.quoted(text), key),
                                                    text,
                                                    known.stream().sorted().toList()));
            return name;
        }
    }
}
