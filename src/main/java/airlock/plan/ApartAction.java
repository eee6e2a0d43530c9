package airlock.plan;

import airlock.config.Destinations;
import airlock.vm.Step;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/// An action that runs nothing that the commit decides about: it consists of [Script]s alone. Those
/// that fetch, upload or connect by themselves are such, since where they run is a network and may
/// be secrets.
interface ApartAction extends Action {
    /// What it runs, in order.
    List<Script> scripts(Destinations given);

    @Override
    default boolean ignoresEnvironment() {
        return true;
    }

    @Override
    default List<Step> lower(StepContext context) {
        return scripts(context.destinations()).stream().map(context::apart).toList();
    }

    /// The place that `url` is at.
    static String place(URI url) {
        int usual =
                switch (url.getScheme().toLowerCase(Locale.ROOT)) {
                    case "https" -> 443;
                    case "ssh" -> 22;
                    default -> 80;
                };
        return url.getHost().toLowerCase(Locale.ROOT)
                + ":"
                + (url.getPort() < 0 ? usual : url.getPort());
    }

    /// What people are told where an action needs something of the operator's.
    ///
    /// @param key of the configuration
    static String needs(String key) {
        return ("needs `%s` in the configuration, which whoever runs Airlock can set; `airlock init"
                        + " --from-plan FILE` prints all that a plan needs")
                .formatted(key);
    }
}
