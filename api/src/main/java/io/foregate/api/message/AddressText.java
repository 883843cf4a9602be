package io.foregate.api.message;

/**
 * Reads addresses from text: RFC 3986 §3.2.2 without leniency, since two readers that disagree about an address disagree
 * about who may pass. Stateless.
 */
final class AddressText {
    private static final long MAPPED = 0xffff_0000_0000L;

    private AddressText() {}

    /** Reads {@code address}, {@code [ipv6]}, {@code ipv4:port} or {@code [ipv6]:port} into {@code target}. */
    static boolean parse(byte[] bytes, int start, int end, ClientAddress target) {
        if (bytes[start] == '[') {
            int close = find(bytes, start, end, ']');
            return close > 0
                    && (close + 1 == end || isPort(bytes, close + 1, end))
                    && parseIpv6(bytes, start + 1, close, target);
        }
        int colon = find(bytes, start, end, ':');
        if (colon < 0) {
            return parseIpv4(bytes, start, end, target);
        }
        boolean ipv4AndPort = find(bytes, colon + 1, end, ':') < 0;
        return ipv4AndPort
                ? isPort(bytes, colon, end) && parseIpv4(bytes, start, colon, target)
                : parseIpv6(bytes, start, end, target);
    }

    private static int find(byte[] bytes, int start, int end, char wanted) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isPort(byte[] bytes, int start, int end) {
        int digits = end - start - 1;
        if (bytes[start] != ':' || digits < 1 || digits > 5) {
            return false;
        }
        int port = 0;
        for (int i = start + 1; i < end; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            port = port * 10 + digit;
        }
        return port <= 0xffff;
    }

    private static boolean parseIpv4(byte[] bytes, int start, int end, ClientAddress target) {
        long address = ipv4(bytes, start, end);
        if (address < 0) {
            return false;
        }
        target.set(0, MAPPED | address);
        return true;
    }

    /** The 32 bits of a dotted decimal address that fills {@code [start, end)}, or -1. */
    private static long ipv4(byte[] bytes, int start, int end) {
        long address = 0;
        int at = start;
        for (int part = 0; part < 4; part++) {
            if (part > 0) {
                if (at >= end || bytes[at] != '.') {
                    return -1;
                }
                at++;
            }
            int from = at;
            int octet = 0;
            while (at < end && at - from < 3 && bytes[at] >= '0' && bytes[at] <= '9') {
                octet = octet * 10 + bytes[at++] - '0';
            }
            // A leading zero is octal to some readers.
            if (at == from || octet > 255 || (bytes[from] == '0' && at - from > 1)) {
                return -1;
            }
            address = address << 8 | octet;
        }
        return at == end ? address : -1;
    }

    private static boolean parseIpv6(byte[] bytes, int start, int end, ClientAddress target) {
        long high = 0;
        long low = 0;
        int groups = 0;
        int gap = -1;
        int at = start;
        if (at + 1 < end && bytes[at] == ':' && bytes[at + 1] == ':') {
            gap = 0;
            at += 2;
        }
        while (at < end) {
            if (groups == 8) {
                return false;
            }
            int stop = at;
            while (stop < end && Octets.hexValue(bytes[stop]) >= 0) {
                stop++;
            }
            if (stop < end && bytes[stop] == '.') {
                long tail = groups <= 6 ? ipv4(bytes, at, end) : -1;
                if (tail < 0) {
                    return false;
                }
                high = high << 32 | low >>> 32;
                low = low << 32 | tail;
                groups += 2;
                at = end;
                break;
            }
            if (stop == at || stop - at > 4) {
                return false;
            }
            int group = 0;
            for (; at < stop; at++) {
                group = group << 4 | Octets.hexValue(bytes[at]);
            }
            high = high << 16 | low >>> 48;
            low = low << 16 | group;
            groups++;
            if (at == end) {
                break;
            }
            if (bytes[at++] != ':' || at == end) {
                return false;
            }
            if (bytes[at] == ':') {
                if (gap >= 0) {
                    return false;
                }
                gap = groups;
                at++;
            }
        }
        if (gap < 0 ? groups != 8 : groups > 7) {
            return false;
        }
        spread(high, low, groups, gap, target);
        return true;
    }

    /** Moves the groups before the gap to the left end; those behind it are at the right end already. */
    private static void spread(long high, long low, int groups, int gap, ClientAddress target) {
        if (gap < 0) {
            target.set(high, low);
            return;
        }
        long newHigh = 0;
        long newLow = 0;
        for (int i = 0; i < groups; i++) {
            int fromRight = groups - 1 - i;
            long group = (fromRight < 4 ? low >>> (16 * fromRight) : high >>> (16 * (fromRight - 4))) & 0xffff;
            int place = i < gap ? 7 - i : fromRight;
            if (place >= 4) {
                newHigh |= group << (16 * (place - 4));
            } else {
                newLow |= group << (16 * place);
            }
        }
        target.set(newHigh, newLow);
    }
}
