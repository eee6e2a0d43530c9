package airlock.forge;

import airlock.event.ForgeKind;
import java.util.List;

/// How one kind of forge writes its deliveries: which headers carry what, how large a body gets.
/// The kind is known from the hook's URL (ADR 0009), never guessed from headers: Gitea and Forgejo
/// send GitHub's headers too.
///
/// Sources: docs.github.com "Validating webhook deliveries"; docs.gitea.com and forgejo.org
/// "Webhooks"; recordings of Gitea 1.25.5.
public final class HookFormat {
    private static final long MIB = 1 << 20;

    private final ForgeKind kind;

    private HookFormat(ForgeKind kind) {
        this.kind = kind;
    }

    public static HookFormat of(ForgeKind kind) {
        return new HookFormat(kind);
    }

    /// The largest body that is read, in bytes. GitHub sends up to 25 MB.
    public long largestBody() {
        return switch (kind) {
            case GITHUB -> 25 * MIB;
            case GITEA, FORGEJO -> 5 * MIB;
        };
    }

    /// The HMAC-SHA-256 that the delivery claims, as the forge wrote it without its prefix; empty
    /// where it is missing, empty, doubled or not of this forge's form.
    ///
    /// A Forgejo's own header, where it came, is the only one that counts: a good signature of
    /// another name must not rescue a bad one.
    public String claimedSignature(Headers headers) {
        String value = headers.only(signatureHeader(headers));
        return switch (kind) {
            case GITHUB -> value.startsWith("sha256=") ? value.substring("sha256=".length()) : "";
            case GITEA, FORGEJO -> value;
        };
    }

    /// The headers by which a sender would sign with `hex`, for samples.
    public List<String> signatureLines(String hex) {
        return switch (kind) {
            case GITHUB -> List.of("X-Hub-Signature-256: sha256=" + hex);
            case GITEA -> List.of("X-Gitea-Signature: " + hex);
            case FORGEJO -> List.of("X-Forgejo-Signature: " + hex, "X-Gitea-Signature: " + hex);
        };
    }

    /// The forge's word for the event, empty where there is none.
    public String eventName(Headers headers) {
        return headers.only(named("Event", headers));
    }

    /// The forge's id for the delivery, empty where there is none.
    public String deliveryId(Headers headers) {
        return headers.only(named("Delivery", headers));
    }

    /// Reads a body whose signature was right.
    ///
    /// @param forge the forge's name in the configuration
    /// @param eventName what [#eventName(Headers)] gave
    public Reading read(String forge, String eventName, byte[] body) {
        try {
            return new EventReader(kind, forge, body).read(eventName);
        } catch (MalformedBodyException | IllegalArgumentException e) {
            // the events' own constructors refuse what is no ref, id or number
            return new Reading.Malformed(String.valueOf(e.getMessage()));
        }
    }

    private String signatureHeader(Headers headers) {
        return switch (kind) {
            case GITHUB -> "X-Hub-Signature-256";
            case GITEA, FORGEJO -> named("Signature", headers);
        };
    }

    private String named(String what, Headers headers) {
        return switch (kind) {
            case GITHUB -> "X-GitHub-" + what;
            case GITEA -> "X-Gitea-" + what;
            case FORGEJO ->
                    headers.has("X-Forgejo-" + what) ? "X-Forgejo-" + what : "X-Gitea-" + what;
        };
    }
}
