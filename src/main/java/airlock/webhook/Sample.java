package airlock.webhook;

import airlock.event.ForgeKind;
import airlock.event.Secret;
import airlock.forge.Forge;
import airlock.forge.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A delivery for experiments, from two files: `NAME.json`, the body, and `NAME.headers`, a line
/// `Name: value` for each header except the signature, as `curl -H @FILE` reads them. The folder
/// webhook-samples has one for each forge and event.
///
/// @param headers without a signature
public record Sample(String name, ForgeKind kind, Map<String, String> headers, byte[] body) {
    public Sample {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /// A request to send.
    public record Signed(Map<String, String> headers, byte[] body) {}

    /// Reads the sample whose body is `json`.
    ///
    /// @throws IllegalArgumentException if that is not a sample; the message says what is missing
    public static Sample load(Path json) {
        String file = String.valueOf(json.getFileName());
        if (!file.endsWith(".json")) {
            throw new IllegalArgumentException(
                    "a sample is named by its body, NAME.json; this is " + json);
        }
        String name = file.substring(0, file.length() - ".json".length());
        Path headersFile = json.resolveSibling(name + ".headers");
        if (!Files.isRegularFile(json) || !Files.isRegularFile(headersFile)) {
            throw new IllegalArgumentException(
                    "a sample is two files; expected " + json + " and " + headersFile);
        }
        try {
            Map<String, String> headers = parse(headersFile, Files.readString(headersFile));
            return new Sample(name, kind(headersFile, headers), headers, Files.readAllBytes(json));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the sample " + json + " could not be read; is it readable to you?", e);
        }
    }

    private static Map<String, String> parse(Path file, String text) {
        var headers = new LinkedHashMap<String, String>();
        for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
            if (line.indexOf(':') < 1) {
                throw new IllegalArgumentException(
                        file + ": expected 'Name: value', found '" + line + "'");
            }
            add(headers, line);
        }
        return headers;
    }

    private static void add(Map<String, String> headers, String line) {
        String[] parts = line.split(":", 2);
        headers.put(parts[0].strip(), parts[1].strip());
    }

    /// Only samples, which are our own, may name the forge by their headers; deliveries may not.
    private static ForgeKind kind(Path file, Map<String, String> headers) {
        Headers all = Headers.ofSingle(headers);
        for (var kind : List.of(ForgeKind.FORGEJO, ForgeKind.GITEA, ForgeKind.GITHUB)) {
            if (all.has(Forge.of(kind).headerPrefix() + "Event")) {
                return kind;
            }
        }
        throw new IllegalArgumentException(
                file + ": expected a header X-Gitea-Event, X-Forgejo-Event or X-GitHub-Event");
    }

    /// The same with another value in the body; [SampleFields] has the names.
    ///
    /// @throws IllegalArgumentException if the body has no such field or the value does not fit
    public Sample with(String field, String value) {
        return new Sample(name, kind, headers, SampleFields.set(body, field, value));
    }

    /// Signs the body as the forge would.
    ///
    /// @param deliveryId must be new for a new body
    public Signed sign(Secret secret, String deliveryId) {
        var all = new LinkedHashMap<String, String>();
        headers.forEach(
                (header, value) ->
                        all.put(header, header.endsWith("-Delivery") ? deliveryId : value));
        Forge.of(kind)
                .signatureLines(Signatures.sign(secret, body))
                .forEach(line -> add(all, line));
        return new Signed(all, body);
    }
}
