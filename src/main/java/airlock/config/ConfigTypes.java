package airlock.config;

import airlock.config.AirlockConfig.Listen;
import airlock.config.ProxyToken.Target;
import airlock.config.RepositoryConfig.Exposure;
import airlock.event.Phase;
import airlock.yaml.Binder;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/// The types of all keys of the configuration: by the class of their record component, or by the
/// word that its declaration names.
final class ConfigTypes {
    private ConfigTypes() {}

    /// The whole file, whose repositories fall back to `common`. One for each reading: it remembers
    /// the repositories that it has seen.
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

    /// What repositories of the whole file fall back to.
    static Section<RepositoryConfig.Common> common(Surroundings around) {
        return all(around).part(RepositoryConfig.Common.class, AirlockConfig.class);
    }

    /// What a run without a server takes of the file.
    static Section<LocalConfig> local(Surroundings around, LocalConfig.Common common) {
        Binder all = all(around);
        var repository =
                all.given(common)
                        .with(Limits.class, ofRepository(all, common.limits()))
                        .part(LocalConfig.Repository.class, RepositoryConfig.class);
        return all.with(LocalConfig.Repository.class, repository)
                .part(LocalConfig.class, AirlockConfig.class);
    }

    /// What repositories of a run without a server fall back to.
    static Section<LocalConfig.Common> localCommon(Surroundings around) {
        return all(around).part(LocalConfig.Common.class, AirlockConfig.class);
    }

    private static Section<Limits> ofRepository(Binder all, Limits common) {
        return all.over(
                common,
                "that of `limits`",
                "repositories[].limits",
                "Limits for this repository alone.");
    }

    private static Binder all(Surroundings around) {
        Binder simple =
                secrets(addresses(Binder.standard()))
                        .with(Path.class, around.path())
                        .with("secret", setting -> new SecretType(around, setting.cure(), false))
                        .with("key file", setting -> new SecretType(around, setting.cure(), true))
                        .with("recipe", new RecipeType(around))
                        .with("forge", Names.among(around.forges(), "forges"))
                        .with("image", Names.among(around.images(), "images"))
                        .with("repository", Names.repository())
                        .with("forge id", Names.forgeId())
                        .with("branch", Names.branch())
                        .with(RefPattern.class, Names.refPattern())
                        .with(
                                Exposure.class,
                                Scalars.flagOr(
                                        Exposure.PUBLIC,
                                        Exposure.PRIVATE,
                                        "ask",
                                        Exposure.AS_THE_FORGE));
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
}
