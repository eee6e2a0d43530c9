package airlock.web;

import java.util.List;
import java.util.Map;

/// Takes the webhooks that came over HTTP. Called by many threads at once.
public interface HookHandler {
    /// The longest body that is read for a forge, bytes. The same for a forge that is not known,
    /// so that the answer tells nothing.
    int longestBody(String forge);

    /// Handles one request. What it answers is sent as it is; what it throws becomes a 500
    /// without details, so that the forge shows the delivery as failed.
    Answer handle(Request request);

    /// One POST.
    ///
    /// @param forge the forge's name as in the path
    /// @param repository the repository's name as in the path
    /// @param headers all values by lower-case name
    /// @param body the bytes as they came
    record Request(
            String forge, String repository, Map<String, List<String>> headers, byte[] body) {}

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
