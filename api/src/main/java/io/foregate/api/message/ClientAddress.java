package io.foregate.api.message;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address as two longs, and as text once someone asks for it.
 *
 * <p>IPv4 is held in its mapped form ({@code ::ffff:a.b.c.d}), so that one comparison serves both families and a client
 * that reaches a dual-stack socket looks the same either way. Zones ({@code %eth0}) are dropped.
 *
 * <p>Mutable and reused; owned by one event loop. Setting and comparing make no garbage; {@link #text()} makes a new array
 * only when its length differs from that of the text before.
 */
public final class ClientAddress {
    private static final long MAPPED = 0xffff_0000_0000L;
    private static final byte[] HEX = Octets.ascii("0123456789abcdef");

    private long high;
    private long low;
    private byte[] text = {':', ':'};
    private boolean textCurrent = true;

    /** Takes the address of a socket. */
    public void set(InetAddress address) {
        byte[] octets = address.getAddress();
        if (octets.length == 4) {
            set(0, MAPPED | (bits(octets, 0, 4) & 0xffff_ffffL));
        } else {
            set(bits(octets, 0, 8), bits(octets, 8, 8));
        }
    }

    /** Takes the 128 bits of an address, IPv4 in its mapped form. */
    public void set(long high, long low) {
        // A connection's address is set again for each of its requests: the text of the same address stays.
        textCurrent &= this.high == high && this.low == low;
        this.high = high;
        this.low = low;
    }

    /** Becomes a copy of {@code other}. */
    public void copyFrom(ClientAddress other) {
        set(other.high, other.low);
    }

    /**
     * Reads a node as X-Forwarded-For and Forwarded (RFC 7239 §6) write it: an address, IPv6 with or without brackets,
     * followed by {@code :port} where brackets or the family make that unambiguous. Quotes are the caller's to remove.
     *
     * <p>Strict: leading zeros, missing parts, zones, a port above 65535 and names such as {@code unknown} or {@code _hidden}
     * are no addresses.
     *
     * @return false when it is not an address; this object is then unchanged
     */
    public boolean parse(byte[] bytes, int start, int length) {
        return length > 0 && AddressText.parse(bytes, start, start + length, this);
    }

    /** The upper 64 bits; 0 for IPv4. */
    public long high() {
        return high;
    }

    /** The lower 64 bits; for IPv4 {@code 0xffff} and the address. */
    public long low() {
        return low;
    }

    /** Whether this is an IPv4 address, mapped ones included. */
    public boolean isIpv4() {
        return high == 0 && low >>> 32 == 0xffff;
    }

    /** The IPv4 address as an unsigned int; of no meaning for IPv6. */
    public int ipv4() {
        return (int) low;
    }

    /** Whether both are the same address. */
    public boolean sameAs(ClientAddress other) {
        return high == other.high && low == other.low;
    }

    /**
     * The address as text: dotted decimal, or RFC 5952 without brackets. Exactly as long as the text is; not to be changed,
     * and valid until this object changes.
     */
    public byte[] text() {
        if (!textCurrent) {
            render();
        }
        return text;
    }

    private void render() {
        int length = write(null, 0);
        if (text.length != length) {
            text = new byte[length];
        }
        write(text, 0);
        textCurrent = true;
    }

    /** Writes the text and returns the end; only counts when {@code into} is null. */
    private int write(byte @Nullable [] into, int at) {
        if (isIpv4()) {
            for (int shift = 24; shift >= 0; shift -= 8) {
                at = decimal(into, at, (int) (low >>> shift) & 0xff);
                at = shift == 0 ? at : put(into, at, '.');
            }
            return at;
        }
        int gap = longestZeroRun();
        int gapStart = gap >>> 4;
        int gapEnd = gapStart + (gap & 15);
        boolean colon = false;
        for (int i = 0; i < 8; i++) {
            if (i == gapStart && gap != 0) {
                at = put(into, put(into, at, ':'), ':');
                i = gapEnd - 1;
                colon = false;
            } else {
                at = colon ? put(into, at, ':') : at;
                at = hex(into, at, group(i));
                colon = true;
            }
        }
        return at;
    }

    /** RFC 5952 §4.2: the first of the longest runs of two or more zero groups, as start << 4 | length; 0 for none. */
    private int longestZeroRun() {
        int best = 0;
        int i = 0;
        while (i < 8) {
            int from = i;
            while (i < 8 && group(i) == 0) {
                i++;
            }
            if (i - from >= 2 && i - from > (best & 15)) {
                best = from << 4 | (i - from);
            }
            i = Math.max(i, from + 1);
        }
        return best;
    }

    private int group(int position) {
        long half = position < 4 ? high : low;
        return (int) (half >>> (48 - 16 * (position & 3))) & 0xffff;
    }

    private static int hex(byte @Nullable [] into, int at, int group) {
        int shift = 12;
        while (shift > 0 && group >>> shift == 0) {
            shift -= 4;
        }
        for (; shift >= 0; shift -= 4) {
            at = put(into, at, HEX[group >>> shift & 15]);
        }
        return at;
    }

    private static int decimal(byte @Nullable [] into, int at, int octet) {
        if (octet >= 100) {
            at = put(into, at, '0' + octet / 100);
        }
        if (octet >= 10) {
            at = put(into, at, '0' + octet / 10 % 10);
        }
        return put(into, at, '0' + octet % 10);
    }

    private static int put(byte @Nullable [] into, int at, int b) {
        if (into != null) {
            into[at] = (byte) b;
        }
        return at + 1;
    }

    private static long bits(byte[] octets, int from, int count) {
        long bits = 0;
        for (int i = from; i < from + count; i++) {
            bits = bits << 8 | (octets[i] & 0xff);
        }
        return bits;
    }

    @Override
    public String toString() {
        return Octets.string(text(), 0, text().length);
    }
}
