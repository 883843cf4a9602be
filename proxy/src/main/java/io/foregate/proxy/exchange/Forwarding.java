package io.foregate.proxy.exchange;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.route.CidrSet;
import io.foregate.proxy.route.RouteSettings.ForwardedMode;

/**
 * Who asked: found out from the peer and, where the peer is a trusted proxy, from what it says; and told to the origin.
 *
 * <p>A list of addresses is read from the right, each entry being the word of the hop to its right, and only as long as those
 * hops are trusted: so a client can write whatever it likes to the left and is never believed. Stateless.
 */
final class Forwarding {
    private static final byte[] HTTP = Octets.ascii("http");
    private static final byte[] HTTPS = Octets.ascii("https");
    private static final byte[] SEPARATOR = Octets.ascii(", ");
    private static final byte[] FOR = Octets.ascii("for=");
    private static final byte[] PROTO = Octets.ascii(";proto=");
    private static final byte[] HOST = Octets.ascii(";host=\"");
    private static final byte[] VIA = Octets.ascii("1.1 foregate");
    private static final byte[] VIA_2 = Octets.ascii("2 foregate");
    private static final byte[] VIA_10 = Octets.ascii("1.0 foregate");
    private static final byte[] PSEUDONYM = Octets.ascii("foregate");
    private static final int MAX_PASSES = 8;

    private Forwarding() {}

    /** Sets {@code client} to who asked; claims of peers that aren't trusted are removed. Returns whether the peer is. */
    static boolean identify(Headers headers, ClientAddress peer, CidrSet trusted, ClientAddress client) {
        boolean believed = whoAsks(headers, peer, trusted, client);
        Claims.remove(headers, believed);
        return believed;
    }

    /** Sets {@code client} to who asked, and changes nothing else. Returns whether the peer is trusted. */
    static boolean whoAsks(Headers headers, ClientAddress peer, CidrSet trusted, ClientAddress client) {
        client.copyFrom(peer);
        if (trusted.isEmpty() || !trusted.contains(peer)) {
            return false;
        }
        if (headers.contains(HeaderName.X_FORWARDED_FOR)) {
            lookThrough(headers, HeaderName.X_FORWARDED_FOR, trusted, client);
        } else if (headers.contains(HeaderName.FORWARDED)) {
            lookThrough(headers, HeaderName.FORWARDED, trusted, client);
        }
        return true;
    }

    /** Whether the client came to a trusted proxy with https, by that proxy's word; {@code otherwise} when it says nothing. */
    static boolean claimsSecure(Headers headers, boolean otherwise) {
        int proto = headers.find(HeaderName.X_FORWARDED_PROTO);
        if (proto < 0) {
            return otherwise;
        }
        int next = headers.findNext(HeaderName.X_FORWARDED_PROTO, proto);
        while (next >= 0) {
            proto = next;
            next = headers.findNext(HeaderName.X_FORWARDED_PROTO, proto);
        }
        byte[] block = headers.array();
        int start = headers.valueStart(proto);
        int end = start + headers.valueLength(proto);
        int entry = end;
        while (entry > start && block[entry - 1] != ',') {
            entry--;
        }
        int from = Octets.skipBlank(block, entry, end);
        int to = Octets.trimBlank(block, from, end);
        return Octets.equalsIgnoreCase(block, from, to - from, HTTPS);
    }

    // Entries of all fields of that name from the right, until one isn't a trusted proxy, or isn't an address at all.
    private static void lookThrough(Headers headers, HeaderName name, CidrSet trusted, ClientAddress client) {
        byte[] block = headers.array();
        int fields = 0;
        for (int i = headers.find(name); i >= 0; i = headers.findNext(name, i)) {
            fields++;
        }
        for (int field = fields - 1; field >= 0; field--) {
            int position = headers.find(name);
            for (int i = 0; i < field; i++) {
                position = headers.findNext(name, position);
            }
            int start = headers.valueStart(position);
            int end = start + headers.valueLength(position);
            while (end > start) {
                int entry = end;
                while (entry > start && block[entry - 1] != ',') {
                    entry--;
                }
                boolean parsed = name == HeaderName.FORWARDED
                        ? parseFor(block, entry, end, client)
                        : parse(block, entry, end, client);
                if (!parsed || !trusted.contains(client)) {
                    return;
                }
                end = entry - 1;
            }
        }
    }

    private static boolean parse(byte[] block, int start, int end, ClientAddress client) {
        int from = Octets.skipBlank(block, start, end);
        int to = Octets.trimBlank(block, from, end);
        return client.parse(block, from, to - from);
    }

    /** Finds {@code for=} among the pairs of one element (RFC 7239 §4) and takes its value, quoted or not. */
    private static boolean parseFor(byte[] block, int start, int end, ClientAddress client) {
        int at = start;
        while (at < end) {
            int pairEnd = at;
            while (pairEnd < end && block[pairEnd] != ';') {
                pairEnd++;
            }
            int from = Octets.skipBlank(block, at, pairEnd);
            int to = Octets.trimBlank(block, from, pairEnd);
            if (to - from > FOR.length && Octets.equalsIgnoreCase(block, from, FOR.length, FOR)) {
                from += FOR.length;
                if (to - from >= 2 && block[from] == '"' && block[to - 1] == '"') {
                    from++;
                    to--;
                }
                return client.parse(block, from, to - from);
            }
            at = pairEnd + 1;
        }
        return false;
    }

    /** Tells the origin: appends to what a trusted peer sent, and states the rest where nobody trusted did. */
    static void tell(RequestHead head, Downstream downstream, ForwardedMode mode) {
        Headers headers = head.headers();
        byte[] peer = downstream.peer().text();
        byte[] scheme = downstream.secure() ? HTTPS : HTTP;
        if (mode.xFields()) {
            appendToList(headers, HeaderName.X_FORWARDED_FOR, peer);
            if (!headers.contains(HeaderName.X_FORWARDED_PROTO)) {
                headers.begin(HeaderName.X_FORWARDED_PROTO);
                headers.append(scheme);
                headers.finish(HeaderName.X_FORWARDED_PROTO);
            }
            if (head.authorityLength() > 0 && !headers.contains(HeaderName.X_FORWARDED_HOST)) {
                headers.begin(HeaderName.X_FORWARDED_HOST);
                headers.appendOwn(head.authorityStart(), head.authorityLength());
                headers.finish(HeaderName.X_FORWARDED_HOST);
            }
        }
        if (mode.rfc7239()) {
            int previous = headers.find(HeaderName.FORWARDED);
            headers.begin(HeaderName.FORWARDED);
            takeOver(headers, HeaderName.FORWARDED, previous);
            headers.append(FOR);
            node(headers, downstream.peer());
            headers.append(PROTO);
            headers.append(scheme);
            if (head.authorityLength() > 0) {
                headers.append(HOST);
                headers.appendOwn(head.authorityStart(), head.authorityLength());
                headers.append((byte) '"');
            }
            headers.finish(HeaderName.FORWARDED);
        }
    }

    /** Appends this hop to Via; false when the request has come by here so often that it must be going in circles. */
    static boolean via(RequestHead head) {
        Headers headers = head.headers();
        if (headers.contains(HeaderName.VIA) && passes(headers) >= MAX_PASSES) {
            return false;
        }
        byte[] received = switch (head.httpVersion()) {
            case 10 -> VIA_10;
            case 20 -> VIA_2;
            default -> VIA;
        };
        appendToList(headers, HeaderName.VIA, received);
        return true;
    }

    private static int passes(Headers headers) {
        int passes = 0;
        byte[] block = headers.array();
        for (int i = headers.find(HeaderName.VIA); i >= 0; i = headers.findNext(HeaderName.VIA, i)) {
            int end = headers.valueStart(i) + headers.valueLength(i) - PSEUDONYM.length;
            for (int at = headers.valueStart(i); at <= end; at++) {
                if (Octets.equalsIgnoreCase(block, at, PSEUDONYM.length, PSEUDONYM)) {
                    passes++;
                }
            }
        }
        return passes;
    }

    private static void appendToList(Headers headers, HeaderName name, byte[] entry) {
        int previous = headers.find(name);
        headers.begin(name);
        takeOver(headers, name, previous);
        headers.append(entry);
        headers.finish(name);
    }

    // Several fields of one name are one list (RFC 9110 §5.3): their values become the beginning of the field being
    // built.
    private static void takeOver(Headers headers, HeaderName name, int first) {
        for (int i = first; i >= 0; i = headers.findNext(name, i)) {
            headers.appendOwn(headers.valueStart(i), headers.valueLength(i));
            headers.append(SEPARATOR);
            headers.removeAt(i);
        }
    }

    /** A node as RFC 7239 §6 writes it: IPv6 in brackets and quotes. */
    private static void node(Headers headers, ClientAddress address) {
        if (address.isIpv4()) {
            headers.append(address.text());
        } else {
            headers.append((byte) '"');
            headers.append((byte) '[');
            headers.append(address.text());
            headers.append((byte) ']');
            headers.append((byte) '"');
        }
    }
}
