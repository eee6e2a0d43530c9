package airlock.operator;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.ForgeKind;
import airlock.event.Secret;
import airlock.forge.Forge;
import airlock.site.Configured;
import airlock.site.Core;
import airlock.text.SafeText;
import airlock.webhook.HookTable;
import airlock.webhook.Sample;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes and tests the secrets of hooks (T8, T9).
record HookCommands(Core core) {
    private static final Logger LOG = LoggerFactory.getLogger(HookCommands.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    Reply make(Command.NewHook command, String who, Consumer<Reply> replies) {
        String hook = Configured.hook(core.configured().named(command.repository()));
        var secret = core.keys().hooks().make(hook, Duration.ofHours(command.olderHours()), who);
        LOG.info("{} made a new secret for the hook {}", who, hook);
        replies.accept(new Reply.Hook(url(hook).toString(), secret.reveal()));
        return new Reply.Done(
                "give both to the forge; deliveries signed with the previous secret are accepted for %d h more"
                        .formatted(command.olderHours()));
    }

    /// Sends a ping to the hook's public address, through the reverse proxy, as a forge would.
    Reply test(String name) throws InterruptedException {
        var repository = core.configured().named(name);
        var good = HookTable.secretsOf(repository, core.keys().hooks());
        if (good.isEmpty()) {
            return new Reply.Problem(
                    "the hook of %s has no secret; `airlock hook new %s` makes one"
                            .formatted(name, name));
        }
        return ping(
                url(Configured.hook(repository)),
                core.configured().kindOf(repository),
                good.getFirst());
    }

    private Reply ping(URI url, ForgeKind kind, Secret secret) throws InterruptedException {
        var signed =
                new Sample(kind, headers(kind), "{}".getBytes(StandardCharsets.UTF_8))
                        .sign(secret, "test-" + UUID.randomUUID());
        try {
            var answer = SignedSample.post(signed, url, LIMIT);
            return said(url, answer.statusCode(), answer.body());
        } catch (IOException e) {
            return new Reply.Problem(
                    "nobody answers at %s (%s); does base_url lead here, through the reverse proxy?"
                            .formatted(url, e.getClass().getSimpleName()));
        }
    }

    private static Map<String, String> headers(ForgeKind kind) {
        String family = Forge.of(kind).headerPrefix();
        String json = "application/json";
        return Map.of("Content-Type", json, family + "Event", "ping", family + "Delivery", "");
    }

    private static Reply said(URI url, int status, String body) {
        String what = url + " answered " + status;
        if (status == 200) {
            return new Reply.Done(
                    what + ": the hook works, through everything in front of Airlock");
        }
        if (status / 100 == 3) {
            return new Reply.Problem(
                    what
                            + ": a redirect, which makes an unsigned GET of a delivery; base_url"
                            + " must be where it leads");
        }
        return new Reply.Problem(what + ": " + SafeText.lines(body).strip());
    }

    private URI url(String hook) {
        return URI.create(core.config().baseUrl() + "/hooks/" + hook);
    }
}
