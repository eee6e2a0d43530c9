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

/// The part of the configuration that a run without a server uses: images, limits, mirrors and
/// network. It needs no forge and opens no secret but the upstream proxy's password.
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

    public Destinations destinations() {
        return new Destinations(Optional.empty(), Optional.empty(), mirrors.all());
    }

    /// Keys of the whole file that repositories fall back to.
    record Common(Optional<String> ownImage, Limits limits) {
        static final Common STANDARD = new Common(Optional.empty(), Limits.STANDARD);
    }

    /// A repository.
    ///
    /// @param name `owner/repository`
    /// @param others further images that its plans may choose
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

        public String image() {
            return ownImage.or(common::ownImage).orElse(ImageConfig.DEFAULT);
        }

        private String shortName() {
            return name.substring(name.lastIndexOf('/') + 1);
        }

        /// Whether `url` names this repository, whatever its scheme.
        private boolean isAt(String url) {
            String path = url.toLowerCase(Locale.ROOT).replaceFirst("/*$", "");
            String plain = path.endsWith(".git") ? path.substring(0, path.length() - 4) : path;
            String own = name.toLowerCase(Locale.ROOT);
            return plain.endsWith("/" + own) || plain.endsWith(":" + own);
        }
    }

    public Optional<Repository> repository(String name) {
        return first(each -> each.name().equalsIgnoreCase(name));
    }

    /// The repository of a checkout: the one of its remotes, else the one named like its directory,
    /// else the only one.
    ///
    /// @param remotes the URLs that the checkout fetches from
    public Optional<Repository> repositoryOf(List<String> remotes, String directory) {
        return first(each -> remotes.stream().anyMatch(each::isAt))
                .or(() -> first(each -> each.shortName().equalsIgnoreCase(directory)))
                .or(() -> first(_ -> repositories.size() == 1));
    }

    private Optional<Repository> first(Predicate<Repository> fits) {
        return repositories.stream().filter(fits).findFirst();
    }
}
