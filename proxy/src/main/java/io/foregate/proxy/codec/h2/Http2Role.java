package io.foregate.proxy.codec.h2;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.proxy.observe.Defence;
import org.jspecify.annotations.Nullable;

/** What a client's and a server's end of an HTTP/2 connection do differently. On the connection's loop. */
interface Http2Role {
    /** Whether this end answers requests. */
    boolean server();

    /** Pairs of identifier and value for the first SETTINGS, besides those that both ends send. */
    int[] settings();

    /**
     * The field section of a stream's head has come, and is decoded now by {@link FieldCoding#decode}. On a server the stream
     * doesn't exist yet, its identifier is a new one, and {@code stream} is null; on a client it waits for its answer.
     */
    void head(@Nullable Http2Stream stream, FieldSection section);

    /** Writes the head of a message of ours. */
    void writeHead(Http2Stream stream, Head head, boolean end);

    /** The code to reset a stream with because of {@code failure}. */
    int resetCode(Http2Stream stream, Failure failure);

    /** The failure that a stream's owner is told when the peer resets the stream, or {@code GOAWAY} leaves it out. */
    Failure resetByPeer(Http2Stream stream, int code);

    /** The failure that streams' owners are told when the connection ends, or the peer breaks a rule. */
    Failure broken(String why);

    /** A body or trailer section isn't what was announced, or breaks the rules: a matter of this stream only. */
    void malformed(Http2Stream stream, String why);

    /** The peer's first, or another, SETTINGS have been taken. */
    void settingsReceived();

    /** The peer opens, or processes, no streams beyond {@code lastId}. */
    void goingAway(int lastId, int code);

    /** The first GOAWAY of a drain has been answered, or has had its time: now the second. */
    void drained();

    /** The peer answered a PING that isn't the connection's own. */
    default void pinged(long data) {}

    /** The peer has sent its FIN; streams that wait for more of it are about to be lost. */
    default void inputEnding() {}

    /** A deadline of the role's own has passed: {@link ConnectionTimer#HEAD} or {@link ConnectionTimer#IDLE}. */
    void expired(int kind);

    /** How long a field section, or the connection's beginning, may take. */
    long headTimeoutNanos();

    /** How long data may wait for a peer that reads nothing, where nobody else watches over it. */
    long stallNanos();

    /** How many bytes of it have to be taken within that time. */
    long leastTaken();

    /** A defence had to act against the peer. */
    void tripped(Defence defence, String why);

    /** A stream has ended, with or without an answer, and another may take its place. */
    void streamEnded(boolean answered);

    /** The connection is gone. Called once. */
    void closed();
}
