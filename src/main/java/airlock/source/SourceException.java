package airlock.source;

import org.jspecify.annotations.Nullable;

/// Fetching or packing failed: [#isRefusal()] tells whether the commit or this machine is at fault.
public final class SourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean refusal;

    private SourceException(boolean refusal, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.refusal = refusal;
    }

    /// This machine's fault.
    SourceException(String message) {
        this(false, message, null);
    }

    /// This machine's fault.
    SourceException(String message, Throwable cause) {
        this(false, message, cause);
    }

    /// The commit's fault; becomes a [Refused] before it leaves the package.
    static SourceException refusal(String message) {
        return new SourceException(true, message, null);
    }

    boolean isRefusal() {
        return refusal;
    }
}
