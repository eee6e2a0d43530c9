package airlock.config;

import airlock.yaml.Setting;
import airlock.yaml.Values;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The part of the configuration that a run without a server takes: images, limits, mirrors and
/// network. No secret but the upstream proxy's password is opened, and no forge is needed.
///
/// @param repositories in the order of the file
public record LocalConfig(
        @Setting(without = "no image is there") Optional<Path> state,
        Map<String, ImageConfig> images,
        Optional<String> ownImage,
        Limits limits,
        Mirrors mirrors,
        Optional<UpstreamProxy> upstreamProxy,
        @Setting(or = "[]", range = "0 to 100000") List<Repository> repositories)
        implements Setting.Checked {
    /// What holds without a configuration.
    public static final LocalConfig NONE =
            ConfigTypes.local(Surroundings.NOTHING, Common.STANDARD).ofNothing();

    public LocalConfig {
        images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
        repositories = List.copyOf(repositories);
    }

    @Override
    public void check(Values values) {
        AirlockConfig.checkImage(images, ownImage, values);
    }

    /// The image of plans that name none.
    public String defaultImage() {
        return ownImage.orElse(ImageConfig.DEFAULT);
    }

    /// The mirrors.
    public Destinations destinations() {
        return new Destinations(Optional.empty(), Optional.empty(), mirrors.all());
    }

    /// Which keys of the whole file hold for repositories that set none of their own.
    record Common(Optional<String> ownImage, Limits limits) {
        static final Common STANDARD = new Common(Optional.empty(), Limits.STANDARD);
    }

    /// A repository.
    ///
    /// @param name `owner/repository`
    /// @param others names of images that its plans may have instead
    public record Repository(
            String name,
            Optional<String> ownImage,
            Set<String> others,
            NetworkConfig network,
            Limits limits,
            Common common) {
        public Repository {
            others = Set.copyOf(others);
        }

        /// The image of its plans that name none.
        public String image() {
            return ownImage.or(common::ownImage).orElse(ImageConfig.DEFAULT);
        }

        private String shortName() {
            return name.substring(name.lastIndexOf('/') + 1);
        }

        /// Whether git fetches it from `url`, whatever the scheme.
        private boolean isAt(String url) {
            String path = url.toLowerCase(Locale.ROOT).replaceFirst("/*$", "");
            String plain = path.endsWith(".git") ? path.substring(0, path.length() - 4) : path;
            String own = name.toLowerCase(Locale.ROOT);
            return plain.endsWith("/" + own) || plain.endsWith(":" + own);
        }
    }

    /// The repository called `name`, as in the hook's URL.
    public Optional<Repository> repository(String name) {
        return first(each -> each.name().equalsIgnoreCase(name));
    }

    /// The repository that a checkout is of: that of one of its remotes, else that of its
    /// directory's name, else the only one.
    ///
    /// @param remotes the URLs that the checkout fetches from
    /// @param directory the name of its directory
    public Optional<Repository> repositoryOf(List<String> remotes, String directory) {
        return first(each -> remotes.stream().anyMatch(each::isAt))
                .or(() -> first(each -> each.shortName().equalsIgnoreCase(directory)))
                .or(() -> first(_ -> repositories.size() == 1));
    }

    private Optional<Repository> first(Predicate<Repository> fits) {
        return repositories.stream().filter(fits).findFirst();
    }
}
