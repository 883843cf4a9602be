package io.foregate.control.config.bind;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what the user may have meant: "did you mean". */
public final class Suggestion {
    private static final int LISTED = 8;

    private Suggestion() {}

    /**
     * A hint for a name that isn't among {@code known}: the nearest one if it is near enough, otherwise all of them if
     * they are few, otherwise nothing.
     */
    public static String among(String wrong, Collection<String> known, String kind) {
        String near = nearest(wrong, known);
        if (near != null) {
            return "did you mean " + near + "?";
        }
        if (known.isEmpty() || known.size() > LISTED) {
            return "";
        }
        return kind + " " + String.join(", ", known);
    }

    /** The known name with the fewest edits, if that is at most a third of its length (and at least one). */
    public static @Nullable String nearest(String wrong, Collection<String> known) {
        String plain = plain(wrong);
        String best = null;
        int bestEdits = Integer.MAX_VALUE;
        for (String candidate : known) {
            String other = plain(candidate);
            int allowed = Math.max(1, Math.min(other.length(), plain.length()) / 3);
            if (Math.abs(other.length() - plain.length()) > allowed) {
                continue;
            }
            int edits = edits(plain, other);
            if (edits <= allowed && edits < bestEdits) {
                bestEdits = edits;
                best = candidate;
            }
        }
        return best;
    }

    /** Case and the way words are joined are the most common slips and cost nothing. */
    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** Edits to make one text of the other: insert, delete, replace, or swap two neighbours. */
    static int edits(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            int[] spare = before;
            before = last;
            last = row;
            row = spare;
        }
        return last[b.length()];
    }
}
