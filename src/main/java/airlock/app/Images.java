package airlock.app;

import airlock.config.AirlockConfig;
import airlock.config.ImageConfig;
import airlock.image.Image;
import airlock.image.ImageStore;
import airlock.image.Recipe;
import airlock.phases.PhaseParts;
import airlock.vm.BootFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// The images that the configuration names, each opened once.
public final class Images implements PhaseParts.Images {
    private final Map<String, Image> images;

    private Images(Map<String, Image> images) {
        this.images = images;
    }

    /// Opens them all; those of Airlock's own recipes are built where they are missing, which
    /// takes minutes and Debian's packages.
    ///
    /// @param progress hears what is being done, a line each
    public static Images ready(AirlockConfig config, Consumer<String> progress)
            throws InterruptedException {
        var store = store(config.state());
        var images = new LinkedHashMap<String, Image>();
        for (var image : config.images().values()) {
            images.put(
                    image.name(),
                    switch (image) {
                        case ImageConfig.BuiltIn own ->
                                store.build(
                                        Recipe.builtIn(own.recipe()),
                                        GuestProgram.find(),
                                        progress);
                        case ImageConfig.Directory there -> Image.open(there.directory());
                    });
        }
        return new Images(images);
    }

    /// Where the images of a state directory lie.
    static ImageStore store(Path state) {
        return new ImageStore(state.resolve("images"));
    }

    @Override
    public BootFiles boot(String name) {
        var image = images.get(name);
        if (image == null) {
            throw new AppException("the configuration has no image '" + name + "'");
        }
        return image.boot();
    }
}
