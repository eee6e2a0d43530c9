package airlock.plan;

import airlock.config.Destinations;
import airlock.config.Mirror;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/// An action that fetches from the mirror of Debian, and from that of its security updates if the
/// operator has named one.
interface DebianAction extends MirrorAction {
    /// What is installed in the image.
    String STATUS = "/var/lib/dpkg/status";

    /// What it runs.
    ///
    /// @param security a mirror of security updates, or empty
    Script script(URI mirror, String security);

    @Override
    default Mirror mirror() {
        return Mirror.DEBIAN;
    }

    @Override
    default List<Script> scripts(URI mirror) {
        return List.of(script(mirror, ""));
    }

    @Override
    default List<String> places(Destinations given) {
        return given.mirror(Mirror.DEBIAN).isEmpty()
                ? List.of()
                : Stream.of(Mirror.DEBIAN, Mirror.DEBIAN_SECURITY)
                        .flatMap(mirror -> given.mirror(mirror).stream())
                        .map(ApartAction::place)
                        .distinct()
                        .toList();
    }

    @Override
    default List<Script> scripts(Destinations given) {
        String security = given.mirror(Mirror.DEBIAN_SECURITY).map(URI::toString).orElse("");
        return given.mirror(Mirror.DEBIAN)
                .map(mirror -> List.of(script(mirror, security)))
                .orElseGet(() -> MirrorAction.super.scripts(given));
    }
}
