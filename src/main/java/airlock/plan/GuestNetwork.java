package airlock.plan;

import airlock.vm.GuestStep;
import airlock.vm.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The network as the programs of a trusted phase see it. The host decides about each connection in
/// any case.
///
/// @param places `HOST:PORT` each, which programs connect to as usual
/// @param domains listed domains, which programs reach through the proxy
/// @param letsOthers whether the proxy may allow other hosts
/// @param knownHosts lines of `known_hosts`, the only keys that ssh accepts; any if empty
/// @param tokens names of tokens that the host adds to requests for `http://NAME.token.internal/`
/// @param agent whether there is an agent of ssh keys
public record GuestNetwork(
        List<String> places,
        List<String> domains,
        boolean letsOthers,
        List<String> knownHosts,
        List<String> tokens,
        boolean agent) {
    private static final String KNOWN_HOSTS = "/etc/ssh";
    private static final String PROXY_HOST = "127.0.0.1";
    private static final String PROXY_PORT = "3128";

    /// The guest program (docs/uplink.md): it requests a host and relays the connection.
    private static final String PROXY_COMMAND = "ProxyCommand /run/airlock/connect %h %p";

    /// Maven reads a proxy only from a file. `protocol` is that of the repositories; it speaks HTTP
    /// to the proxy in any case.
    private static final String MAVEN =
            """
            <settings>
              <proxies>
                <proxy>
                  <id>airlock</id>
                  <protocol>https</protocol>
                  <host>%s</host>
                  <port>%s</port>
                  <nonProxyHosts>localhost|127.*</nonProxyHosts>
                </proxy>
              </proxies>
            </settings>
            """
                    .formatted(PROXY_HOST, PROXY_PORT);

    private static final String GRADLE =
            """
            systemProp.https.proxyHost=%s
            systemProp.https.proxyPort=%s
            """
                    .formatted(PROXY_HOST, PROXY_PORT);

    /// Keeps files that the image has already.
    private static final String WRITE_WHERE_NONE_IS =
            """
            set -eu
            while [ $# -gt 0 ]; do
                [ -e "$1" ] || printf %s "$2" > "$1"
                shift 2
            done
            """;

    public GuestNetwork {
        places = List.copyOf(places);
        domains = List.copyOf(domains);
        knownHosts = List.copyOf(knownHosts);
        tokens = List.copyOf(tokens);
    }

    /// Whether some hosts can be reached only through the guest's proxy.
    boolean needsProxy() {
        return letsOthers || !domains.isEmpty();
    }

    StepContext context() {
        var context = needsProxy() ? StepContext.WITH_PROXY : StepContext.FIRST;
        return agent
                ? context.everywhere(Map.of("SSH_AUTH_SOCK", GuestStep.Connect.AGENT))
                : context;
    }

    /// Opens the connections, and configures clients that ignore the environment.
    List<Step> steps() {
        var steps = new ArrayList<Step>();
        steps.add(
                StepContext.plain(
                        "open the way out",
                        new GuestStep.Connect(places, tokens, needsProxy(), agent)));
        if (!knownHosts.isEmpty()) {
            steps.add(StepContext.plain("make " + KNOWN_HOSTS, directory(KNOWN_HOSTS)));
            steps.add(
                    StepContext.plain(
                            "write the keys of ssh servers",
                            new GuestStep.WriteFile(
                                    KNOWN_HOSTS + "/ssh_known_hosts",
                                    0644,
                                    String.join("\n", knownHosts) + "\n",
                                    true)));
        }
        if (needsProxy()) {
            steps.add(StepContext.plain("make /root/.m2", directory("/root/.m2")));
            steps.add(StepContext.plain("make /root/.gradle", directory("/root/.gradle")));
            steps.add(
                    StepContext.FIRST.execute(
                            "tell Maven and Gradle of the proxy",
                            List.of(
                                    "sh",
                                    "-c",
                                    WRITE_WHERE_NONE_IS,
                                    "sh",
                                    "/root/.m2/settings.xml",
                                    MAVEN,
                                    "/root/.gradle/gradle.properties",
                                    GRADLE)));
        }
        return steps;
    }

    private static GuestStep directory(String path) {
        return new GuestStep.MakeDirectory(path, 0755, true);
    }

    /// Lines for the top of ssh_config(5): ssh uses the first value that it reads.
    String sshBefore() {
        return "BatchMode yes\n"
                + (knownHosts.isEmpty() ? "" : "StrictHostKeyChecking yes\n")
                + sshProxy();
    }

    /// Listed domains use the proxy too: it explains a refusal, which a reset connection can't.
    private String sshProxy() {
        if (!needsProxy()) {
            return "";
        }
        String hosts =
                letsOthers
                        ? "* !localhost !127.* !::1"
                        : String.join(" ", domains.stream().map(d -> "*." + d).toList());
        return "Host " + hosts + "\n    " + PROXY_COMMAND + "\nMatch all\n";
    }
}
