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

/// A delivery to try things out with, from two files: `NAME.json`, the body, and beside it
/// `NAME.headers`, a line `Name: value` for each header but the signature, as `curl -H @FILE` reads
/// them. The folder webhook-samples has one for each forge and event.
///
/// @param name the body file's name without its end
/// @param kind what forge it is from
/// @param headers the headers, without a signature
/// @param body the body, byte for byte
public record Sample(String name, ForgeKind kind, Map<String, String> headers, byte[] body) {
    public Sample {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /// A request ready to be sent.
    public record Signed(Map<String, String> headers, byte[] body) {}

    /// Reads the sample whose body is `json`.
    ///
    /// @throws IllegalArgumentException if that is no sample, saying what is missing
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
        text.lines()
                .filter(line -> !line.isBlank())
                .forEach(
                        line -> {
                            int colon = line.indexOf(':');
                            if (colon < 1) {
                                throw new IllegalArgumentException(
                                        file + ": expected 'Name: value', found '" + line + "'");
                            }
                            headers.put(
                                    line.substring(0, colon).strip(),
                                    line.substring(colon + 1).strip());
                        });
        return headers;
    }

    /// Samples are our own, so their headers may tell the forge; a delivery's may not.
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

    /// The same with another value in the body; see [SampleFields] for the names.
    ///
    /// @throws IllegalArgumentException if the body has no such field or it takes no such value
    public Sample with(String field, String value) {
        return new Sample(name, kind, headers, SampleFields.set(body, field, value));
    }

    /// Signs the body as the forge would.
    ///
    /// @param deliveryId the delivery's id; one that came before with another body is refused
    public Signed sign(Secret secret, String deliveryId) {
        var all = new LinkedHashMap<String, String>();
        headers.forEach(
                (header, value) ->
                        all.put(header, header.endsWith("-Delivery") ? deliveryId : value));
        Forge.of(kind)
                .signatureLines(Signatures.sign(secret, body))
                .forEach(
                        line -> {
                            int colon = line.indexOf(':');
                            all.put(line.substring(0, colon), line.substring(colon + 1).strip());
                        });
        return new Signed(all, body);
    }
}
