package io.foregate.proxy.exchange;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;

/**
 * Takes away what a client may not say: of its certificate nobody, and who else asks only a trusted peer. Many application servers
 * hand fields on as variables in which '-' and '_' are the same, so names with '_' for '-' go too. Stateless.
 */
final class Claims {
    private static final byte[] CERTIFICATE = Octets.ascii("x-client-cert");
    private static final byte[] STANDARD_CERTIFICATE = Octets.ascii("client-cert");
    private static final HeaderName[] FORWARDED = {
        HeaderName.X_FORWARDED_FOR,
        HeaderName.X_FORWARDED_PROTO,
        HeaderName.X_FORWARDED_HOST,
        HeaderName.X_FORWARDED_PORT,
        HeaderName.X_REAL_IP,
        HeaderName.FORWARDED,
    };
    private static final byte[][] FORWARDED_LIKE = {
        Octets.ascii("x-forwarded-for"),
        Octets.ascii("x-forwarded-proto"),
        Octets.ascii("x-forwarded-host"),
        Octets.ascii("x-forwarded-port"),
        Octets.ascii("x-real-ip"),
    };

    private Claims() {}

    /** @param believed whether the peer's word on who asks is taken */
    static void remove(Headers headers, boolean believed) {
        if (!believed) {
            for (HeaderName name : FORWARDED) {
                headers.remove(name);
            }
        }
        byte[] block = headers.array();
        for (int i = headers.first(); i >= 0; i = headers.next(i)) {
            if (headers.nameId(i) == 0 && isClaim(block, headers.nameStart(i), headers.nameLength(i), believed)) {
                headers.removeAt(i);
            }
        }
    }

    private static boolean isClaim(byte[] block, int start, int length, boolean believed) {
        byte first = Octets.lower(block[start]);
        if (first == 'c') {
            return beginsLike(block, start, length, STANDARD_CERTIFICATE);
        }
        return first == 'x'
                && (beginsLike(block, start, length, CERTIFICATE)
                        || (!believed && isForwardedLike(block, start, length)));
    }

    private static boolean isForwardedLike(byte[] block, int start, int length) {
        for (byte[] name : FORWARDED_LIKE) {
            if (length == name.length && beginsLike(block, start, length, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean beginsLike(byte[] block, int start, int length, byte[] name) {
        if (length < name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            byte b = Octets.lower(block[start + i]);
            if (b != name[i] && !(b == '_' && name[i] == '-')) {
                return false;
            }
        }
        return true;
    }
}
