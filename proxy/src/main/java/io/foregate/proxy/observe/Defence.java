package io.foregate.proxy.observe;

import io.foregate.api.message.Octets;
import java.util.Locale;
import org.slf4j.event.Level;

/**
 * What clients are kept from doing, as logs and metrics call it. Each has a limit in the configuration of whoever watches for it;
 * {@link Defences} counts how often the limit was reached.
 *
 * <p>What a bad line or a sleepy browser may bring about as well is said at info, what only an attack or a broken client does at
 * warn.
 */
public enum Defence {
    /** HTTP/2 or 3: streams opened and reset faster than any client needs (CVE-2023-44487). */
    RAPID_RESET(Level.WARN),
    /** HTTP/2 or 3: frames whose only use is to make the server reset its streams (CVE-2025-8671). */
    MADE_YOU_RESET(Level.WARN),
    /** HTTP/2: a head in more CONTINUATION frames than it needs. */
    CONTINUATION_FLOOD(Level.WARN),
    /** A head or trailer section with more fields or bytes than allowed. */
    HEADER_FLOOD(Level.WARN),
    /** HTTP/2 or 3: few bytes that decode to more fields than allowed. */
    HPACK_BOMB(Level.WARN),
    /** HTTP/2: PING frames faster than any client needs. */
    PING_FLOOD(Level.WARN),
    /** HTTP/2: SETTINGS frames faster than any client needs. */
    SETTINGS_FLOOD(Level.WARN),
    /** HTTP/2: frames that carry nothing. */
    EMPTY_FRAME_FLOOD(Level.WARN),
    /** HTTP/2: PRIORITY and other frames without effect faster than any client needs. */
    FRAME_FLOOD(Level.WARN),
    /** HTTP/2: window updates by a few bytes each, or settings that change all windows again and again. */
    WINDOW_ABUSE(Level.WARN),
    /** HTTP/2: answers to the client's own frames pile up because it doesn't read them. */
    UNREAD_REPLIES(Level.WARN),
    /** A request head that takes longer than its timeout. */
    SLOW_HEAD(Level.INFO),
    /** A request body that comes slower than the minimum rate. */
    SLOW_BODY(Level.INFO),
    /** An answer that is read slower than the minimum rate. */
    SLOW_READ(Level.INFO),
    /** A TLS handshake that takes longer than its timeout. */
    SILENT_HANDSHAKE(Level.INFO),
    /** More TLS handshakes at a time than allowed. */
    HANDSHAKE_LIMIT(Level.WARN),
    /** A chunked body of chunks so small that they are mostly framing. */
    ONE_BYTE_CHUNKS(Level.WARN),
    /** Chunk extensions of more bytes than anything needs. */
    CHUNK_EXTENSIONS(Level.WARN),
    /** A PROXY protocol header that is malformed, missing, or comes from somebody who isn't trusted with it. */
    PROXY_HEADER(Level.WARN),
    /** A PROXY protocol header that takes longer than its timeout. */
    SLOW_PROXY_HEADER(Level.INFO),
    /** More connections to a listener than allowed. */
    CONNECTION_LIMIT(Level.WARN),
    /** More connections from one client than allowed. */
    CLIENT_CONNECTION_LIMIT(Level.WARN);

    private final Level level;
    private final String logName;
    private final byte[] logNameBytes;

    Defence(Level level) {
        this.level = level;
        this.logName = name().toLowerCase(Locale.ROOT);
        this.logNameBytes = Octets.ascii(logName);
    }

    /** How logs and metrics call it: in lower case, with underscores. */
    public String logName() {
        return logName;
    }

    Level level() {
        return level;
    }

    byte[] logNameBytes() {
        return logNameBytes;
    }
}
