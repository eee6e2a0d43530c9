package airlock.cli;

/// Ends the command with a message and an exit code.
final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int code;

    CliException(int code, String message) {
        super(message);
        this.code = code;
    }

    int code() {
        return code;
    }
}
