package io.foregate.proxy.codec;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The key of a WebSocket handshake and the proof that it was understood (RFC 6455 §4), which HTTP/1 has and HTTP/2 hasn't: made where one
 * side of an exchange speaks this and the other that. Made per handshake. Stateless.
 */
final class WebSocketKeys {
    private static final HeaderName ACCEPT = HeaderName.of("Sec-WebSocket-Accept");
    private static final byte[] WEBSOCKET = Octets.ascii("websocket");
    private static final byte[] GUID = Octets.ascii("258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    private static final int KEY_BYTES = 16;

    private WebSocketKeys() {}

    private static boolean asked(RequestHead request) {
        return request.upgradeLength() > 0
                && Octets.equalsIgnoreCase(
                        request.headers().array(), request.upgradeStart(), request.upgradeLength(), WEBSOCKET);
    }

    /** The key that a WebSocket's request carries, or null. */
    static byte @Nullable [] of(RequestHead request) {
        Headers headers = request.headers();
        int at = asked(request) ? headers.find(HeaderName.SEC_WEBSOCKET_KEY) : -1;
        if (at < 0) {
            return null;
        }
        int start = headers.valueStart(at);
        return Arrays.copyOfRange(headers.array(), start, start + headers.valueLength(at));
    }

    /** A key for a WebSocket's request that has none because it came by another version; null for any other request. */
    static byte @Nullable [] missing(RequestHead request) {
        if (!asked(request) || request.headers().contains(HeaderName.SEC_WEBSOCKET_KEY)) {
            return null;
        }
        // It guards against caches that don't know WebSockets, not against anybody who guesses.
        byte[] nonce = new byte[KEY_BYTES];
        ThreadLocalRandom.current().nextBytes(nonce);
        return Base64.getEncoder().encode(nonce);
    }

    /** Takes the proof away that belongs to {@code key}; false when it isn't there, or another's. */
    static boolean takeProof(ResponseHead answer, byte[] key) {
        Headers headers = answer.headers();
        int at = headers.find(ACCEPT);
        byte[] proof = proof(key);
        boolean proven = at >= 0
                && headers.findNext(ACCEPT, at) < 0
                && headers.valueLength(at) == proof.length
                && Arrays.equals(
                        headers.array(),
                        headers.valueStart(at),
                        headers.valueStart(at) + proof.length,
                        proof,
                        0,
                        proof.length);
        headers.remove(ACCEPT);
        return proven;
    }

    /** Adds the proof for {@code key} to an answer that has none, because it came by another version. */
    static void prove(ResponseHead answer, byte @Nullable [] key) {
        Headers headers = answer.headers();
        if (key != null && !headers.contains(ACCEPT)) {
            headers.begin(ACCEPT);
            headers.append(proof(key));
            headers.finish(ACCEPT);
        }
    }

    private static byte[] proof(byte[] key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(key);
            return Base64.getEncoder().encode(sha1.digest(GUID));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
