package airlock.local;

import airlock.ambient.ImageNames;
import airlock.ambient.Project;
import airlock.config.AirlockConfig;
import airlock.config.ImageConfig;
import airlock.config.RepositoryConfig;
import airlock.image.Stored;
import airlock.machine.AppException;
import java.nio.file.Path;
import java.util.Optional;

/// The images that projects of Ambient's are run on: none of their disks is booted as it is.
///
/// @param wanted the name of the image for all projects
record ProjectImages(
        LocalImages images,
        Optional<AirlockConfig> config,
        ImageNames names,
        Optional<String> wanted) {

    /// The image of a project.
    ///
    /// @param repository what the configuration has for the project
    /// @throws AppException if there is none, with what to do
    ImageConfig of(Project project, Optional<RepositoryConfig> repository) {
        if (wanted.isPresent()) {
            String name = wanted.get();
            return images.named(name).orElseThrow(() -> new AppException(images.whyNot(name)));
        }
        return images.kept(names.of(project))
                .or(() -> from(project.image()))
                .or(() -> repository.flatMap(r -> config.map(c -> c.images().get(r.image()))))
                .orElseThrow(() -> new AppException(missing(project)));
    }

    /// The one that was imported from a file of this name.
    private Optional<ImageConfig> from(Path disk) {
        String origin = "the file " + disk.getFileName() + ",";
        return images.store().shelf().all().stream()
                .filter(
                        stored ->
                                stored instanceof Stored.Whole whole
                                        && whole.facts().from().startsWith(origin))
                .map(stored -> (ImageConfig) new ImageConfig.Kept(stored.name(), stored.name()))
                .findFirst();
    }

    private String missing(Project project) {
        return "the image %s of %s is not here yet; `%s` takes it in (%s); or run with `--image debian-13`"
                .formatted(
                        project.image(),
                        project.name(),
                        ImageNames.command(project.image(), names.of(project), " --config FILE"),
                        config.isPresent()
                                ? "with the same configuration"
                                : "and `airlock run --config FILE` finds it; `airlock migrate"
                                        + " ambient` writes a configuration");
    }
}
