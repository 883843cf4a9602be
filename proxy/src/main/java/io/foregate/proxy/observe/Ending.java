package io.foregate.proxy.observe;

import io.foregate.api.message.Failure;

/** How a request ended, for whoever counts: as it should, or what was wrong. Each request ends in one way. */
public enum Ending {
    FINE,
    /** The origin, or a route of ours, answered with a status of 500 or more; or a call of gRPC with what is the same there. */
    SERVER_ERROR,
    /** No origin could be asked, or it failed before it had answered, or in the midst of it. */
    ORIGIN_FAILED,
    /** The proxy couldn't do its part: it had no place, or no servers. */
    PROXY_FAILED,
    /** 401 or 403. */
    DENIED,
    /** 404, 410 or 421; also because there is no such site or route. */
    NOT_FOUND,
    /** Any other status from 400 to 499. */
    CLIENT_ERROR,
    /** The client went away before its answer was there, or was too slow to get it. */
    CLIENT_GONE;

    /** How that exchange has ended. */
    public static Ending of(AccessRecord record) {
        if (record.status == 101) {
            // A tunnel is what the client wanted, and nobody can tell a bad end of it from a good one.
            return FINE;
        }
        Failure failure = record.failure;
        if (failure != null && failure.source() != Failure.Source.CLIENT) {
            return failure.source() == Failure.Source.ORIGIN ? ORIGIN_FAILED : PROXY_FAILED;
        }
        int status = record.status;
        if (status < 400) {
            return failure != null ? CLIENT_GONE : failed(record.grpcStatus) ? SERVER_ERROR : FINE;
        }
        if (status >= 500) {
            return SERVER_ERROR;
        }
        return switch (status) {
            case 401, 403 -> DENIED;
            case 404, 410, 421 -> NOT_FOUND;
            case 499 -> CLIENT_GONE;
            default -> CLIENT_ERROR;
        };
    }

    // What stands for a 5xx: unknown, deadline exceeded, unimplemented, internal, unavailable, data loss.
    private static boolean failed(int grpcStatus) {
        return switch (grpcStatus) {
            case 2, 4, 12, 13, 14, 15 -> true;
            default -> false;
        };
    }

    /** Whether the origin or the proxy is to blame. */
    public boolean isError() {
        return this == SERVER_ERROR || this == ORIGIN_FAILED || this == PROXY_FAILED;
    }
}
