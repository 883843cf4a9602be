package io.foregate.control.config.model;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Estimates how large a compiled expression gets. Counted repetitions multiply when they are nested, so a few characters
 * can stand for more instructions than there is memory; the compiler itself only bounds each count.
 */
final class RegexSize {
    private final String regex;
    private final Deque<long[]> groups = new ArrayDeque<>();
    // What is before the last item of the current group, and the last item, to which a repetition applies.
    private long before;
    private long last;

    private RegexSize(String regex) {
        this.regex = regex;
    }

    /** About as many instructions as the expression has, never far below; of a malformed one, some number. */
    static long of(String regex) {
        return new RegexSize(regex).scan();
    }

    private long scan() {
        int i = 0;
        while (i < regex.length()) {
            char c = regex.charAt(i);
            switch (c) {
                case '(' -> {
                    groups.push(new long[] {before + last});
                    before = 0;
                    last = 0;
                    i++;
                }
                case ')' -> {
                    long group = before + last + 2;
                    before = groups.isEmpty() ? before + last : groups.pop()[0];
                    last = group;
                    i++;
                }
                case '{' -> i = repetition(i);
                case '[' -> {
                    item();
                    i = endOfClass(i);
                }
                case '\\' -> {
                    item();
                    i = endOfEscape(i);
                }
                default -> {
                    item();
                    i++;
                }
            }
        }
        long total = before + last;
        while (!groups.isEmpty()) {
            total = add(total, groups.pop()[0]);
        }
        return total;
    }

    private void item() {
        before = add(before, last);
        last = 1;
    }

    private int repetition(int start) {
        int end = regex.indexOf('}', start);
        String inside = end < 0 ? "" : regex.substring(start + 1, end);
        if (!inside.matches("[0-9]{1,6}(,[0-9]{0,6})?")) {
            item();
            return start + 1;
        }
        long times = 1;
        for (String number : inside.split(",")) {
            times = Math.max(times, Long.parseLong(number));
        }
        last = last > Long.MAX_VALUE / 4 / times ? Long.MAX_VALUE / 4 : last * times;
        return end + 1;
    }

    private int endOfEscape(int start) {
        if (!regex.startsWith("\\Q", start)) {
            return start + 2;
        }
        // Quoted text: nothing in it has a meaning.
        int end = regex.indexOf("\\E", start);
        before = add(before, (end < 0 ? regex.length() : end) - start);
        return end < 0 ? regex.length() : end + 2;
    }

    private int endOfClass(int start) {
        int i = start + 1;
        if (regex.startsWith("^", i)) {
            i++;
        }
        // A bracket that comes first is itself a member.
        if (regex.startsWith("]", i)) {
            i++;
        }
        for (; i < regex.length() && regex.charAt(i) != ']'; i++) {
            if (regex.charAt(i) == '\\') {
                i++;
            } else if (regex.startsWith("[:", i) && regex.indexOf(":]", i) > 0) {
                i = regex.indexOf(":]", i) + 1;
            }
        }
        return i + 1;
    }

    private static long add(long a, long b) {
        return Math.min(Long.MAX_VALUE / 4, a + b);
    }
}
