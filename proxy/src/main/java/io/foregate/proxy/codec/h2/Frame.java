package io.foregate.proxy.codec.h2;

/** Types and flags of frames (RFC 9113 §6, RFC 9218 §7.1), and identifiers of settings (§6.5.2). Constants only. */
final class Frame {
    static final int HEAD_BYTES = 9;

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int PRIORITY_UPDATE = 16;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;
    static final int PRIORITIZED = 32;

    static final int HEADER_TABLE_SIZE = 1;
    static final int ENABLE_PUSH = 2;
    static final int MAX_CONCURRENT_STREAMS = 3;
    static final int INITIAL_WINDOW_SIZE = 4;
    static final int MAX_FRAME_SIZE = 5;
    static final int MAX_HEADER_LIST_SIZE = 6;
    static final int ENABLE_CONNECT_PROTOCOL = 8;
    static final int NO_RFC7540_PRIORITIES = 9;

    static final int DEFAULT_WINDOW = 65535;
    static final int DEFAULT_FRAME_SIZE = 16384;
    static final int LARGEST_FRAME_SIZE = (1 << 24) - 1;
    static final int LARGEST_WINDOW = Integer.MAX_VALUE;

    private Frame() {}
}
