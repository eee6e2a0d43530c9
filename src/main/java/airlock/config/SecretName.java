package airlock.config;

import airlock.yaml.Scalars;
import airlock.yaml.Type;
import java.util.Set;
import java.util.regex.Pattern;

/// Names of secrets. Some become files in a VM or variables of its shell.
public final class SecretName {
    private static final Pattern WORD = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    /// Files that Airlock itself puts into the same directory.
    private static final Set<String> TAKEN =
            Set.of("ssh_key", "ssh_key-cert.pub", "ssh_config", "known_hosts");

    static final Type<String> WORD_TYPE =
            Scalars.matching("a name of a-z, 0-9, _ and -, at most 63", SecretName::isWord);
    static final Type<String> FILE_TYPE =
            Scalars.matching(
                    "a file's name of letters, digits, ., _ and -, at most 63", SecretName::isFile);
    static final Type<String> VARIABLE_TYPE =
            Scalars.matching(
                    "a variable's name of letters, digits and _, at most 63",
                    SecretName::isVariable);

    private SecretName() {}

    public static boolean isWord(String text) {
        return WORD.matcher(text).matches();
    }

    public static boolean isFile(String text) {
        return FILE.matcher(text).matches() && !TAKEN.contains(text);
    }

    public static boolean isVariable(String text) {
        return VARIABLE.matcher(text).matches() && !TAKEN.contains(text);
    }
}
