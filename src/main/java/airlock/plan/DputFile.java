package airlock.plan;

import airlock.config.Destinations;
import airlock.config.DputTarget;
import java.util.ArrayList;
import java.util.Optional;

/// Writes dput.cf(5) for dput and dput-ng, which name some keys differently.
public final class DputFile {
    /// Its name on the secrets drive.
    public static final String NAME = "dput.cf";

    private DputFile() {}

    /// The file for the target's server, if there is one.
    public static Optional<String> of(Destinations given) {
        return given.dput().flatMap(DputFile::of);
    }

    static Optional<String> of(DputTarget target) {
        return target.server().map(server -> text(target.name(), server));
    }

    private static String text(String name, DputTarget.Server server) {
        var lines = new ArrayList<String>();
        lines.add("[" + name + "]");
        boolean isSsh = server.method() == DputTarget.Method.SCP;
        lines.add(
                "fqdn = "
                        + server.host()
                        + (isSsh ? "" : server.port().map(port -> ":" + port).orElse("")));
        lines.add("method = " + server.method().word());
        lines.add("incoming = " + server.incoming());
        lines.add("login = " + server.login());
        lines.add("allow_unsigned_uploads = " + (server.isUnsigned() ? 1 : 0));
        if (isSsh && server.port().isPresent()) {
            lines.add("ssh_config_options = Port=" + server.port().get());
            lines.add("port = " + server.port().get());
        }
        return String.join("\n", lines) + "\n";
    }
}
