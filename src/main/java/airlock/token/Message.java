package airlock.token;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/// What a token's process says to the server: one byte for the kind, and a text as
/// [DataOutputStream#writeUTF] has it, so of no more than 65,535 bytes.
sealed interface Message {
    /// Its socket is there.
    record Ready() implements Message {}

    /// One line about a request.
    record Said(String line) implements Message {}

    /// An answer has the token in it.
    record Leaked(String why) implements Message {}

    static void write(DataOutputStream out, Message message) throws IOException {
        switch (message) {
            case Ready() -> write(out, 'R', "");
            case Said(var line) -> write(out, 'S', line);
            case Leaked(var why) -> write(out, 'L', why);
        }
    }

    private static void write(DataOutputStream out, char kind, String text) throws IOException {
        out.writeByte(kind);
        out.writeUTF(text);
        out.flush();
    }

    static Message read(DataInputStream in) throws IOException {
        int kind = in.readByte();
        String text = in.readUTF();
        return switch (kind) {
            case 'R' -> new Ready();
            case 'S' -> new Said(text);
            case 'L' -> new Leaked(text);
            default -> throw new IOException("a message of unknown kind: " + kind);
        };
    }
}
