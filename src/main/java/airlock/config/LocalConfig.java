package airlock.config;

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
/// @param state where images may be; empty if the file doesn't say
/// @param images by name
/// @param defaultImage the image of plans that name none
/// @param limits of a checkout that is no repository's
/// @param destinations the mirrors
/// @param upstreamProxy through which trusted VMs connect; empty if this machine can by itself
/// @param repositories in the order of the file
public record LocalConfig(
        Optional<Path> state,
        Map<String, ImageConfig> images,
        String defaultImage,
        Limits limits,
        Destinations destinations,
        Optional<UpstreamProxy> upstreamProxy,
        List<Repository> repositories) {
    /// What holds without a configuration.
    public static final LocalConfig NONE =
            new LocalConfig(
                    Optional.empty(),
                    Map.of(
                            ImageSection.DEFAULT,
                            new ImageConfig.BuiltIn(ImageSection.DEFAULT, ImageSection.DEFAULT)),
                    ImageSection.DEFAULT,
                    Limits.standard(),
                    Destinations.NONE,
                    Optional.empty(),
                    List.of());

    public LocalConfig {
        images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
        repositories = List.copyOf(repositories);
    }

    /// A repository.
    ///
    /// @param name `owner/repository`
    /// @param image the image of its plans that name none
    /// @param others names of images that its plans may have instead
    public record Repository(
            String name, String image, Set<String> others, NetworkConfig network, Limits limits) {
        public Repository {
            others = Set.copyOf(others);
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
