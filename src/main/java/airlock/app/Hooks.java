package airlock.app;

import airlock.base.Json;
import airlock.config.AirlockConfig;
import airlock.event.Delivery;
import airlock.event.Kept;
import airlock.event.RequestId;
import airlock.forge.Headers;
import airlock.forge.Reading;
import airlock.metrics.Meters;
import airlock.queue.Intake;
import airlock.site.Configured;
import airlock.site.Core;
import airlock.site.DefaultBranch;
import airlock.site.HookTable;
import airlock.store.Bell;
import airlock.web.HookHandler;
import airlock.webhook.BodyBudget;
import airlock.webhook.DeliveryKeeper;
import airlock.webhook.HookAnswer;
import airlock.webhook.HookRequest;
import airlock.webhook.Problem;
import airlock.webhook.WebhookIntake;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of a delivery from HTTP to the queue and back.
public final class Hooks implements HookHandler, DeliveryKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);

    /// As many as there may be connections.
    private static final int BODIES = 2048;

    /// In bytes, beyond the beginnings of those.
    private static final long LONG_BODIES = 64 << 20;

    private final AirlockConfig config;
    private final Configured configured;
    private final Intake intake;
    private final Bell bell;
    private final Meters meters;
    private final WebhookIntake door;
    private final RefusedDeliveries refusals;
    private final DefaultBranch defaultBranch = new DefaultBranch();

    Hooks(Core core, Intake intake) {
        this.config = core.config();
        this.configured = core.configured();
        this.intake = intake;
        this.bell = core.bell();
        this.meters = core.meters();
        this.refusals = new RefusedDeliveries(core.clock());
        this.door =
                new WebhookIntake(
                        new HookTable(config, core.hookSecrets(), core.clock()),
                        this,
                        new BodyBudget(BODIES, LONG_BODIES),
                        core.clock());
    }

    @Override
    public Answer handle(Request request) {
        var asked =
                new HookRequest(
                        "POST",
                        request.forge() + "/" + request.repository(),
                        Headers.of(request.headers()));
        var answer = door.receive(asked, request.body());
        meters.delivered(counted(answer));
        if (answer instanceof HookAnswer.Refused(var problem)) {
            String hook = request.forge() + "/" + request.repository();
            refusals.line(hook, problem.detail()).ifPresent(LOG::warn);
        }
        return answer(answer);
    }

    private static Meters.Delivered counted(HookAnswer answer) {
        return switch (answer) {
            case HookAnswer.Accepted _ -> Meters.Delivered.REQUESTED;
            case HookAnswer.Known _ -> Meters.Delivered.KNOWN;
            case HookAnswer.NothingToDo _ -> Meters.Delivered.NOTHING_TO_DO;
            case HookAnswer.Refused _ -> Meters.Delivered.REFUSED;
            case HookAnswer.Unavailable _ -> Meters.Delivered.UNAVAILABLE;
        };
    }

    @Override
    public Kept keep(Delivery delivery, Reading.Sound reading) {
        return switch (reading) {
            case Reading.Understood understood -> {
                var kept =
                        intake.keep(
                                delivery, understood.event(), configured.policy(delivery.hook()));
                bell.ring();
                configured
                        .ofHook(delivery.hook())
                        .flatMap(r -> defaultBranch.line(r, understood.defaultBranch()))
                        .ifPresent(LOG::warn);
                yield kept;
            }
            case Reading.NothingToDo nothing ->
                    intake.keepNothing(delivery, nothing.repository(), nothing.reason());
            case Reading.NoRepository none -> intake.keepNothing(delivery, none.reason());
        };
    }

    private Answer answer(HookAnswer answer) {
        return switch (answer) {
            case HookAnswer.Accepted accepted -> told(answer, "requested", accepted.request());
            case HookAnswer.Known known -> told(answer, "known", known.request());
            case HookAnswer.NothingToDo nothing ->
                    json(
                            answer.status(),
                            Map.of(),
                            Map.of("outcome", "nothing to do", "reason", nothing.reason()));
            case HookAnswer.Refused refused -> problem(refused.problem(), Map.of());
            case HookAnswer.Unavailable away ->
                    problem(
                            away.problem(),
                            Map.of("Retry-After", Long.toString(away.retryAfter().toSeconds())));
        };
    }

    private Answer told(HookAnswer answer, String outcome, RequestId request) {
        String url = config.baseUrl() + "/requests/" + request;
        return json(
                answer.status(),
                Map.of("Location", url),
                Map.of("outcome", outcome, "request", url));
    }

    private Answer problem(Problem problem, Map<String, String> headers) {
        var members = new LinkedHashMap<String, Object>();
        members.put("type", Problem.TYPE);
        members.put("title", problem.title());
        members.put("status", problem.status());
        members.put("detail", problem.detail());
        return new Answer(
                problem.status(),
                headers,
                Problem.MEDIA_TYPE,
                bytes(Json.MAPPER.writeValueAsString(members)));
    }

    private Answer json(int status, Map<String, String> headers, Map<String, String> body) {
        return new Answer(
                status,
                headers,
                "application/json",
                bytes(Json.MAPPER.writeValueAsString(new HashMap<>(body))));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
