package airlock.source;

import airlock.base.FullDisk;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;

/// Explains a failed connection from JGit's exceptions and the guards' findings. A redirect to
/// another host is not the commit's fault.
///
/// @param refusal why a guard refused; empty if none did
/// @param status the last HTTP status; 0 before the first
/// @param anonymous whether no credentials were sent
record RemoteFaults(
        URI url,
        ByteBudget budget,
        Supplier<String> refusal,
        IntSupplier status,
        boolean anonymous) {
    private static final int ASKS_FOR_LOGIN = 401;

    Answer explain(IOException fault) {
        if (budget.isExceeded()) {
            return new Refused(
                    "%s sent more than %,d bytes, the limit of this repository"
                            .formatted(url, budget.received()));
        }
        if (!refusal.get().isEmpty()) {
            return new Unreachable(refusal.get(), false);
        }
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            var told = told(cause);
            if (told.isPresent()) {
                return told.orElseThrow();
            }
        }
        if (status.getAsInt() == ASKS_FOR_LOGIN) {
            return new Unreachable(
                    anonymous
                            ? url + " asks for a login: set `credentials` of the repository"
                            : url + " does not accept the credentials",
                    false,
                    false,
                    true);
        }
        return new Unreachable(
                "%s can't be fetched from: %s%s".formatted(url, message(fault), hint()),
                isRetryable(fault));
    }

    /// The answer that follows from a fault alone; empty if it is one of the network.
    private Optional<Answer> told(Throwable cause) {
        return switch (cause) {
            case SourceException refusal when refusal.isRefusal() ->
                    Optional.of(new Refused(url + " sent " + refusal.getMessage()));
            case CorruptObjectException _ ->
                    Optional.of(refused("an object that breaks git's rules", cause));
            case TooLargeObjectInPackException _ ->
                    Optional.of(refused("an object that is too large", cause));
            // thrown by JGit's pack parser if a pack has wrong lengths
            case IndexOutOfBoundsException _, IllegalArgumentException _ ->
                    Optional.of(refused("a pack that breaks git's rules", cause));
            case MissingObjectException _ ->
                    Optional.of(new Answer.Damaged(String.valueOf(cause.getMessage())));
            default ->
                    FullDisk.isIn(String.valueOf(cause.getMessage()))
                            ? Optional.of(
                                    new Answer.Broke(
                                            "no space for the mirror: " + cause.getMessage()))
                            : Optional.empty();
        };
    }

    private Refused refused(String what, Throwable cause) {
        return new Refused("%s sent %s: %s".formatted(url, what, cause.getMessage()));
    }

    private boolean isRetryable(IOException fault) {
        int code = status.getAsInt();
        if (code == 408 || code == 429) {
            return true;
        }
        return !(fault instanceof NoRemoteRepositoryException
                || message(fault).contains("No more authentication methods")
                || fault.getCause() instanceof NotSupportedException
                || (code >= 400 && code < 500));
    }

    private String hint() {
        return switch (status.getAsInt()) {
            case 403 -> "; the credentials do not allow it";
            case 404 -> "; is the URL right, and may the credentials see it?";
            default -> "";
        };
    }

    /// With the causes' messages, which often say more than JGit's outermost.
    private static String message(IOException fault) {
        var text = new StringBuilder(String.valueOf(fault.getMessage()));
        for (Throwable cause = fault.getCause(); cause != null; cause = cause.getCause()) {
            String more = cause.getMessage();
            if (more != null && text.indexOf(more) < 0) {
                text.append(" (").append(more).append(')');
            }
        }
        return text.toString();
    }
}
