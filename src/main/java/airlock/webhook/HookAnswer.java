package airlock.webhook;

import java.net.URI;
import java.time.Duration;

public sealed interface HookAnswer {
    default int status() {
        return switch (this) {
            case Accepted _ -> 202;
            case Known _, NothingToDo _ -> 200;
            case Refused refused -> refused.status();
            case Unavailable _ -> 503;
        };
    }

    /// 202: the delivery caused a request.
    ///
    /// @param request the address of its page
    record Accepted(URI request) implements HookAnswer {}

    /// 200: the event is known already.
    ///
    /// @param request the address of the page of the request that it caused
    record Known(URI request) implements HookAnswer {}

    /// 200: the event needs no test; the reason is for people.
    record NothingToDo(String reason) implements HookAnswer {}

    /// 4xx: the request is wrong and would be wrong again.
    ///
    /// @param detail what is wrong and how the operator can fix it
    record Refused(int status, String detail) implements HookAnswer {}

    /// 503: nothing was stored; the forge may send the same request again.
    ///
    /// @param retryAfter for the `Retry-After` header, whole seconds
    record Unavailable(String detail, Duration retryAfter) implements HookAnswer {}
}
