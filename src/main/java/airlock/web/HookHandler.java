package airlock.web;

import java.io.InputStream;
import java.util.List;
import java.util.Map;

/// Takes the webhooks that come over HTTP. Called by many threads at once.
@FunctionalInterface
public interface HookHandler {
    /// Handles one request. What it answers is sent as it is; what it throws becomes a 500
    /// without details, so that the forge shows the delivery as failed.
    Answer handle(Request request);

    /// One POST.
    ///
    /// @param forge the forge's name as in the path
    /// @param repository the repository's name as in the path
    /// @param headers all values by name, in any case
    /// @param body not read yet: who reads it bounds its length, its time and its memory. A
    ///     client that is silent for too long makes it fail
    record Request(
            String forge, String repository, Map<String, List<String>> headers, InputStream body) {}

    /// The answer.
    ///
    /// @param headers such as `Location`
    /// @param contentType the body's type
    record Answer(int status, Map<String, String> headers, String contentType, byte[] body) {
        public Answer {
            headers = Map.copyOf(headers);
        }
    }
}
