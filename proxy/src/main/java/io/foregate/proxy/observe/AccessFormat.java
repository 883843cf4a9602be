package io.foregate.proxy.observe;

import io.foregate.api.message.RequestHead;

/**
 * Turns a record into one line, its line feed included.
 *
 * <p>An instance belongs to one loop, as it keeps the text of the current second. Makes no garbage. Whatever a client or an
 * origin sent, a line is one line, and at most {@link #MAX_RECORD_BYTES} long.
 */
sealed interface AccessFormat permits JsonFormat, CombinedFormat {
    /** No record is longer, line feed included: the limits below, and about 1,000 bytes for names and numbers. */
    int MAX_RECORD_BYTES = 9 * 1024;

    // What a value may take in the log, escapes included; a longer one is cut.
    int MAX_ID_BYTES = 160;
    int MAX_METHOD_BYTES = 32;
    int MAX_TARGET_BYTES = 3_072;
    int MAX_REFERER_BYTES = 1_024;
    int MAX_USER_AGENT_BYTES = 512;
    int MAX_DETAIL_BYTES = 512;
    /** Of client, host, listener, site, route, pool and endpoint. */
    int MAX_NAME_BYTES = 256;
    /** Of an endpoint in the list of attempts that came to nothing. */
    int MAX_LOST_BYTES = 64;

    /** Writes {@code record} into {@code sink}, which has room for {@link #MAX_RECORD_BYTES}. */
    void write(AccessRecord record, ByteSink sink);

    /** Where in the head's block the target begins that the client sent, or what a head that was refused has of it. */
    static int targetStart(AccessRecord record, RequestHead request) {
        return record.targetLength > 0 ? record.targetStart : request.targetStart();
    }

    /** The length that belongs to {@link #targetStart}. */
    static int targetLength(AccessRecord record, RequestHead request) {
        return record.targetLength > 0 ? record.targetLength : request.targetLength();
    }

    /** How much of a target comes before its query. */
    static int pathLength(byte[] block, int start, int length) {
        for (int i = 0; i < length; i++) {
            if (block[start + i] == '?') {
                return i;
            }
        }
        return length;
    }
}
