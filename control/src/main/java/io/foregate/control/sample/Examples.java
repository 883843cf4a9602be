package io.foregate.control.sample;

import io.foregate.proxy.sample.SampledHead;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Shows sampled requests as examples, without what in their paths may be somebody's secret or name. Stateless. */
public final class Examples {
    private static final int LONGEST_PATH = 60;
    private static final int LONG_SEGMENT = 16;
    private static final int LONG_NUMBER = 7;

    private Examples() {}

    /** One of them, for programs. */
    public static Map<String, Object> tree(SampledHead head) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("request", text(head));
        tree.put("time", Instant.ofEpochMilli(head.origin().epochMillis()).toString());
        tree.put("status", head.end().status());
        return tree;
    }

    /** {@code GET shop.example.com/old/hats?page}. */
    public static String text(SampledHead head) {
        SampledHead.Target target = head.target();
        if (target == null) {
            return "a request that was too large to be kept";
        }
        return target.method() + " " + target.authority() + path(target.path()) + query(head);
    }

    static String path(String path) {
        StringBuilder shown = new StringBuilder();
        for (String segment : path.split("/", -1)) {
            shown.append(shown.isEmpty() && segment.isEmpty() ? "/" : veiled(segment) + "/");
        }
        shown.setLength(Math.max(1, shown.length() - 1));
        return shown.length() > LONGEST_PATH ? shown.substring(0, LONGEST_PATH) + "…" : shown.toString();
    }

    // Keys, numbers of accounts and names of people stand in paths, too. A word that is veiled for nothing does no
    // harm.
    private static String veiled(String segment) {
        boolean digit = segment.chars().anyMatch(c -> c >= '0' && c <= '9');
        boolean lower = segment.chars().anyMatch(c -> c >= 'a' && c <= 'z');
        boolean upper = segment.chars().anyMatch(c -> c >= 'A' && c <= 'Z');
        boolean mixed = digit || lower && upper || segment.indexOf('%') >= 0;
        boolean key = segment.length() >= LONG_SEGMENT && mixed;
        boolean number = digit && !lower && !upper && segment.length() >= LONG_NUMBER;
        return key || number || segment.contains("@") || segment.contains("%40") ? "…" : segment;
    }

    private static String query(SampledHead head) {
        if (!head.query().present()) {
            return "";
        }
        return "?" + String.join("&", head.query().names()) + (head.query().others() ? "…" : "");
    }
}
