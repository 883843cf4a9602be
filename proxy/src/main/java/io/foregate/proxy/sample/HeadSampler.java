package io.foregate.proxy.sample;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.route.Cookies;
import io.foregate.proxy.route.Literal;
import io.foregate.proxy.route.Query;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes a sample of the requests of one loop: about fifty in a second at most until there is no more room, then about ten, each of
 * which stands for those that have come since the one before. Which it is, is chance, so that no rhythm of clients is met. What isn't to be known of a request isn't
 * copied in the first place.
 *
 * <p>Owned by its loop. Costs one comparison for each request that isn't taken, and makes no garbage.
 */
public final class HeadSampler {
    /** As long as there is room. */
    private static final int MOST_PER_SECOND = 50;
    /** Later on, so that what is kept is of some minutes, whatever the load. */
    private static final int PER_SECOND = 10;

    private static final int LONGEST_GAP = 1 << 20;
    private static final long SECOND = 1_000_000_000L;
    private static final int LONGEST_METHOD = 32;
    private static final int LONGEST_AUTHORITY = 280;
    private static final int LONGEST_PATH = 1024;
    private static final int LONGEST_QUERY_NAMES = 256;
    private static final int LONGEST_PARAMETER = 40;
    private static final int LONGEST_VALUE = 128;

    /**
     * What a sampler keeps, and how much of it.
     *
     * @param heads at most; a power of two
     * @param bytes for what is copied of them
     */
    public record Plan(KeptNames names, Marks marks, int heads, int bytes) {}

    private final byte[] scratch = new byte[4096];
    private @Nullable Plan plan;
    private @Nullable HeadRing ring;
    private long nextTicket = 1;
    private int every = 1;
    private int gap = 1;
    private int left = 1;
    private long dueNanos;
    private long windowNanos;
    private int taken;
    private long seen;
    private long random;
    private int end;
    private int flags;

    public HeadSampler(int loop) {
        random = (loop + 1) * 0x9e3779b97f4a7c15L;
    }

    /** Keeps what that says from now on, and what there is; null forgets all, and keeps nothing. */
    public void follow(@Nullable Plan next) {
        HeadRing old = ring;
        Plan before = plan;
        if (old != null) {
            nextTicket = old.end();
        }
        if (next == null) {
            ring = null;
        } else if (old == null || before == null || before.heads != next.heads || before.bytes != next.bytes) {
            ring = new HeadRing(next.heads, next.bytes, nextTicket);
        }
        // Heads hold on to the names that they were kept by: equal ones are one.
        plan = next != null && next.equals(before) ? before : next;
    }

    /** The heads that there are, or null when none are kept. May be read on any thread. */
    public @Nullable SampledHeads copy() {
        HeadRing now = ring;
        return now == null ? null : new SampledHeads(now.copy(), gap - left);
    }

    /** A request has come to where its route is looked for. Its record gets a ticket when it is taken. */
    public void take(RequestHead head, ClientAddress client, AccessRecord record) {
        if (ring == null || (--left > 0 && record.startNanos - dueNanos < 0)) {
            return;
        }
        keep(head, client, record, ring);
    }

    /** What became of a request that has a ticket. */
    public void ended(AccessRecord record) {
        if (ring != null) {
            ring.ended(record.sample, record);
        }
    }

    private void keep(RequestHead head, ClientAddress client, AccessRecord record, HeadRing into) {
        Plan how = Objects.requireNonNull(plan);
        int requests = gap - left;
        next(record.startNanos, requests, into.full() ? PER_SECOND : MOST_PER_SECOND);
        flags = (head.secure() ? HeadRing.SECURE : 0) | (head.queryLength() >= 0 ? HeadRing.QUERY : 0);
        end = 0;
        write(head, how);
        // Never of no length: the ring knows by its bytes who is in the way.
        long ticket = into.add(scratch, Math.max(1, end), how.names);
        into.describe(ticket, requests, flags);
        into.begin(ticket, record, client, Math.max(0, head.bodyLength()));
        if ((flags & HeadRing.TOO_LARGE) == 0) {
            names(head.headers(), ticket, into);
        }
        record.sample = ticket;
    }

    // ---- how often ----

    private void next(long now, int requests, int wanted) {
        taken++;
        seen += requests;
        long elapsed = now - windowNanos;
        if (elapsed >= SECOND) {
            double perSecond = (double) seen * SECOND / elapsed;
            every = (int) Math.max(1, Math.min(LONGEST_GAP, Math.ceil(perSecond / wanted)));
            windowNanos = now;
            taken = 0;
            seen = 0;
        } else if (taken >= 2 * wanted) {
            every = Math.min(LONGEST_GAP, every * 2);
            taken = wanted;
        }
        gap = every == 1 ? 1 : 1 + (int) ((random() >>> 33) % (2L * every - 1));
        left = gap;
        // Where there is much less to do all of a sudden, the next one isn't far away.
        dueNanos = now + SECOND;
    }

    private long random() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return random;
    }

    // ---- what of it ----

    private void write(RequestHead head, Plan how) {
        if (head.methodLength() > LONGEST_METHOD
                || head.authorityLength() > LONGEST_AUTHORITY
                || head.pathLength() > LONGEST_PATH) {
            flags |= HeadRing.TOO_LARGE;
            return;
        }
        byte[] block = head.headers().array();
        text(block, head.methodStart(), head.methodLength());
        text(block, head.authorityStart(), head.authorityLength());
        text(block, head.pathStart(), head.pathLength());
        parameters(block, head.queryStart(), head.queryLength());
        Headers headers = head.headers();
        List<HeaderName> values = how.names.values();
        for (int i = 0; i < values.size(); i++) {
            int at = headers.find(values.get(i));
            if (at >= 0) {
                boolean fits = headers.valueLength(at) <= LONGEST_VALUE;
                if (fits && begin(HeadReader.VALUE, i, headers.valueLength(at) + 2)) {
                    text(headers.array(), headers.valueStart(at), headers.valueLength(at));
                } else if (!fits) {
                    long mark = how.marks.of(headers.array(), headers.valueStart(at), headers.valueLength(at));
                    mark(HeadReader.VALUE_MARK, i, mark);
                }
            }
        }
        marked(head, how);
    }

    private void marked(RequestHead head, Plan how) {
        Headers headers = head.headers();
        List<HeaderName> names = how.names.marked();
        for (int i = 0; i < names.size(); i++) {
            int at = headers.find(names.get(i));
            if (at >= 0) {
                long mark = how.marks.of(headers.array(), headers.valueStart(at), headers.valueLength(at));
                mark(HeadReader.FIELD_MARK, i, mark);
            }
        }
        List<Literal> parameters = how.names.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            long found = Query.find(head, parameters.get(i));
            if (found != Query.ABSENT) {
                mark(HeadReader.PARAMETER_MARK, i, decoded(headers.array(), found, how.marks));
            }
        }
        List<Literal> cookies = how.names.cookies();
        for (int i = 0; i < cookies.size(); i++) {
            long found = Cookies.find(headers, cookies.get(i));
            if (found != Cookies.ABSENT) {
                mark(HeadReader.COOKIE_MARK, i, how.marks.of(headers.array(), (int) (found >>> 32), (int) found));
            }
        }
    }

    // Values in queries are compared decoded. What doesn't fit is marked as it came, which is nobody's mark.
    private long decoded(byte[] block, long found, Marks marks) {
        int at = (int) (found >>> 32);
        int stop = at + (int) found;
        int to = end;
        while (at < stop && to < scratch.length) {
            scratch[to++] = Query.decodedByte(block, at, stop);
            at += Query.encodedLength(block, at, stop);
        }
        return at < stop ? marks.of(block, (int) (found >>> 32), (int) found) : marks.of(scratch, end, to - end);
    }

    /** The names in a query; what might rather be a value, since it is long, strange or stands alone, is left out. */
    private void parameters(byte[] block, int start, int length) {
        int lengthAt = end;
        end += 2;
        int stop = start + Math.max(length, 0);
        for (int at = start; at < stop; at++) {
            int from = at;
            int nameEnd = at;
            while (at < stop && block[at] != '&') {
                if (nameEnd == from && block[at] == '=') {
                    nameEnd = at;
                }
                at++;
            }
            if (at > from) {
                parameter(block, from, nameEnd - from, LONGEST_QUERY_NAMES - (end - lengthAt));
            }
        }
        length(lengthAt, end - lengthAt - 2);
    }

    private void parameter(byte[] block, int start, int length, int room) {
        boolean plain = length > 0 && length <= LONGEST_PARAMETER && length < room;
        for (int i = start; plain && i < start + length; i++) {
            plain = plain(block[i]);
        }
        if (plain) {
            System.arraycopy(block, start, scratch, end, length);
            end += length;
            scratch[end++] = '&';
        } else {
            flags |= HeadRing.OTHER_PARAMETERS;
        }
    }

    private static boolean plain(byte b) {
        byte lower = Octets.lower(b);
        return (lower >= 'a' && lower <= 'z') || (b >= '0' && b <= '9') || "-._~[]:$".indexOf(b) >= 0;
    }

    private boolean begin(byte kind, int name, int more) {
        if (end + 3 + more > scratch.length) {
            flags |= HeadRing.CUT;
            return false;
        }
        scratch[end++] = kind;
        scratch[end++] = (byte) (name >>> 8);
        scratch[end++] = (byte) name;
        return true;
    }

    private void mark(byte kind, int name, long mark) {
        if (begin(kind, name, Long.BYTES)) {
            for (int shift = 56; shift >= 0; shift -= 8) {
                scratch[end++] = (byte) (mark >>> shift);
            }
        }
    }

    private void text(byte[] block, int start, int length) {
        length(end, length);
        System.arraycopy(block, start, scratch, end + 2, length);
        end += 2 + length;
    }

    private void length(int at, int length) {
        scratch[at] = (byte) (length >>> 8);
        scratch[at + 1] = (byte) length;
    }

    private static void names(Headers headers, long ticket, HeadRing into) {
        byte[] block = headers.array();
        for (int i = headers.first(); i >= 0; i = headers.next(i)) {
            into.names(ticket, NameBits.of(block, headers.nameStart(i), headers.nameLength(i)), false);
        }
        for (int i = headers.find(HeaderName.COOKIE); i >= 0; i = headers.findNext(HeaderName.COOKIE, i)) {
            int stop = headers.valueStart(i) + headers.valueLength(i);
            int at = headers.valueStart(i);
            while (at < stop) {
                int from = Octets.skipBlank(block, at, stop);
                int nameEnd = from;
                while (nameEnd < stop && block[nameEnd] != '=' && block[nameEnd] != ';') {
                    nameEnd++;
                }
                if (nameEnd < stop && block[nameEnd] == '=') {
                    int length = Octets.trimBlank(block, from, nameEnd) - from;
                    into.names(ticket, NameBits.of(block, from, length), true);
                }
                at = nameEnd;
                while (at < stop && block[at] != ';') {
                    at++;
                }
                at++;
            }
        }
    }
}
