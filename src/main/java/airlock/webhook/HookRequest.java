package airlock.webhook;

import airlock.forge.Headers;

/// A webhook request before its body is read.
///
/// @param method the HTTP method, such as `POST`
/// @param path the hook, `FORGE/NAME`: what follows `/hooks/` in the URL, decoded
/// @param headers the headers as they came
public record HookRequest(String method, String path, Headers headers) {
    /// The length that the sender declares, -1 where it declares none that makes sense.
    long declaredLength() {
        String length = headers.only("Content-Length");
        return length.matches("[0-9]{1,18}") ? Long.parseLong(length) : -1;
    }

    /// The forge's name in the path; empty where the path has none.
    String forge() {
        int slash = path.indexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
