package airlock.webhook;

import airlock.base.Hash;
import airlock.event.Delivery;
import airlock.event.ForgeKind;
import airlock.event.Kept;
import airlock.event.RepositoryId;
import airlock.forge.Forge;
import airlock.forge.Reading;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The first hop: who sent it, what does it say, is it kept.
///
/// **Order**: method and media type, body (cap, budget, time), signature against every current
/// secret, and only then is anything parsed; the repository's id (T8); keeping.
/// **Threads**: any, at once. **Failures**: none; every request gets an answer.
/// **Limits**: bodies by [Forge#largestBody()], all together by the [BodyBudget],
/// [#READ_LIMIT] to read one.
public final class WebhookIntake {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookIntake.class);
    private static final Duration READ_LIMIT = Duration.ofSeconds(30);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
    private static final String ID = "[\\x21-\\x7e]{1,128}";

    /// `projects_v2_item` has a digit; what a forge calls its next event is its own affair.
    private static final String EVENT = "[\\x21-\\x7e]{1,64}";

    private final HookLookup hooks;
    private final DeliveryKeeper keeper;
    private final InstantSource clock;
    private final BodyReader bodies;

    public WebhookIntake(
            HookLookup hooks, DeliveryKeeper keeper, BodyBudget budget, InstantSource clock) {
        this.hooks = hooks;
        this.keeper = keeper;
        this.clock = clock;
        this.bodies = new BodyReader(budget, READ_LIMIT, System::nanoTime);
    }

    /// Answers a request whose body has not been read yet; reads it once, as far as it may.
    public HookAnswer receive(HookRequest request, InputStream body) {
        return wrongByHeaders(request)
                .orElseGet(
                        () -> {
                            long cap = largestBody(request);
                            return request.declaredLength() > cap
                                    ? Refusals.tooLarge(cap)
                                    : bodies.with(body, cap, all -> take(request, all));
                        });
    }

    /// Answers a request with its body.
    public HookAnswer take(HookRequest request, byte[] body) {
        return wrongByHeaders(request).orElseGet(() -> verifiedOrUnavailable(request, body));
    }

    private HookAnswer verifiedOrUnavailable(HookRequest request, byte[] body) {
        try {
            return verified(request, body);
        } catch (RuntimeException e) {
            LOG.error("a delivery to a hook was not kept", e);
            return Refusals.notKept(RETRY_AFTER);
        }
    }

    private static Optional<HookAnswer> wrongByHeaders(HookRequest request) {
        if (!request.method().equals("POST")) {
            return Optional.of(Refusals.method(request.method()));
        }
        String type = request.headers().only("Content-Type").toLowerCase(Locale.ROOT);
        int semicolon = type.indexOf(';');
        String media = semicolon < 0 ? type : type.substring(0, semicolon).strip();
        return media.equals("application/json")
                ? Optional.empty()
                : Optional.of(Refusals.mediaType());
    }

    private long largestBody(HookRequest request) {
        return format(hooks.kindOf(request.forge())).largestBody();
    }

    private HookAnswer verified(HookRequest request, byte[] body) {
        // nothing here asks whether there is such a hook: nothing fits the decoy (T10)
        Forge format = format(hooks.kindOf(request.forge()));
        HookTarget target = hooks.find(request.path());
        String claimed = format.claimedSignature(request.headers());
        return Signatures.fits(claimed, target.keys(), body)
                ? read(target, format, request, body)
                : Refusals.signature();
    }

    private static Forge format(Optional<ForgeKind> kind) {
        return Forge.of(kind.orElse(ForgeKind.GITEA));
    }

    private HookAnswer read(HookTarget target, Forge format, HookRequest request, byte[] body) {
        String id = format.deliveryId(request.headers());
        String event = format.eventName(request.headers());
        if (!id.matches(ID) || !event.matches(EVENT)) {
            return Refusals.malformed(
                    "the header with the event or with the delivery's id is missing");
        }
        var delivery =
                new Delivery(target.path(), id, event, clock.instant(), body, Hash.sha256(body));
        return switch (format.read(target.forge(), event, body)) {
            case Reading.Malformed(String why) -> {
                LOG.warn(
                        "hook {}: delivery {} ({}) is malformed: {}",
                        target.path(),
                        id,
                        event,
                        why);
                yield Refusals.malformed(why);
            }
            case Reading.Understood understood ->
                    pinned(target, understood.event().repository(), delivery, understood);
            case Reading.NothingToDo nothing ->
                    pinned(target, nothing.repository(), delivery, nothing);
            case Reading.NoRepository none -> keep(delivery, none);
        };
    }

    private HookAnswer pinned(
            HookTarget target, RepositoryId named, Delivery delivery, Reading.Sound reading) {
        return switch (target.pin()) {
            case HookTarget.Pin.To(RepositoryId pinned) when !pinned.equals(named) -> {
                LOG.warn(
                        "hook {}: delivery {} names repository {}, pinned is {}; refused (T8)",
                        target.path(),
                        delivery.deliveryId(),
                        named,
                        pinned);
                yield Refusals.otherRepository();
            }
            case HookTarget.Pin.To _, HookTarget.Pin.ByFirstDelivery _ -> keep(delivery, reading);
        };
    }

    private HookAnswer keep(Delivery delivery, Reading.Sound reading) {
        return switch (keeper.keep(delivery, reading)) {
            case Kept.Requested(var request) -> new HookAnswer.Accepted(request);
            case Kept.Known(var request) -> new HookAnswer.Known(request);
            case Kept.NothingToDo(String reason) -> new HookAnswer.NothingToDo(reason);
            case Kept.Refused(String reason) -> {
                LOG.warn(
                        "hook {}: delivery {} refused: {}",
                        delivery.hook(),
                        delivery.deliveryId(),
                        reason);
                yield Refusals.contradiction(reason);
            }
        };
    }
}
