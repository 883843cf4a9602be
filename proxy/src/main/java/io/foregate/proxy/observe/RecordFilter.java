package io.foregate.proxy.observe;

import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which exchanges somebody wants to see. Asking it makes no garbage. Immutable.
 *
 * <p>Hosts may begin with {@code *.}, paths may end in {@code *}; everything else is compared whole. What an exchange hasn't come to
 * yet, such as a status, isn't what is wanted.
 */
public final class RecordFilter {
    /** Everything. */
    public static final RecordFilter ALL = new RecordFilter(Map.of(), 0);

    /** What may be looked at. */
    public enum Key {
        HOST("The host, or *.example.com for all below it."),
        PATH("The path as it was sent; /api/* for all that begin so."),
        METHOD("The method."),
        STATUS("Statuses and their kinds: 404, 5xx, or failed for all that went wrong; several with commas."),
        CLIENT("The client's address."),
        SITE("The site, as the configuration calls it."),
        ROUTE("The route's pattern, as the configuration has it."),
        POOL("The pool."),
        ENDPOINT("The endpoint, as address:port.");

        private final String about;

        Key(String about) {
            this.about = about;
        }

        /** Its name in URLs. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        public String about() {
            return about;
        }
    }

    private final byte @Nullable [] host;
    private final boolean hostsBelow;
    private final byte @Nullable [] path;
    private final boolean pathsBelow;
    private final byte @Nullable [] method;
    private final boolean @Nullable [] statuses;
    private final boolean failed;
    private final byte @Nullable [] client;
    private final byte @Nullable [] site;
    private final byte @Nullable [] route;
    private final byte @Nullable [] pool;
    private final byte @Nullable [] endpoint;
    private final long slowNanos;

    private RecordFilter(Map<Key, String> wanted, long slowNanos) {
        String hosts = wanted.getOrDefault(Key.HOST, "");
        this.hostsBelow = hosts.startsWith("*.");
        this.host = bytes((hostsBelow ? hosts.substring(1) : hosts).toLowerCase(Locale.ROOT));
        String paths = wanted.getOrDefault(Key.PATH, "");
        this.pathsBelow = paths.endsWith("*");
        this.path = pathsBelow ? Octets.ascii(paths.substring(0, paths.length() - 1)) : bytes(paths);
        this.method = bytes(wanted.getOrDefault(Key.METHOD, "").toUpperCase(Locale.ROOT));
        String status = wanted.getOrDefault(Key.STATUS, "");
        this.failed = Arrays.asList(status.split(",")).contains("failed");
        this.statuses = status.isEmpty() ? null : statuses(status);
        this.client = bytes(wanted.getOrDefault(Key.CLIENT, ""));
        this.site = bytes(wanted.getOrDefault(Key.SITE, ""));
        this.route = bytes(wanted.getOrDefault(Key.ROUTE, ""));
        this.pool = bytes(wanted.getOrDefault(Key.POOL, ""));
        this.endpoint = bytes(wanted.getOrDefault(Key.ENDPOINT, ""));
        this.slowNanos = slowNanos;
    }

    /**
     * A filter that wants all of these.
     *
     * @param slowNanos exchanges that last at least so long
     * @throws IllegalArgumentException saying what can't be understood
     */
    public static RecordFilter of(Map<Key, String> wanted, long slowNanos) {
        for (Map.Entry<Key, String> one : wanted.entrySet()) {
            if (one.getValue().chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new IllegalArgumentException(one.getKey().text() + " holds characters that it can't");
            }
        }
        return new RecordFilter(wanted, slowNanos);
    }

    private static byte @Nullable [] bytes(String text) {
        return text.isEmpty() ? null : Octets.ascii(text);
    }

    private static boolean[] statuses(String text) {
        boolean[] wanted = new boolean[1000];
        for (String one : text.split(",")) {
            if (one.matches("[1-5]xx")) {
                int first = (one.charAt(0) - '0') * 100;
                Arrays.fill(wanted, first, first + 100, true);
            } else if (one.matches("[1-9][0-9]{2}")) {
                wanted[Integer.parseInt(one)] = true;
            } else if (!one.equals("failed")) {
                throw new IllegalArgumentException("status is 404, 5xx or failed, not " + one);
            }
        }
        return wanted;
    }

    /** Whether it is one of those. On the loop of the record. */
    public boolean wants(AccessRecord record) {
        return slow(record) && status(record) && names(record) && request(record);
    }

    private boolean slow(AccessRecord record) {
        return slowNanos == 0 || record.endNanos - record.startNanos >= slowNanos;
    }

    private boolean status(AccessRecord record) {
        boolean[] wanted = statuses;
        if (wanted == null) {
            return true;
        }
        return record.status > 0 && record.status < wanted.length && wanted[record.status]
                || failed && LoopWatch.failed(record);
    }

    private boolean names(AccessRecord record) {
        return is(client, record.clientAddress)
                && is(site, record.site)
                && is(route, record.route)
                && is(pool, record.pool)
                && is(endpoint, record.endpoint);
    }

    private static boolean is(byte @Nullable [] wanted, byte[] name) {
        return wanted == null || Arrays.equals(wanted, name);
    }

    private boolean request(AccessRecord record) {
        if (host == null && path == null && method == null) {
            return true;
        }
        RequestHead head = record.request;
        if (head == null) {
            return false;
        }
        byte[] block = head.headers().array();
        return is(method, block, head.methodStart(), head.methodLength(), false)
                && is(host, block, head.authorityStart(), head.hostLength(), hostsBelow)
                && path(record, head, block);
    }

    // Where it may be longer, its end counts, and something has to be before that.
    private static boolean is(byte @Nullable [] wanted, byte[] block, int start, int length, boolean below) {
        if (wanted == null) {
            return true;
        }
        int skipped = length - wanted.length;
        if (below ? skipped <= 0 : skipped != 0) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            byte b = block[start + skipped + i];
            if (b != wanted[i] && (b < 'A' || b > 'Z' || b + 32 != wanted[i])) {
                return false;
            }
        }
        return true;
    }

    private boolean path(AccessRecord record, RequestHead head, byte[] block) {
        byte[] wanted = path;
        if (wanted == null) {
            return true;
        }
        int start = AccessFormat.targetStart(record, head);
        int length = AccessFormat.pathLength(block, start, AccessFormat.targetLength(record, head));
        if (pathsBelow ? length < wanted.length : length != wanted.length) {
            return false;
        }
        return Arrays.equals(wanted, 0, wanted.length, block, start, start + wanted.length);
    }
}
