package airlock.webhook;

import airlock.event.RequestId;
import java.time.Duration;

/// The answer to a webhook request.
public sealed interface HookAnswer {
    /// The HTTP status.
    int status();

    /// 202: it caused this request.
    record Accepted(RequestId request) implements HookAnswer {
        @Override
        public int status() {
            return 202;
        }
    }

    /// 200: what it tells is known already, by this request.
    record Known(RequestId request) implements HookAnswer {
        @Override
        public int status() {
            return 200;
        }
    }

    /// 200: it asks for no test; the reason is for people.
    record NothingToDo(String reason) implements HookAnswer {
        @Override
        public int status() {
            return 200;
        }
    }

    /// 4xx: the request is wrong; sent again it would be wrong again.
    record Refused(Problem problem) implements HookAnswer {
        @Override
        public int status() {
            return problem.status();
        }
    }

    /// 503: nothing was kept; the same request may be taken later.
    ///
    /// @param retryAfter for the `Retry-After` header, whole seconds
    record Unavailable(Problem problem, Duration retryAfter) implements HookAnswer {
        @Override
        public int status() {
            return problem.status();
        }
    }
}
