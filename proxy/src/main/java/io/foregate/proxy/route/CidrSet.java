package io.foregate.proxy.route;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * A set of address ranges in CIDR notation. Nested ranges are merged when the set is built, so that a look-up is one binary
 * search.
 *
 * <p>The families are apart: {@code ::/0} is every IPv6 client and no IPv4 one. IPv4 ranges may be written in mapped form.
 * Immutable, shared by all loops; look-ups make no garbage.
 */
public final class CidrSet {
    private static final int MAPPED_PREFIX_BITS = 96;

    /** Both ends belong to the range; the halves compare as unsigned numbers. */
    private record Range(boolean ipv4, long firstHigh, long firstLow, long lastHigh, long lastLow) {}

    private static final Comparator<Range> WIDEST_FIRST = (a, b) -> {
        int first = compare(a.firstHigh, a.firstLow, b.firstHigh, b.firstLow);
        return first != 0 ? first : compare(b.lastHigh, b.lastLow, a.lastHigh, a.lastLow);
    };

    private final List<String> texts;
    private final int[] ipv4First;
    private final int[] ipv4Last;
    // Four longs a range: first high, first low, last high, last low.
    private final long[] ipv6;

    private CidrSet(List<String> texts, List<Range> ranges) {
        this.texts = texts;
        List<Range> merged4 = merge(ranges, true);
        List<Range> merged6 = merge(ranges, false);
        ipv4First = new int[merged4.size()];
        ipv4Last = new int[merged4.size()];
        for (int i = 0; i < merged4.size(); i++) {
            ipv4First[i] = (int) merged4.get(i).firstLow;
            ipv4Last[i] = (int) merged4.get(i).lastLow;
        }
        ipv6 = new long[merged6.size() * 4];
        for (int i = 0; i < merged6.size(); i++) {
            Range range = merged6.get(i);
            ipv6[i * 4] = range.firstHigh;
            ipv6[i * 4 + 1] = range.firstLow;
            ipv6[i * 4 + 2] = range.lastHigh;
            ipv6[i * 4 + 3] = range.lastLow;
        }
    }

    /**
     * The set of those ranges, each {@code address/bits} or a single address.
     *
     * @throws IllegalArgumentException naming the range that is none, and what to write instead
     */
    public static CidrSet of(Collection<String> ranges) {
        List<Range> parsed = new ArrayList<>(ranges.size());
        for (String text : ranges) {
            parsed.add(parse(text));
        }
        return new CidrSet(List.copyOf(ranges), parsed);
    }

    /** See {@link #of(Collection)}. */
    public static CidrSet of(String... ranges) {
        return of(List.of(ranges));
    }

    private static Range parse(String text) {
        int slash = text.indexOf('/');
        String addressText = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = Octets.ascii(addressText);
        ClientAddress address = new ClientAddress();
        // Brackets and ports are for the fields of a request; a range has neither.
        boolean plain =
                addressText.indexOf('[') < 0 && !(addressText.indexOf('.') > 0 && addressText.matches("[^:]*:[^:]*"));
        if (!plain || !address.parse(bytes, 0, bytes.length)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an address range; write 10.0.0.0/8, 2001:db8::/32 or a" + " single address");
        }
        boolean ipv4 = address.isIpv4();
        boolean dotted = addressText.indexOf(':') < 0;
        int width = dotted ? 32 : 128;
        int bits = slash < 0 ? width : bits(text, text.substring(slash + 1), width);
        if (dotted) {
            bits += MAPPED_PREFIX_BITS;
        } else if (ipv4 && bits < MAPPED_PREFIX_BITS) {
            throw new IllegalArgumentException(
                    "'" + text + "' mixes IPv4 and IPv6 addresses; write the range of each family");
        }
        long maskHigh = bits >= 64 ? -1L : bits == 0 ? 0 : -1L << (64 - bits);
        long maskLow = bits <= 64 ? 0 : -1L << (128 - bits);
        long firstHigh = address.high() & maskHigh;
        long firstLow = address.low() & maskLow;
        if (firstHigh != address.high() || firstLow != address.low()) {
            ClientAddress first = new ClientAddress();
            first.set(firstHigh, firstLow);
            throw new IllegalArgumentException("'" + text + "' has bits set behind its first "
                    + text.substring(slash + 1) + "; write " + first + "/" + (ipv4 ? bits - MAPPED_PREFIX_BITS : bits)
                    + " for the range, or " + address + " for the one address");
        }
        return new Range(ipv4, firstHigh, firstLow, address.high() | ~maskHigh, address.low() | ~maskLow);
    }

    private static int bits(String text, String bitsText, int width) {
        // At most three digits: a sign or a leading zero is a slip, not a number.
        if (bitsText.matches("0|[1-9][0-9]{0,2}")) {
            int bits = Integer.parseInt(bitsText);
            if (bits <= width) {
                return bits;
            }
        }
        throw new IllegalArgumentException("'" + text + "': the number behind the slash must be 0 to " + width);
    }

    private static List<Range> merge(List<Range> ranges, boolean ipv4) {
        List<Range> sorted = new ArrayList<>(ranges);
        sorted.removeIf(range -> range.ipv4 != ipv4);
        sorted.sort(WIDEST_FIRST);
        List<Range> merged = new ArrayList<>();
        for (Range next : sorted) {
            Range last = merged.isEmpty() ? null : merged.getLast();
            // CIDR ranges nest or lie apart, so what doesn't begin behind the last one lies within it.
            if (last == null || compare(next.firstHigh, next.firstLow, last.lastHigh, last.lastLow) > 0) {
                merged.add(next);
            }
        }
        return merged;
    }

    private static int compare(long highA, long lowA, long highB, long lowB) {
        int high = Long.compareUnsigned(highA, highB);
        return high != 0 ? high : Long.compareUnsigned(lowA, lowB);
    }

    /** Whether {@code address} lies in one of the ranges. */
    public boolean contains(ClientAddress address) {
        return address.isIpv4() ? containsIpv4(address.ipv4()) : containsIpv6(address.high(), address.low());
    }

    private boolean containsIpv4(int address) {
        int from = 0;
        int to = ipv4First.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (Integer.compareUnsigned(ipv4First[middle], address) <= 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from > 0 && Integer.compareUnsigned(address, ipv4Last[from - 1]) <= 0;
    }

    private boolean containsIpv6(long high, long low) {
        int from = 0;
        int to = ipv6.length >>> 2;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (compare(ipv6[middle * 4], ipv6[middle * 4 + 1], high, low) <= 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from > 0 && compare(high, low, ipv6[from * 4 - 2], ipv6[from * 4 - 1]) <= 0;
    }

    /** Whether there is no range. */
    public boolean isEmpty() {
        return texts.isEmpty();
    }

    /** Whether no address lies in both sets. */
    public boolean disjoint(CidrSet other) {
        return apart4(this, other) && apart4(other, this) && apart6(this, other) && apart6(other, this);
    }

    // Two ranges overlap exactly when the first address of one lies in the other.
    private static boolean apart4(CidrSet a, CidrSet b) {
        for (int first : a.ipv4First) {
            if (b.containsIpv4(first)) {
                return false;
            }
        }
        return true;
    }

    private static boolean apart6(CidrSet a, CidrSet b) {
        for (int i = 0; i < a.ipv6.length; i += 4) {
            if (b.containsIpv6(a.ipv6[i], a.ipv6[i + 1])) {
                return false;
            }
        }
        return true;
    }

    /** Equal when they hold the same ranges, however they were written. */
    @Override
    public boolean equals(Object other) {
        return other instanceof CidrSet that
                && Arrays.equals(ipv4First, that.ipv4First)
                && Arrays.equals(ipv4Last, that.ipv4Last)
                && Arrays.equals(ipv6, that.ipv6);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(ipv4First), Arrays.hashCode(ipv4Last), Arrays.hashCode(ipv6));
    }

    /** The ranges as they were written. */
    @Override
    public String toString() {
        return String.join(", ", texts);
    }
}
