package airlock.webhook;

import airlock.base.Hash;
import airlock.config.AirlockConfig;
import airlock.event.Delivery;
import airlock.event.DeliveryOutcome;
import airlock.event.ForgeEvent;
import airlock.event.ForgeKind;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.forge.Forge;
import airlock.forge.Forge.EventReading;
import airlock.forge.Headers;
import airlock.queue.Intake;
import airlock.secrets.HookSecrets;
import airlock.store.Signal;
import airlock.text.SafeText;
import airlock.webhook.HookTable.HookTarget;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes webhook requests: checks the signature, reads the event and stores both.
///
/// **Order**: method and media type, body (size, budget, time), signature against every valid
/// secret; only then is anything parsed. Then the repository's id (T8), then storing.
/// **Threads**: any. **Failures**: none; every request gets an answer. **Limits**: a body by
/// [Forge.Traits#largestBody()], all bodies together and the time to read one by the [BodyReader].
public final class WebhookIntake {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookIntake.class);
    private static final Duration READ_LIMIT = Duration.ofSeconds(30);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
    private static final String ID = "[\\x21-\\x7e]{1,128}";

    /// Wide, because forges add events: `projects_v2_item` has a digit.
    private static final String EVENT = "[\\x21-\\x7e]{1,64}";

    /// As many as the web server allows connections.
    private static final int BODIES = 2048;

    /// In bytes, beyond the beginnings of all bodies.
    private static final int LONG_BODIES = 64 << 20;

    /// Finds hooks.
    ///
    /// **Threads**: any. **Failures**: a runtime exception, answered with 503.
    /// **Limits**: called for every request, so it answers from memory.
    interface Hooks {
        /// The hook with this path, `FORGE/NAME`. For an unknown path, a decoy with random keys: it
        /// takes the same steps and has as many keys as every other hook (T10).
        HookTarget find(String path);

        /// The software of the forge with this name; says nothing about its repositories.
        Optional<ForgeKind> kindOf(String forge);
    }

    /// Stores deliveries together with what they cause.
    ///
    /// **Threads**: any. **Failures**: a runtime exception means that nothing was stored; the forge
    /// gets 503. **Limits**: forges wait five seconds for the answer, so no call to a forge.
    @FunctionalInterface
    interface Keeper {
        /// Stores a delivery whose signature was valid, in one transaction. The first delivery of a
        /// hook pins the repository that it names; later ones of another repository are refused
        /// (T8).
        DeliveryOutcome keep(HookTarget hook, Delivery delivery, EventReading.Sound reading);
    }

    private final Hooks hooks;
    private final Keeper keeper;
    private final BodyReader bodies;
    private final URI baseUrl;
    private final Consumer<HookAnswer> answered;
    private final InstantSource clock;
    private final RefusedDeliveries refusals;

    /// @param workers woken after a delivery that may have caused a request
    /// @param answered called with each answer, for metrics
    public WebhookIntake(
            AirlockConfig config,
            HookSecrets secrets,
            Intake queue,
            Signal workers,
            Consumer<HookAnswer> answered,
            InstantSource clock) {
        this(
                new HookTable(config, secrets, clock),
                keeper(queue, workers),
                new BodyReader(BODIES, LONG_BODIES, READ_LIMIT, System::nanoTime),
                config.baseUrl(),
                answered,
                clock);
    }

    WebhookIntake(
            Hooks hooks,
            Keeper keeper,
            BodyReader bodies,
            URI baseUrl,
            Consumer<HookAnswer> answered,
            InstantSource clock) {
        this.hooks = hooks;
        this.keeper = keeper;
        this.bodies = bodies;
        this.baseUrl = baseUrl;
        this.answered = answered;
        this.clock = clock;
        this.refusals = new RefusedDeliveries(clock);
    }

    /// Stores deliveries in the queue and wakes its workers.
    private static Keeper keeper(Intake queue, Signal workers) {
        var defaultBranch = new DefaultBranch();
        return (hook, delivery, reading) ->
                switch (reading) {
                    case EventReading.Understood(ForgeEvent event, String branch) -> {
                        var kept = queue.keep(delivery, event, hook.policy());
                        workers.raise();
                        defaultBranch.note(hook, branch);
                        yield kept;
                    }
                    case EventReading.NothingToDo(RepositoryId repository, String reason) ->
                            queue.keepNothing(delivery, Optional.of(repository), reason);
                    case EventReading.NoRepository(String reason) ->
                            queue.keepNothing(delivery, Optional.empty(), reason);
                };
    }

    /// Answers a request; reads its body once, up to the forge's limit.
    public HookAnswer receive(HookRequest request, InputStream body) {
        var answer = wrongByHeaders(request).orElseGet(() -> read(request, body));
        answered.accept(answer);
        if (answer instanceof HookAnswer.Refused(_, String detail)) {
            refusals.line(request.path(), detail).ifPresent(LOG::warn);
        }
        return answer;
    }

    private static Optional<HookAnswer> wrongByHeaders(HookRequest request) {
        if (!request.method().equals("POST")) {
            boolean named = request.method().matches("[A-Z]{1,16}");
            return Optional.of(Refusal.METHOD.with(named ? request.method() : "something else"));
        }
        String type = request.headers().only("Content-Type").toLowerCase(Locale.ROOT);
        return type.split(";", 2)[0].strip().equals("application/json")
                ? Optional.empty()
                : Optional.of(Refusal.MEDIA_TYPE.with());
    }

    private HookAnswer read(HookRequest request, InputStream body) {
        Forge forge = Forge.of(hooks.kindOf(request.forge()).orElse(ForgeKind.GITEA));
        long cap = forge.traits().largestBody();
        return request.declaredLength() > cap
                ? Refusal.TOO_LARGE.with(cap)
                : bodies.with(body, cap, bytes -> verified(request, forge, bytes));
    }

    private HookAnswer verified(HookRequest request, Forge forge, byte[] body) {
        try {
            // unknown hooks are not handled apart: no signature matches the decoy's keys (T10)
            HookTarget hook = hooks.find(request.path());
            String claimed = forge.claimedSignature(request.headers());
            return Signatures.fits(claimed, hook.keys(), body)
                    ? delivered(hook, forge, request, body)
                    : Refusal.SIGNATURE.with();
        } catch (RuntimeException e) {
            LOG.error("a delivery to a hook was not kept", e);
            return Refusal.NOT_KEPT.retry(RETRY_AFTER);
        }
    }

    private HookAnswer delivered(HookTarget hook, Forge forge, HookRequest request, byte[] body) {
        String id = forge.deliveryId(request.headers());
        String event = forge.eventName(request.headers());
        if (!id.matches(ID) || !event.matches(EVENT)) {
            return Refusal.MALFORMED.with(
                    "the header with the event or with the delivery's id is missing");
        }
        var delivery =
                new Delivery(hook.path(), id, event, clock.instant(), body, Hash.sha256(body));
        return switch (forge.read(hook.forge(), event, body)) {
            case EventReading.Malformed(String why) -> {
                LOG.warn("hook {}: delivery {} ({}) is malformed: {}", hook.path(), id, event, why);
                yield Refusal.MALFORMED.with(why);
            }
            case EventReading.Understood understood ->
                    pinned(hook, understood.event().repository(), delivery, understood);
            case EventReading.NothingToDo nothing ->
                    pinned(hook, nothing.repository(), delivery, nothing);
            case EventReading.NoRepository none -> keep(hook, delivery, none);
        };
    }

    private HookAnswer pinned(
            HookTarget hook, RepositoryId named, Delivery delivery, EventReading.Sound reading) {
        if (hook.pinned().filter(id -> !id.equals(named)).isEmpty()) {
            return keep(hook, delivery, reading);
        }
        LOG.warn(
                "hook {}: delivery {} names repository {}, pinned is {}; refused (T8)",
                hook.path(),
                delivery.deliveryId(),
                named,
                hook.pinned().get());
        return Refusal.OTHER_REPOSITORY.with();
    }

    private HookAnswer keep(HookTarget hook, Delivery delivery, EventReading.Sound reading) {
        return switch (keeper.keep(hook, delivery, reading)) {
            case DeliveryOutcome.Requested(var request) -> new HookAnswer.Accepted(page(request));
            case DeliveryOutcome.Known(var request) -> new HookAnswer.Known(page(request));
            case DeliveryOutcome.NothingToDo(String reason) -> new HookAnswer.NothingToDo(reason);
            case DeliveryOutcome.Refused(String reason) -> {
                LOG.warn(
                        "hook {}: delivery {} refused: {}",
                        delivery.hook(),
                        delivery.deliveryId(),
                        reason);
                yield Refusal.CONFLICT.with(reason);
            }
        };
    }

    private URI page(RequestId request) {
        return URI.create(baseUrl + "/requests/" + request);
    }

    /// Log lines about refused deliveries. Anyone can send those, so it writes at most one line per
    /// [#EVERY], with the number of those left out.
    static final class RefusedDeliveries {
        static final Duration EVERY = Duration.ofSeconds(10);
        private static final int LONGEST = 200;

        private final InstantSource clock;
        private Instant next = Instant.MIN;
        private long silent;

        RefusedDeliveries(InstantSource clock) {
            this.clock = clock;
        }

        /// The line to log; empty if the last one was written less than [#EVERY] ago.
        ///
        /// @param hook the path of the request, which a stranger may have made up
        synchronized Optional<String> line(String hook, String why) {
            Instant now = clock.instant();
            if (now.isBefore(next) && next.isBefore(now.plus(EVERY).plusMillis(1))) {
                silent++;
                return Optional.empty();
            }
            String more =
                    silent == 0 ? "" : "; %,d more since the last such line".formatted(silent);
            next = now.plus(EVERY);
            silent = 0;
            return Optional.of(
                    "a delivery for %s was refused: %s%s"
                            .formatted(
                                    SafeText.line(hook, LONGEST),
                                    SafeText.line(why, LONGEST),
                                    more));
        }
    }

    /// A webhook request without its body.
    ///
    /// @param method the HTTP method
    /// @param path the hook, `FORGE/NAME`: the URL after `/hooks/`, decoded
    public record HookRequest(String method, String path, Headers headers) {
        /// The declared length of the body in bytes, 0 if missing or invalid.
        long declaredLength() {
            String length = headers.only("Content-Length");
            return length.matches("[0-9]{1,18}") ? Long.parseLong(length) : 0;
        }

        /// The forge's name in the path, empty if the path has no slash.
        String forge() {
            return path.substring(0, Math.max(0, path.indexOf('/')));
        }
    }
}
