package io.foregate.proxy.sample;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Octets;
import io.foregate.proxy.observe.AccessRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The last heads that were sampled on one loop, within bounds of number and bytes: the oldest make room. Owned by its loop, which
 * makes copies for others. No garbage after the constructor.
 */
final class HeadRing {
    static final byte SECURE = 1;
    static final byte QUERY = 2;
    /** Names in the query that aren't kept. */
    static final byte OTHER_PARAMETERS = 4;
    /** Too large to be kept: only how many requests it stands for counts. */
    static final byte TOO_LARGE = 8;
    /** Not all that was asked for had room. */
    static final byte CUT = 16;

    private static final int IPV6_NETWORK_BITS = 48;

    // Longs of one slot.
    private static final int TIME = 0;
    private static final int CLIENT_HIGH = 1;
    private static final int CLIENT_LOW = 2;
    private static final int HEADERS = 3;
    private static final int COOKIES = 5;
    private static final int BODY = 7;
    private static final int LONGS = 8;
    // Ints of one slot.
    private static final int OFFSET = 0;
    private static final int LENGTH = 1;
    private static final int REQUESTS = 2;
    private static final int STATUS = 3;
    private static final int FIRST_BYTE = 4;
    private static final int TOTAL = 5;
    private static final int FLAGS = 6;
    private static final int INTS = 7;
    // What belongs to snapshots: names only.
    private static final int LISTENER = 0;
    private static final int SITE = 1;
    private static final int ROUTE = 2;
    private static final int TEXTS = 3;

    private static final byte[] NONE = {};

    private final int slots;
    private final byte[] bytes;
    private final long[] longs;
    private final int[] ints;
    private final byte[][] texts;
    private final KeptNames[] kept;
    private long first;
    private long next;
    private int writeAt;
    private boolean madeRoom;

    /**
     * @param slots a power of two
     * @param first the first ticket
     */
    HeadRing(int slots, int bytes, long first) {
        this.first = first;
        this.next = first;
        this.slots = slots;
        this.bytes = new byte[bytes];
        this.longs = new long[slots * LONGS];
        this.ints = new int[slots * INTS];
        this.texts = new byte[slots * TEXTS][];
        this.kept = new KeptNames[slots];
    }

    private HeadRing(HeadRing from) {
        slots = from.slots;
        bytes = from.bytes.clone();
        longs = from.longs.clone();
        ints = from.ints.clone();
        texts = from.texts.clone();
        kept = from.kept.clone();
        first = from.first;
        next = from.next;
        writeAt = from.writeAt;
    }

    HeadRing copy() {
        return new HeadRing(this);
    }

    /** Whether heads have made room for others already. */
    boolean full() {
        return madeRoom;
    }

    private int slot(long ticket) {
        return (int) (ticket & (slots - 1));
    }

    /** Takes a head; the ticket, never 0, is for what is known of it later. */
    long add(byte[] head, int length, KeptNames names) {
        int at = room(length);
        System.arraycopy(head, 0, bytes, at, length);
        writeAt = at + length;
        long ticket = next++;
        int slot = slot(ticket);
        Arrays.fill(longs, slot * LONGS, slot * LONGS + LONGS, 0);
        Arrays.fill(ints, slot * INTS, slot * INTS + INTS, 0);
        Arrays.fill(texts, slot * TEXTS, slot * TEXTS + TEXTS, NONE);
        ints[slot * INTS + OFFSET] = at;
        ints[slot * INTS + LENGTH] = length;
        kept[slot] = names;
        return ticket;
    }

    // Heads lie in the order of their tickets, so whoever is in the way is the oldest.
    private int room(int length) {
        long before = first;
        if (next - first == slots) {
            first++;
        }
        int at = writeAt;
        if (at + length > bytes.length) {
            while (first < next && offset(first) >= at) {
                first++;
            }
            at = 0;
        }
        while (first < next && offset(first) < at + length && offset(first) + length(first) > at) {
            first++;
        }
        madeRoom |= first != before;
        return at;
    }

    private int offset(long ticket) {
        return ints[slot(ticket) * INTS + OFFSET];
    }

    private int length(long ticket) {
        return ints[slot(ticket) * INTS + LENGTH];
    }

    /** How many requests a head stands for, and what is to be said of it in a bit each. */
    void describe(long ticket, int requests, int flags) {
        ints[slot(ticket) * INTS + REQUESTS] = requests;
        ints[slot(ticket) * INTS + FLAGS] = flags;
    }

    void names(long ticket, int headerBit, boolean cookie) {
        longs[slot(ticket) * LONGS + (cookie ? COOKIES : HEADERS) + (headerBit >>> 6)] |= 1L << (headerBit & 63);
    }

    /** Where it came from: of the client only the network, 24 bits of IPv4, 48 of IPv6. */
    void begin(long ticket, AccessRecord record, ClientAddress client, long bodyLength) {
        int at = slot(ticket) * LONGS;
        longs[at + BODY] = bodyLength;
        longs[at + TIME] = record.startEpochMillis;
        boolean ipv4 = client.isIpv4();
        longs[at + CLIENT_HIGH] = ipv4 ? client.high() : client.high() & -1L << (64 - IPV6_NETWORK_BITS);
        longs[at + CLIENT_LOW] = ipv4 ? client.low() & ~0xffL : 0;
        texts[slot(ticket) * TEXTS + LISTENER] = record.listener;
    }

    /** What became of it, unless it has made room already. */
    void ended(long ticket, AccessRecord record) {
        if (ticket < first || ticket >= next) {
            return;
        }
        int slot = slot(ticket);
        longs[slot * LONGS + BODY] = Math.max(longs[slot * LONGS + BODY], record.requestBodyBytes);
        texts[slot * TEXTS + SITE] = record.site;
        texts[slot * TEXTS + ROUTE] = record.route;
        ints[slot * INTS + STATUS] = record.status;
        long sent = record.connectedNanos == 0 ? record.startNanos : record.connectedNanos;
        ints[slot * INTS + FIRST_BYTE] = record.firstByteNanos == 0 ? 0 : micros(record.firstByteNanos - sent);
        ints[slot * INTS + TOTAL] = micros(record.endNanos - record.startNanos);
    }

    private static int micros(long nanos) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, nanos / 1000));
    }

    // ---- for readers of a copy ----

    long first() {
        return first;
    }

    long end() {
        return next;
    }

    SampledHead read(long ticket) {
        int slot = slot(ticket);
        int l = slot * LONGS;
        int i = slot * INTS;
        int flags = ints[i + FLAGS];
        SampledHead.Origin origin = new SampledHead.Origin(
                longs[l + TIME],
                text(slot, LISTENER),
                longs[l + CLIENT_HIGH],
                longs[l + CLIENT_LOW],
                (flags & SECURE) != 0);
        SampledHead.End result = new SampledHead.End(
                text(slot, SITE),
                text(slot, ROUTE),
                ints[i + STATUS],
                ints[i + FIRST_BYTE],
                ints[i + TOTAL],
                longs[l + BODY]);
        SampledHead.Bits bits = new SampledHead.Bits(
                longs[l + HEADERS], longs[l + HEADERS + 1], longs[l + COOKIES], longs[l + COOKIES + 1]);
        SampledHead head = new SampledHead(
                origin,
                result,
                ints[i + REQUESTS],
                null,
                new SampledHead.Query(false, List.of(), false),
                new SampledHead.Known(Map.of(), Map.of(), Map.of(), Map.of(), bits, false),
                kept[slot]);
        return new HeadReader(bytes, ints[i + OFFSET], ints[i + LENGTH], flags).read(head);
    }

    private String text(int slot, int which) {
        byte[] text = texts[slot * TEXTS + which];
        return Octets.string(text, 0, text.length);
    }
}
