package airlock.plan;

import airlock.config.Destinations;
import airlock.event.Phase;
import airlock.text.Shown;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// `dns`: opens a TCP connection and closes it. The name is Ambient's.
///
/// @param host a name
/// @param port 1 to 65,535
record DnsAction(String host, int port) implements ApartAction {
    private static final Pattern FORM =
            Pattern.compile("([A-Za-z0-9._-]{1,253})(?::([0-9]{1,5}))?");
    private static final int HTTP = 80;
    private static final int LAST_PORT = 65_535;
    private static final Key<DnsAction> DOMAIN =
            Key.required(
                            "domain",
                            Scalars.TEXT.as("HOST or HOST:PORT", DnsAction::of),
                            "The host, and its port if that is not 80.")
                    .example("packages.example:443");

    static final ActionKind KIND =
            new ActionKind(
                    "dns",
                    Set.of(Phase.values()),
                    new Section<>(
                            "dns",
                            "Tries a connection.",
                            List.of(DOMAIN),
                            values -> values.get(DOMAIN)));

    private static DnsAction of(String text) {
        var form = FORM.matcher(text);
        if (form.matches()) {
            int port = form.group(2) == null ? HTTP : Integer.parseInt(form.group(2));
            if (port >= 1 && port <= LAST_PORT) {
                return new DnsAction(form.group(1), port);
            }
        }
        throw new IllegalArgumentException(Shown.quoted(text) + " does not fit");
    }

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public ReadFiles reads() {
        return ReadFiles.NONE;
    }

    @Override
    public List<Script> scripts(Destinations given) {
        return List.of(
                Script.of(
                        "connect to " + host + ":" + port,
                        "dns",
                        List.of(host, Integer.toString(port)),
                        ""));
    }
}
