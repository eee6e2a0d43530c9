package airlock.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Guesses which known word a misspelled one was meant to be.
public final class Nearest {
    private static final int LONGEST = 64;

    private Nearest() {}

    /// The word of `known` with the fewest edits (wrong, missing, extra or swapped letters), at
    /// most a third of its length. Case, `-` and `_` are ignored.
    public static Optional<String> of(String word, Collection<String> known) {
        if (word.isEmpty() || word.length() > LONGEST) {
            return Optional.empty();
        }
        String wanted = fold(word);
        return known.stream()
                .filter(candidate -> distance(wanted, fold(candidate)) <= allowed(candidate))
                .min(Comparator.comparingInt(candidate -> distance(wanted, fold(candidate))));
    }

    private static int allowed(String candidate) {
        return Math.max(1, candidate.length() / 3);
    }

    private static String fold(String word) {
        return word.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    /// Optimal string alignment distance: edits of one letter, and swaps of two neighbours.
    private static int distance(String a, String b) {
        var rows = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                rows[i][j] = i == 0 || j == 0 ? i + j : cheapest(rows, a, b, i, j);
            }
        }
        return rows[a.length()][b.length()];
    }

    private static int cheapest(int[][] rows, String a, String b, int i, int j) {
        int replaced = rows[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, 1 + Math.min(rows[i - 1][j], rows[i][j - 1]));
        boolean swapped =
                i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, rows[i - 2][j - 2] + 1) : best;
    }
}
