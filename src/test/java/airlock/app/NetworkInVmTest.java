package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Command;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Programs in real machines connect to servers on loopback, or don't.
@Tag("vm")
final class NetworkInVmTest extends OnRealVms {
    private static final String KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA";

    private static String plan(int plain, int tls) {
        return """
        pre_plan:
          - action: shell
            shell: |
              set -x
              curl -fsS http://files.example:%1$d/hello
              curl -fsSk https://secure.example:%2$d/hello
              curl -fsSk https://any.wild.example:%2$d/hello
              ! curl -fsSk --connect-to evil.example:%2$d:secure.example:%2$d https://evil.example:%2$d/
              ! curl -fsS http://secure.example:%2$d/ || exit 3
              ! curl -fsS http://evil.example:%1$d/
              ! curl -fsSk https://evil.example:%2$d/
              curl -fsS --noproxy '*' http://unlisted.example:7777/ || echo "curl ended with $?"
              curl -fsS --noproxy '*' http://files.example:7778/ || echo "curl ended with $?"
              getent ahosts unlisted.example stats.localhost
              cat /etc/ssh/ssh_known_hosts /root/.gradle/gradle.properties
              grep -A2 protocol /root/.m2/settings.xml
              head -c 300000 /dev/zero | curl -fsS --data-binary @- http://files.example:%1$d/size
        plan:
          - action: shell
            shell: |
              ! curl -fsS http://files.example:%1$d/hello
              grep -c example /etc/hosts && exit 4
              for port in /dev/vport*; do
                case $(cat /sys/class/virtio-ports/${port#/dev/}/name) in
                ci.uplink)
                  exec 3<>$port
                  printf '\\1\\0\\4\\0\\0\\0\\0\\0\\1\\0\\0\\0\\2\\0\\021\\0\\1\\0\\0\\0\\1files.example:80' >&3
                  (timeout 3 head -c 1 <&3 || true) | wc -c
                  echo "asked at $port" ;;
                esac
              done
        post_plan:
          - action: shell
            shell: curl -fsS http://upload.example:%1$d/hello
        """
                .formatted(plain, tls);
    }

    private static String network(int plain, int tls) {
        return """
        id: 7
            network:
              tls_ports: [%2$d]
              known_hosts: [files.example %3$s]
              pre_plan:
                allow:
                  - files.example:%1$d = 127.0.0.1
                  - secure.example:%2$d = 127.0.0.1
                  - any.wild.example:%2$d = 127.0.0.1
                  - "*.other.example"
              post_plan:
                allow: [upload.example:%1$d = 127.0.0.1]
        """
                .formatted(plain, tls, KEY);
    }

    private static void suggests(Bot bot, int port) {
        assertThat(bot.ask(new Command.SuggestNetwork("alice/hello", 9)))
                .anySatisfy(
                        reply ->
                                assertThat(reply.toString())
                                        .contains("files.example:%d = 127.0.0.1".formatted(port)))
                .anySatisfy(
                        reply ->
                                assertThat(reply.toString())
                                        .contains(
                                                "place=unlisted.example:7777,",
                                                "reason=Optional[is not on the list]"));
    }

    @Test
    void trustedPhasesReachWhatIsListedAndThePlanReachesNothing() throws Exception {
        try (var servers = LoopbackServers.start(directory);
                var bot = bot(network(servers.plain(), servers.tls()))) {
            String commit = push(bot, plan(servers.plain(), servers.tls()));

            assertThat(passed(bot, commit))
                    .contains("hello, plain client", "hello, TLS client", "300000 bytes")
                    .contains("Could not resolve host: files.example", "asked at /dev/vport")
                    .contains("connection refused: unlisted.example:7777 is not on the list")
                    .contains("connection refused: files.example:7778 is not on the list")
                    .contains("connection refused: evil.example:" + servers.plain())
                    .containsPattern("127\\.128\\.0\\.\\d+ +STREAM unlisted.example")
                    .contains("127.0.0.1       STREAM stats.localhost", "curl ended with 56")
                    .contains("connection refused: secure.example:" + servers.tls())
                    .contains("The requested URL returned error: 403", "files.example " + KEY)
                    .contains("systemProp.https.proxyPort=3128", "<host>127.0.0.1</host>")
                    .contains("`evil.example:" + servers.tls() + "` in repositories[].network");
            suggests(bot, servers.plain());
            String api = bot.get("/api/v1/runs/" + bot.runs().getFirst());
            assertThat(api)
                    .contains("\"place\":\"files.example:" + servers.plain() + "\"")
                    .contains("\"place\":\"upload.example:" + servers.plain() + "\"")
                    .contains("\"place\":\"unlisted.example:7777\"")
                    .contains("\"reason\":\"is not on the list\"");
        }
    }
}
