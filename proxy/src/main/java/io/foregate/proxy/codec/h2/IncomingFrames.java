package io.foregate.proxy.codec.h2;

import static io.foregate.proxy.codec.h2.ErrorCode.FLOW_CONTROL_ERROR;
import static io.foregate.proxy.codec.h2.ErrorCode.FRAME_SIZE_ERROR;
import static io.foregate.proxy.codec.h2.ErrorCode.NO_ERROR;
import static io.foregate.proxy.codec.h2.ErrorCode.PROTOCOL_ERROR;
import static io.foregate.proxy.codec.h2.ErrorCode.STREAM_CLOSED;

import io.foregate.proxy.codec.StreamHandler;
import io.netty.buffer.ByteBuf;

/**
 * What each frame that comes in means (RFC 9113 §6): checked against the state of connection and stream, then done. Owned by its
 * connection.
 */
final class IncomingFrames implements FrameReader.Frames {
    /** CONTINUATION frames that a section may have, whatever is in them. */
    private static final int MOST_CONTINUATIONS = 64;

    private final Http2Connection connection;
    private final FieldSection section = new FieldSection();
    private final int maxFrameBytes;
    private final int maxSectionBytes;
    private boolean settingsReceived;
    /** The stream that the DATA frame at hand is for. It may be over, and another's, by the time that all of the frame is there. */
    private int dataId;

    private boolean dataEnds;

    IncomingFrames(Http2Connection connection, int maxFrameBytes, int maxHeadBytes) {
        this.connection = connection;
        this.maxFrameBytes = maxFrameBytes;
        // What is this much larger than a head may be can't be any use, however it is compressed.
        this.maxSectionBytes = maxHeadBytes * 2;
    }

    /** Whether a field section has begun and isn't whole. */
    boolean withinSection() {
        return section.open();
    }

    boolean settingsReceived() {
        return settingsReceived;
    }

    @Override
    public FrameReader.Plan begin(FrameReader frame) {
        int type = frame.type();
        if (!settingsReceived && (type != Frame.SETTINGS || frame.has(Frame.ACK))) {
            return stop(PROTOCOL_ERROR, "the first frame is not SETTINGS");
        }
        if (frame.length() > maxFrameBytes) {
            return stop(FRAME_SIZE_ERROR, "a frame is larger than allowed");
        }
        if (section.open() && (type != Frame.CONTINUATION || frame.id() != section.id())) {
            return stop(PROTOCOL_ERROR, "another frame within a field section");
        }
        return switch (type) {
            case Frame.DATA -> beginData(frame);
            case Frame.PUSH_PROMISE -> stop(PROTOCOL_ERROR, "nobody may push");
            case Frame.HEADERS,
                    Frame.PRIORITY,
                    Frame.RST_STREAM,
                    Frame.SETTINGS,
                    Frame.PING,
                    Frame.GOAWAY,
                    Frame.WINDOW_UPDATE,
                    Frame.CONTINUATION,
                    Frame.PRIORITY_UPDATE -> FrameReader.Plan.TAKE;
            // RFC 9113 §5.5: unknown types are ignored.
            default -> connection.guard().idleFrame() ? FrameReader.Plan.SKIP : stop(NO_ERROR, "");
        };
    }

    private FrameReader.Plan stop(int code, String why) {
        connection.fail(code, why);
        return FrameReader.Plan.STOP;
    }

    private boolean error(int code, String why) {
        connection.fail(code, why);
        return false;
    }

    @Override
    public void paddingTooLong() {
        connection.fail(PROTOCOL_ERROR, "padding longer than its frame");
    }

    // ---- DATA ----

    private FrameReader.Plan beginData(FrameReader frame) {
        int length = frame.length();
        int id = frame.id();
        if (id == 0 || connection.streams().isIdle(id)) {
            return stop(PROTOCOL_ERROR, "DATA on an idle stream");
        }
        if (!connection.receiver().take(length)) {
            return stop(FLOW_CONTROL_ERROR, "more DATA than the connection's window allows");
        }
        if (length == 0 && !frame.has(Frame.END_STREAM) && !connection.guard().emptyFrame()) {
            return FrameReader.Plan.STOP;
        }
        Http2Stream stream = connection.streams().get(id);
        if (stream == null) {
            if (connection.streams().howClosed(id) != ClosedStreams.BY_US) {
                return stop(STREAM_CLOSED, "DATA on a closed stream");
            }
            return dropData(length);
        }
        if (stream.remoteEnded) {
            if (stream.violated) {
                return dropData(length);
            }
            connection.streams().error(stream, STREAM_CLOSED, "DATA behind the end of the stream");
            return dropData(length);
        }
        if (!stream.headReceived) {
            connection.streams().error(stream, PROTOCOL_ERROR, "DATA before HEADERS");
            return dropData(length);
        }
        if (!connection.receiver().take(stream, length)) {
            connection.streams().error(stream, FLOW_CONTROL_ERROR, "more DATA than the stream's window allows");
            return dropData(length);
        }
        connection.guard().data(length);
        dataId = id;
        dataEnds = frame.has(Frame.END_STREAM);
        return FrameReader.Plan.TAKE;
    }

    private FrameReader.Plan dropData(int length) {
        connection.receiver().dropped(length);
        return connection.isOpen() ? FrameReader.Plan.SKIP : FrameReader.Plan.STOP;
    }

    @Override
    public void padding(int bytes) {
        Http2Stream stream = connection.streams().get(dataId);
        if (stream != null) {
            connection.receiver().padding(stream, bytes);
        } else {
            connection.receiver().dropped(bytes);
        }
    }

    @Override
    public void data(ByteBuf part, boolean last) {
        Http2Stream stream = connection.streams().get(dataId);
        int length = part.readableBytes();
        if (stream == null || stream.remoteEnded) {
            // It was reset while the frame was coming in.
            part.release();
            connection.receiver().dropped(length);
            return;
        }
        boolean end = last && dataEnds;
        if (stream.bodyRemaining >= 0) {
            stream.bodyRemaining -= length;
            if (stream.bodyRemaining < 0 || (end && stream.bodyRemaining > 0)) {
                part.release();
                connection.receiver().dropped(length);
                stream.remoteEnded = true;
                connection.role().malformed(stream, "the body is not as long as announced");
                return;
            }
        }
        stream.remoteEnded = end;
        StreamHandler handler = stream.handler();
        if (stream.awaitsTunnel()) {
            stream.keepEarly(part);
            connection.receiver().kept(stream, length);
        } else if (handler != null && (length > 0 || end)) {
            connection.touch(stream);
            handler.onData(stream, part, end);
            connection.receiver().delivered(stream, length);
        } else {
            part.release();
            connection.receiver().dropped(length);
        }
        if (end) {
            connection.streams().remoteEnded(stream);
        }
    }

    // ---- all others ----

    @Override
    public boolean payload(FrameReader frame, byte[] bytes, int length) {
        return switch (frame.type()) {
            case Frame.HEADERS -> headers(frame, bytes, length);
            case Frame.CONTINUATION -> continuation(frame, bytes, length);
            case Frame.PRIORITY -> priority(frame, bytes, length);
            case Frame.RST_STREAM -> reset(frame, bytes, length);
            case Frame.SETTINGS -> settings(frame, bytes, length);
            case Frame.PING -> ping(frame, bytes, length);
            case Frame.GOAWAY -> goAway(frame, bytes, length);
            case Frame.WINDOW_UPDATE -> windowUpdate(frame, bytes, length);
            case Frame.PRIORITY_UPDATE -> priorityUpdate(frame, bytes, length);
            default -> true;
        };
    }

    private static int int31(byte[] bytes, int at) {
        return int32(bytes, at) & 0x7fffffff;
    }

    private static int int32(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | bytes[at + 3] & 0xff;
    }

    private boolean headers(FrameReader frame, byte[] bytes, int length) {
        int id = frame.id();
        if (id == 0) {
            return error(PROTOCOL_ERROR, "HEADERS on stream 0");
        }
        int start = 0;
        int end = length;
        if (frame.has(Frame.PADDED)) {
            int padding = length == 0 ? 1 : (bytes[0] & 0xff) + 1;
            if (padding > length) {
                return error(PROTOCOL_ERROR, "padding longer than its frame");
            }
            start = 1;
            end = length - padding + 1;
        }
        boolean dependsOnItself = false;
        if (frame.has(Frame.PRIORITIZED)) {
            if (end - start < 5) {
                return error(FRAME_SIZE_ERROR, "HEADERS too short for its priority");
            }
            dependsOnItself = int31(bytes, start) == id;
            start += 5;
        }
        if (dependsOnItself) {
            return error(PROTOCOL_ERROR, "a stream that depends on itself");
        }
        boolean whole = frame.has(Frame.END_HEADERS);
        if (start == end && !connection.guard().emptyFrame()) {
            return false;
        }
        section.begin(id, frame.has(Frame.END_STREAM), whole);
        section.fragment(bytes, start, end);
        return !whole || section();
    }

    private boolean continuation(FrameReader frame, byte[] bytes, int length) {
        if (!section.open()) {
            return error(PROTOCOL_ERROR, "CONTINUATION without HEADERS");
        }
        if (length == 0 && !connection.guard().emptyFrame()) {
            return false;
        }
        if (section.frames() > MOST_CONTINUATIONS || section.end() + length > maxSectionBytes) {
            connection.guard().continuations();
            return false;
        }
        boolean last = frame.has(Frame.END_HEADERS);
        section.add(bytes, length, last);
        return !last || section();
    }

    private boolean section() {
        int id = section.id();
        Http2Stream stream = connection.streams().get(id);
        if (stream != null && stream.remoteEnded && !stream.violated) {
            connection.fields().discard(section);
            connection.streams().error(stream, STREAM_CLOSED, "HEADERS behind the end of the stream");
        } else if (stream != null && stream.remoteEnded) {
            connection.fields().discard(section);
        } else if (stream != null && stream.headReceived) {
            connection.fields().trailers(stream, section);
        } else if (stream != null) {
            connection.role().head(stream, section);
        } else if (connection.streams().mayOpen(id)) {
            connection.role().head(null, section);
        } else {
            closedSection(id);
        }
        section.clear();
        return connection.isOpen();
    }

    private void closedSection(int id) {
        switch (connection.streams().isIdle(id)
                ? ClosedStreams.UNKNOWN
                : connection.streams().howClosed(id)) {
            case ClosedStreams.BY_US -> {
                connection.fields().discard(section);
                connection.guard().idleFrame();
            }
            case ClosedStreams.BY_PEER -> connection.fail(STREAM_CLOSED, "HEADERS on a closed stream");
            default -> connection.fail(PROTOCOL_ERROR, "HEADERS on a stream that can't be opened");
        }
    }

    private boolean priority(FrameReader frame, byte[] bytes, int length) {
        int id = frame.id();
        if (id == 0) {
            return error(PROTOCOL_ERROR, "PRIORITY on stream 0");
        }
        Http2Stream stream = connection.streams().get(id);
        boolean dependsOnItself = length == 5 && int31(bytes, 0) == id;
        if (length != 5 || dependsOnItself) {
            int code = dependsOnItself ? PROTOCOL_ERROR : FRAME_SIZE_ERROR;
            if (stream == null) {
                return error(code, "a broken PRIORITY");
            }
            connection.streams().error(stream, code, "a broken PRIORITY");
            return connection.isOpen();
        }
        return connection.guard().idleFrame();
    }

    private boolean reset(FrameReader frame, byte[] bytes, int length) {
        int id = frame.id();
        if (length != 4) {
            return error(FRAME_SIZE_ERROR, "RST_STREAM must have 4 bytes");
        }
        if (id == 0 || connection.streams().isIdle(id)) {
            return error(PROTOCOL_ERROR, "RST_STREAM on an idle stream");
        }
        Http2Stream stream = connection.streams().get(id);
        if (stream == null) {
            return connection.guard().idleFrame();
        }
        boolean bearable = connection.guard().reset(stream);
        connection.streams().resetByPeer(stream, int32(bytes, 0));
        return bearable && connection.isOpen();
    }

    private boolean settings(FrameReader frame, byte[] bytes, int length) {
        if (frame.id() != 0) {
            return error(PROTOCOL_ERROR, "SETTINGS on a stream");
        }
        if (frame.has(Frame.ACK)) {
            if (length != 0) {
                return error(FRAME_SIZE_ERROR, "an acknowledgement with a payload");
            }
            connection.preface().acknowledged();
            return true;
        }
        if (length % 6 != 0) {
            return error(FRAME_SIZE_ERROR, "SETTINGS must have a multiple of 6 bytes");
        }
        if (settingsReceived && !connection.guard().settings()) {
            return false;
        }
        settingsReceived = true;
        PeerSettings peer = connection.peer();
        int window = peer.initialWindow();
        for (int at = 0; at < length; at += 6) {
            int identifier = (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
            int code = peer.set(identifier, int32(bytes, at + 2) & 0xffffffffL);
            if (code != NO_ERROR) {
                return error(code, "a setting with a value that it can't have");
            }
        }
        return connection.peerSettings(peer.initialWindow() - window);
    }

    private boolean ping(FrameReader frame, byte[] bytes, int length) {
        if (frame.id() != 0) {
            return error(PROTOCOL_ERROR, "PING on a stream");
        }
        if (length != 8) {
            return error(FRAME_SIZE_ERROR, "PING must have 8 bytes");
        }
        long data = (long) int32(bytes, 0) << 32 | int32(bytes, 4) & 0xffffffffL;
        if (frame.has(Frame.ACK)) {
            connection.pinged(data);
            return connection.isOpen();
        }
        if (!connection.guard().ping()) {
            return false;
        }
        connection.writer().ping(data, true);
        return true;
    }

    private boolean goAway(FrameReader frame, byte[] bytes, int length) {
        if (frame.id() != 0) {
            return error(PROTOCOL_ERROR, "GOAWAY on a stream");
        }
        if (length < 8) {
            return error(FRAME_SIZE_ERROR, "GOAWAY must have 8 bytes");
        }
        if (!connection.guard().idleFrame()) {
            return false;
        }
        connection.role().goingAway(int31(bytes, 0), int32(bytes, 4));
        return connection.isOpen();
    }

    private boolean windowUpdate(FrameReader frame, byte[] bytes, int length) {
        int id = frame.id();
        if (length != 4) {
            return error(FRAME_SIZE_ERROR, "WINDOW_UPDATE must have 4 bytes");
        }
        int increment = int31(bytes, 0);
        if (id == 0) {
            if (increment == 0) {
                return error(PROTOCOL_ERROR, "a window that opens by nothing");
            }
            if (!connection.sender().widen(increment)) {
                return error(FLOW_CONTROL_ERROR, "a window wider than can be");
            }
            return connection.guard().windowUpdate();
        }
        if (connection.streams().isIdle(id)) {
            return error(PROTOCOL_ERROR, "WINDOW_UPDATE on an idle stream");
        }
        Http2Stream stream = connection.streams().get(id);
        if (stream != null && increment == 0) {
            connection.streams().error(stream, PROTOCOL_ERROR, "a window that opens by nothing");
        } else if (stream != null && !connection.sender().widen(stream, increment)) {
            connection.streams().error(stream, FLOW_CONTROL_ERROR, "a window wider than can be");
        }
        return connection.guard().windowUpdate() && connection.isOpen();
    }

    /** RFC 9218 §7.1. Of streams that aren't open yet it is forgotten: their own Priority field tells. */
    private boolean priorityUpdate(FrameReader frame, byte[] bytes, int length) {
        if (frame.id() != 0 || length < 4) {
            return error(frame.id() != 0 ? PROTOCOL_ERROR : FRAME_SIZE_ERROR, "a broken PRIORITY_UPDATE");
        }
        int id = int31(bytes, 0);
        if (id == 0) {
            return error(PROTOCOL_ERROR, "PRIORITY_UPDATE for stream 0");
        }
        Http2Stream stream = connection.streams().get(id);
        if (stream != null) {
            connection.sender().prioritize(stream, StreamPriority.parse(bytes, 4, length - 4));
        }
        return connection.guard().idleFrame();
    }
}
